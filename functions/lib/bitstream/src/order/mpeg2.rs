//! The order of output of MPEG-2: ISO/IEC 13818-2, 6.3.9. Each picture has a count within its group
//! of pictures. Where the header of a group is lost, counts that fall tell of it.

use crate::mpeg::{BIDIRECTIONAL, Mpeg2Picture};

#[derive(Debug, Default)]
pub(super) struct OrderCount {
    /// Of the last picture that others refer to.
    last: Option<i64>,
    /// Of the one before it.
    before: Option<i64>,
}

impl OrderCount {
    /// Whether a group begins here, and the count.
    pub(super) fn next(&mut self, sample: &[u8]) -> Option<(bool, i64)> {
        let picture = Mpeg2Picture::of(sample)?;
        let count = i64::from(picture.temporal_reference);
        let is_between = picture.kind == BIDIRECTIONAL;
        // What is shown between two pictures has a count above that of the earlier one.
        let least = if is_between { self.before } else { self.last };
        let begins = picture.begins_group || least.is_some_and(|least| count < least);
        if begins {
            *self = Self::default();
        }
        if !is_between {
            (self.before, self.last) = (self.last, Some(count));
        }
        Some((begins, count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTRA: u8 = 1;
    const PREDICTED: u8 = 2;

    fn picture(begins_group: bool, kind: u8, count: u16) -> Vec<u8> {
        let group: &[u8] = match begins_group {
            true => &[0, 0, 1, 0xb8, 0, 8, 0, 0],
            false => &[],
        };
        let header = [
            0,
            0,
            1,
            0,
            (count >> 2) as u8,
            (count << 6) as u8 | kind << 3,
        ];
        [group, &header].concat()
    }

    fn places(pictures: &[(bool, u8, u16)]) -> Vec<(u32, i64)> {
        let (mut order, mut period) = (OrderCount::default(), 0);
        let places = pictures.iter().map(|&(begins, kind, count)| {
            let (begins, count) = order.next(&picture(begins, kind, count)).unwrap();
            period += u32::from(begins);
            (period, count)
        });
        places.collect()
    }

    #[test]
    fn pictures_count_within_their_group() {
        let coded = [
            (true, INTRA, 0),
            (false, PREDICTED, 3),
            (false, BIDIRECTIONAL, 1),
            (false, BIDIRECTIONAL, 2),
            (true, INTRA, 2),
            (false, BIDIRECTIONAL, 0),
        ];
        let places = places(&coded);
        assert_eq!(places, [(1, 0), (1, 3), (1, 1), (1, 2), (2, 2), (2, 0)]);
    }

    /// The reference of two pictures in between was lost, and they came before the one before it.
    #[test]
    fn what_lost_its_reference_keeps_its_place() {
        let coded = [
            (true, INTRA, 0),
            (false, PREDICTED, 3),
            (false, BIDIRECTIONAL, 4),
            (false, PREDICTED, 9),
        ];
        assert_eq!(places(&coded), [(1, 0), (1, 3), (1, 4), (1, 9)]);
    }

    #[test]
    fn a_group_whose_keyframe_is_lost_begins_where_counts_fall() {
        let coded = [
            (true, INTRA, 0),
            (false, PREDICTED, 3),
            (false, PREDICTED, 6),
            (false, BIDIRECTIONAL, 1),
            (false, PREDICTED, 5),
            (false, PREDICTED, 4),
        ];
        let places = places(&coded);
        assert_eq!(places, [(1, 0), (1, 3), (1, 6), (2, 1), (2, 5), (3, 4)]);
    }
}
