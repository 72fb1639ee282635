use super::{MemoryStore, Tables};
use crate::deadline::CallDeadline;
use crate::model::Job;
use crate::ports::{Acceptance, CallToken, PortResult, Submissions};
use async_trait::async_trait;

#[async_trait]
impl Submissions for MemoryStore {
    async fn earlier(&self, token: &CallToken) -> PortResult<Option<Acceptance>> {
        let earlier = self.lock().earlier(token);
        Ok(earlier.map(if_accepted))
    }

    async fn accept(&self, job: &Job, token: Option<&CallToken>) -> PortResult<Acceptance> {
        let tables = &mut *self.lock();
        let deadline = CallDeadline::current();
        if deadline.is_over() {
            return Ok(Acceptance::TooLate);
        }
        if let Some(earlier) = token.and_then(|token| tables.earlier(token)) {
            return Ok(if_accepted(earlier));
        }
        tables.create(job)?;
        if !deadline.accept() {
            tables.jobs.remove(&job.id);
            return Ok(Acceptance::TooLate);
        }
        if let Some(token) = token {
            let key = (token.key_id.clone(), token.token.clone());
            tables.tokens.insert(key, (job.id.clone(), token.clone()));
        }
        tables.messages.push(job.message());
        Ok(Acceptance::New)
    }
}

impl Tables {
    fn earlier(&self, token: &CallToken) -> Option<Acceptance> {
        let key = (token.key_id.clone(), token.token.clone());
        let (job_id, first) = self.tokens.get(&key)?;
        Some(match first.fingerprint == token.fingerprint {
            true => Acceptance::Earlier {
                job_id: job_id.clone(),
            },
            false => Acceptance::OtherParameters,
        })
    }
}

/// A caller is told of a job only where its call was not answered otherwise before.
fn if_accepted(acceptance: Acceptance) -> Acceptance {
    match acceptance {
        Acceptance::Earlier { .. } if !CallDeadline::current().accept() => Acceptance::TooLate,
        acceptance => acceptance,
    }
}
