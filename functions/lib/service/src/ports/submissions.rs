use super::PortResult;
use crate::model::{Job, JobId};
use async_trait::async_trait;

/// A ClientToken, of whom, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallToken {
    /// The access key id: another's token is another token.
    pub key_id: String,
    /// As the caller said it.
    pub token: String,
    /// Of the call's other parameters.
    pub fingerprint: String,
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acceptance {
    /// The job is kept, and its message is sent.
    New,
    /// An earlier call with this token made this job.
    Earlier {
        /// Its id.
        job_id: JobId,
    },
    /// An earlier call with this token had other parameters.
    OtherParameters,
    /// The call was answered, or its time was over, before: nothing is kept, and nothing runs.
    TooLate,
}

/// Where jobs are accepted, once.
///
/// Calls are bound by [`CallDeadline::current`](crate::deadline::CallDeadline::current): a body
/// that answers [`Acceptance::New`] or [`Acceptance::Earlier`] has won
/// [`accept`](crate::deadline::CallDeadline::accept) before, so that the caller is told of the
/// job; one that lost it undoes what it did. After an error the job does not run, as far as the
/// body can tell.
#[async_trait]
pub trait Submissions: Send + Sync {
    /// What an earlier call with this token came to; none where there was none.
    async fn earlier(&self, token: &CallToken) -> PortResult<Option<Acceptance>>;

    /// Keeps `job` and sends its message, both or neither. With a token this happens once: later
    /// calls, for a day at least, and others at the same time get the first one's job.
    async fn accept(&self, job: &Job, token: Option<&CallToken>) -> PortResult<Acceptance>;
}
