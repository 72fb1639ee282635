//! From a message to pictures, a completion and an event.

mod completion;
mod job;
mod probe;

use crate::model::Message;
use crate::pictures::{Engine, Stop};
use crate::ports::Ports;
use std::sync::Arc;
use std::time::Duration;
use tracing::{Instrument, error, info_span, warn};

/// Which delivery of a message this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// The delivery that ends a job whatever happens. Later ones are of messages whose work ended
    /// the process itself, and are not worked on again.
    pub limit: u32,
}

impl Attempt {
    fn is_last(self) -> bool {
        self.number >= self.limit
    }

    fn is_spent(self) -> bool {
        self.number > self.limit
    }
}

/// What the queue is to do with the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is left to do: delete it.
    Done,
    /// Deliver it again, not before this time has passed.
    Retry(Duration),
}

/// Runs messages.
#[derive(Clone)]
pub struct Worker {
    ports: Ports,
    engine: Arc<Engine>,
}

impl Worker {
    /// A worker over `ports`.
    #[must_use]
    pub fn new(ports: Ports, engine: Engine) -> Self {
        Self {
            ports,
            engine: Arc::new(engine),
        }
    }

    /// Runs one message to its end, or says when to try again. Never panics: a panic within is
    /// a failed attempt.
    pub async fn run(&self, message: Message, attempt: Attempt) -> Outcome {
        let span = match &message {
            Message::Snapshot { job_id, request_id } => {
                info_span!("job", job_id, request_id, attempt = attempt.number)
            }
            Message::Probe { video_id } => info_span!("probe", video_id),
        };
        let worker = self.clone();
        // A job ends itself at the last attempt; what is left then is the store's to take.
        let may_be_dropped = matches!(message, Message::Probe { .. }) && attempt.is_last();
        let work = async move {
            match message {
                Message::Snapshot { job_id, .. } => worker.run_job(&job_id, attempt).await,
                Message::Probe { .. } if attempt.is_spent() => Ok(()),
                Message::Probe { video_id } => worker.probe(&video_id).await,
            }
        };
        let stop = match tokio::spawn(work.instrument(span.clone())).await {
            Ok(Ok(())) => return Outcome::Done,
            Ok(Err(stop)) => stop,
            Err(panic) => Stop::Retry(panic.to_string()),
        };
        let _entered = span.enter();
        match stop {
            Stop::Retry(cause) if !may_be_dropped => {
                let delay = backoff(attempt.number);
                warn!(cause, delay_s = delay.as_secs(), "will try again");
                Outcome::Retry(delay)
            }
            Stop::Retry(cause) => {
                error!(cause, "gave up");
                Outcome::Done
            }
            Stop::Fail(failure) => {
                error!(
                    code = failure.code,
                    message = failure.message,
                    "ended without a record"
                );
                Outcome::Done
            }
        }
    }
}

/// 1 s, 2 s, 4 s ... up to 5 minutes.
fn backoff(attempt: u32) -> Duration {
    Duration::from_secs(1 << attempt.saturating_sub(1).min(8)).min(Duration::from_secs(300))
}
