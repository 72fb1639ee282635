//! Removes expired jobs, pictures and events in the background, so that tables and folders do not
//! grow forever.

use embedded::Store;
use service::model::Upload;
use service::ports::{Clock, PortResult, SystemClock};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Delivered events are no longer needed: neither jobs nor pictures refer to them.
const EVENT_DAYS: u32 = 30;
/// Between two rounds.
const ROUND_EVERY: Duration = Duration::from_secs(10 * 60);
/// Between two removals, so that other writers of the database get their turn.
const REMOVAL_PAUSE: Duration = Duration::from_millis(50);

/// How long ended jobs and their results are kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct RetentionPolicy {
    /// Days that pictures and manifests are kept after their job has ended; none: forever.
    pub picture_days: Option<u32>,
    /// Days that jobs and uploads are kept, with their pictures and events. None: jobs forever,
    /// uploads for 30 days after their end, events for 30 days after their delivery.
    pub job_days: Option<u32>,
}

/// Removes what has expired, until told to stop.
pub(super) async fn remove_expired(store: Store, policy: RetentionPolicy, stop: CancellationToken) {
    let work = async {
        if let Err(error) = remove_orphans(&store).await {
            warn!(%error, "files that belong to no job could not be removed");
        }
        loop {
            if let Err(error) = run_round(&store, policy).await {
                warn!(%error, "expired jobs and files could not be removed; retrying later");
            }
            tokio::time::sleep(ROUND_EVERY).await;
        }
    };
    stop.run_until_cancelled(work).await;
}

/// Removes files that an earlier release, or a process killed at the wrong moment, left behind.
async fn remove_orphans(store: &Store) -> PortResult<()> {
    let mut files = 0;
    for video_id in store.videos_with_files().await? {
        files += store.remove_unnamed(&video_id).await?;
        tokio::task::yield_now().await;
    }
    if files > 0 {
        info!(files, "removed files that belong to no job");
    }
    Ok(())
}

/// What is removed by its age.
#[derive(Debug, Clone, Copy)]
enum ExpiringItems {
    Pictures,
    Jobs,
    Uploads,
    Events,
    Nonces,
}

async fn run_round(store: &Store, policy: RetentionPolicy) -> PortResult<()> {
    let now_ms = SystemClock.now_ms();
    let before = |days: u32| now_ms - i64::from(days) * DAY_MS;
    let (mut pictures, mut jobs) = (0, 0);
    if let Some(days) = policy.picture_days {
        pictures = remove_all(store, ExpiringItems::Pictures, before(days)).await?;
    }
    if let Some(days) = policy.job_days {
        jobs = remove_all(store, ExpiringItems::Jobs, before(days)).await?;
    }
    let upload_days = policy.job_days.unwrap_or(Upload::KEPT_DAYS);
    remove_all(store, ExpiringItems::Uploads, before(upload_days)).await?;
    let event_days = policy.job_days.unwrap_or(EVENT_DAYS);
    let events = remove_all(store, ExpiringItems::Events, before(event_days)).await?;
    remove_all(store, ExpiringItems::Nonces, now_ms).await?;
    if pictures + jobs + events > 0 {
        let pictures_of_jobs = pictures;
        info!(pictures_of_jobs, jobs, events, "removed expired items");
    }
    Ok(())
}

/// Removes all of them; returns how many they were.
async fn remove_all(store: &Store, items: ExpiringItems, before_ms: i64) -> PortResult<usize> {
    let mut count = 0;
    loop {
        let removed = match items {
            ExpiringItems::Pictures => store.remove_old_pictures(before_ms).await?,
            ExpiringItems::Jobs => store.remove_old_jobs(before_ms).await?,
            ExpiringItems::Uploads => store.remove_old_uploads(before_ms).await?,
            ExpiringItems::Events => store.remove_old_events(before_ms).await?,
            ExpiringItems::Nonces => store.remove_old_nonces(before_ms).await?,
        };
        if removed == 0 {
            return Ok(count);
        }
        count += removed;
        tokio::time::sleep(REMOVAL_PAUSE).await;
    }
}
