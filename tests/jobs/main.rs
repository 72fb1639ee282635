//! What a client gets: pictures, sheets, manifests, events and errors, through the real program.

mod errors;
mod events;
mod failures;
mod normal;
mod sprites;

use std::path::PathBuf;
use std::sync::OnceLock;
use support::server::{Server, Setup};
use tempfile::TempDir;

/// A server over an empty folder, and that folder.
struct Bench {
    server: Server,
    #[allow(dead_code, reason = "removed with the bench")]
    data: TempDir,
}

fn bench(arguments: &[&str]) -> Bench {
    let data = TempDir::new().unwrap();
    let setup = Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: data.path().join("data"),
        media_root: clip().parent().unwrap().to_owned(),
        arguments: arguments.iter().map(|&a| a.to_owned()).collect(),
    };
    Bench {
        server: Server::start(&setup),
        data,
    }
}

/// See `support::numbered_clip`.
fn clip() -> &'static PathBuf {
    static CLIP: OnceLock<PathBuf> = OnceLock::new();
    CLIP.get_or_init(support::numbered_clip)
}
