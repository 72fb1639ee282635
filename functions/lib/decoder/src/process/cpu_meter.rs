//! What the decoders of one video have used together.

use plan::{Budget, LimitExceeded, Limits};
use rustix::process::{Pid, WaitIdStatus};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Processor time spent so far. Clones are the same account.
#[derive(Debug, Clone, Default)]
pub struct CpuMeter(Arc<AtomicU64>);

impl CpuMeter {
    /// The processor time of all decoders that have ended.
    pub fn spent(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    pub(super) fn charge(&self, time: Duration) {
        let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

/// The limits of a video, and what of them is used up.
#[derive(Debug, Clone)]
pub struct JobLimits {
    limits: Limits,
    meter: CpuMeter,
}

impl JobLimits {
    /// `limits`, of which what `meter` says is used up.
    #[must_use]
    pub fn new(limits: &Limits, meter: &CpuMeter) -> Self {
        Self {
            limits: limits.clone(),
            meter: meter.clone(),
        }
    }

    /// The processor time of all decoders that have ended.
    #[must_use]
    pub fn spent(&self) -> Duration {
        self.meter.spent()
    }

    /// What a process that makes so many pictures may use.
    pub(super) fn allowance(&self, pictures: Option<usize>) -> Result<CpuAllowance, LimitExceeded> {
        let left = self.limits.cpu.saturating_sub(self.meter.spent());
        if left.is_zero() {
            return Err(self.over(Budget::Cpu, self.meter.spent()));
        }
        let count = pictures.map(|count| u32::try_from(count.max(1)).unwrap_or(u32::MAX));
        let theirs = count.map(|count| self.limits.picture_cpu.saturating_mul(count));
        let (budget, time) = match theirs {
            Some(time) if time < left => (Budget::PictureCpu, time),
            _ => (Budget::Cpu, left),
        };
        Ok(CpuAllowance {
            budget,
            // The kernel counts whole seconds.
            time: Duration::from_secs(time.as_secs() + u64::from(time.subsec_nanos() > 0)),
            limits: self.clone(),
        })
    }

    fn over(&self, budget: Budget, found: Duration) -> LimitExceeded {
        let (found, limit) = (found.as_secs(), budget.of(&self.limits));
        let found = found.max(limit);
        LimitExceeded {
            budget,
            found,
            limit,
        }
    }
}

impl Deref for JobLimits {
    type Target = Limits;

    fn deref(&self) -> &Limits {
        &self.limits
    }
}

/// The processor time that one process may use.
#[derive(Debug)]
pub(super) struct CpuAllowance {
    budget: Budget,
    pub(super) time: Duration,
    limits: JobLimits,
}

impl CpuAllowance {
    /// It went over a bound that is nothing of the processor's.
    pub(super) fn beyond(&self, budget: Budget) -> LimitExceeded {
        self.limits.exceeded(budget)
    }

    /// To be told what the process used when it has ended, and how it ended; an error where it
    /// ended because that was all it had. ffmpeg catches the signal that says so and ends in
    /// disorder; and the kernel bounds what it counts by ticks of the clock, which may be well
    /// before what it tells afterwards has come that far.
    pub(super) fn used(&self, time: Duration, end: &WaitIdStatus) -> Result<(), LimitExceeded> {
        self.limits.meter.charge(time);
        let was_told = end.terminating_signal() == Some(libc::SIGXCPU);
        let in_disorder = end.exit_status() != Some(0) && time >= self.time.mul_f64(0.75);
        if !was_told && !in_disorder {
            return Ok(());
        }
        let found = match self.budget {
            Budget::Cpu => self.limits.meter.spent(),
            _ => Duration::ZERO,
        };
        Err(self.limits.over(self.budget, found))
    }
}

/// What a process that has ended, and is not reaped yet, used of the processor.
pub(super) fn processor_time(pid: Pid) -> Duration {
    // The times in user and in system mode.
    ticks_of(&pid.as_raw_nonzero().to_string(), 14)
}

/// The processor time of all children of this process that have ended, and of theirs: decoders, in
/// a process that starts no others.
#[must_use]
pub fn children_time() -> Duration {
    ticks_of("self", 16)
}

/// The sum of two fields of proc(5)'s stat, which are counted from one.
fn ticks_of(process: &str, first_field: usize) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
    let stat = stat.unwrap_or_default();
    // Behind the name, which may hold anything: from the third field on.
    let Some((_, fields)) = stat.rsplit_once(')') else {
        return Duration::ZERO;
    };
    let times = fields.split_whitespace().skip(first_field - 3).take(2);
    let ticks: u64 = times.filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    let per_second = rustix::param::clock_ticks_per_second().max(1);
    Duration::from_millis(ticks.saturating_mul(1000) / per_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scarcer_of_the_job_and_its_pictures_bounds_a_process() {
        let limits = Limits {
            cpu: Duration::from_secs(100),
            picture_cpu: Duration::from_secs(30),
            ..Limits::default()
        };
        let meter = CpuMeter::default();
        let limits = JobLimits::new(&limits, &meter);
        let seconds = |pictures| {
            limits
                .allowance(pictures)
                .map(|allowance| allowance.time.as_secs())
        };
        assert_eq!(seconds(Some(2)).unwrap(), 60);
        assert_eq!(seconds(Some(9)).unwrap(), 100);
        assert_eq!(seconds(None).unwrap(), 100);
        meter.charge(Duration::from_millis(70_500));
        assert_eq!(seconds(Some(2)).unwrap(), 30);
        meter.charge(Duration::from_secs(30));
        let error = seconds(None).unwrap_err().to_string();
        assert_eq!(
            error,
            "the video takes 100 s of processor time or more; the limit is 100 s"
        );
    }
}
