//! A machine that stood still, as one does whose process was stopped or whose virtual machine was moved.
//!
//! Others have had the message meanwhile, and may have learnt that frames give no picture, so that the
//! same file of the job is another picture now. Whoever comes back writes nothing any more.

use crate::pictures::Interrupted;
use crate::ports::{Clock, SystemClock};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Shorter than any queue hides a message from its last sign of life, which is a third of that old at
/// most: 60 s on one machine, 120 on AWS.
const MOST_MS: i64 = 30_000;

/// Between two signs of life.
const EVERY: Duration = Duration::from_secs(2);

/// Watches whether time goes by in which nothing runs.
pub(super) struct StandstillWatch {
    alive: Arc<LastSign>,
    signs: JoinHandle<()>,
}

impl StandstillWatch {
    pub(super) fn start() -> Self {
        let alive = Arc::new(LastSign::at(SystemClock.now_ms()));
        let own = Arc::clone(&alive);
        let signs = tokio::spawn(async move {
            while own.renew(SystemClock.now_ms()) {
                tokio::time::sleep(EVERY).await;
            }
        });
        Self { alive, signs }
    }

    /// To be asked before anything is written.
    pub(super) fn check(&self) -> Result<(), Interrupted> {
        match self.alive.renew(SystemClock.now_ms()) {
            true => Ok(()),
            false => Err(Interrupted::Retry(
                "this machine stood still, and another may have the job".to_owned(),
            )),
        }
    }
}

impl Drop for StandstillWatch {
    fn drop(&mut self) {
        self.signs.abort();
    }
}

/// When something ran last, ms since 1970.
struct LastSign(AtomicI64);

impl LastSign {
    /// Nothing runs that counts any more.
    const LOST: i64 = i64::MIN;

    fn at(now_ms: i64) -> Self {
        Self(AtomicI64::new(now_ms))
    }

    /// Whether the sign before is not too long ago, and none before it was. A clock that is set back is no
    /// standstill.
    fn renew(&self, now_ms: i64) -> bool {
        let next = |last: i64| {
            let is_lost = last == Self::LOST || now_ms.saturating_sub(last) > MOST_MS;
            Some(if is_lost { Self::LOST } else { now_ms })
        };
        let order = Ordering::SeqCst;
        let before = self.0.fetch_update(order, order, next);
        before.is_ok_and(|last| next(last) != Some(Self::LOST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// It went on to write pictures under the numbers that they had before others were left out.
    #[test]
    fn who_stood_still_writes_nothing_any_more() {
        let sign = LastSign::at(1000);
        assert!(sign.renew(20_000));
        assert!(sign.renew(50_000));
        assert!(!sign.renew(80_001));
        assert!(!sign.renew(80_002), "it came back to life");
    }

    #[test]
    fn a_clock_that_is_set_back_is_no_standstill() {
        let sign = LastSign::at(50_000);
        assert!(sign.renew(1000));
        assert!(sign.renew(31_000));
    }

    #[tokio::test]
    async fn who_runs_may_write() {
        let watch = StandstillWatch::start();
        assert!(watch.check().is_ok());
    }
}
