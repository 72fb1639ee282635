//! One upload by URL, from its message to a registered video and its events.
//!
//! However often its message is delivered, an upload is one file, one video and one of each event.
//! It ends by itself, as a job does: by what its own record says of its runs, and not by the age of
//! its message.

mod copy;
mod desk;
mod end;
mod events;
mod filing;
mod room;
mod sent;
mod stop;

pub(super) use desk::UploadDesk;
pub use sent::{SentBytes, SentFile, SentFileError};

use super::{RunContext, Worker};
use crate::backoff::Backoff;
use crate::model::{JobId, Upload, UploadResult, UploadState, UploadTrials};
use crate::pictures::Interrupted;
use contract::error::ErrorCode;
use std::time::Duration;
use stop::CopyStop;
use tracing::{error, warn};

/// Between looks for an upload whose message came first.
const NOT_YET_WRITTEN: Backoff = Backoff {
    first: Duration::from_millis(10),
    longest: Duration::from_millis(160),
};

/// Runs after which a URL that gives no file, or a file that can't be kept, is given up: each may
/// have brought as many bytes as an upload may have.
const MOST_DOWNLOADS: u32 = 5;

impl Worker {
    pub(super) async fn upload(
        &self,
        id: &JobId,
        desk: &UploadDesk,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let upload = self.wait_for_upload(id).await?;
        match self.run_upload(&upload, desk, run).await {
            Err(Interrupted::Retry(cause)) => self.weigh_upload(id, cause).await,
            Err(Interrupted::Paused(done)) => {
                self.clear_trouble(&upload).await;
                Err(Interrupted::Paused(done))
            }
            ended => ended,
        }
    }

    /// Ends an upload that nobody works on any more. What has its file needs no more work.
    pub(super) async fn give_up_upload(&self, id: &JobId) -> Result<(), Interrupted> {
        let Some(upload) = self.ports.uploads.get(id).await? else {
            return Ok(());
        };
        let end = match &upload.state {
            UploadState::Ended(end) => end.clone(),
            UploadState::Pending | UploadState::Processing => {
                let files = &self.ports.upload_files;
                let result = match files.find(&upload.file_name()).await? {
                    Some(found) => judged(self.register_upload(&upload, found).await)?,
                    None => {
                        let message = "The message of the upload was delivered too often.";
                        end::failed(ErrorCode::TransientFailure, message)
                    }
                };
                self.end_upload(&upload, result).await?
            }
        };
        self.settle_upload(&upload, &end).await
    }

    async fn run_upload(
        &self,
        upload: &Upload,
        desk: &UploadDesk,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let end = match &upload.state {
            UploadState::Ended(end) => end.clone(),
            UploadState::Pending | UploadState::Processing => {
                self.ports.uploads.start(&upload.id).await?;
                let result = judged(self.download(upload, desk, run).await)?;
                self.end_upload(upload, result).await?
            }
        };
        self.settle_upload(upload, &end).await
    }

    /// The upload, which is written after its message was sent: most of the time within these
    /// looks.
    async fn wait_for_upload(&self, id: &JobId) -> Result<Upload, Interrupted> {
        for pause in NOT_YET_WRITTEN.pauses(5) {
            if let Some(upload) = self.ports.uploads.get(id).await? {
                return Ok(upload);
            }
            tokio::time::sleep(pause).await;
        }
        let found = self.ports.uploads.get(id).await?;
        found.ok_or(Interrupted::NotYetWritten)
    }

    async fn download(
        &self,
        upload: &Upload,
        desk: &UploadDesk,
        run: &RunContext,
    ) -> Result<UploadResult, Interrupted> {
        let found = match self.existing_file(upload).await? {
            Some(found) => found,
            None => match self.copy(upload, desk, run).await {
                Ok(found) => found,
                Err(stop) => return Err(self.count_download(upload, stop).await),
            },
        };
        self.register_upload(upload, found).await
    }

    /// What is asked again is not asked for ever.
    async fn count_download(&self, upload: &Upload, stop: CopyStop) -> Interrupted {
        let (code, cause) = match stop {
            CopyStop::Run(stop) => return stop,
            CopyStop::NoFile(cause) => (ErrorCode::UrlInvalid, cause),
            CopyStop::NotStored(cause) => {
                error!(%cause, "an uploaded file could not be kept");
                let message = "the service could not store the file".to_owned();
                (ErrorCode::TransientFailure, message)
            }
        };
        let failed_downloads = upload.trials.failed_downloads.saturating_add(1);
        if failed_downloads >= MOST_DOWNLOADS {
            return stop::no_file(code, &cause);
        }
        let trials = UploadTrials {
            failed_downloads,
            ..upload.trials
        };
        match self.ports.uploads.record_trials(&upload.id, trials).await {
            Ok(()) => Interrupted::Retry(cause),
            Err(error) => error.into(),
        }
    }

    /// A day of trouble, and not a day since it was accepted: an upload may wait in the queue of a
    /// machine that is off.
    async fn weigh_upload(&self, id: &JobId, cause: String) -> Result<(), Interrupted> {
        // As it is now: the run may have recorded something.
        let upload = self.ports.uploads.get(id).await?;
        let is_ended = |upload: &Upload| matches!(upload.state, UploadState::Ended(_));
        let Some(upload) = upload.filter(|upload| !is_ended(upload)) else {
            return Err(Interrupted::Retry(cause));
        };
        let since_ms = self.since(upload.trials.waiting_since_ms);
        if self.has_passed(self.wait_limits.day, since_ms) {
            error!(cause, "given up after a day");
            let message = "For a day the upload met nothing but temporary failures.";
            let result = end::failed(ErrorCode::TransientFailure, message);
            let end = self.end_upload(&upload, result).await?;
            return self.settle_upload(&upload, &end).await;
        }
        if upload.trials.waiting_since_ms != Some(since_ms) {
            let trials = UploadTrials {
                waiting_since_ms: Some(since_ms),
                ..upload.trials
            };
            self.ports.uploads.record_trials(id, trials).await?;
        }
        Err(Interrupted::Retry(cause))
    }

    /// A run that was stopped by us met no trouble. Where that can't be kept the day goes on.
    async fn clear_trouble(&self, upload: &Upload) {
        if upload.trials.waiting_since_ms.is_none() {
            return;
        }
        let trials = UploadTrials {
            waiting_since_ms: None,
            ..upload.trials
        };
        let recorded = self.ports.uploads.record_trials(&upload.id, trials).await;
        if let Err(error) = recorded {
            warn!(%error, "that an upload was given back could not be kept");
        }
    }
}

/// A verdict is a result; whatever else stops a run is not.
fn judged(result: Result<UploadResult, Interrupted>) -> Result<UploadResult, Interrupted> {
    match result {
        Err(Interrupted::Failed(failure)) => Ok(end::failed(failure.code, &failure.message)),
        other => other,
    }
}
