//! `vod-snapshot serve`

mod banner;

use super::{ffmpeg, templates};
use crate::cli::{AuthMode, LogFormatArg, OnOff, ServeArgs};
use crate::console;
use crate::error::CommandError;
use crate::keys::{self, KeysError};
use crate::listen_address::ListenAddress;
use crate::option_url;
use crate::server::{
    ConnectionLimits, LocalServer, RetentionPolicy, ServerOptions, TlsTerminator, UploadOptions,
    default_workers,
};
use crate::tls::TlsFiles;
use artifacts::Quality;
use banner::Banner;
use logging::LogFormat;
use rustix::fs::Mode;
use service::api::Auth;
use service::url_signature::UrlKey;
use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{info, warn};

/// Of the options that limit uploads.
const MB: u64 = 1 << 20;

pub(super) async fn run(arguments: ServeArgs) -> Result<(), CommandError> {
    let log_format = log_format(arguments.log_format);
    logging::start(log_format, io::stderr);
    console::write_to_log();
    if let Err(cause) = decoder::make_undumpable() {
        warn!(%cause, "other processes of this user can read the memory of this one");
    }
    // First, because it fails fast.
    check_urls(&arguments)?;
    let listen = listen_address(&arguments)?;
    let metrics_listen = metrics_address(&arguments)?;
    let (auth, picture_keys) = auth(&arguments, listen)?;
    let templates = match &arguments.templates {
        Some(file) => templates::read(file, arguments.max_snapshots)?,
        None => Vec::new(),
    };
    let files = arguments.tls_cert.zip(arguments.tls_key);
    let tls = files.map(|(certificate, key)| TlsFiles { certificate, key });
    let ffmpeg = ffmpeg::find(&arguments.decoder)?;
    ffmpeg.check_parts()?;
    // Files made from here on belong to this user only. Not earlier: a downloaded decoder may be
    // run by another user.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    tokio::task::spawn_blocking(remove_temporary);
    let reads_remote_files = !arguments.source_allow.is_empty();
    let banner = Banner {
        data: arguments.data.clone(),
        media_roots: arguments.media_roots.clone(),
        ffmpeg: ffmpeg.to_string(),
        confinement: ffmpeg.sandbox.to_string(),
    };
    let options = ServerOptions {
        listen,
        metrics_listen,
        tls,
        auth,
        max_qps: arguments.qps,
        data: arguments.data,
        workers: arguments.workers.unwrap_or_else(default_workers),
        part_work: arguments.part_seconds,
        public_url: arguments.public_url,
        pictures: arguments.pictures,
        picture_keys,
        media_roots: arguments.media_roots,
        source_allow: arguments.source_allow,
        subscribers: arguments.subscribers,
        allowed_hosts: arguments.allowed_hosts,
        connections: ConnectionLimits::default(),
        callback_allow: arguments.callback_allow,
        uploads: UploadOptions {
            max_bytes: arguments.upload_max_mb * MB,
            quota_bytes: arguments.upload_quota_mb * MB,
            allow: arguments.upload_allow,
        },
        covers: arguments.covers == OnOff::On,
        templates,
        retention: RetentionPolicy {
            picture_days: arguments.picture_days,
            job_days: arguments.job_days,
        },
        max_snapshots: arguments.max_snapshots,
        quality: Quality::new(arguments.decoder.quality).unwrap_or_default(),
        limits: arguments.decoder.limits(),
        missing_file: Duration::from_secs(arguments.missing_file_s.into()),
        ffmpeg,
    };
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    // Without a certificate it ends the process, as everywhere.
    let hangup = options.tls.as_ref().map(|_| signal(SignalKind::hangup()));
    let hangup = hangup.transpose()?;
    let server = LocalServer::start(options).await?;
    if let Some((tls, hangup)) = server.tls().zip(hangup) {
        tokio::spawn(reload_on(hangup, tls));
    }
    if io::stderr().is_terminal() && matches!(log_format, LogFormat::Text { .. }) {
        for line in banner.lines(&server) {
            console::plain(&line);
        }
    }
    info!(address = %server.address(), public_url = server.public_url(), "listening");
    if banner.media_roots.is_empty() && !reads_remote_files {
        warn!("without --media-root no file can be registered as a video");
    }
    if option_url::is_of_all_addresses(server.public_url()) {
        warn!(
            public_url = server.public_url(),
            "URLs of pictures begin with an address that no other machine can call: see --public-url"
        );
    }
    let signal = tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    };
    info!("{signal}: stopping");
    tokio::select! {
        () = server.stop() => info!("stopped"),
        _ = terminate.recv() => warn!("a second signal: ending at once"),
        _ = interrupt.recv() => warn!("a second signal: ending at once"),
    }
    Ok(())
}

/// Reads the certificate and its key again at each signal, one reading after another.
async fn reload_on(mut hangup: Signal, tls: TlsTerminator) {
    while hangup.recv().await.is_some() {
        let tls = tls.clone();
        match tokio::task::spawn_blocking(move || tls.reload()).await {
            Ok(Ok(())) => info!("SIGHUP: new connections get the certificate that was read now"),
            Ok(Err(cause)) => warn!(%cause, "SIGHUP: the certificate in use stays"),
            Err(_) => return,
        }
    }
}

fn remove_temporary() {
    let count = decoder::remove_leftovers();
    if count > 0 {
        info!(count, "removed temporary files of killed processes");
    }
}

/// Text for people and JSON for programs, unless told otherwise.
fn log_format(format: Option<LogFormatArg>) -> LogFormat {
    let is_terminal = io::stderr().is_terminal();
    match (format, is_terminal) {
        (Some(LogFormatArg::Json), _) | (None, false) => LogFormat::Json,
        (Some(LogFormatArg::Text), _) | (None, true) => LogFormat::Text {
            has_colours: is_terminal && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty()),
        },
    }
}

fn check_urls(arguments: &ServeArgs) -> Result<(), CommandError> {
    let refused = |option| move |rule| CommandError::OptionValue { option, rule };
    for url in &arguments.subscribers {
        option_url::receiver(url).map_err(refused("--notify"))?;
    }
    let base = arguments.public_url.as_deref().map(option_url::base);
    base.transpose().map(drop).map_err(refused("--public-url"))
}

fn listen_address(arguments: &ServeArgs) -> Result<SocketAddr, CommandError> {
    let loopback_only = arguments.auth == AuthMode::None;
    let address = arguments.listen.resolve_for(loopback_only);
    address.map_err(unresolved(&arguments.listen))
}

/// A port alone means loopback: what is told there is for whoever asks.
fn metrics_address(arguments: &ServeArgs) -> Result<Option<SocketAddr>, CommandError> {
    let address = arguments.metrics_listen.as_ref();
    let resolve = |at: &ListenAddress| at.resolve_for(true).map_err(unresolved(at));
    address.map(resolve).transpose()
}

fn unresolved(address: &ListenAddress) -> impl FnOnce(io::Error) -> CommandError {
    let address = address.to_string();
    move |cause| CommandError::Listen { address, cause }
}

/// How requests are authenticated, and the keys that sign URLs of pictures. Unsigned requests are accepted only where the operator asked for
/// it, and never from other machines.
fn auth(arguments: &ServeArgs, listen: SocketAddr) -> Result<(Auth, Vec<UrlKey>), KeysError> {
    if arguments.auth == AuthMode::None {
        if arguments.keys.is_some() {
            return Err(KeysError::NotUsed);
        }
        if !listen.ip().to_canonical().is_loopback() {
            return Err(KeysError::OpenToAll(listen));
        }
        warn!("--auth none: unsigned requests are accepted");
        return Ok((Auth::None, Vec::new()));
    }
    if !arguments.allowed_hosts.is_empty() {
        return Err(KeysError::HostsNotChecked);
    }
    let ring = match &arguments.keys {
        Some(file) => Some(keys::from_file(file)?),
        None => keys::from_environment()?,
    };
    let ring = ring.ok_or(KeysError::NoneGiven)?;
    let picture_keys = ring.picture_keys().to_vec();
    Ok((Auth::Keys(Arc::new(ring)), picture_keys))
}
