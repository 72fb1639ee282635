//! The server: the HTTP API, the workers and the deliveries over one data folder.

mod callbacks;
mod connections;
mod deliveries;
mod files;
mod hosts;
mod http;
mod pictures;
mod retention;
mod workers;

pub use callbacks::{CallbackAllow, NoException};
pub use connections::{ConnectionLimits, Deadlines, Pace};
pub use hosts::{AllowedHost, NoHost};
pub use retention::Retention;

use crate::error::Error;
use artifacts::Quality;
use connections::{Connections, descriptors};
use embedded::{Store, StoreOptions};
use hosts::Hosts;
use http::Front;
use service::api::{Api, Auth, Settings};
use service::pictures::Engine;
use service::worker::{WaitLimits, Worker};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{info, warn};

/// How long requests, jobs and deliveries may go on once the server is told to stop. The whole
/// of a stop takes less than 2 seconds, so that who stops it need not kill it.
const GRACE: Duration = Duration::from_secs(1);

/// For what was given up then to let go, and for the store to say what is left.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// The most of a running job that a death of this process costs.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(1);

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
    /// By which hosts it may be called beside those of loopback, where calls are not signed.
    pub allowed_hosts: Vec<AllowedHost>,
    /// What clients may take of time, memory and descriptors.
    pub connections: ConnectionLimits,
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
    /// How long a job waits for a file that is missing where it should be.
    pub missing_file: Duration,
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
    connections: Connections,
    store: Store,
}

impl Server {
    /// Opens the store, listens, and starts what runs in the background.
    ///
    /// # Errors
    /// The address is taken, or the data folder can't be used.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let descriptors = descriptors::raise_limit();
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
            max_sheet_pixels: options.limits.sheet_pixels,
            max_qps: options.max_qps,
            ..Settings::new(options.auth)
        };
        let hosts = hosts(&settings.auth, options.allowed_hosts);
        let api = Api::new(store.ports(), settings);
        let limits = options.connections;
        let most = descriptors::connections(descriptors, options.workers, options.limits.processes);
        let connections = Connections::new(&limits, limits.at_once.unwrap_or(most));
        let front = Front::new(api, store.clone(), hosts, &public_url, limits.long_bodies);
        tasks.spawn(connections::serve(
            listener,
            connections.clone(),
            move |request, connection| front.clone().answer(request, connection),
            stopped.clone(),
        ));
        let engine = Engine {
            ffmpeg: options.ffmpeg,
            limits: options.limits,
            max_snapshots: options.max_snapshots,
            quality: options.quality,
            executable: Engine::OWN_EXECUTABLE.into(),
            checkpoint_every: CHECKPOINT_EVERY,
        };
        let wait_limits = WaitLimits {
            missing: options.missing_file,
            ..WaitLimits::default()
        };
        let worker = Worker::new(store.ports(), engine).with_wait_limits(wait_limits);
        for _ in 0..options.workers {
            tasks.spawn(workers::work(
                store.clone(),
                worker.clone(),
                stopped.clone(),
            ));
        }
        let post = deliveries::Post::new(options.subscribers, options.callback_allow);
        tasks.spawn(deliveries::deliver(store.clone(), post, stopped.clone()));
        tasks.spawn(retention::remove_old(
            store.clone(),
            options.retention,
            stopped,
        ));
        Ok(Self {
            address,
            public_url,
            stopping,
            tasks,
            connections,
            store,
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

    /// Takes no more requests and no more jobs, and returns within 2 seconds, whatever clients
    /// and jobs do: what is not done after a short grace is broken off. Accepted jobs and events
    /// are in the store, and the log says how many of them go on at the next start.
    pub async fn stop(mut self) {
        let _ = self.stopping.send(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        let _ = timeout(GRACE, ended).await;
        let connections_cut = self.connections.count();
        let _ = timeout(LAST_WORDS, self.tasks.shutdown()).await;
        match timeout(LAST_WORDS, self.store.remains()).await {
            Ok(Ok(left)) => info!(
                jobs_left = left.jobs,
                deliveries_left = left.deliveries,
                connections_cut,
                "what is left goes on at the next start"
            ),
            Ok(Err(_)) | Err(_) => warn!(
                connections_cut,
                "the store did not say what is left; all of it goes on at the next start"
            ),
        }
    }
}

fn hosts(auth: &Auth, allowed: Vec<AllowedHost>) -> Hosts {
    match auth {
        Auth::None => Hosts::Loopback(allowed),
        Auth::Keys(_) => Hosts::Any,
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Error> {
    connections::listen(address).map_err(|cause| Error::Listen { address, cause })
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
