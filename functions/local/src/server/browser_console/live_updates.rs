//! What changes while the page is open, as server-sent events (WHATWG HTML, section 9.2): `job` for
//! each job that came further, `events` when there is a new event or a delivery came further.

use super::answers::{Answered, refusal};
use super::history::job_value;
use crate::server::response::set_header;
use axum::body::Body;
use bytes::Bytes;
use embedded::{ListedJob, Store};
use hyper::body::Frame;
use hyper::{StatusCode, header};
use serde_json::Value;
use service::model::JobId;
use service::ports::PortResult;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Pages that are told at a time: each costs a look at the database twice a second.
const MOST_FOLLOWERS: usize = 16;

const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Proxies cut connections on which nothing comes.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(10);

/// Jobs that are looked at: the newest, and those that have not ended.
const NEWEST: u32 = 50;
const MOST_OPEN: u32 = 200;

/// Those who follow what changes. Clones count together.
#[derive(Clone)]
pub(super) struct LiveUpdates {
    store: Store,
    seats: Arc<Semaphore>,
    stop: CancellationToken,
}

impl LiveUpdates {
    pub(super) fn new(store: Store, stop: CancellationToken) -> Self {
        Self {
            store,
            seats: Arc::new(Semaphore::new(MOST_FOLLOWERS)),
            stop,
        }
    }

    /// An answer that goes on until the page closes it, or the server stops.
    pub(super) fn follow(&self) -> Answered {
        let Ok(seat) = self.seats.clone().try_acquire_owned() else {
            let message = "Too many pages of the console are open.";
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Ok(refusal(status, "ServiceUnavailable", message));
        };
        let (sender, receiver) = channel(8);
        let follower = Follower {
            store: self.store.clone(),
            sender,
            told: BTreeMap::new(),
            newest: None,
            _seat: seat,
        };
        let stop = self.stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = follower.run() => {}
                () = stop.cancelled() => {}
            }
        });
        let mut response = hyper::Response::new(Body::new(ChannelBody(receiver)));
        set_header(&mut response, header::CONTENT_TYPE, "text/event-stream");
        Ok(response)
    }
}

/// One page.
struct Follower {
    store: Store,
    sender: Sender<Bytes>,
    /// What it was told of each job.
    told: BTreeMap<JobId, Value>,
    /// What it was told of events.
    newest: Option<Value>,
    _seat: OwnedSemaphorePermit,
}

impl Follower {
    async fn run(mut self) {
        let mut said = Instant::now();
        if !self.say("retry: 2000\n\n".to_owned()).await {
            return;
        }
        loop {
            let messages = self.changes().await.unwrap_or_default();
            for message in messages {
                said = Instant::now();
                if !self.say(message).await {
                    return;
                }
            }
            if said.elapsed() >= HEARTBEAT_EVERY {
                said = Instant::now();
                if !self.say(": still here\n\n".to_owned()).await {
                    return;
                }
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = self.sender.closed() => return,
            }
        }
    }

    async fn say(&self, text: String) -> bool {
        self.sender.send(text.into()).await.is_ok()
    }

    async fn changes(&mut self) -> PortResult<Vec<String>> {
        let mut messages = self.changed_jobs().await?;
        let newest = self.store.recent_events(None, 20).await?;
        let newest: Value = newest
            .iter()
            .map(|event| {
                let outcomes = event.deliveries.iter();
                let outcomes = outcomes.map(|one| (one.failed_attempts, one.is_delivered));
                serde_json::json!([event.number, outcomes.collect::<Vec<_>>()])
            })
            .collect();
        if self.newest.as_ref() != Some(&newest) {
            self.newest = Some(newest);
            messages.push("event: events\ndata: {}\n\n".to_owned());
        }
        Ok(messages)
    }

    async fn changed_jobs(&mut self) -> PortResult<Vec<String>> {
        let mut jobs = self.store.recent_jobs(None, None, NEWEST).await?;
        jobs.extend(self.store.open_jobs(MOST_OPEN).await?);
        let seen: BTreeMap<JobId, ListedJob> = jobs
            .into_iter()
            .map(|listed| (listed.job.id.clone(), listed))
            .collect();
        // One that is in neither list any more has ended.
        let mut listed = Vec::new();
        let gone: Vec<_> = self
            .told
            .keys()
            .filter(|id| !seen.contains_key(id))
            .cloned()
            .collect();
        for id in gone {
            listed.extend(self.store.listed_job(&id).await?);
        }
        let kept: Vec<_> = seen.keys().cloned().collect();
        listed.extend(seen.into_values());
        let mut messages = Vec::new();
        for listed in &listed {
            let value = job_value(listed);
            if self.told.get(&listed.job.id) != Some(&value) {
                messages.push(format!("event: job\ndata: {value}\n\n"));
                self.told.insert(listed.job.id.clone(), value);
            }
        }
        self.told.retain(|id, _| kept.contains(id));
        Ok(messages)
    }
}

/// What comes through a channel, as the body of an answer.
struct ChannelBody(Receiver<Bytes>);

impl hyper::body::Body for ChannelBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.0.poll_recv(context);
        next.map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
