//! A server over an empty folder, with the numbered clip to take pictures of.
#![allow(clippy::unwrap_used)]

use crate::server::{Server, Setup};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The server, and its folder, which goes with it.
#[derive(Debug)]
pub struct Bench {
    /// Stopped first.
    pub server: Server,
    folder: TempDir,
    program: PathBuf,
}

impl Bench {
    /// Starts `program`, the suite's own build of it, with `arguments`.
    #[must_use]
    pub fn start(program: &str, arguments: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let setup = Setup {
            program: PathBuf::from(program),
            data: data(&folder),
            media_root: clip().parent().unwrap().to_owned(),
            arguments: arguments.iter().map(|&a| a.to_owned()).collect(),
        };
        Self {
            server: Server::start(&setup),
            program: setup.program,
            folder,
        }
    }

    /// Ends the server and starts it again over its folder, with these arguments.
    pub fn restart(&mut self, arguments: &[&str]) {
        self.server.kill();
        let setup = Setup {
            program: self.program.clone(),
            data: data(&self.folder),
            media_root: clip().parent().unwrap().to_owned(),
            arguments: arguments.iter().map(|&a| a.to_owned()).collect(),
        };
        self.server = Server::start(&setup);
    }

    /// The server's data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        data(&self.folder)
    }
}

fn data(folder: &TempDir) -> PathBuf {
    folder.path().join("data")
}

/// See [`crate::numbered_clip`].
#[must_use]
pub fn clip() -> &'static Path {
    static CLIP: OnceLock<PathBuf> = OnceLock::new();
    CLIP.get_or_init(crate::numbered_clip)
}
