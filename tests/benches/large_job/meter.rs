//! What one run asked for.

use crate::model;
use std::sync::Mutex;
use std::time::Duration;

/// Of one run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub(crate) s3_reads: u32,
    pub(crate) s3_writes: u32,
    pub(crate) pictures: u32,
    pub(crate) table: u32,
    pub(crate) sent: u32,
    /// Ranges of the video that were read before the first picture came: one after the other.
    pub(crate) first_ranges: u32,
    /// All others, which are read ahead.
    pub(crate) ranges: u32,
}

impl Counts {
    /// How long the run takes.
    pub(crate) fn time(&self, picture: Duration) -> Duration {
        let work = picture.div_f64(model::WORKER_PROCESSORS) * self.pictures;
        // Pictures are stored while others are made.
        let stored = model::S3 * self.pictures / model::AT_ONCE;
        let waits = self.s3_reads + self.s3_writes - self.pictures + self.first_ranges;
        work.max(stored) + model::S3 * waits + model::TABLE * self.table + model::QUEUE * self.sent
    }

    pub(crate) fn requests(&self) -> u32 {
        self.s3_reads + self.s3_writes + self.table + self.sent + self.first_ranges + self.ranges
    }

    pub(crate) fn cost(&self) -> f64 {
        let reads = self.s3_reads + self.first_ranges + self.ranges;
        f64::from(reads) * model::S3_READ
            + f64::from(self.s3_writes) * model::S3_WRITE
            + f64::from(self.table) * model::TABLE_CALL
            + f64::from(self.sent) * model::MESSAGE
    }
}

#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<Counts>);

impl Meter {
    pub(crate) fn count(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.0.lock().unwrap());
    }

    /// What was counted since the last time.
    pub(crate) fn take(&self) -> Counts {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
