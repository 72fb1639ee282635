//! The server: the HTTP API, the workers and the deliveries on one data folder.

mod browser_console;
mod connections;
mod deliveries;
mod downloads;
mod files;
mod host_policy;
mod monitoring;
mod objects;
mod options;
mod pages;
mod playing;
mod remote_sources;
mod request_body;
mod response;
mod retention;
mod routes;
mod static_document;
mod workers;

pub(crate) use connections::TlsTerminator;
pub use connections::{ConnectionDeadlines, ConnectionLimits, MinimumRate};
pub use host_policy::{AllowedHost, ParseHostError};
pub use options::{ServerOptions, UploadOptions};
pub use retention::RetentionPolicy;
pub(crate) use workers::default_workers;

use crate::error::CommandError;
use browser_console::{BrowserConsole, UploadLimits};
use connections::{ConnectionRegistry, descriptors};
use decoder::{DecoderPool, Ffmpeg};
use downloads::CheckedDownloads;
use embedded::{Lane, RemoteFiles, Store, StoreOptions};
use host_policy::HostPolicy;
use monitoring::{MetricsAccess, Monitoring, Readiness, ServerMetrics};
use remote_sources::NamedHosts;
use routes::HttpService;
use service::api::{Api, Auth, Settings};
use service::pictures::Engine;
use service::templates_file;
use service::worker::{PartSettings, UploadSettings, WaitLimits, Worker};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use webhook::{AllowedDestination, DownloadClient};

/// How long requests, jobs and deliveries may go on once the server is told to stop. A whole stop
/// takes less than 2 seconds, so that no supervisor has to kill the process.
const STOP_GRACE: Duration = Duration::from_secs(1);

/// For aborted tasks to end, and again for the store to count what is left.
const CLEANUP_WITHIN: Duration = Duration::from_millis(200);

/// How much work on a running job is lost at most when this process is killed.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(1);

/// Downloads at a time.
const UPLOADS_AT_ONCE: usize = 2;

/// A running server.
#[derive(Debug)]
pub struct LocalServer {
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    public_url: String,
    stop: CancellationToken,
    tasks: JoinSet<()>,
    tls: Option<TlsTerminator>,
    connections: ConnectionRegistry,
    store: Store,
}

impl LocalServer {
    /// Opens the store, listens, and starts the workers and the other background tasks.
    ///
    /// # Errors
    /// The address is in use, or the certificate or the data folder cannot be used.
    pub async fn start(options: ServerOptions) -> Result<Self, CommandError> {
        let tls = options.tls.clone().map(TlsTerminator::load).transpose()?;
        let descriptors = descriptors::raise_limit();
        let listener = listen(options.listen)?;
        let address = listener.local_addr()?;
        let metrics_listener = options.metrics_listen.map(listen).transpose()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let public_url = options
            .public_url
            .clone()
            .unwrap_or_else(|| format!("{scheme}://{address}"));
        let public_url = public_url.trim_end_matches('/').to_owned();
        let store = Store::open(&options.data, store_options(&options, &public_url))?;
        let worker = worker(&store, &options);
        let changed = templates_file::apply(&store.ports(), &options.templates).await?;
        if changed > 0 {
            info!(changed, "templates of the file were stored");
        }
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let settings = Settings {
            max_snapshots: options.max_snapshots,
            max_sheet_pixels: options.limits.sheet_pixels,
            max_qps: options.max_qps,
            public_url: Some(public_url.clone()),
            takes_uploads: options.uploads.quota_bytes > 0,
            ..Settings::new(options.auth)
        };
        let hosts = Arc::new(host_policy(&settings.auth, options.allowed_hosts));
        let metrics = ServerMetrics::new(&options.ffmpeg.version.to_string());
        let api = Api::new(store.ports(), settings).with_call_observer(Arc::new(metrics.clone()));
        let monitoring = {
            let readiness = Readiness::new(store.clone(), options.ffmpeg.path.clone());
            let (metrics, store) = (metrics.clone(), store.clone());
            move |access| Monitoring::new(readiness.clone(), metrics.clone(), store.clone(), access)
        };
        let limits = options.connections;
        let max_connections = limits.max_connections.unwrap_or_else(|| {
            descriptors::max_connections(descriptors, options.workers, options.limits.processes)
        });
        let connections = ConnectionRegistry::new(&limits, max_connections);
        let here = monitoring(access_here(address, metrics_listener.as_ref()));
        let console = BrowserConsole::new(
            (api.clone(), worker.clone()),
            store.clone(),
            hosts.clone(),
            (&public_url, upload_limits(&options.uploads)),
            stop.clone(),
        );
        let http = HttpService::new(
            (api, here),
            store.clone(),
            (hosts, console),
            &public_url,
            limits.long_body_bytes,
        );
        tasks.spawn(connections::serve(
            listener,
            tls.clone(),
            connections.clone(),
            move |request, connection| http.clone().answer(request, connection),
            stop.clone(),
        ));
        let mut metrics_at = metrics_here(address, tls.is_some());
        if let Some(listener) = metrics_listener {
            metrics_at = Some(listener.local_addr()?);
            tasks.spawn(metrics_elsewhere(listener, monitoring, &limits, &stop)?);
        }
        for lane in lanes(options.workers) {
            let (store, stop) = (store.clone(), stop.clone());
            let worker = (worker.clone(), metrics.clone());
            tasks.spawn(workers::work(lane, store, worker, stop));
        }
        let sender = deliveries::EventSender::new(options.subscribers, options.callback_allow)
            .counted_by(metrics);
        tasks.spawn(deliveries::deliver(store.clone(), sender, stop.clone()));
        tasks.spawn(retention::remove_expired(
            store.clone(),
            options.retention,
            stop.clone(),
        ));
        Ok(Self {
            address,
            metrics_address: metrics_at,
            public_url,
            stop,
            tasks,
            tls,
            connections,
            store,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it tells metrics by plain HTTP, if anywhere.
    pub(crate) fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// What ends the TLS of its clients, if it serves https.
    pub(crate) fn tls(&self) -> Option<TlsTerminator> {
        self.tls.clone()
    }

    /// How clients reach it.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// Accepts no more requests, starts no more jobs, and returns within 2 seconds, whatever clients
    /// and jobs do: what still runs after a short grace is aborted. Accepted jobs and events are in
    /// the store, and the log says how many of them resume at the next start.
    pub async fn stop(mut self) {
        self.stop.cancel();
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        let _ = timeout(STOP_GRACE, ended).await;
        let connections_cut = self.connections.count();
        let _ = timeout(CLEANUP_WITHIN, self.tasks.shutdown()).await;
        match timeout(CLEANUP_WITHIN, self.store.remains()).await {
            Ok(Ok(left)) => info!(
                jobs_left = left.jobs,
                deliveries_left = left.deliveries,
                connections_cut,
                "unfinished work goes on at the next start"
            ),
            Ok(Err(_)) | Err(_) => warn!(
                connections_cut,
                "the store did not answer; unfinished work goes on at the next start"
            ),
        }
    }
}

/// On the address that serves everything, numbers are for this machine alone.
fn access_here(address: SocketAddr, elsewhere: Option<&TcpListener>) -> MetricsAccess {
    match elsewhere {
        None if address.ip().to_canonical().is_loopback() => MetricsAccess::at(address),
        _ => MetricsAccess::None,
    }
}

/// Where plain HTTP tells numbers to programs on this machine.
fn metrics_here(address: SocketAddr, has_tls: bool) -> Option<SocketAddr> {
    let is_loopback = address.ip().to_canonical().is_loopback();
    (is_loopback && !has_tls).then_some(address)
}

fn metrics_elsewhere<M: Fn(MetricsAccess) -> Monitoring>(
    listener: TcpListener,
    monitoring: M,
    limits: &ConnectionLimits,
    stop: &CancellationToken,
) -> std::io::Result<impl Future<Output = ()> + use<M>> {
    let address = listener.local_addr()?;
    info!(%address, "telling metrics");
    let monitoring = monitoring(MetricsAccess::at(address));
    Ok(monitoring::serve(
        listener,
        monitoring,
        limits,
        stop.clone(),
    ))
}

/// What runs messages.
fn worker(store: &Store, options: &ServerOptions) -> Worker {
    let wait_limits = WaitLimits {
        missing: options.missing_file,
        ..WaitLimits::default()
    };
    let worker = Worker::new(store.ports(), engine(options))
        .with_wait_limits(wait_limits)
        .with_covers(options.covers)
        .with_uploads(upload_settings(&options.uploads));
    match part_settings(options) {
        Some(parts) => worker.with_parts(parts),
        None => worker,
    }
}

/// What makes pictures. All jobs share the processors: together they run no more decoders than one
/// alone would.
fn engine(options: &ServerOptions) -> Engine {
    Engine {
        ffmpeg: Ffmpeg {
            pool: DecoderPool::new(options.limits.processes),
            ..options.ffmpeg.clone()
        },
        limits: options.limits.clone(),
        max_snapshots: options.max_snapshots,
        quality: options.quality,
        executable: Engine::OWN_EXECUTABLE.into(),
        checkpoint_every: CHECKPOINT_EVERY,
    }
}

/// One worker alone would only do the parts one after the other; one of several is left to other jobs.
fn part_settings(options: &ServerOptions) -> Option<PartSettings> {
    let processors = u32::try_from(options.limits.processes).unwrap_or(u32::MAX);
    let at_once = processors.min(u32::from(options.workers).saturating_sub(1));
    let parts = PartSettings {
        work: options.part_work,
        at_once,
    };
    (at_once > 1 && !parts.work.is_zero()).then_some(parts)
}

/// Who works on what: of several workers for jobs, one more that large ones can't occupy.
fn lanes(workers: u16) -> impl Iterator<Item = Lane> {
    let for_small_jobs = usize::from(workers > 1);
    std::iter::repeat_n(Lane::Jobs, workers.into())
        .chain(std::iter::repeat_n(Lane::SmallJobs, for_small_jobs))
        .chain(std::iter::repeat_n(Lane::Uploads, UPLOADS_AT_ONCE))
        .chain([Lane::Deletions])
}

fn upload_limits(options: &UploadOptions) -> UploadLimits {
    UploadLimits {
        max_bytes: options.max_bytes,
        quota_bytes: options.quota_bytes,
    }
}

fn upload_settings(options: &UploadOptions) -> UploadSettings {
    let client = DownloadClient::new(options.allow.clone());
    UploadSettings {
        downloads: Arc::new(CheckedDownloads(client)),
        max_bytes: options.max_bytes,
        quota_bytes: options.quota_bytes,
    }
}

fn host_policy(auth: &Auth, allowed: Vec<AllowedHost>) -> HostPolicy {
    match auth {
        Auth::None => HostPolicy::Loopback(allowed),
        Auth::Keys(_) => HostPolicy::Any,
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, CommandError> {
    connections::listen(address).map_err(|cause| CommandError::Listen {
        address: address.to_string(),
        cause,
    })
}

fn store_options(options: &ServerOptions, public_url: &str) -> StoreOptions {
    StoreOptions {
        public_base: public_url.to_owned(),
        media_roots: options.media_roots.clone(),
        subscribers: options.subscribers.clone(),
        access: options.pictures,
        picture_keys: options.picture_keys.clone(),
        remote: remote_files(&options.source_allow),
    }
}

fn remote_files(allowed: &[AllowedDestination]) -> Option<Arc<dyn RemoteFiles>> {
    if allowed.is_empty() {
        return None;
    }
    Some(Arc::new(NamedHosts::new(allowed)))
}
