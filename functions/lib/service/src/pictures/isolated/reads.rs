//! The parent's side of what the child reads: several requests at once.

use super::frame::Frame;
use super::protocol::Request;
use source::RangeSource;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// As many as a fetch has under way, for two decoders.
const THREADS: usize = 16;
/// A file on this machine is read ahead by the system.
const THREADS_FOR_A_FILE: usize = 2;

/// A frame on its way to the child; whoever waits until it is written is told.
type Outgoing = (Frame, Option<SyncSender<()>>);

/// What is written to the child, one frame after the other, however slowly it reads.
#[derive(Debug, Clone)]
pub(super) struct Writer(Sender<Outgoing>);

impl Writer {
    pub(super) fn start(mut child: UnixStream) -> Self {
        let (writer, frames): (_, Receiver<Outgoing>) = channel();
        std::thread::spawn(move || {
            for (frame, written) in frames {
                // A child that reads no more says itself why, by its end.
                if frame.write(&mut child).is_err() {
                    return;
                }
                drop(written);
            }
        });
        Self(writer)
    }

    /// Never waits. For the few frames that are no answers.
    pub(super) fn post(&self, frame: Frame) {
        let _ = self.0.send((frame, None));
    }

    /// Waits until it is written, so that no more than one frame of each reader is in memory.
    fn write(&self, frame: Frame) {
        let (written, end) = sync_channel(0);
        if self.0.send((frame, Some(written))).is_ok() {
            // It is only dropped.
            let _ = end.recv();
        }
    }
}

/// Answers requests.
#[derive(Debug, Clone)]
pub(super) struct Reads {
    requests: SyncSender<Request>,
    /// Requests that the source has not yet answered.
    open: Arc<AtomicUsize>,
}

impl Reads {
    /// The threads end when this and its clones are dropped; none is waited for, since a source
    /// may never answer.
    pub(super) fn start(source: &Arc<dyn RangeSource>, writer: &Writer) -> Self {
        let threads = match source.path() {
            Some(_) => THREADS_FOR_A_FILE,
            None => THREADS,
        };
        let (requests, coming) = sync_channel(threads);
        let coming = Arc::new(Mutex::new(coming));
        let open = Arc::<AtomicUsize>::default();
        for _ in 0..threads {
            let (source, writer) = (Arc::clone(source), writer.clone());
            let (coming, open) = (Arc::clone(&coming), Arc::clone(&open));
            std::thread::spawn(move || {
                while let Some(request) = next(&coming) {
                    answer(request, &*source, &writer, &open);
                }
            });
        }
        Self { requests, open }
    }

    /// Waits where as many are under way as there are threads.
    pub(super) fn ask(&self, request: Request) {
        let _ = self.requests.send(request);
    }

    /// Whether the child may be waiting for the source.
    pub(super) fn are_open(&self) -> bool {
        self.open.load(Ordering::Relaxed) > 0
    }
}

fn next(coming: &Mutex<Receiver<Request>>) -> Option<Request> {
    let coming = coming.lock().unwrap_or_else(PoisonError::into_inner);
    coming.recv().ok()
}

/// A source that panics gives no answer, and the child must not wait for one for ever.
fn answer(request: Request, source: &dyn RangeSource, writer: &Writer, open: &AtomicUsize) {
    open.fetch_add(1, Ordering::Relaxed);
    let answer = catch_unwind(AssertUnwindSafe(|| request.answer(source)));
    open.fetch_sub(1, Ordering::Relaxed);
    writer.write(answer.unwrap_or_else(|_| request.failed()));
}
