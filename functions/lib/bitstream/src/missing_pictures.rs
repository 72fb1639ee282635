//! Pictures that are not there.

use plan::CodedSample;

/// Pictures whose times are missing among those of the samples around this one: as many as there is
/// room for at the least distance.
pub(crate) fn missing_around(samples: &[CodedSample], nth: usize) -> usize {
    const AROUND: usize = 32;
    let around = nth.saturating_sub(AROUND)..samples.len().min(nth + AROUND);
    let mut times: Vec<i64> = samples[around].iter().map(|sample| sample.pts).collect();
    times.sort_unstable();
    let gaps = times.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
    let gaps: Vec<i64> = gaps.filter(|&gap| gap > 0).collect();
    let least = gaps.iter().copied().min().unwrap_or(1);
    let missing = |gap: i64| (gap.saturating_add(least / 2) / least - 1) as usize;
    gaps.into_iter().map(missing).fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::shown_at;

    #[test]
    fn as_many_are_missing_as_there_is_room_for_whatever_order_they_are_decoded_in() {
        let missing = |times: &[i64], nth: usize| {
            missing_around(
                &times.iter().copied().map(shown_at).collect::<Vec<_>>(),
                nth,
            )
        };
        // Milliseconds at 30 Hz.
        assert_eq!(missing(&[0, 100, 33, 67, 200, 133, 167], 3), 0);
        assert_eq!(missing(&[0, 100, 67, 200, 133, 167], 2), 1);
        assert_eq!(missing(&[0, 100, 33, 67, 400, 333, 367], 4), 6);
        // What is far away from it is not asked.
        let far: Vec<i64> = (0..100).chain(200..300).collect();
        assert_eq!([missing(&far, 50), missing(&far, 99)], [0, 100]);
        assert_eq!(missing(&[5], 0), 0);
    }
}
