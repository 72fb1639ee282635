//! [`Submissions`] on the queue and the table.
//!
//! The message goes first: whatever happens between, no job is left that nobody works on, and a
//! message without a job is dropped. The job is one transaction, with the token of its call. When
//! its outcome is not known, a mark in the job's place tells: where the mark could be put, the
//! transaction can never happen any more; where it could not, the job is there.

use crate::jobs::{JobItems, creation};
use crate::queue::MessageQueue;
use crate::table::{Item, ItemKey, ItemWrite, Table, TransactionOutcome, text};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use service::deadline::CallDeadline;
use service::model::Job;
use service::ports::{
    Acceptance, CallToken, Clock, PortError, PortResult, Queue, Submissions, SystemClock,
};
use std::time::Duration;
use tokio::time::timeout;

/// How long a token is remembered, s; DynamoDB forgets within days after.
const KEPT_S: i64 = 48 * 60 * 60;

/// Kept back of a call's time, to find out what became of its job.
const RESERVE: Duration = Duration::from_millis(1100);

/// With less left a job is not begun to be written.
const LEAST: Duration = Duration::from_millis(1300);

pub(crate) struct SubmissionItems {
    pub(crate) table: Table,
    pub(crate) queue: MessageQueue,
}

#[async_trait]
impl Submissions for SubmissionItems {
    async fn earlier(&self, token: &CallToken) -> PortResult<Option<Acceptance>> {
        let earlier = self.held(token).await?;
        Ok(earlier.map(|earlier| or_too_late(earlier, &CallDeadline::current())))
    }

    async fn accept(&self, job: &Job, token: Option<&CallToken>) -> PortResult<Acceptance> {
        let deadline = CallDeadline::current();
        if is_short(&deadline) {
            return Ok(Acceptance::TooLate);
        }
        self.queue.send(&job.message()).await?;
        if is_short(&deadline) {
            return Ok(Acceptance::TooLate);
        }
        let accepted = match self.create(job, token, &deadline).await {
            Ok(Some(accepted)) => accepted,
            Ok(None) => return Err(self.in_use()),
            Err(cause) => {
                if self.mark_void(job).await? {
                    return Err(cause);
                }
                Acceptance::New
            }
        };
        let told = or_too_late(accepted.clone(), &deadline);
        if (&accepted, &told, token) == (&Acceptance::New, &Acceptance::TooLate, None) {
            // With a token the caller's retry gets this job, and another call may have got it.
            JobItems(self.table.clone()).withdraw(&job.id).await?;
        }
        Ok(told)
    }
}

impl SubmissionItems {
    /// None where the id of the job is in use. An error tells nothing of the outcome.
    async fn create(
        &self,
        job: &Job,
        token: Option<&CallToken>,
        deadline: &CallDeadline,
    ) -> PortResult<Option<Acceptance>> {
        let mut writes = creation(job);
        writes.extend(token.map(|token| ItemWrite::Create(token_item(token, &job.id))));
        let sending = self.table.transact(&writes);
        let sent = match deadline.left() {
            None => sending.await?,
            Some(left) => timeout(left.saturating_sub(RESERVE), sending)
                .await
                .map_err(|_| self.table.unavailable("no answer in time"))??,
        };
        match (sent, token) {
            (TransactionOutcome::Done, _) => Ok(Some(Acceptance::New)),
            // Of two calls at once the other one was first.
            (TransactionOutcome::Refused(_), Some(token)) => self.held(token).await,
            (TransactionOutcome::Refused(_), None) => Ok(None),
        }
    }

    fn in_use(&self) -> PortError {
        self.table.refused("the id of this job is in use")
    }

    async fn held(&self, token: &CallToken) -> PortResult<Option<Acceptance>> {
        let key = ItemKey::client_token(&token.key_id, &token.token);
        let Some(item) = self.table.get(key).await? else {
            return Ok(None);
        };
        let field = |name| text(&item, name).map_err(|cause| self.table.corrupt(cause));
        Ok(Some(if field("fingerprint")? == token.fingerprint {
            let job_id = field("id")?.into();
            Acceptance::Earlier { job_id }
        } else {
            Acceptance::OtherParameters
        }))
    }

    /// Whether the job is not there, and never will be.
    async fn mark_void(&self, job: &Job) -> PortResult<bool> {
        let mut item = ItemKey::job(&job.id).item();
        item.insert("taken_back".to_owned(), AttributeValue::Bool(true));
        item.insert("expires".to_owned(), expires());
        match self.table.create(item).await? {
            None => Ok(true),
            // It may be our own mark, sent twice because an answer got lost.
            Some(held) => Ok(held.contains_key("taken_back")),
        }
    }
}

fn is_short(deadline: &CallDeadline) -> bool {
    deadline.is_over() || deadline.left().is_some_and(|left| left < LEAST)
}

/// `accepted`, if the caller will be told so.
fn or_too_late(accepted: Acceptance, deadline: &CallDeadline) -> Acceptance {
    if accepted == Acceptance::OtherParameters || deadline.accept() {
        accepted
    } else {
        Acceptance::TooLate
    }
}

fn token_item(token: &CallToken, job_id: &str) -> Item {
    let mut item = ItemKey::client_token(&token.key_id, &token.token).item();
    let texts = [("id", job_id), ("fingerprint", &token.fingerprint)];
    let texts = texts.map(|(name, text)| (name.to_owned(), AttributeValue::S(text.to_owned())));
    item.extend(texts);
    item.insert("expires".to_owned(), expires());
    item
}

fn expires() -> AttributeValue {
    let now_s = SystemClock.now_ms().div_euclid(1000);
    AttributeValue::N(now_s.saturating_add(KEPT_S).to_string())
}
