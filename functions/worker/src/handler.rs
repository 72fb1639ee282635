//! A batch of messages, each with an outcome of its own.

use crate::deadline;
use crate::heartbeat::VisibilityHeartbeat;
use crate::metrics::{ChildCpu, print_metrics};
use crate::object_created;
use crate::scratch::ScratchFolder;
use aws::{CallTimeouts, Clients, Deployment, MessageQueue, PinnedClient};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use decoder::{Search, locate};
use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;
use service::model::Message;
use service::pictures::Engine;
use service::ports::{Clock, SystemClock};
use service::worker::{Deadline, DeliveryAttempt, DeliveryOutcome, UploadSettings, Worker};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::timeout;
use tracing::{error, info, warn};

/// How long a batch may take to stop; whoever ends the environment may have less patience.
const GRACE: Duration = Duration::from_secs(20);

/// What the answer to a batch needs to get out.
const FOR_THE_ANSWER: Duration = Duration::from_millis(100);

/// A message that nobody can work on is soon where somebody looks at it.
const SENSELESS_PAUSE: Duration = Duration::from_secs(1);

/// The most of a running job that the death of an environment costs.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(15);

/// A message that was delivered so often is sent anew: the queue gives up what it delivered a
/// thousand times, and a job that waits for something is tried more often than that in its day.
const RENEWED_AFTER: u32 = 100;

/// Works on messages.
pub(crate) struct BatchHandler {
    worker: Worker,
    queue: MessageQueue,
    scratch: ScratchFolder,
    /// Where messages go that nobody can work on, if anywhere: malformed ones, files that could not
    /// be registered, jobs whose record cannot be read.
    dead_letters: Option<MessageQueue>,
    /// The queue of messages that were delivered too often.
    given_up_arn: Option<String>,
    warm: AtomicBool,
    /// Of the batch in hand.
    until: Arc<Mutex<Deadline>>,
    /// Locked while there is one.
    busy: Arc<tokio::sync::Mutex<()>>,
}

impl BatchHandler {
    /// Over the deployment that the environment tells of.
    pub(crate) async fn open() -> Result<Self, Error> {
        let mut deployment = Deployment::from_environment()?;
        // What Lambda gives, whatever the deployment was told.
        let memory = std::env::var("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
        let memory_mb = memory.ok().and_then(|text| text.parse::<u32>().ok());
        deployment.worker_memory_mb = memory_mb.map(u64::from).or(deployment.worker_memory_mb);
        let clients = Clients::load(CallTimeouts::Work, &deployment).await;
        let ports = aws::ports(&clients, &deployment).await?;
        let search = Search {
            cache: None,
            may_download: false,
            ..Search::new(None)
        };
        let quality = deployment.jpeg_quality.map(artifacts::Quality::new);
        let required = deployment.require_confinement.as_deref();
        let required: decoder::SandboxLevel =
            required.map_or(Ok(decoder::SandboxLevel::default()), str::parse)?;
        let engine = Engine {
            ffmpeg: locate(&search, &mut |line| info!(line, "looking for a decoder"))?,
            limits: deployment.media_limits()?,
            max_snapshots: deployment.max_snapshots,
            quality: quality.transpose()?.unwrap_or_default(),
            executable: Engine::OWN_EXECUTABLE.into(),
            checkpoint_every: CHECKPOINT_EVERY,
        };
        let sandbox = engine.ffmpeg.sandbox;
        sandbox.require(required)?;
        if !sandbox.missing().is_empty() {
            warn!("decoders run {sandbox}. Set RequireConfinement to refuse this");
        }
        info!(
            decoder = %engine.ffmpeg,
            %sandbox,
            decoders = engine.limits.processes,
            memory_bytes = engine.limits.memory_bytes,
            copied_bytes = engine.limits.copied_bytes,
            "ready"
        );
        let mut worker = Worker::new(ports, engine).with_covers(deployment.system_covers);
        if let Some(parts) = deployment.parts {
            worker = worker.with_parts(parts);
        }
        if deployment.uploads_bucket.is_some() {
            worker = worker.with_uploads(upload_settings(&deployment)?);
        }
        Ok(Self {
            worker: match memory_mb {
                Some(memory_mb) => worker.with_memory_mb(memory_mb),
                None => worker,
            },
            queue: aws::queue(&clients, &deployment),
            scratch: ScratchFolder::of_this_process()?,
            dead_letters: aws::dead_letters(&clients, &deployment),
            given_up_arn: deployment.given_up_arn.clone(),
            warm: AtomicBool::new(false),
            until: Arc::default(),
            busy: Arc::default(),
        })
    }

    /// What is done when the environment ends is kept, as when the time is over. The process
    /// ends with what this listens with, so that waits for the batch in hand.
    pub(crate) async fn listen_for_the_end(&self) {
        let (until, busy) = (Arc::clone(&self.until), Arc::clone(&self.busy));
        let end = move || async move {
            info!("the environment ends");
            until.lock().unwrap_or_else(PoisonError::into_inner).end();
            if timeout(GRACE, busy.lock()).await.is_err() {
                warn!("a job did not stop in time; its message comes again");
            }
            tokio::time::sleep(FOR_THE_ANSWER).await;
        };
        deadline::on_shutdown(end).await;
    }

    /// Fails those messages that are to come again, and no others.
    pub(crate) async fn work(&self, event: LambdaEvent<Value>) -> Result<SqsBatchResponse, Error> {
        let _busy = self.busy.lock().await;
        let until = deadline::work_until(event.context.deadline);
        self.until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&until);
        let batch: SqsEvent = serde_json::from_value(event.payload)?;
        let held: Vec<_> = batch.records.into_iter().map(|r| self.held(r)).collect();
        let mut response = SqsBatchResponse::default();
        for (place, (record, held)) in held.into_iter().enumerate() {
            let id = record.message_id.clone().unwrap_or_default();
            let outcome = match self.is_given_up(&record) {
                true => self.give_up(&record).await,
                false => self.work_on(place, &record, &until).await,
            };
            if let DeliveryOutcome::Retry(pause) = outcome {
                if let Some(held) = held {
                    held.release(pause).await;
                }
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = id;
                response.batch_item_failures.push(failure);
            }
        }
        Ok(response)
    }

    /// All of a batch are held from the start: the last one waits for those before it. What is
    /// given up is of another queue, and settled in no time.
    fn held(&self, record: SqsMessage) -> (SqsMessage, Option<VisibilityHeartbeat>) {
        if self.is_given_up(&record) {
            return (record, None);
        }
        let receipt = record.receipt_handle.as_deref().unwrap_or_default();
        let held = VisibilityHeartbeat::start(self.queue.received(receipt));
        (record, Some(held))
    }

    fn is_given_up(&self, record: &SqsMessage) -> bool {
        self.given_up_arn.is_some() && record.event_source_arn == self.given_up_arn
    }

    /// A message that the queue delivered as often as it may: nobody works on it any more, but its
    /// job ends, with an event. A file that could not be registered is for somebody to see.
    async fn give_up(&self, record: &SqsMessage) -> DeliveryOutcome {
        let Some(message) = Self::read(record) else {
            return self.send_to_dead_letters(record).await;
        };
        if matches!(message, Message::ObjectCreated { .. }) {
            return self.send_to_dead_letters(record).await;
        }
        let (outcome, report) = self.worker.give_up(message, attempt(record)).await;
        print_metrics(record, &report, false, ChildCpu::so_far());
        match outcome {
            DeliveryOutcome::GivenUp => self.send_to_dead_letters(record).await,
            outcome => outcome,
        }
    }

    fn read(record: &SqsMessage) -> Option<Message> {
        let body = record.body.as_deref().unwrap_or_default();
        let read = read(body).inspect_err(|cause| {
            error!(%cause, message_id = record.message_id, "not a message of ours");
        });
        read.ok()
    }

    /// To where somebody looks, at once: the queue itself would deliver it a thousand times before.
    async fn send_to_dead_letters(&self, record: &SqsMessage) -> DeliveryOutcome {
        let body = record.body.clone().filter(|body| !body.is_empty());
        let (Some(dead), Some(body)) = (&self.dead_letters, body) else {
            return DeliveryOutcome::Retry(SENSELESS_PAUSE);
        };
        match dead.send_text(body, Duration::ZERO).await {
            Ok(()) => DeliveryOutcome::Done,
            Err(error) => {
                warn!(%error, "a message could not be sent to the dead-letter queue");
                DeliveryOutcome::Retry(SENSELESS_PAUSE)
            }
        }
    }

    async fn work_on(
        &self,
        place: usize,
        record: &SqsMessage,
        until: &Deadline,
    ) -> DeliveryOutcome {
        let Some(message) = Self::read(record) else {
            return self.send_to_dead_letters(record).await;
        };
        // The first one is always tried: it had all the time there is.
        if place > 0 && until.is_over() {
            return self.hand_back(&message, Duration::ZERO).await;
        }
        self.scratch.empty();
        let (cold, cpu) = (!self.warm.swap(true, Ordering::Relaxed), ChildCpu::so_far());
        let attempt = attempt(record);
        let (outcome, report) = {
            let run = self
                .worker
                .run_until(message.clone(), attempt, until.clone());
            run.await
        };
        self.scratch.empty();
        print_metrics(record, &report, cold, cpu);
        match outcome {
            // Its deliveries are counted anew: it may be stopped any number of times.
            DeliveryOutcome::GivenBack => self.hand_back(&message, Duration::ZERO).await,
            // A file that could not be registered, or a job that can't be read, is for somebody to
            // see. A look into a video is nothing that anybody waits for.
            DeliveryOutcome::GivenUp if !matches!(message, Message::Probe { .. }) => {
                self.send_to_dead_letters(record).await
            }
            DeliveryOutcome::Retry(pause) if is_renewed(&message, attempt) => {
                self.hand_back(&message, pause).await
            }
            outcome => outcome,
        }
    }

    /// Sends a message anew, in place of the one in hand.
    async fn hand_back(&self, message: &Message, pause: Duration) -> DeliveryOutcome {
        match self.queue.send_after(message, pause).await {
            Ok(()) => DeliveryOutcome::Done,
            Err(error) => {
                warn!(%error, "a message could not be sent anew; the one in hand comes again");
                DeliveryOutcome::Retry(pause)
            }
        }
    }
}

fn upload_settings(deployment: &Deployment) -> Result<UploadSettings, Error> {
    const MB: u64 = 1 << 20;
    Ok(UploadSettings {
        downloads: Arc::new(PinnedClient::new(deployment.upload_rules()?)?),
        max_bytes: deployment.upload_max_mb.saturating_mul(MB),
        quota_bytes: deployment.upload_quota_mb.saturating_mul(MB),
    })
}

/// Jobs and uploads end by their own day. Other messages are given up by the age of this very one.
fn is_renewed(message: &Message, attempt: DeliveryAttempt) -> bool {
    let ends_by_itself = message.job().is_some() || matches!(message, Message::Upload { .. });
    ends_by_itself && attempt.number >= RENEWED_AFTER
}

fn attempt(record: &SqsMessage) -> DeliveryAttempt {
    let number = |name: &str| record.attributes.get(name)?.parse::<i64>().ok();
    let receives = number("ApproximateReceiveCount").unwrap_or(1);
    DeliveryAttempt {
        number: u32::try_from(receives).unwrap_or(u32::MAX),
        sent_ms: number("SentTimestamp").unwrap_or_else(|| SystemClock.now_ms()),
    }
}

/// Of the functions, or of S3.
fn read(body: &str) -> Result<Message, serde_json::Error> {
    serde_json::from_str(body).or_else(|cause| object_created::message(body).ok_or(cause))
}
