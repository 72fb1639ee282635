//! Pictures that are gone without a word: a damaged header has one taken for a part of the one before.

use crate::clock::usual_gap;
use crate::{Codec, VideoTrack};
use bitstream::order::{OutputOrder, OutputOrderReader};
use bitstream::{is_mpeg_1_or_2, is_open_group, is_referenced};
use source::{RangeSource, ReadError};

/// What comes before the first slice is rarely longer.
const HEAD_BYTES: usize = 2048;

/// Whether a picture is missing that others refer to: see [`ReferenceWatch`].
///
/// # Errors
/// The samples could not be read.
pub fn lacks_reference(source: &dyn RangeSource, track: &VideoTrack) -> Result<bool, ReadError> {
    let Some(mut watch) = ReferenceWatch::of(track) else {
        return Ok(false);
    };
    for sample in &track.samples {
        let mut head = vec![0; HEAD_BYTES.min(sample.size as usize)];
        source.read_at(sample.offset, &mut head)?;
        if watch.lacks_one(sample.pts, &head) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Follows samples of MPEG-1 or MPEG-2 in decoding order. A picture that lies between two others lacks one of
/// them where it is decoded after both and shown after all that were decoded; and where it is shown
/// before the first of its group, too long after the last one of the group before.
pub(crate) struct ReferenceWatch {
    reader: OutputOrderReader,
    /// Where the one of those that others refer to is shown that is shown last.
    latest: Option<OutputOrder>,
    /// Times of the group that has begun, and of the one before it.
    group: GroupTimes,
    before: GroupTimes,
    /// Between pictures that follow each other, ticks.
    usual_gap: i64,
}

/// When pictures of a group are shown that others refer to.
#[derive(Debug, Clone, Copy, Default)]
struct GroupTimes {
    period: u32,
    /// The last of them; none where there is none.
    last: Option<i64>,
    /// Pictures shown before the first may refer to the group before.
    is_open: bool,
}

impl ReferenceWatch {
    /// None of other codecs, of which that can't be told.
    pub(crate) fn of(track: &VideoTrack) -> Option<Self> {
        let reader = OutputOrderReader::new(track.codec, &track.entry);
        let reader = reader.filter(|_| is_mpeg_1_or_2(track.codec))?;
        Some(Self::new(reader, usual_gap(&track.samples)))
    }

    fn new(reader: OutputOrderReader, usual_gap: i64) -> Self {
        Self {
            reader,
            latest: None,
            group: GroupTimes::default(),
            before: GroupTimes::default(),
            usual_gap,
        }
    }

    /// Whether a picture is missing that the next one refers to, which is shown at `pts`. `head` is what
    /// it begins with.
    pub(crate) fn lacks_one(&mut self, pts: i64, head: &[u8]) -> bool {
        let Some(order) = self.reader.next(head) else {
            return false;
        };
        if order.period != self.group.period {
            self.before = self.group;
            self.group = GroupTimes {
                period: order.period,
                last: None,
                is_open: is_open_group(head),
            };
        }
        if is_referenced(Codec::Mpeg2, 0, head) {
            self.latest = self.latest.max(Some(order));
            self.group.last = self.group.last.max(Some(pts));
            return false;
        }
        self.latest.is_some_and(|latest| order > latest) || self.follows_hole(order, pts)
    }

    /// Whether pictures are missing between the group before and one that is shown before the first of
    /// its own: the last of them is one that it refers to.
    fn follows_hole(&self, order: OutputOrder, pts: i64) -> bool {
        let is_leading = self.group.is_open && self.group.last.is_none_or(|first| pts < first);
        let Some(last) = self.before.last.filter(|_| is_leading) else {
            return false;
        };
        // Fields that are shown twice make it one and a half.
        let most = (2 * order.count + 5).saturating_mul(self.usual_gap);
        pts.saturating_sub(last).saturating_mul(2) > most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTRA: u8 = 1;
    const PREDICTED: u8 = 2;
    const BETWEEN: u8 = 3;

    /// Which of these lacks a picture: kinds and counts within their group.
    fn lacking(pictures: &[(u8, u16)]) -> Option<usize> {
        let reader = OutputOrderReader::new(Codec::Mpeg2, &[]).unwrap();
        let mut watch = ReferenceWatch::new(reader, 1);
        pictures.iter().position(|&(kind, count)| {
            let group: &[u8] = match kind {
                INTRA => &[0, 0, 1, 0xb8, 0, 8, 0, 0],
                _ => &[],
            };
            let (high, low) = ((count >> 2) as u8, (count << 6) as u8 | kind << 3);
            watch.lacks_one(0, &[group, &[0, 0, 1, 0, high, low]].concat())
        })
    }

    #[test]
    fn a_picture_between_two_that_is_shown_after_all_lacks_one() {
        let whole = [
            (INTRA, 2),
            (BETWEEN, 0),
            (BETWEEN, 1),
            (PREDICTED, 5),
            (BETWEEN, 3),
            (BETWEEN, 4),
            (INTRA, 2),
            (BETWEEN, 0),
        ];
        assert_eq!(lacking(&whole), None);
        // Without those in between, as what plays fast leaves them out.
        assert_eq!(lacking(&[whole[0], whole[3], whole[6]]), None);
        let lost = [&whole[..3], &whole[4..]].concat();
        assert_eq!(lacking(&lost), Some(3));
    }

    /// Whether the one shown first of a second group lacks a picture, where that group is said to be
    /// closed or not and begins so many pictures late.
    fn first_lacks_one(is_closed: bool, late: i64) -> bool {
        let reader = OutputOrderReader::new(Codec::Mpeg2, &[]).unwrap();
        let mut watch = ReferenceWatch::new(reader, 3600);
        let group = |flags: u8| vec![0, 0, 1, 0xb8, 0, 8, 0, flags];
        let picture = |kind: u8, count: u16| [0, 0, 1, 0, 0, (count << 6) as u8 | kind << 3];
        let mut lacks = |time: i64, head: &[&[u8]]| watch.lacks_one(time * 3600, &head.concat());
        let is_lacking = [
            lacks(0, &[&group(0x40), &picture(INTRA, 0)]),
            lacks(3, &[&picture(PREDICTED, 3)]),
            lacks(1, &[&picture(BETWEEN, 1)]),
            lacks(2, &[&picture(BETWEEN, 2)]),
            lacks(
                6 + late,
                &[&group(u8::from(is_closed) << 6), &picture(INTRA, 2)],
            ),
        ];
        assert_eq!(is_lacking, [false; 5]);
        let first = lacks(4 + late, &[&picture(BETWEEN, 0)]);
        assert_eq!(lacks(5 + late, &[&picture(BETWEEN, 1)]), first);
        first
    }

    #[test]
    fn a_group_after_a_hole_lacks_what_its_first_pictures_refer_to() {
        assert!(!first_lacks_one(false, 0));
        assert!(first_lacks_one(false, 3));
        assert!(
            !first_lacks_one(true, 3),
            "they refer to the next one alone"
        );
    }
}
