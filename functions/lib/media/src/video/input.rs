//! What is read, and what that has cost so far.

use crate::MediaError;
use decoder::{CpuMeter, JobLimits};
use plan::{Budget, Limits};
use source::{CachingSource, CountingSource, RangeSource, ReadStats, StallingSource};
use std::sync::Arc;

/// The source of one video. Clones count together.
#[derive(Debug, Clone)]
pub(super) struct VideoInput {
    pub(super) source: Arc<dyn RangeSource>,
    pub(super) read_stats: Arc<ReadStats>,
    cpu_meter: CpuMeter,
}

impl VideoInput {
    pub(super) fn new(source: Arc<dyn RangeSource>, limits: &Limits) -> Result<Self, MediaError> {
        let bytes = source.bytes();
        if bytes == 0 {
            return Err(MediaError::Unreadable {
                detail: "it is empty".to_owned(),
            });
        }
        limits.check(Budget::InputBytes, bytes)?;
        let read_stats = Arc::<ReadStats>::default();
        let awaited = Arc::new(StallingSource::new(source, &limits.stalls));
        let counted = CountingSource::new(awaited, Arc::clone(&read_stats));
        Ok(Self {
            source: CachingSource::of_far(Arc::new(counted)),
            read_stats,
            cpu_meter: CpuMeter::default(),
        })
    }

    pub(super) fn limits_left(&self, limits: &Limits) -> JobLimits {
        JobLimits::new(limits, &self.cpu_meter)
    }
}
