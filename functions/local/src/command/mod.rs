//! One file per command.

mod clip;
mod demo;
mod events;
mod serve;
mod sign;
mod snapshot;
mod table;

use crate::cli::{Command, Decoder, FfmpegDownload};
use crate::error::Error;
use decoder::{Ffmpeg, Search, locate};
use std::io::Write;
use std::time::Duration;

/// For threads that are waiting for something when a command has come to its end.
const BLOCKED_WITHIN: Duration = Duration::from_millis(200);

/// Runs a command to its end.
pub(crate) fn run(command: Command) -> Result<(), Error> {
    match command {
        Command::Demo(arguments) => block_on(demo::run(arguments)),
        Command::Serve(arguments) => block_on(serve::run(arguments)),
        Command::Snapshot(arguments) => snapshot::run(&arguments),
        Command::Events(arguments) => block_on(events::run(arguments)),
        Command::Sign(arguments) => sign::run(&arguments),
    }
}

fn block_on(work: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(work);
    // Not for a call of a receiver that never answers, or a job that was broken off.
    runtime.shutdown_timeout(BLOCKED_WITHIN);
    result
}

/// A line on stderr, for people. A closed stderr is no reason to stop.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A line on stdout: what was asked for. False when nobody reads any more.
pub(crate) fn print(line: &str) -> bool {
    writeln!(std::io::stdout(), "{line}").is_ok()
}

/// Finds the decoder and says in one line which.
fn decoder(arguments: &Decoder) -> Result<Ffmpeg, Error> {
    let search = Search {
        may_download: arguments.ffmpeg_download != FfmpegDownload::Off,
        unpinned: arguments.ffmpeg_download == FfmpegDownload::Latest,
        ..Search::new(arguments.ffmpeg.clone())
    };
    let ffmpeg = locate(&search, &mut |line| say(line))?;
    say(&format!("using {ffmpeg}"));
    ffmpeg.sandbox.require(arguments.require_confinement)?;
    if !ffmpeg.sandbox.missing().is_empty() {
        say(&format!(
            "WARNING: that ffmpeg runs {}. --require-confinement refuses to start so",
            ffmpeg.sandbox
        ));
    }
    Ok(ffmpeg)
}
