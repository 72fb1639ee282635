//! Which samples are frames of the timeline.

use crate::CodedSample;

/// The samples that are shown, in order of presentation; those of one time as they are decoded.
///
/// None where one of them can't be decoded from any sync sample: a track that begins with leading
/// pictures, some of which decode.
#[must_use]
pub fn shown_samples(samples: &[CodedSample]) -> Option<Vec<usize>> {
    let mut earliest = None;
    let mut shown = Vec::new();
    for (nth, sample) in samples.iter().enumerate() {
        if sample.sync {
            earliest = Some(earliest.map_or(sample.pts, |pts: i64| pts.min(sample.pts)));
        }
        if sample.shown {
            earliest.filter(|&pts| pts <= sample.pts)?;
            shown.push(nth);
        }
    }
    shown.sort_by_key(|&nth| samples[nth].pts);
    Some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(all: &[(i64, bool, bool)]) -> Vec<CodedSample> {
        let sample = |&(pts, sync, shown)| CodedSample {
            offset: 0,
            size: 1,
            pts,
            sync,
            shown,
            encrypted: false,
        };
        all.iter().map(sample).collect()
    }

    #[test]
    fn shown_samples_come_in_order_of_presentation() {
        let hidden = (1, false, false);
        let track = samples(&[(0, true, true), (4, false, true), hidden, (2, false, true)]);
        assert_eq!(shown_samples(&track), Some(vec![0, 3, 1]));
        let ties = samples(&[(0, true, true), (2, false, true), (2, false, true)]);
        assert_eq!(shown_samples(&ties), Some(vec![0, 1, 2]));
    }

    #[test]
    fn a_picture_shown_before_any_sync_sample_is_not_to_be_had() {
        let leading = samples(&[(2, true, true), (0, false, true)]);
        assert_eq!(shown_samples(&leading), None);
        let first = samples(&[(0, false, true), (2, true, true)]);
        assert_eq!(shown_samples(&first), None);
    }
}
