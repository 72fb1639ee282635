//! A file that nobody is to read and an address that nobody is to call.
#![allow(clippy::unwrap_used, clippy::panic)]

use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};
use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

/// A file that nobody is to read. Hostile files name it.
pub const CANARY: &str = "/tmp/snapshot-canary.txt";

/// The kernel itself tells of every reading of the file, by whichever process.
#[derive(Debug)]
pub struct Canary(Inotify);

impl Canary {
    /// Of [`CANARY`].
    #[must_use]
    pub fn set() -> Self {
        let path = Path::new(CANARY);
        if !path.exists() {
            fs::write(path, "canary\n").unwrap();
        }
        Self::at(path)
    }

    /// Of another file.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        // Another suite may write it anew meanwhile; that is not reading it. Whoever opens it to
        // read, and reads nothing, closes it unwritten.
        let watched = AddWatchFlags::IN_ACCESS | AddWatchFlags::IN_CLOSE_NOWRITE;
        let watch = Inotify::init(InitFlags::IN_NONBLOCK).unwrap();
        watch.add_watch(path, watched).unwrap();
        Self(watch)
    }

    /// Whether anybody opened or read it since this was last asked.
    #[must_use]
    pub fn is_touched(&self) -> bool {
        self.0.read_events().is_ok_and(|events| !events.is_empty())
    }

    /// # Panics
    /// It was touched.
    pub fn is_untouched(&self, by: &str) {
        assert!(!self.is_touched(), "{by} had {CANARY} read");
    }
}

/// Where hostile files send a decoder to. One for all tests: a call fails each that runs then.
#[derive(Debug)]
pub struct Line(TcpListener);

impl Line {
    /// Another suite on this machine may listen there for a while.
    ///
    /// # Panics
    /// It does for half a minute.
    pub fn open() -> &'static Self {
        static LINE: OnceLock<Line> = OnceLock::new();
        LINE.get_or_init(Self::listen)
    }

    fn listen() -> Self {
        for _ in 0..100 {
            if let Ok(listener) = TcpListener::bind("127.0.0.1:18999") {
                listener.set_nonblocking(true).unwrap();
                return Self(listener);
            }
            std::thread::sleep(Duration::from_millis(300));
        }
        panic!("port 18999 is in use");
    }

    /// # Panics
    /// Somebody called.
    pub fn is_silent(&self, by: &str) {
        let called = self.0.accept().map_err(|error| error.kind());
        assert_eq!(called.err(), Some(ErrorKind::WouldBlock), "{by} called");
    }
}
