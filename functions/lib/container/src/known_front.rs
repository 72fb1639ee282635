//! What the first samples of a stretch tell, where pictures are shown in the order in which they are decoded.

use plan::{CodedSample, TimeBase};

/// The samples of a stretch so far.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct KnownFront {
    /// When the last sync sample is shown, ticks, and when the one before it.
    sync: Option<i64>,
    sync_before: Option<i64>,
    latest: Option<i64>,
}

impl KnownFront {
    pub(crate) fn of(samples: &[CodedSample]) -> Self {
        let mut front = Self::default();
        front.extend(samples);
        front
    }

    pub(crate) fn extend(&mut self, samples: &[CodedSample]) {
        for sample in samples.iter().filter(|sample| sample.shown) {
            self.latest = self.latest.max(Some(sample.pts));
            if sample.sync && self.sync != Some(sample.pts) {
                self.sync_before = self.sync.replace(sample.pts);
            }
        }
    }

    /// Before this time, ticks, both the picture shown and the sync sample nearest are known, whatever
    /// follows: any sync sample among it is farther away. None where nothing is.
    pub(crate) fn until(&self, base: TimeBase) -> Option<i64> {
        let (sync, latest) = (self.sync?, self.latest?);
        if latest > sync {
            return Some(sync.max(middle(sync, latest, base)));
        }
        // The same sync sample may come once more, and is another one then.
        Some(middle(self.sync_before?, sync, base))
    }
}

/// Until when `sync` is certainly nearer than what is shown at `later`: distances are compared by
/// microseconds that are rounded down.
fn middle(sync: i64, later: i64, base: TimeBase) -> i64 {
    let ticks_per_us = i64::from(base.den) / (i64::from(base.num) * 1_000_000);
    let half = later.saturating_sub(sync) / 2;
    sync.saturating_add(half).saturating_sub(1 + ticks_per_us)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::shown_at;

    fn until(samples: &[(i64, bool)]) -> Option<i64> {
        let sample = |&(pts, sync): &(i64, bool)| CodedSample {
            sync,
            ..shown_at(pts)
        };
        let samples: Vec<CodedSample> = samples.iter().map(sample).collect();
        KnownFront::of(&samples).until(TimeBase::new(1, 1000).unwrap())
    }

    #[test]
    fn a_sync_sample_that_is_not_known_yet_may_be_the_nearest() {
        assert_eq!(until(&[]), None);
        assert_eq!(until(&[(0, true)]), None);
        assert_eq!(until(&[(0, true), (40, false)]), Some(19));
        assert_eq!(until(&[(0, true), (40, false), (80, false)]), Some(39));
        let next = [(0, true), (40, false), (80, true)];
        assert_eq!(until(&next), Some(39), "it may be sent twice");
        assert_eq!(until(&[&next[..], &[(80, true)]].concat()), Some(39));
        assert_eq!(until(&[&next[..], &[(120, false)]].concat()), Some(99));
        assert_eq!(
            until(&[(0, true), (1, false)]),
            Some(0),
            "not before itself"
        );
    }
}
