//! What is old is removed in the background: without it tables and folders grow for ever.

use embedded::Store;
use service::ports::{Clock, PortResult, SystemClock};
use std::time::Duration;
use tokio::sync::watch;
use tracing::{info, warn};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Events that are delivered tell nobody anything new; jobs and pictures do not need them.
const EVENT_DAYS: u32 = 30;
/// Between two looks.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// Between two removals, so that others write meanwhile.
const PAUSE: Duration = Duration::from_millis(50);

/// For how long what has ended is kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct Retention {
    /// Days that pictures and manifests are kept after their job has ended; none: for ever.
    pub picture_days: Option<u32>,
    /// Days that jobs and their events are kept; their pictures go with them. None: jobs for
    /// ever, events for 30 days once they are delivered.
    pub job_days: Option<u32>,
}

/// Removes what is old until told to stop.
pub(super) async fn remove_old(store: Store, retention: Retention, stopped: watch::Receiver<bool>) {
    let work = async {
        if let Err(error) = remove_unnamed(&store).await {
            warn!(%error, "files that no job names could not be removed");
        }
        loop {
            if let Err(error) = look(&store, retention).await {
                warn!(%error, "what is old could not be removed; it will be tried again");
            }
            tokio::time::sleep(EVERY).await;
        }
    };
    tokio::select! {
        () = super::stop_told(stopped) => {}
        () = work => {}
    }
}

/// What an earlier release, or a process killed at the wrong moment, left behind.
async fn remove_unnamed(store: &Store) -> PortResult<()> {
    let mut files = 0;
    for video_id in store.videos_with_files().await? {
        files += store.remove_unnamed(&video_id).await?;
        tokio::task::yield_now().await;
    }
    if files > 0 {
        info!(files, "files that no job names removed");
    }
    Ok(())
}

/// What goes by its age.
#[derive(Debug, Clone, Copy)]
enum Old {
    Pictures,
    Jobs,
    Events,
    Nonces,
}

async fn look(store: &Store, retention: Retention) -> PortResult<()> {
    let now_ms = SystemClock.now_ms();
    let before = |days: u32| now_ms - i64::from(days) * DAY_MS;
    let (mut pictures, mut jobs) = (0, 0);
    if let Some(days) = retention.picture_days {
        pictures = remove_all(store, Old::Pictures, before(days)).await?;
    }
    if let Some(days) = retention.job_days {
        jobs = remove_all(store, Old::Jobs, before(days)).await?;
    }
    let event_days = retention.job_days.unwrap_or(EVENT_DAYS);
    let events = remove_all(store, Old::Events, before(event_days)).await?;
    remove_all(store, Old::Nonces, now_ms).await?;
    if pictures + jobs + events > 0 {
        let pictures_of_jobs = pictures;
        info!(pictures_of_jobs, jobs, events, "removed for their age");
    }
    Ok(())
}

/// Until nothing is left to remove; how many that were.
async fn remove_all(store: &Store, old: Old, before_ms: i64) -> PortResult<usize> {
    let mut count = 0;
    loop {
        let removed = match old {
            Old::Pictures => store.remove_old_pictures(before_ms).await?,
            Old::Jobs => store.remove_old_jobs(before_ms).await?,
            Old::Events => store.remove_old_events(before_ms).await?,
            Old::Nonces => store.remove_old_nonces(before_ms).await?,
        };
        if removed == 0 {
            return Ok(count);
        }
        count += removed;
        tokio::time::sleep(PAUSE).await;
    }
}
