//! Pictures that need no others.

use crate::CodedSample;

/// A few frames that are not `wanted` (rising) and are decoded by themselves: the first, one amid the
/// others, and the last. `shown` is the sample of each frame.
#[must_use]
pub fn some_keys(samples: &[CodedSample], shown: &[usize], wanted: &[usize]) -> Vec<usize> {
    let is_key = |&frame: &usize| {
        let sample = samples[shown[frame]];
        sample.sync && !sample.encrypted && wanted.binary_search(&frame).is_err()
    };
    let keys: Vec<usize> = (0..shown.len()).filter(is_key).collect();
    let mut some = match keys[..] {
        [first, .., last] => vec![first, keys[keys.len() / 2], last],
        _ => keys,
    };
    some.dedup();
    some
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_one_amid_and_the_last_are_taken_that_are_not_wanted() {
        let sample = |at: i64| CodedSample {
            offset: 0,
            size: 1,
            pts: at,
            sync: at % 2 == 0,
            shown: true,
            encrypted: at == 0,
        };
        let samples: Vec<_> = (0..12).map(sample).collect();
        let shown: Vec<usize> = (0..12).collect();
        assert_eq!(some_keys(&samples, &shown, &[]), [2, 6, 10]);
        assert_eq!(some_keys(&samples, &shown, &[3, 10]), [2, 6, 8]);
        assert_eq!(some_keys(&samples, &shown[..5], &[]), [2, 4]);
        assert_eq!(some_keys(&samples, &shown[..3], &[]), [2]);
        assert_eq!(some_keys(&samples, &shown[..2], &[]), [0; 0]);
    }
}
