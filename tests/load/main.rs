//! Promise: many clients at once, busy workers, a noisy neighbour or a crash cost nobody a job.
//!
//! `LOAD_SUBMITS=10000 cargo test --release -p promises --test load -- --nocapture --test-threads=1`
//! is the whole of it; without the variable it is as much of it as a test run has time for.

mod crowd;
mod noise;

use std::path::{Path, PathBuf};
use support::server::{Server, Setup};

/// Clients at once.
const CLIENTS: usize = 64;

/// A server with four workers over a folder.
fn server(data: &Path, arguments: &[&str]) -> Server {
    let workers = ["--workers", "4"];
    let arguments = workers.iter().chain(arguments).map(|&word| word.to_owned());
    Server::start(&Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: data.to_owned(),
        media_root: support::bench::clip().parent().unwrap().to_owned(),
        arguments: arguments.collect(),
    })
}

/// How many jobs are submitted.
fn submits(otherwise: usize) -> usize {
    let said = std::env::var("LOAD_SUBMITS");
    said.map_or(otherwise, |text| text.parse().unwrap())
}
