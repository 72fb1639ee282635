//! vod-snapshot on one machine: the HTTP API, its workers and the command line.
//!
//! **Purpose.** The whole service in one process, on one data folder: no cloud account, no
//! database server, no queue. It serves the same use cases (`service`) as the functions on AWS,
//! over other implementations of the ports (`embedded`).
//!
//! **Promise.**
//! - An accepted job survives any end of the process, and resumes at the next start.
//! - Slow, silent or many clients cannot stop jobs, and a stop takes less than 2 seconds.
//! - Callbacks and downloads reach public addresses and allowed destinations only (`webhook`).
//! - Without authentication, only programs on this machine are served, and no foreign web page.
//!
//! **Non-goals.** No HTTP/2: put a proxy in front. No second process on the same data folder.
//!
//! ```no_run
//! # async fn serve(ffmpeg: decoder::Ffmpeg) -> Result<(), local::CommandError> {
//! use local::{ConnectionLimits, LocalServer, RetentionPolicy, ServerOptions, UploadOptions};
//!
//! let server = LocalServer::start(ServerOptions {
//!     listen: ([127, 0, 0, 1], 8080).into(),
//!     metrics_listen: None,
//!     tls: None,
//!     auth: service::api::Auth::None,
//!     max_qps: 0,
//!     data: "vod-snapshot-data".into(),
//!     workers: 1,
//!     part_work: std::time::Duration::from_secs(15),
//!     public_url: None,
//!     pictures: service::picture_access::PictureAccess::Public,
//!     picture_keys: Vec::new(),
//!     media_roots: vec!["/videos".into()],
//!     source_allow: Vec::new(),
//!     subscribers: Vec::new(),
//!     allowed_hosts: Vec::new(),
//!     connections: ConnectionLimits::default(),
//!     callback_allow: Vec::new(),
//!     uploads: UploadOptions::default(),
//!     covers: true,
//!     templates: Vec::new(),
//!     retention: RetentionPolicy::default(),
//!     max_snapshots: 20_000,
//!     quality: artifacts::Quality::default(),
//!     limits: plan::Limits::default(),
//!     missing_file: std::time::Duration::from_secs(300),
//!     ffmpeg,
//! })
//! .await?;
//! println!("{}", server.public_url());
//! server.stop().await;
//! # Ok(())
//! # }
//! ```

mod cli;
mod command;
mod console;
mod error;
mod keys;
mod listen_address;
mod option_url;
mod page;
mod printable;
mod server;
mod table;
mod terminal_progress;
mod time_argument;
mod tls;

pub use error::{CommandError, DemoError};
pub use keys::KeysError;
pub use server::{
    AllowedHost, ConnectionDeadlines, ConnectionLimits, LocalServer, MinimumRate, ParseHostError,
    RetentionPolicy, ServerOptions, UploadOptions,
};
pub use tls::{TlsError, TlsFiles};

use clap::Parser;
use std::process::ExitCode;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    if let Some(end) = service::pictures::isolated::serve_if_asked() {
        return end;
    }
    decoder::share_heaps();
    let arguments = match cli::CommandLine::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage_error(&error),
    };
    match command::run(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::fail(&error.to_string());
            ExitCode::from(error.exit_code())
        }
    }
}

/// Says what is wrong with the arguments: as a line of the log, where the log is asked for as JSON.
fn usage_error(error: &clap::Error) -> ExitCode {
    let mut words = std::env::args().skip_while(|word| word != "--log-format");
    let is_json = words.nth(1).is_some_and(|word| word == "json")
        || std::env::args().any(|word| word == "--log-format=json");
    if is_json && error.use_stderr() {
        logging::start(logging::LogFormat::Json, std::io::stderr);
        console::write_to_log();
        console::fail(&error.to_string());
    } else {
        // A closed stream is no reason to fail in another way.
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
