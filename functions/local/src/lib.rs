//! vod-snapshot on one machine: the HTTP API, its workers and the command line over one data
//! folder. The same use cases run on AWS over other bodies of the same ports.

mod cli;
mod command;
mod error;
mod keys;
mod logging;
mod page;
mod server;

pub use server::{
    AllowedHost, CallbackAllow, ConnectionLimits, Deadlines, NoException, NoHost, Options, Pace,
    Retention, Server,
};

use clap::Parser;
use std::process::ExitCode;

/// Runs the program on the process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    if let Some(end) = service::pictures::isolated::serve_if_asked() {
        return end;
    }
    decoder::share_heaps();
    let arguments = cli::Arguments::parse();
    match command::run(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            command::say(&format!("vod-snapshot: {error}"));
            ExitCode::FAILURE
        }
    }
}
