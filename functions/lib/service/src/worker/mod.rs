//! From a message to pictures, a completion and an event.

mod checkpoint;
mod completion;
mod covers;
mod deletion;
mod deletion_shares;
mod delivery;
mod dynamic_image;
mod heartbeat;
mod job;
mod kept_cells;
mod leftovers;
mod object_created;
mod parts;
mod policy;
mod probe;
mod progress;
mod report;
mod run_context;
mod standstill;
mod store;
mod upload;
mod upload_settings;
mod usage;
mod verdict;
mod wait_limits;

pub use crate::pictures::Deadline;
pub use deletion_shares::DeletionShares;
pub use delivery::{DeliveryAttempt, DeliveryOutcome};
pub use heartbeat::heartbeat;
use parts::PartPlace;
pub use parts::PartSettings;
use policy::Patience;
pub use report::RunReport;
use run_context::RunContext;
use upload::UploadDesk;
pub use upload::{SentBytes, SentFile, SentFileError};
pub use upload_settings::UploadSettings;
pub use wait_limits::WaitLimits;

use crate::model::Message;
use crate::pictures::{Engine, Interrupted};
use crate::ports::Ports;
use contract::redacted::RedactedUrl;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tracing::{Instrument, Span, error, info_span, warn};

/// Runs messages.
#[derive(Clone)]
pub struct Worker {
    ports: Ports,
    engine: Arc<Engine>,
    /// What is billed by the time it is held; none where nobody is billed.
    memory_mb: Option<u32>,
    wait_limits: WaitLimits,
    takes_covers: bool,
    deletion_shares: DeletionShares,
    /// When a job is divided; none where each is one run.
    parts: Option<PartSettings>,
    /// None where nothing is downloaded.
    uploads: Option<Arc<UploadDesk>>,
}

impl Worker {
    /// A worker over `ports`.
    #[must_use]
    pub fn new(ports: Ports, engine: Engine) -> Self {
        Self {
            ports,
            engine: Arc::new(engine),
            memory_mb: None,
            wait_limits: WaitLimits::default(),
            takes_covers: false,
            deletion_shares: DeletionShares::default(),
            parts: None,
            uploads: None,
        }
    }

    /// The same, with other times to wait.
    #[must_use]
    pub fn with_wait_limits(self, wait_limits: WaitLimits) -> Self {
        Self {
            wait_limits,
            ..self
        }
    }

    /// The same, taking system covers of each new video.
    #[must_use]
    pub fn with_covers(self, takes_covers: bool) -> Self {
        Self {
            takes_covers,
            ..self
        }
    }

    /// The same, with other shares of the time for deletions.
    #[must_use]
    pub fn with_deletion_shares(self, deletion_shares: DeletionShares) -> Self {
        Self {
            deletion_shares,
            ..self
        }
    }

    /// The same, dividing large jobs.
    #[must_use]
    pub fn with_parts(self, parts: PartSettings) -> Self {
        Self {
            parts: Some(parts),
            ..self
        }
    }

    /// The same, downloading what is uploaded by URL.
    #[must_use]
    pub fn with_uploads(self, settings: UploadSettings) -> Self {
        Self {
            uploads: Some(Arc::new(UploadDesk::new(settings))),
            ..self
        }
    }

    /// The same, with what jobs use in their manifests.
    #[must_use]
    pub fn with_memory_mb(self, memory_mb: u32) -> Self {
        Self {
            memory_mb: Some(memory_mb),
            ..self
        }
    }

    /// Runs one message to its end, or says when to try again. Never panics: a panic within is
    /// the end of a run, and no more.
    pub async fn run(&self, message: Message, attempt: DeliveryAttempt) -> DeliveryOutcome {
        self.run_until(message, attempt, Deadline::none()).await.0
    }

    /// The same; when the time is over, what is done is kept, and the message given back.
    pub async fn run_until(
        &self,
        message: Message,
        attempt: DeliveryAttempt,
        until: Deadline,
    ) -> (DeliveryOutcome, RunReport) {
        let run = RunContext::new(attempt, until);
        let outcome = self.run_once(message, &run).await;
        (outcome, run.report())
    }

    /// Ends what a message asks for that its queue has given up: a job ends with an event that
    /// says so. `Done` where that is settled; `GivenUp` where a person has to see to it.
    pub async fn give_up(
        &self,
        message: Message,
        attempt: DeliveryAttempt,
    ) -> (DeliveryOutcome, RunReport) {
        let run = RunContext::new(attempt, Deadline::none());
        let (worker, running, span) = (self.clone(), run.clone(), span(&message, attempt));
        let (patience, kind) = (Patience::with(&message), message.kind());
        if patience == Patience::Endless {
            let _entered = span.enter();
            error!(kind, "given up; what it asks for is not done");
            return (DeliveryOutcome::GivenUp, run.report());
        }
        let work = async move {
            match message {
                Message::Snapshot { job_id, .. }
                | Message::Part { job_id, .. }
                | Message::Covers { job_id, .. } => worker.give_up_job(&job_id, &running).await,
                Message::Upload { job_id } => worker.give_up_upload(&job_id).await,
                _ => {
                    error!(kind, "given up");
                    Ok(())
                }
            }
        };
        let outcome = self.settled(work, span, patience, attempt).await;
        (outcome, run.report())
    }

    async fn run_once(&self, message: Message, run: &RunContext) -> DeliveryOutcome {
        let attempt = run.attempt;
        let span = span(&message, attempt);
        let patience = Patience::with(&message);
        let upload = match &message {
            Message::Upload { job_id } => Some(job_id.clone()),
            _ => None,
        };
        let (worker, run) = (self.clone(), run.clone());
        let work = async move {
            match message {
                Message::Snapshot { job_id, .. } | Message::Covers { job_id, .. } => {
                    worker.run_job(&job_id, &run).await
                }
                Message::Part {
                    job_id,
                    division,
                    number,
                    ..
                } => {
                    let place = PartPlace {
                        job_id,
                        division,
                        number,
                    };
                    worker.run_part(&place, &run).await
                }
                Message::Upload { job_id } => match worker.uploads.clone() {
                    Some(desk) => worker.upload(&job_id, &desk, &run).await,
                    None => worker.give_up_upload(&job_id).await,
                },
                Message::Probe { .. } if policy::is_probed_out(attempt.number) => Ok(()),
                Message::Probe { video_id } => worker.look_into(&video_id).await,
                Message::ObjectCreated {
                    file_url,
                    title,
                    tag,
                } => worker.register(&file_url, &title, &tag).await,
                Message::DeletePictures {
                    video_id,
                    image_type,
                    until_ms,
                    after,
                } => {
                    let deletion = (image_type, until_ms);
                    worker
                        .delete_pictures(video_id, deletion, after, &run)
                        .await
                }
                Message::DeleteVideo {
                    video_id,
                    file_name,
                    after,
                } => worker.delete_video(video_id, file_name, after, &run).await,
            }
        };
        let outcome = self.settled(work, span.clone(), patience, attempt).await;
        match upload {
            // Somebody waits for its end.
            Some(job_id) if outcome == DeliveryOutcome::GivenUp => {
                let worker = self.clone();
                let ending = async move { worker.give_up_upload(&job_id).await };
                self.settled(ending, span, patience, attempt).await
            }
            _ => outcome,
        }
    }

    /// What the queue is to do after `work`.
    async fn settled(
        &self,
        work: impl Future<Output = Result<(), Interrupted>> + Send + 'static,
        span: Span,
        patience: Patience,
        attempt: DeliveryAttempt,
    ) -> DeliveryOutcome {
        let stop = match tokio::spawn(work.instrument(span.clone())).await {
            Ok(Ok(())) => return DeliveryOutcome::Done,
            Ok(Err(stop)) => stop,
            Err(error) => Interrupted::of_task(error),
        };
        let _entered = span.enter();
        match stop {
            Interrupted::NotYetWritten => self.until_written(attempt),
            Interrupted::Paused(_) => DeliveryOutcome::GivenBack,
            Interrupted::Failed(failure) => {
                error!(
                    code = failure.code.name(),
                    message = failure.message,
                    "ended without a record"
                );
                DeliveryOutcome::Done
            }
            // No delivery after this one finds anything else; a person has to look.
            Interrupted::UnreadableJob(cause) => {
                error!(cause, "given up: the record of the job can't be read");
                DeliveryOutcome::GivenUp
            }
            stop if patience == Patience::OfItsJob => again(&stop, policy::pause(attempt.number)),
            // Of what waits no longer than this nobody but the log hears.
            stop if (patience == Patience::Day
                && self.has_passed(self.wait_limits.day, attempt.sent_ms))
                || (patience != Patience::Endless
                    && policy::is_given_up(&stop, attempt.number)) =>
            {
                error!(cause = %stop, attempt.number, "given up");
                DeliveryOutcome::GivenUp
            }
            stop => again(&stop, policy::idle_pause(attempt.number)),
        }
    }

    /// A job is written within seconds after its message was sent, or never: this is longer than
    /// any call that submits one lives. It is both a number of deliveries and a time, since
    /// deliveries are used up by deaths of ours, and clocks are set anew.
    fn until_written(&self, attempt: DeliveryAttempt) -> DeliveryOutcome {
        let is_old = self.has_passed(LONGEST_EARLY, attempt.sent_ms);
        if attempt.number >= MOST_EARLY && (is_old || attempt.number >= MOST_EARLY_OF_ALL) {
            warn!("a message for a job that is not there");
            return DeliveryOutcome::Done;
        }
        let seconds = if attempt.number <= 1 { 1 } else { 60 };
        DeliveryOutcome::Retry(Duration::from_secs(seconds))
    }
}

/// Deliveries of a message whose job is not there, and the time since it was sent.
const MOST_EARLY: u32 = 5;
const LONGEST_EARLY: Duration = Duration::from_secs(180);
/// Deliveries of it after which the clock is not asked, which may have been set back.
const MOST_EARLY_OF_ALL: u32 = 20;

fn again(stop: &Interrupted, pause: Duration) -> DeliveryOutcome {
    warn!(cause = %stop, delay_s = pause.as_secs(), "will try again");
    DeliveryOutcome::Retry(pause)
}

fn span(message: &Message, attempt: DeliveryAttempt) -> Span {
    match message {
        Message::Snapshot { job_id, request_id } => {
            let number = attempt.number;
            let video_id = tracing::field::Empty;
            info_span!("job", %job_id, %request_id, video_id, attempt = number)
        }
        Message::Covers { job_id, request_id } => {
            let number = attempt.number;
            let video_id = tracing::field::Empty;
            info_span!("covers", %job_id, %request_id, video_id, attempt = number)
        }
        Message::Part {
            job_id,
            request_id,
            number: part,
            ..
        } => {
            let number = attempt.number;
            let video_id = tracing::field::Empty;
            info_span!("part", %job_id, %request_id, video_id, part, attempt = number)
        }
        Message::Upload { job_id } => {
            info_span!("upload", %job_id, attempt = attempt.number)
        }
        Message::Probe { video_id } => info_span!("probe", %video_id),
        Message::DeletePictures { video_id, .. } => info_span!("delete_pictures", %video_id),
        Message::DeleteVideo { video_id, .. } => info_span!("delete_video", %video_id),
        Message::ObjectCreated { file_url, .. } => {
            info_span!("object_created", file_url = %RedactedUrl(file_url))
        }
    }
}
