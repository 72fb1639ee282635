//! The times of the fed stream. We choose them: a wanted picture is shown at a multiple of
//! [`MARK`], any other never is, so that one comparison tells them apart.

use super::SampleTimes;
use plan::{CodedSample, SampleGroup};

/// `select='not(mod(pts,1000))'` lets the wanted pictures through.
pub const MARK: u64 = 1000;

/// Runs on from group to group.
#[derive(Debug, Default)]
pub struct MarkedTimes {
    next: u64,
}

impl MarkedTimes {
    /// Times for each sample of `group`, in decoding order. Presentation times keep the order
    /// that the samples have in the source; decoding times come before all of them, so that no
    /// picture is shown before it is decoded.
    pub fn group(&mut self, samples: &[CodedSample], group: &SampleGroup) -> Vec<SampleTimes> {
        let span = &samples[group.first..=group.last];
        let begin = self.next;
        let mut times: Vec<SampleTimes> = (begin..)
            .take(span.len())
            .map(|dts| SampleTimes { dts, pts: 0 })
            .collect();
        let mut shown: Vec<usize> = (0..span.len()).collect();
        shown.sort_by_key(|&nth| span[nth].pts);
        let mut wanted = group
            .targets
            .iter()
            .map(|target| target - group.first)
            .peekable();
        let mut pts = begin + span.len() as u64;
        for nth in shown {
            pts = if wanted.next_if_eq(&nth).is_some() {
                (pts / MARK + 1) * MARK
            } else {
                past_mark(pts + 1)
            };
            times[nth].pts = pts;
        }
        self.next = pts + 1;
        times
    }
}

fn past_mark(pts: u64) -> u64 {
    pts + u64::from(pts.is_multiple_of(MARK))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(pts: &[i64]) -> Vec<CodedSample> {
        let sample = |&pts| CodedSample {
            offset: 0,
            size: 1,
            pts,
            sync: false,
            shown: true,
            encrypted: false,
        };
        pts.iter().map(sample).collect()
    }

    #[test]
    fn only_targets_are_marked_and_the_order_stays() {
        let mut pts: Vec<i64> = (0..3000).collect();
        pts.swap(1, 3);
        let samples = samples(&pts);
        let group = |first, last, targets: &[usize]| SampleGroup {
            first,
            last,
            targets: targets.to_vec(),
        };
        let mut clock = MarkedTimes::default();
        let first = clock.group(&samples, &group(0, 2500, &[0, 3, 2000]));
        let second = clock.group(&samples, &group(2600, 2999, &[2999]));
        let marked = |times: &[SampleTimes]| -> Vec<usize> {
            let marked = times.iter().enumerate();
            let marked = marked.filter(|(_, times)| times.pts.is_multiple_of(MARK));
            marked.map(|(nth, _)| nth).collect()
        };
        assert_eq!(
            (marked(&first), marked(&second)),
            (vec![0, 3, 2000], vec![399])
        );
        let all = [first, second].concat();
        assert!(all.windows(2).all(|pair| pair[0].dts < pair[1].dts));
        assert!(all.iter().all(|times| times.dts < times.pts));
        let mut by_source: Vec<_> = all
            .iter()
            .zip(pts[..=2500].iter().chain(&pts[2600..]))
            .collect();
        by_source.sort_by_key(|(_, source)| **source);
        assert!(
            by_source
                .windows(2)
                .all(|pair| pair[0].0.pts < pair[1].0.pts)
        );
    }
}
