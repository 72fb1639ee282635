//! Work on a thread of its own, so that whoever waits for it goes on when its time is over: a
//! source may never answer, and a system call can't be taken back.

use super::failure::Stop;
use super::take::{Emit, File};
use media::{Stalls, Until};
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often a wait is interrupted to look at the time.
const TICK: Duration = Duration::from_millis(20);
/// What stops by itself does so within this time, and says then what is done.
const TO_STOP: Duration = Duration::from_millis(350);
/// A source may keep us waiting for so long; the job is tried again then. Sources that are far
/// away give up sooner by themselves.
const SOURCE_PATIENCE: Duration = Duration::from_secs(300);

/// How work ended.
pub(super) enum Ended<T> {
    /// By itself.
    Done(T),
    /// Its time is over, and it did not stop. What it holds goes when it does.
    Left,
    /// Its source does not answer.
    Unanswered(Duration),
}

/// Runs `work`, and hands what it makes to `emit` on this thread. A panic of it is one here.
///
/// # Errors
/// There is no thread to be had.
pub(super) fn run<T: Send + 'static>(
    until: &Until,
    stalls: &Stalls,
    emit: &mut Emit<'_>,
    work: impl FnOnce(&mut Emit<'_>) -> T + Send + 'static,
) -> Result<Ended<T>, Stop> {
    let (telling, news) = sync_channel(0);
    let (answering, answers) = sync_channel(1);
    let hand = Hand {
        telling,
        answers,
        stalls: stalls.clone(),
    };
    let span = tracing::Span::current();
    let thread = std::thread::Builder::new().name("pictures".to_owned());
    let thread = thread.spawn(move || {
        span.in_scope(|| {
            let done = work(&mut |file| hand.give(file));
            // Nobody listening means that it was left.
            let _ = hand.telling.send(News::Done(done));
        });
    });
    let thread = thread.map_err(|cause| Stop::Retry(format!("there is no thread: {cause}")))?;
    Ok(follow(&news, &answering, until, stalls, emit).unwrap_or_else(|| panicked(thread)))
}

/// What the thread tells.
enum News<T> {
    File(File),
    Done(T),
}

/// The thread's end.
struct Hand<T> {
    telling: SyncSender<News<T>>,
    answers: Receiver<bool>,
    stalls: Stalls,
}

impl<T> Hand<T> {
    /// Whether the file was taken.
    fn give(&self, file: File) -> bool {
        let _stalled = self.stalls.wait();
        self.telling.send(News::File(file)).is_ok() && self.answers.recv().unwrap_or(false)
    }
}

/// None where the thread ended without a word.
fn follow<T>(
    news: &Receiver<News<T>>,
    answering: &SyncSender<bool>,
    until: &Until,
    stalls: &Stalls,
    emit: &mut Emit<'_>,
) -> Option<Ended<T>> {
    let (mut over, mut stalled, mut ended) = (Duration::ZERO, Duration::ZERO, 0);
    loop {
        match news.recv_timeout(TICK) {
            Ok(News::File(file)) => {
                let _ = answering.send(emit(file));
            }
            Ok(News::Done(done)) => return Some(Ended::Done(done)),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {
                // Ticks and not times: this process may have been stopped meanwhile.
                over += if until.is_over() {
                    TICK
                } else {
                    Duration::ZERO
                };
                let is_stalled = stalls.are_on() && stalls.ended() == ended;
                stalled = if is_stalled {
                    stalled + TICK
                } else {
                    Duration::ZERO
                };
                ended = stalls.ended();
            }
        }
        if over > TO_STOP {
            return Some(Ended::Left);
        }
        if stalled > SOURCE_PATIENCE {
            return Some(Ended::Unanswered(stalled));
        }
    }
}

fn panicked<T>(thread: JoinHandle<()>) -> Ended<T> {
    match thread.join() {
        Err(panic) => resume_unwind(panic),
        // It told of its end before.
        Ok(()) => Ended::Left,
    }
}
