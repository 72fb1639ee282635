//! `vod-snapshot serve`

use crate::cli::Serve;
use crate::error::Error;
use crate::{Options, Server, logging};
use artifacts::Quality;
use tokio::signal::unix::{SignalKind, signal};
use tracing::info;

pub(super) async fn run(arguments: Serve) -> Result<(), Error> {
    logging::start(arguments.log_format);
    let ffmpeg = super::decoder(&arguments.decoder)?;
    let options = Options {
        listen: arguments.listen,
        data: arguments.data,
        workers: arguments.workers,
        public_url: arguments.public_url,
        media_roots: arguments.media_roots,
        subscribers: arguments.subscribers,
        callback_allow: arguments.callback_allow,
        max_snapshots: arguments.max_snapshots,
        quality: Quality::new(arguments.decoder.quality).unwrap_or_default(),
        ffmpeg,
    };
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let server = Server::start(options).await?;
    info!(address = %server.address(), public_url = server.public_url(), "listening");
    tokio::select! {
        _ = terminate.recv() => info!("SIGTERM: finishing what is running"),
        _ = interrupt.recv() => info!("SIGINT: finishing what is running"),
    }
    server.stop().await;
    info!("stopped");
    Ok(())
}
