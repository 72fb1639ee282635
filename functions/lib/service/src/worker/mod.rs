//! From a message to pictures, a completion and an event.

mod arrival;
mod completion;
mod job;
mod leftovers;
mod pause;
mod probe;
mod report;
mod running;
mod store;

pub use crate::pictures::Until;
pub use report::Report;
use running::Running;

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
    /// What is billed by the time it is held; none where nobody is billed.
    memory_mb: Option<u32>,
}

impl Worker {
    /// A worker over `ports`.
    #[must_use]
    pub fn new(ports: Ports, engine: Engine) -> Self {
        Self {
            ports,
            engine: Arc::new(engine),
            memory_mb: None,
        }
    }

    /// The same, with what jobs use in their manifests.
    #[must_use]
    pub fn billed_for(self, memory_mb: u32) -> Self {
        Self {
            memory_mb: Some(memory_mb),
            ..self
        }
    }

    /// Runs one message to its end, or says when to try again. Never panics: a panic within is
    /// a failed attempt.
    pub async fn run(&self, message: Message, attempt: Attempt) -> Outcome {
        self.run_until(message, attempt, Until::told()).await.0
    }

    /// The same; when the time is over, what is done is kept and the rest of a job goes on in a
    /// new message.
    pub async fn run_until(
        &self,
        message: Message,
        attempt: Attempt,
        until: Until,
    ) -> (Outcome, Report) {
        let run = Running::new(attempt, until);
        let outcome = self.run_once(message, &run).await;
        (outcome, run.report())
    }

    async fn run_once(&self, message: Message, run: &Running) -> Outcome {
        let attempt = run.attempt;
        let span = match &message {
            Message::Snapshot { job_id, request_id } => {
                let number = attempt.number;
                let video_id = tracing::field::Empty;
                info_span!("job", job_id, request_id, video_id, attempt = number)
            }
            Message::Probe { video_id } => info_span!("probe", video_id),
            Message::Arrival { file_url, .. } => info_span!("arrival", file_url),
        };
        let (worker, run) = (self.clone(), run.clone());
        // A job ends itself at the last attempt; what is left then is the store's to take.
        let may_be_dropped = matches!(message, Message::Probe { .. }) && attempt.is_last();
        let work = async move {
            match message {
                Message::Snapshot { job_id, .. } => worker.run_job(&job_id, &run).await,
                Message::Probe { .. } if attempt.is_spent() => Ok(()),
                Message::Probe { video_id } => worker.probe(&video_id).await,
                Message::Arrival {
                    file_url,
                    title,
                    tag,
                } => worker.register(&file_url, &title, &tag).await,
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
            Stop::Early if !attempt.is_last() => Outcome::Retry(until_written(attempt.number)),
            Stop::Early => {
                warn!("a message for a job that is not there");
                Outcome::Done
            }
            Stop::Retry(cause) => {
                error!(cause, "gave up");
                Outcome::Done
            }
            Stop::Pause(_) => Outcome::Done,
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

/// A job is written within seconds after its message was sent, or never. This is longer than
/// any call that submits one lives.
fn until_written(attempt: u32) -> Duration {
    Duration::from_secs(if attempt <= 1 { 1 } else { 60 })
}
