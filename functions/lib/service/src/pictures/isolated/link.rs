//! The child's end of the socket.

use super::frame::{Frame, Kind};
use super::protocol::{Bounds, READ_BYTES, Request, Source, answer};
use crate::pictures::Deadline;
use source::{RangeSource, ReadError};
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::exit;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Nobody is there to be told anything.
const ORPHANED: i32 = 0;

type Answer = Result<Vec<u8>, ReadError>;

/// What all threads of the child say to the parent, and hear from it.
#[derive(Debug)]
pub(super) struct Link {
    out: Mutex<File>,
    /// By the numbers of their questions.
    waiting: Mutex<HashMap<u32, SyncSender<Answer>>>,
    next: AtomicU32,
    accepted: Mutex<Receiver<bool>>,
}

impl Link {
    /// Hears answers from `input` from now on, and ends `until` when told to stop.
    pub(super) fn new(input: File, out: File, until: Deadline) -> Arc<Self> {
        let (accepting, accepted) = sync_channel(1);
        let link = Arc::new(Self {
            out: Mutex::new(out),
            waiting: Mutex::default(),
            next: AtomicU32::new(0),
            accepted: Mutex::new(accepted),
        });
        let hearing = Arc::clone(&link);
        std::thread::spawn(move || hearing.hear(input, &until, &accepting));
        link
    }

    /// Until the parent is gone, and then this process goes, too.
    fn hear(&self, mut input: File, until: &Deadline, accepting: &SyncSender<bool>) {
        while let Ok(Some(frame)) = Frame::read(&mut input, Bounds::said_by_parent) {
            match frame.kind {
                Kind::Stop => until.end(),
                Kind::Accepted => {
                    let _ = accepting.send(frame.body == [1]);
                }
                _ => {
                    let Some((id, answer)) = answer(frame) else {
                        break;
                    };
                    if let Some(waiting) = lock(&self.waiting).remove(&id) {
                        let _ = waiting.send(answer);
                    }
                }
            }
        }
        exit(ORPHANED);
    }

    /// A parent that hears no more has ended, and so does this process.
    pub(super) fn say(&self, frame: &Frame) {
        if frame.write(&mut *lock(&self.out)).is_err() {
            exit(ORPHANED);
        }
    }

    /// Gives a file away; whether it was taken.
    pub(super) fn give(&self, frame: &Frame) -> bool {
        self.say(frame);
        lock(&self.accepted).recv().unwrap_or(false)
    }

    fn ask(&self, request: impl FnOnce(u32) -> Request) -> Answer {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (answering, answer) = sync_channel(1);
        lock(&self.waiting).insert(id, answering);
        self.say(&request(id).frame());
        let answer = answer.recv();
        answer.unwrap_or_else(|_| Err(io::Error::other("there was no answer").into()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The parent's source.
#[derive(Debug)]
pub(super) struct Piped {
    link: Arc<Link>,
    bytes: u64,
    path: Option<PathBuf>,
    file: Option<Arc<File>>,
    identity: Option<String>,
    gap_bytes: u64,
}

impl Piped {
    pub(super) fn new(link: Arc<Link>, source: Source, file: Option<File>) -> Self {
        Self {
            link,
            bytes: source.bytes,
            path: source.path.map(PathBuf::from),
            file: file.map(Arc::new),
            identity: source.identity,
            gap_bytes: source.gap_bytes,
        }
    }
}

impl RangeSource for Piped {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        let mut offset = offset;
        for part in into.chunks_mut(READ_BYTES) {
            let bytes = u32::try_from(part.len()).map_err(io::Error::other)?;
            let read = self.link.ask(|id| Request::Read { id, offset, bytes })?;
            if read.len() != part.len() {
                return Err(io::Error::other("the answer is not as long as asked for").into());
            }
            part.copy_from_slice(&read);
            offset = offset.saturating_add(u64::from(bytes));
        }
        Ok(())
    }

    fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    fn file(&self) -> Option<Arc<File>> {
        self.file.clone()
    }

    fn check(&self) -> Result<(), ReadError> {
        self.link.ask(|id| Request::Check { id }).map(|_| ())
    }

    fn identity(&self) -> Option<String> {
        self.identity.clone()
    }

    fn gap_bytes(&self) -> u64 {
        self.gap_bytes
    }
}
