//! Whether the rest of a part is still wanted, asked while it runs.

use super::record::DivisionRecord;
use crate::model::Job;
use crate::pictures::keys::is_deleted;
use crate::pictures::{Deadline, Interrupted};
use crate::ports::Ports;
use artifacts::key;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;
use tracing::{debug, info};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(5);

/// Looks while a part runs, and ends its time where nobody wants it any more.
pub(super) struct PartWatch {
    looks: JoinHandle<()>,
    unwanted: Arc<AtomicBool>,
}

impl PartWatch {
    pub(super) fn start(
        ports: &Ports,
        job: &Job,
        record: &DivisionRecord,
        until: Deadline,
    ) -> Self {
        let unwanted = Arc::<AtomicBool>::default();
        let (ports, job, record, found) = (
            ports.clone(),
            job.clone(),
            record.clone(),
            Arc::clone(&unwanted),
        );
        let looks = tokio::spawn(async move {
            loop {
                tokio::time::sleep(EVERY).await;
                match is_wanted(&ports, &job, &record).await {
                    Ok(true) => {}
                    Ok(false) => {
                        info!("nobody wants the rest of the part");
                        found.store(true, Ordering::Relaxed);
                        until.end();
                        return;
                    }
                    Err(cause) => debug!(%cause, "whether a part is wanted could not be asked"),
                }
            }
        });
        Self { looks, unwanted }
    }

    /// Whether the part was ended since nobody wants it.
    pub(super) fn ended_it(&self) -> bool {
        self.unwanted.load(Ordering::Relaxed)
    }
}

impl Drop for PartWatch {
    fn drop(&mut self) {
        self.looks.abort();
    }
}

async fn is_wanted(ports: &Ports, job: &Job, record: &DivisionRecord) -> Result<bool, Interrupted> {
    let now = ports.jobs.get(&job.id).await?;
    let is_open = now.is_some_and(|job| !job.is_completed());
    Ok(is_open && !is_cancelled(ports, job).await? && record.is_kept().await?)
}

/// Whether its video or all of its pictures were deleted.
pub(super) async fn is_cancelled(ports: &Ports, job: &Job) -> Result<bool, Interrupted> {
    let video = ports.videos.by_id(&job.video_id).await?;
    let manifest = key::manifest(&job.video_id, &job.id);
    Ok(video.is_none_or(|video| is_deleted(&manifest, job, &video.deletions)))
}
