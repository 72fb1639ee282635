//! A batch of messages, each with an outcome of its own.

use crate::arrival;
use crate::hold::Held;
use crate::measure::{Cpu, measure};
use crate::scratch::Scratch;
use crate::time;
use aws::{Clients, Deployment, MessageQueue, Patience};
use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::{Error, LambdaEvent};
use media::ffmpeg::{Search, locate};
use serde_json::Value;
use service::model::Message;
use service::pictures::Engine;
use service::ports::Queue;
use service::worker::{Attempt, Outcome, Until, Worker};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::timeout;
use tracing::{error, info, warn};

/// How long a batch may take to stop; whoever ends the environment may have less patience.
const GRACE: Duration = Duration::from_secs(20);

/// What the answer to a batch needs to get out.
const FOR_THE_ANSWER: Duration = Duration::from_millis(100);

/// A message that makes no sense is soon where somebody looks at it.
const SENSELESS_PAUSE: Duration = Duration::from_secs(1);

/// Works on messages.
pub(crate) struct Hands {
    worker: Worker,
    queue: MessageQueue,
    scratch: Scratch,
    /// Receives after which the queue gives a message up.
    max_receives: u32,
    warm: AtomicBool,
    /// Of the batch in hand.
    until: Arc<Mutex<Until>>,
    /// Locked while there is one.
    busy: Arc<tokio::sync::Mutex<()>>,
}

impl Hands {
    /// Over the deployment that the environment tells of.
    pub(crate) async fn open() -> Result<Self, Error> {
        let deployment = Deployment::from_environment()?;
        let clients = Clients::load(Patience::Work, &deployment).await;
        let ports = aws::ports(&clients, &deployment).await?;
        let search = Search {
            cache: None,
            may_download: false,
            ..Search::new(None)
        };
        let quality = deployment.jpeg_quality.map(artifacts::Quality::new);
        let limits = deployment.limits.iter().map(|said| said.parse());
        let limits: Vec<media::Setting> = limits.collect::<Result<_, media::NoSetting>>()?;
        let limits = media::Limits::default().with(limits);
        let required = deployment.require_confinement.as_deref();
        let required: media::Level = required.map_or(Ok(media::Level::default()), str::parse)?;
        let engine = Engine {
            ffmpeg: locate(&search, &mut |line| info!(line, "looking for a decoder"))?,
            limits,
            max_snapshots: deployment.max_snapshots,
            quality: quality.transpose()?.unwrap_or_default(),
        };
        let confinement = engine.ffmpeg.confinement;
        confinement.require(required)?;
        if !confinement.missing().is_empty() {
            warn!("decoders run {confinement}. REQUIRE_CONFINEMENT refuses to start so");
        }
        info!(decoder = %engine.ffmpeg, %confinement, "ready");
        let memory = std::env::var("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
        let memory_mb = memory.ok().and_then(|text| text.parse().ok());
        let worker = Worker::new(ports, engine);
        Ok(Self {
            worker: match memory_mb {
                Some(memory_mb) => worker.billed_for(memory_mb),
                None => worker,
            },
            queue: aws::queue(&clients, &deployment),
            scratch: Scratch::of_this_process()?,
            max_receives: deployment.max_receives,
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
        time::at_the_end(end).await;
    }

    /// Fails those messages that are to come again, and no others.
    pub(crate) async fn work(&self, event: LambdaEvent<Value>) -> Result<SqsBatchResponse, Error> {
        let _busy = self.busy.lock().await;
        let until = time::budget(event.context.deadline);
        self.until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&until);
        let batch: SqsEvent = serde_json::from_value(event.payload)?;
        let held: Vec<_> = batch.records.into_iter().map(|r| self.held(r)).collect();
        let mut response = SqsBatchResponse::default();
        for (place, (record, held)) in held.into_iter().enumerate() {
            let id = record.message_id.clone().unwrap_or_default();
            let outcome = self.work_on(place, &record, &until).await;
            if let Outcome::Retry(pause) = outcome {
                held.release(pause).await;
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = id;
                response.batch_item_failures.push(failure);
            }
        }
        Ok(response)
    }

    /// All of a batch are held from the start: the last one waits for those before it.
    fn held(&self, record: SqsMessage) -> (SqsMessage, Held) {
        let receipt = record.receipt_handle.as_deref().unwrap_or_default();
        let held = Held::begin(self.queue.hold(receipt));
        (record, held)
    }

    async fn work_on(&self, place: usize, record: &SqsMessage, until: &Until) -> Outcome {
        let body = record.body.as_deref().unwrap_or_default();
        let message = match read(body) {
            Ok(message) => message,
            Err(cause) => {
                error!(%cause, message_id = record.message_id, "not a message of ours");
                return Outcome::Retry(SENSELESS_PAUSE);
            }
        };
        // The first one is always tried: it had all the time there is.
        if place > 0 && until.is_over() {
            return self.hand_back(&message).await;
        }
        self.scratch.empty();
        let (cold, cpu) = (!self.warm.swap(true, Ordering::Relaxed), Cpu::so_far());
        let (outcome, report) = {
            let attempt = self.attempt(record);
            let run = self.worker.run_until(message, attempt, until.clone());
            run.await
        };
        self.scratch.empty();
        measure(record, &report, cold, cpu);
        outcome
    }

    /// One that was not begun goes to another run, which counts its attempts anew.
    async fn hand_back(&self, message: &Message) -> Outcome {
        match self.queue.send(message).await {
            Ok(()) => Outcome::Done,
            Err(error) => {
                warn!(%error, "a message that was not begun comes again");
                Outcome::Retry(Duration::ZERO)
            }
        }
    }

    /// The last receive before the dead-letter queue is kept for ending a job whose attempts
    /// ended the process itself.
    fn attempt(&self, record: &SqsMessage) -> Attempt {
        let receives = record.attributes.get("ApproximateReceiveCount");
        let receives = receives.and_then(|text| text.parse().ok());
        Attempt {
            number: receives.unwrap_or(1),
            limit: self.max_receives.saturating_sub(1).max(1),
        }
    }
}

/// Of the functions, or of S3.
fn read(body: &str) -> Result<Message, serde_json::Error> {
    serde_json::from_str(body).or_else(|cause| arrival::message(body).ok_or(cause))
}
