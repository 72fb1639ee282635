//! The server: the HTTP API, the workers and the deliveries over one data folder.

mod callbacks;
mod deliveries;
mod http;
mod pictures;
mod retention;
mod workers;

pub use callbacks::{CallbackAllow, NoException};
pub use retention::Retention;

use crate::error::Error;
use artifacts::Quality;
use embedded::{Store, StoreOptions};
use service::api::{Api, Auth, Settings};
use service::pictures::Engine;
use service::worker::Worker;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::warn;

/// How long running jobs may go on once the server is told to stop. What is not done by then
/// goes on at the next start.
const GRACE: Duration = Duration::from_secs(20);

/// How to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whose calls are answered.
    pub auth: Auth,
    /// Calls a second of one access key; 0: no limit.
    pub max_qps: u32,
    /// The folder with the database and the pictures.
    pub data: PathBuf,
    /// Jobs at a time.
    pub workers: u16,
    /// How clients reach this server; none: `http://` and the address listened on.
    pub public_url: Option<String>,
    /// Folders whose files may be registered.
    pub media_roots: Vec<PathBuf>,
    /// URLs that get every event.
    pub subscribers: Vec<String>,
    /// What the callbacks of the API's clients may reach beside the public internet.
    pub callback_allow: Vec<CallbackAllow>,
    /// For how long what has ended is kept.
    pub retention: Retention,
    /// The most snapshots of one job.
    pub max_snapshots: u32,
    /// Of every JPEG.
    pub quality: Quality,
    /// What one video may cost.
    pub limits: media::Limits,
    /// The decoder.
    pub ffmpeg: media::Ffmpeg,
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    public_url: String,
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Server {
    /// Opens the store, listens, and starts what runs in the background.
    ///
    /// # Errors
    /// The address is taken, or the data folder can't be used.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let listener = listen(options.listen).await?;
        let address = listener.local_addr()?;
        let public_url = options
            .public_url
            .clone()
            .unwrap_or_else(|| format!("http://{address}"));
        let public_url = public_url.trim_end_matches('/').to_owned();
        let store = Store::open(&options.data, store_options(&options, &public_url))?;
        let (stopping, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let settings = Settings {
            max_snapshots: options.max_snapshots,
            max_qps: options.max_qps,
            ..Settings::new(options.auth)
        };
        let api = Api::new(store.ports(), settings);
        tasks.spawn(http::serve(
            listener,
            api,
            store.clone(),
            public_url.clone(),
            stopped.clone(),
        ));
        let engine = Engine {
            ffmpeg: options.ffmpeg,
            limits: options.limits,
            max_snapshots: options.max_snapshots,
            quality: options.quality,
        };
        let worker = Worker::new(store.ports(), engine);
        for _ in 0..options.workers {
            tasks.spawn(workers::work(
                store.clone(),
                worker.clone(),
                stopped.clone(),
            ));
        }
        let post = deliveries::Post::new(options.subscribers, options.callback_allow);
        tasks.spawn(deliveries::deliver(store.clone(), post, stopped.clone()));
        tasks.spawn(retention::remove_old(store, options.retention, stopped));
        Ok(Self {
            address,
            public_url,
            stopping,
            tasks,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How clients reach it.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// Takes no more requests and no more jobs, lets what runs come to its end, and returns.
    pub async fn stop(mut self) {
        let _ = self.stopping.send(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, ended).await.is_err() {
            warn!("some jobs are not done; they go on at the next start");
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address)
        .await
        .map_err(|cause| Error::Listen { address, cause })
}

fn store_options(options: &Options, public_url: &str) -> StoreOptions {
    StoreOptions {
        public_base: public_url.to_owned(),
        media_roots: options.media_roots.clone(),
        subscribers: options.subscribers.clone(),
    }
}

/// Ends when the server is told to stop.
async fn stop_told(mut stopped: watch::Receiver<bool>) {
    // A sender that is gone means the server is gone too.
    let _ = stopped.wait_for(|&stop| stop).await;
}
