//! A file that nobody is to read and an address that nobody is to call.

use crate::impostor::CANARY;
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};
use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

/// The kernel itself tells of every reading of the file, by whichever process.
pub(crate) struct Canary(Inotify);

impl Canary {
    pub(crate) fn set() -> Self {
        let path = Path::new(CANARY);
        if !path.exists() {
            fs::write(path, "canary\n").unwrap();
        }
        // Another suite may write it anew meanwhile; that is not reading it. Whoever opens it to
        // read, and reads nothing, closes it unwritten.
        let watched = AddWatchFlags::IN_ACCESS | AddWatchFlags::IN_CLOSE_NOWRITE;
        let watch = Inotify::init(InitFlags::IN_NONBLOCK).unwrap();
        watch.add_watch(path, watched).unwrap();
        Self(watch)
    }

    fn is_touched(&self) -> bool {
        self.0.read_events().is_ok_and(|events| !events.is_empty())
    }

    pub(crate) fn is_untouched(&self, by: &str) {
        assert!(!self.is_touched(), "{by} had {CANARY} read");
    }
}

/// Where hostile files send a decoder to. One for all tests: a call fails each that runs then.
pub(crate) struct Line(TcpListener);

impl Line {
    /// Another suite on this machine may listen there for a while.
    pub(crate) fn open() -> Option<&'static Self> {
        static LINE: OnceLock<Option<Line>> = OnceLock::new();
        LINE.get_or_init(Self::listen).as_ref()
    }

    fn listen() -> Option<Self> {
        for _ in 0..100 {
            if let Ok(listener) = TcpListener::bind("127.0.0.1:18999") {
                listener.set_nonblocking(true).unwrap();
                return Some(Self(listener));
            }
            std::thread::sleep(Duration::from_millis(300));
        }
        assert!(std::env::var_os("CI").is_none(), "port 18999 is in use");
        eprintln!("SKIPPED: port 18999 is in use, so calls are not watched");
        None
    }

    pub(crate) fn is_silent(&self, by: &str) {
        let called = self.0.accept().map_err(|error| error.kind());
        assert_eq!(called.err(), Some(ErrorKind::WouldBlock), "{by} called");
    }
}

#[test]
fn who_reads_the_canary_is_noticed() {
    // One of its own: the other is watched by other tests meanwhile.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("canary");
    fs::write(&path, "canary\n").unwrap();
    let watch = Inotify::init(InitFlags::IN_NONBLOCK).unwrap();
    let watched = AddWatchFlags::IN_ACCESS | AddWatchFlags::IN_CLOSE_NOWRITE;
    watch.add_watch(&path, watched).unwrap();
    let canary = Canary(watch);
    fs::write(&path, "written\n").unwrap();
    assert!(!canary.is_touched());
    drop(fs::File::open(&path).unwrap());
    assert!(canary.is_touched(), "opened");
    fs::read(&path).unwrap();
    assert!(canary.is_touched(), "read");
}
