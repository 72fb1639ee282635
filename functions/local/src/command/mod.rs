//! One file per command.

mod demo;
mod describe;
mod events;
mod ffmpeg;
mod serve;
mod sign;
mod snapshot;
mod templates;

use crate::cli::CliCommand;
use crate::error::CommandError;
use std::time::Duration;

/// How long threads that still wait for something may delay the end of a command.
const SHUTDOWN_WITHIN: Duration = Duration::from_millis(200);

/// Runs a command to its end.
pub(crate) fn run(command: CliCommand) -> Result<(), CommandError> {
    match command {
        CliCommand::Demo(arguments) => block_on(demo::run(arguments)),
        CliCommand::Serve(arguments) => block_on(serve::run(*arguments)),
        CliCommand::Snapshot(arguments) => snapshot::run(&arguments),
        CliCommand::Events(arguments) => block_on(events::run(arguments)),
        CliCommand::Sign(arguments) => sign::run(&arguments),
        CliCommand::Completions(arguments) => describe::completions(&arguments),
        CliCommand::Man(arguments) => describe::manual(&arguments),
    }
}

fn block_on(work: impl Future<Output = Result<(), CommandError>>) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(work);
    // Without a timeout this would wait for a receiver that never answers, or an aborted job.
    runtime.shutdown_timeout(SHUTDOWN_WITHIN);
    result
}
