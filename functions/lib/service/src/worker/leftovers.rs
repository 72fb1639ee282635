//! What a job leaves once it has ended: what its completion names, and nothing else.
//!
//! A run that was killed, or whose worker was too slow, may have written what no later run
//! writes. Nothing would ever list or delete it. Only a job that an earlier run had in hand can
//! have left any, so that a job that goes through at once asks the store for no list.

use super::store::remove;
use super::{RunContext, Worker};
use crate::model::{Completion, Job, JobResult, JobState};
use crate::pictures::{Interrupted, all_keys, prefixes};
use std::collections::BTreeSet;

impl Worker {
    /// Removes what is left over of a job that has ended with `held`. Where it fails, the message
    /// comes again and with it another try.
    pub(super) async fn remove_leftovers(
        &self,
        job: &Job,
        held: &Completion,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let is_first_run = job.state == JobState::Queued;
        if is_first_run && run.has_checkpoint() {
            self.forget(job).await?;
        }
        match &held.result {
            // Its own repeated passes were cleared away before the manifest was written.
            JobResult::Success { .. } if is_first_run => Ok(()),
            JobResult::Fail { .. } if is_first_run => {
                remove(&self.ports.objects, run.written()).await
            }
            _ => self.leave_only_named(job, held).await,
        }
    }

    pub(super) async fn leave_only_named(
        &self,
        job: &Job,
        held: &Completion,
    ) -> Result<(), Interrupted> {
        let ended = Job {
            state: JobState::Completed(held.clone()),
            ..job.clone()
        };
        let named: BTreeSet<_> = all_keys(&ended).into_iter().collect();
        for prefix in prefixes(job) {
            self.remove_unnamed(&prefix, &named).await?;
        }
        Ok(())
    }

    async fn remove_unnamed(
        &self,
        prefix: &str,
        named: &BTreeSet<String>,
    ) -> Result<(), Interrupted> {
        let objects = &self.ports.objects;
        let mut after = None;
        loop {
            let page = objects.list(prefix, after.as_deref()).await?;
            after = page.keys.last().cloned();
            let leftovers = page.keys.into_iter().filter(|key| !named.contains(key));
            remove(objects, leftovers).await?;
            if !page.has_more {
                return Ok(());
            }
        }
    }
}
