//! How to start a server.

use super::connections::ConnectionLimits;
use super::host_policy::AllowedHost;
use super::retention::RetentionPolicy;
use crate::tls::TlsFiles;
use artifacts::Quality;
use service::api::Auth;
use service::picture_access::PictureAccess;
use service::templates_file::GivenTemplate;
use service::url_signature::UrlKey;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use webhook::AllowedDestination;

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where to tell numbers to programs, `/metrics`. None: on `listen`, if that is a loopback
    /// address.
    pub metrics_listen: Option<SocketAddr>,
    /// Serve https with these; none: http.
    pub tls: Option<TlsFiles>,
    /// How requests are authenticated.
    pub auth: Auth,
    /// Requests per second of one access key; 0: no limit.
    pub max_qps: u32,
    /// The folder with the database and the pictures.
    pub data: PathBuf,
    /// Concurrent jobs.
    pub workers: u16,
    /// About the most work of one run of a job, as the time that one processor takes; zero: all of it.
    pub part_work: Duration,
    /// How clients reach this server; none: `http://`, with TLS `https://`, and the
    /// address listened on.
    pub public_url: Option<String>,
    /// Who gets a picture by its plain address.
    pub pictures: PictureAccess,
    /// Keys that sign URLs of pictures, the last one from now on. None: the data folder has its own.
    pub picture_keys: Vec<UrlKey>,
    /// Folders whose files may be registered.
    pub media_roots: Vec<PathBuf>,
    /// Hosts and networks whose http(s) URLs may be registered; none: only files of this machine.
    pub source_allow: Vec<AllowedDestination>,
    /// URLs that get every event.
    pub subscribers: Vec<String>,
    /// Host names, besides loopback ones, under which a server without authentication may be
    /// called.
    pub allowed_hosts: Vec<AllowedHost>,
    /// How much time, memory and descriptors clients may use.
    pub connections: ConnectionLimits,
    /// What callbacks may reach besides public addresses.
    pub callback_allow: Vec<AllowedDestination>,
    /// What uploads by URL may cost, and where they may come from.
    pub uploads: UploadOptions,
    /// Whether system covers are taken of new videos.
    pub covers: bool,
    /// Templates that are there from the start, each with an id of the operator's choice.
    pub templates: Vec<GivenTemplate>,
    /// How long ended jobs and their results are kept.
    pub retention: RetentionPolicy,
    /// The most snapshots of one job.
    pub max_snapshots: u32,
    /// JPEG quality.
    pub quality: Quality,
    /// What one video may cost.
    pub limits: plan::Limits,
    /// How long a job waits for a file that is missing under a media root.
    pub missing_file: Duration,
    /// The decoder.
    pub ffmpeg: decoder::Ffmpeg,
}

/// What uploads by URL may cost, and where they may come from.
#[derive(Debug, Clone)]
pub struct UploadOptions {
    /// The largest file, bytes.
    pub max_bytes: u64,
    /// All uploaded files together, bytes; 0: there are no uploads.
    pub quota_bytes: u64,
    /// What URLs may lead to besides public addresses.
    pub allow: Vec<AllowedDestination>,
}

impl Default for UploadOptions {
    fn default() -> Self {
        Self {
            max_bytes: 10 << 30,
            quota_bytes: 100 << 30,
            allow: Vec::new(),
        }
    }
}
