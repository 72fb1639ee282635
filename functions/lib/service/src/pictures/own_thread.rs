//! Work on a thread of its own, so that whoever waits for it goes on when its time is over: a
//! source may never answer, and a system call can't be taken back.

use super::failure::Interrupted;
use super::file::{Emit, PassOutput};
use plan::{Deadline, Stalls};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
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

/// Work that was left behind and has not ended. Beyond this no more is begun: a source that hangs
/// for days must not take all threads and descriptors.
const MOST_LEFT: usize = 16;
static LEFT: AtomicUsize = AtomicUsize::new(0);

/// Counts one thread among those left behind, from when it is left until it ends.
#[derive(Debug, Clone, Default)]
struct LeftBehind(Arc<AtomicBool>);

impl LeftBehind {
    fn left(&self) {
        if !self.0.swap(true, Ordering::Relaxed) {
            LEFT.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Dropped when the thread ends, also by a panic; whoever leaves it afterwards leaves nothing.
struct AtItsEnd(LeftBehind);

impl Drop for AtItsEnd {
    fn drop(&mut self) {
        if self.0.0.swap(true, Ordering::Relaxed) {
            LEFT.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

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
    until: &Deadline,
    stalls: &Stalls,
    emit: &mut Emit<'_>,
    work: impl FnOnce(&mut Emit<'_>) -> T + Send + 'static,
) -> Result<Ended<T>, Interrupted> {
    if LEFT.load(Ordering::Relaxed) >= MOST_LEFT {
        let cause = format!("{MOST_LEFT} earlier runs are still waiting for their sources");
        return Err(Interrupted::Retry(cause));
    }
    let (telling, news) = sync_channel(0);
    let (answering, answers) = sync_channel(1);
    let hand = Hand {
        telling,
        answers,
        stalls: stalls.clone(),
    };
    let behind = LeftBehind::default();
    let own = AtItsEnd(behind.clone());
    let span = tracing::Span::current();
    let thread = std::thread::Builder::new().name("pictures".to_owned());
    let thread = thread.spawn(move || {
        span.in_scope(|| {
            let done = work(&mut |made| hand.give(made));
            // Nobody listening means that it was left.
            let _ = hand.telling.send(News::Done(done));
            drop(own);
        });
    });
    let thread =
        thread.map_err(|cause| Interrupted::Retry(format!("cannot start a thread: {cause}")))?;
    let following = Following {
        until,
        stalls,
        source_patience: SOURCE_PATIENCE,
    };
    let ended = following.follow(&news, &answering, emit);
    if let Some(Ended::Left | Ended::Unanswered(_)) = &ended {
        behind.left();
    }
    Ok(ended.unwrap_or_else(|| panicked(thread)))
}

/// What the thread tells.
enum News<T> {
    PassOutput(PassOutput),
    Done(T),
}

/// The thread's end.
struct Hand<T> {
    telling: SyncSender<News<T>>,
    answers: Receiver<bool>,
    stalls: Stalls,
}

impl<T> Hand<T> {
    /// Whether it was taken.
    fn give(&self, made: PassOutput) -> bool {
        let _stalled = self.stalls.wait();
        self.telling.send(News::PassOutput(made)).is_ok() && self.answers.recv().unwrap_or(false)
    }
}

/// What is looked at while the thread works.
struct Following<'a> {
    until: &'a Deadline,
    stalls: &'a Stalls,
    source_patience: Duration,
}

impl Following<'_> {
    /// None where the thread ended without a word. Ticks are counted and not times: this process
    /// may have been stopped meanwhile.
    fn follow<T>(
        &self,
        news: &Receiver<News<T>>,
        answering: &SyncSender<bool>,
        emit: &mut Emit<'_>,
    ) -> Option<Ended<T>> {
        let (mut over, mut stalled, mut ended) = (Duration::ZERO, Duration::ZERO, 0);
        loop {
            match news.recv_timeout(TICK) {
                Ok(News::PassOutput(made)) => {
                    let _ = answering.send(emit(made));
                }
                Ok(News::Done(done)) => return Some(Ended::Done(done)),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {
                    over = counted(over, self.until.is_over());
                    let is_stalled = self.stalls.are_on() && self.stalls.ended() == ended;
                    stalled = counted(stalled, is_stalled);
                    ended = self.stalls.ended();
                }
            }
            if over > TO_STOP {
                return Some(Ended::Left);
            }
            if stalled > self.source_patience {
                return Some(Ended::Unanswered(stalled));
            }
        }
    }
}

/// One tick more of something that goes on.
fn counted(so_far: Duration, goes_on: bool) -> Duration {
    if goes_on {
        so_far + TICK
    } else {
        Duration::ZERO
    }
}

fn panicked<T>(thread: JoinHandle<()>) -> Ended<T> {
    match thread.join() {
        Err(panic) => resume_unwind(panic),
        // It told of its end before.
        Ok(()) => Ended::Left,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::OutputFile;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Instant;

    fn file() -> PassOutput {
        PassOutput::File(OutputFile {
            key: "k".to_owned(),
            content_type: "image/jpeg",
            bytes: vec![1],
            of: 2,
        })
    }

    #[test]
    fn what_is_made_comes_to_this_thread_and_the_answer_goes_back() {
        let mut keys = Vec::new();
        let mut emit = |made: PassOutput| {
            if let PassOutput::File(file) = made {
                keys.push(file.key);
            }
            keys.len() < 2
        };
        let ended = run(&Deadline::none(), &Stalls::default(), &mut emit, |emit| {
            [emit(file()), emit(file())]
        });
        assert!(matches!(ended, Ok(Ended::Done([true, false]))));
        assert_eq!(keys, ["k", "k"]);
    }

    #[test]
    fn work_that_does_not_stop_is_left() {
        let until = Deadline::none();
        until.end();
        let begun = Instant::now();
        let ended = run(&until, &Stalls::default(), &mut |_| true, |_| {
            std::thread::sleep(Duration::from_secs(20));
        });
        assert!(matches!(ended, Ok(Ended::Left)));
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn a_source_that_never_answers_is_given_up() {
        let stalls = Stalls::default();
        let (telling, news) = sync_channel::<News<()>>(0);
        let (answering, _answers) = sync_channel(1);
        let following = Following {
            until: &Deadline::none(),
            stalls: &stalls,
            source_patience: Duration::from_millis(100),
        };
        // Many short waits are none that does not end.
        let done = std::thread::spawn({
            let stalls = stalls.clone();
            move || {
                for _ in 0..60 {
                    let stalled = stalls.wait();
                    std::thread::sleep(Duration::from_millis(5));
                    drop(stalled);
                }
                let _ = telling.send(News::Done(()));
                telling
            }
        });
        let ended = following.follow(&news, &answering, &mut |_| true);
        assert!(matches!(ended, Some(Ended::Done(()))));
        let _telling = done.join().unwrap();
        let _stalled = stalls.wait();
        let ended = following.follow(&news, &answering, &mut |_| true);
        assert!(matches!(ended, Some(Ended::Unanswered(_))));
    }

    #[test]
    fn a_panic_there_is_one_here() {
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let work = |_: &mut Emit<'_>| std::panic::panic_any("on purpose");
            run::<()>(&Deadline::none(), &Stalls::default(), &mut |_| true, work).is_ok()
        }));
        let panic = caught.unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"on purpose"));
    }
}
