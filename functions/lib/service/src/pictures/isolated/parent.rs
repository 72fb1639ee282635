//! The parent: starts a child, serves it, and says how it ended.

use super::ending::Ending;
use super::frame::{Frame, Kind, invalid};
use super::process::Process;
use super::protocol::{Bounds, Request, Start, file, json, parsed};
use super::reads::{Reads, Writer};
use crate::pictures::{
    Checkpoint, Emit, Engine, Interrupted, JobRequest, PassOutput, PicturesTaken,
};
use decoder::PlannedWork;
use std::io;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// How often a wait is interrupted to look at the clock.
const TICK: Duration = Duration::from_millis(20);
/// A child that was told to stop has so long to say what is done.
const TO_SAY_WHAT_IS_DONE: Duration = Duration::from_millis(350);
/// A child that has said all it will say ends at once.
const TO_END: Duration = Duration::from_millis(500);
/// Steps of a job that each have all the time of a budget, and may make nothing: opening, looking
/// for frames, taking the first picture.
const STEPS: u32 = 3;
/// What a child needs beside the decoders it waits for.
const FOR_ITSELF: Duration = Duration::from_secs(60);

/// As [`take`](crate::pictures::take), in a child process: whatever the job does to its process,
/// this one lives.
///
/// # Errors
/// As `take`, and [`Interrupted::Crashed`] where the child ended, or had to be ended, without having
/// said how the job ended.
pub fn take_in_child(
    engine: &Engine,
    request: &JobRequest,
    emit: &mut Emit<'_>,
) -> Result<PicturesTaken, Interrupted> {
    // For the decoder that it runs. Its process begins anew where it is ended early.
    let is_over = || request.until.is_over();
    let pool = &engine.ffmpeg.pool;
    let Some(_permit) = pool.take_one(PlannedWork::UNKNOWN, &is_over) else {
        return Err(Interrupted::Paused(Box::new(request.done.clone())));
    };
    let mut parent = Parent::start(engine, request).map_err(not_started)?;
    let taken = parent.follow(request, emit);
    match taken {
        // Whatever fails when the time is over may have failed for that.
        Err(Interrupted::Retry(_) | Interrupted::Crashed(_)) if request.until.is_over() => {
            Err(Interrupted::Paused(Box::new(parent.done)))
        }
        taken => taken,
    }
}

#[allow(clippy::needless_pass_by_value)]
fn not_started(cause: io::Error) -> Interrupted {
    Interrupted::Retry(format!("a child can't be started: {cause}"))
}

/// What is heard of a child beside its reads.
enum Event {
    PassOutput(PassOutput),
    End(Ending),
    /// It said what makes no sense, or nothing more.
    Broken(String),
}

struct Parent {
    process: Process,
    writer: Writer,
    reads: Reads,
    events: Receiver<Event>,
    /// The last that is known.
    done: Checkpoint,
    /// How long it may be silent.
    patience: Duration,
}

impl Parent {
    fn start(engine: &Engine, request: &JobRequest) -> io::Result<Self> {
        let file = request.source.file();
        let start = json(Kind::Start, &Start::new(engine, request, file.is_some())?)?;
        let (process, child) = Process::start(engine, file.as_deref())?;
        let writer = Writer::start(child.try_clone()?);
        writer.post(start);
        let reads = Reads::start(&request.source, &writer);
        let (hearing, events) = sync_channel(1);
        let (bounds, asking) = (Bounds::of(engine), reads.clone());
        std::thread::spawn(move || hear(child, bounds, &asking, &hearing));
        Ok(Self {
            process,
            writer,
            reads,
            events,
            done: request.done.clone(),
            patience: STEPS * engine.limits.wall + engine.limits.idle + FOR_ITSELF,
        })
    }

    /// To the child's end, or to where its time is over.
    fn follow(
        &mut self,
        request: &JobRequest,
        emit: &mut Emit<'_>,
    ) -> Result<PicturesTaken, Interrupted> {
        let mut told = None;
        let mut silent = Duration::ZERO;
        loop {
            match self.events.recv_timeout(TICK) {
                Ok(Event::End(ending)) => return self.ended(ending),
                Ok(Event::Broken(what)) => return Err(self.crashed(&what)),
                Ok(event) => {
                    silent = Duration::ZERO;
                    self.take(event, emit);
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.crashed("")),
                // What the source keeps waiting is not silent.
                Err(RecvTimeoutError::Timeout) if self.reads.are_open() => silent = Duration::ZERO,
                Err(RecvTimeoutError::Timeout) => silent += TICK,
            }
            if silent > self.patience {
                let seconds = silent.as_secs();
                return Err(self.crashed(&format!("it said nothing for {seconds} s")));
            }
            if request.until.is_over() {
                let since = *told.get_or_insert_with(|| {
                    self.writer.post(Frame::new(Kind::Stop, Vec::new()));
                    Instant::now()
                });
                if since.elapsed() > TO_SAY_WHAT_IS_DONE {
                    return Err(Interrupted::Paused(Box::new(self.done.clone())));
                }
            }
        }
    }

    /// What was made, to whoever takes it.
    fn take(&mut self, event: Event, emit: &mut Emit<'_>) {
        match event {
            Event::PassOutput(made) => {
                if let PassOutput::Checkpoint(done) = &made {
                    self.done.clone_from(done);
                }
                let body = vec![u8::from(emit(made))];
                self.writer.post(Frame::new(Kind::Accepted, body));
            }
            Event::End(_) | Event::Broken(_) => {}
        }
    }

    fn ended(&mut self, ending: Ending) -> Result<PicturesTaken, Interrupted> {
        match ending.into_result() {
            Ok(taken) => {
                self.process.end(TO_END);
                taken
            }
            Err(cause) => Err(self.crashed(&cause.to_string())),
        }
    }

    fn crashed(&mut self, what: &str) -> Interrupted {
        // One whose socket closed has ended, or is about to.
        let patience = if what.is_empty() {
            TO_END
        } else {
            Duration::ZERO
        };
        let end = self.process.end(patience);
        let cause = if what.is_empty() {
            end
        } else {
            format!("{what}; {end}")
        };
        Interrupted::Crashed(format!("the child that took the pictures failed: {cause}"))
    }
}

/// Reads what the child says until it makes no sense or ends.
fn hear(mut child: UnixStream, bounds: Bounds, reads: &Reads, events: &SyncSender<Event>) {
    loop {
        let event = match Frame::read(&mut child, |kind| bounds.said_by_child(kind)) {
            Ok(None) => return,
            Ok(Some(frame)) => heard(frame, reads),
            Err(cause) if is_end(&cause) => return,
            Err(cause) => Err(cause),
        };
        let (event, is_last) = match event {
            Ok(None) => continue,
            Ok(Some(event)) => (event, false),
            Err(cause) => (Event::Broken(format!("it made no sense: {cause}")), true),
        };
        // Nobody listens to a child whose time is over.
        if events.send(event).is_err() || is_last {
            return;
        }
    }
}

/// One that ended with something unread leaves a connection that was reset.
fn is_end(cause: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionReset, UnexpectedEof};
    matches!(cause.kind(), ConnectionReset | UnexpectedEof)
}

fn heard(frame: Frame, reads: &Reads) -> io::Result<Option<Event>> {
    Ok(Some(match frame.kind {
        Kind::Read | Kind::Check => {
            reads.ask(Request::of(&frame)?);
            return Ok(None);
        }
        Kind::File => Event::PassOutput(PassOutput::File(file(frame)?)),
        Kind::Checkpoint => Event::PassOutput(PassOutput::Checkpoint(parsed(&frame)?)),
        Kind::End => Event::End(parsed(&frame)?),
        kind => return Err(invalid(format!("{kind:?} is not said by a child"))),
    }))
}
