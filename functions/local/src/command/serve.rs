//! `vod-snapshot serve`

use crate::cli::{AuthMode, Serve};
use crate::error::Error;
use crate::keys::{self, KeysError};
use crate::{ConnectionLimits, Options, Retention, Server, logging};
use artifacts::Quality;
use rustix::fs::Mode;
use service::api::Auth;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

pub(super) async fn run(arguments: Serve) -> Result<(), Error> {
    logging::start(arguments.log_format);
    if let Err(cause) = decoder::make_undumpable() {
        warn!(%cause, "this process is open to others of its user");
    }
    // Before anything that takes time.
    let auth = auth(&arguments)?;
    let ffmpeg = super::decoder(&arguments.decoder)?;
    // What is made from here on is nobody else's; the decoder was found before, and may be run by
    // another user.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    tokio::task::spawn_blocking(remove_temporary);
    let options = Options {
        listen: arguments.listen,
        auth,
        max_qps: arguments.qps,
        data: arguments.data,
        workers: arguments.workers,
        public_url: arguments.public_url,
        media_roots: arguments.media_roots,
        subscribers: arguments.subscribers,
        allowed_hosts: arguments.allowed_hosts,
        connections: ConnectionLimits::default(),
        callback_allow: arguments.callback_allow,
        retention: Retention {
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
    let server = Server::start(options).await?;
    info!(address = %server.address(), public_url = server.public_url(), "listening");
    let told = tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    };
    info!("{told}: stopping");
    tokio::select! {
        () = server.stop() => info!("stopped"),
        _ = terminate.recv() => warn!("a second signal: ending at once"),
        _ = interrupt.recv() => warn!("a second signal: ending at once"),
    }
    Ok(())
}

fn remove_temporary() {
    let count = decoder::remove_leftovers();
    if count > 0 {
        info!(count, "temporary files of killed processes removed");
    }
}

/// Whose calls are answered. Nobody gets a server that is open to other machines, and nobody
/// gets an open one without having said so.
fn auth(arguments: &Serve) -> Result<Auth, KeysError> {
    if arguments.auth == AuthMode::None {
        if arguments.keys.is_some() {
            return Err(KeysError::NotUsed);
        }
        if !arguments.listen.ip().to_canonical().is_loopback() {
            return Err(KeysError::OpenToAll(arguments.listen));
        }
        warn!("--auth none: whoever reaches this address is answered");
        return Ok(Auth::None);
    }
    if !arguments.allowed_hosts.is_empty() {
        return Err(KeysError::HostsNotChecked);
    }
    let ring = match &arguments.keys {
        Some(file) => Some(keys::from_file(file)?),
        None => keys::from_environment()?,
    };
    let ring = ring.ok_or(KeysError::NoneGiven)?;
    Ok(Auth::Keys(Arc::new(ring)))
}
