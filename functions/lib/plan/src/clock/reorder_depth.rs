//! How far pictures are held back.

/// How many of the frames decoded before one are shown after it, at most; `pts` are the times of
/// frames in decoding order. None where one is missing.
#[must_use]
pub fn reorder_depth(pts: impl Iterator<Item = Option<i64>>) -> Option<u32> {
    // The codecs hold back no more; a time that is wrong would count as many.
    const MOST: usize = 16;
    let mut latest: Vec<i64> = Vec::new();
    let mut most = 0;
    for pts in pts {
        let pts = pts?;
        let at = latest.partition_point(|&other| other <= pts);
        most = most.max(latest.len() - at);
        latest.insert(at, pts);
        if latest.len() > MOST {
            latest.remove(0);
        }
    }
    u32::try_from(most).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_held_back_for_those_that_refer_to_them() {
        let depth = |pts: &[i64]| reorder_depth(pts.iter().copied().map(Some));
        assert_eq!(depth(&[0, 1, 2, 3]), Some(0));
        assert_eq!(depth(&[0, 3, 1, 2, 6, 4, 5]), Some(1));
        assert_eq!(depth(&[0, 4, 2, 1, 3, 8, 6, 5, 7]), Some(2));
        assert_eq!(reorder_depth([Some(0), None].into_iter()), None);
    }
}
