//! The state of a decoder of VP8, followed from frame to frame: RFC 6386, 9.3, 9.6, 9.7 and 9.10.

use super::vp8_header::{FilterDeltas, FrameHeader, Segments};
use crate::coded_frames::{CodedFrame, CodedFrames};
use plan::FrameLinks;

const LAST: u32 = 1;
const GOLDEN: u32 = 1 << 1;
const ALTREF: u32 = 1 << 2;
/// An inter frame may use each of them, and its header does not tell which.
const FRAMES: u32 = LAST | GOLDEN | ALTREF;
const PROBABILITIES: u32 = 1 << 3;
const DELTAS: u32 = 1 << 4;
const SEGMENT_VALUES: u32 = 1 << 5;
const SEGMENT_MAP: u32 = 1 << 6;
const ALL: u32 = FRAMES | PROBABILITIES | DELTAS | SEGMENT_VALUES | SEGMENT_MAP;

/// Reads samples that follow each other. In doubt it reads none.
#[derive(Debug, Default)]
pub(crate) struct Vp8Reader {
    is_begun: bool,
    /// Since the last key frame.
    has_segments: bool,
}

impl Vp8Reader {
    pub(crate) fn next(&mut self, sample: &[u8]) -> Option<CodedFrames> {
        let header = FrameHeader::parse(sample)?;
        let (references, refreshes) = match header.is_key {
            true => {
                *self = Self {
                    is_begun: true,
                    has_segments: header.segments != Segments::Off,
                };
                (0, ALL)
            }
            false => self.inter(header)?,
        };
        let frame = CodedFrame {
            links: FrameLinks {
                references,
                refreshes,
                // A key frame fills all.
                live: ALL,
            },
            is_shown: header.is_shown,
            // All that follow until the next key frame need these.
            is_always_needed: refreshes & PROBABILITIES != 0,
        };
        Some(CodedFrames::single(frame, sample.len()))
    }

    /// What a frame that is no key frame needs, and what it refreshes.
    fn inter(&mut self, header: FrameHeader) -> Option<(u32, u32)> {
        self.is_begun.then_some(())?;
        let (mut needs, mut refreshes) = (FRAMES | PROBABILITIES, SEGMENT_MAP);
        let mut refresh = |is_refreshed, what| refreshes |= if is_refreshed { what } else { 0 };
        refresh(header.refreshed.last, LAST);
        refresh(header.refreshed.golden, GOLDEN);
        refresh(header.refreshed.altref, ALTREF);
        refresh(header.saves_probabilities, PROBABILITIES);
        match header.filter {
            FilterDeltas::Off => {}
            FilterDeltas::Kept => needs |= DELTAS,
            FilterDeltas::Changed => {
                needs |= DELTAS;
                refresh(true, DELTAS);
            }
            FilterDeltas::Written => refresh(true, DELTAS),
        }
        match header.segments {
            Segments::Off => {}
            Segments::On { has_values, .. } => {
                self.has_segments = true;
                refresh(has_values, SEGMENT_VALUES);
                needs |= if has_values { 0 } else { SEGMENT_VALUES };
            }
        }
        // Decoders differ in whether a map lives on behind a frame without segments.
        let has_map = matches!(header.segments, Segments::On { has_map: true, .. });
        if self.has_segments && !has_map {
            needs |= SEGMENT_MAP;
        }
        Some((needs, refreshes))
    }
}

#[cfg(test)]
mod tests {
    use super::super::vp8_header::tests::{inter, key};
    use super::*;

    /// Nothing, golden alone, last alone, and the probabilities.
    const NONE: &str = "0 0 00 00 00 0 0";
    const TO_GOLDEN: &str = "0 0 01 00 00 0 0";
    const TO_LAST: &str = "0 0 00 00 00 0 1";
    const SAVED: &str = "0 0 00 00 00 1 0";

    fn links(reader: &mut Vp8Reader, sample: &[u8]) -> (u32, u32, bool) {
        let found = reader.next(sample).unwrap();
        let [frame] = found.frames[..] else {
            panic!("{found:?}");
        };
        let needed = frame.is_always_needed;
        (frame.links.references, frame.links.refreshes, needed)
    }

    #[test]
    fn frames_leave_what_they_do_not_refresh() {
        let mut reader = Vp8Reader::default();
        assert_eq!(reader.next(&inter("0", "0", NONE)), None, "no key frame");
        assert_eq!(links(&mut reader, &key()), (0, ALL, true));
        let usual = FRAMES | PROBABILITIES;
        for (refreshes, left) in [(NONE, 0), (TO_GOLDEN, GOLDEN), (TO_LAST, LAST)] {
            let frame = inter("0", "0", refreshes);
            let expected = (usual, left | SEGMENT_MAP, false);
            assert_eq!(links(&mut reader, &frame), expected);
        }
        let saved = (usual, PROBABILITIES | SEGMENT_MAP, true);
        assert_eq!(links(&mut reader, &inter("0", "0", SAVED)), saved);
    }

    #[test]
    fn deltas_that_are_all_written_need_none_from_before() {
        let mut reader = Vp8Reader::default();
        links(&mut reader, &key());
        let usual = FRAMES | PROBABILITIES;
        let one = "1 1 1 0000001 0 0 0 0 0 0 0";
        let all = ["1 1", &"1 0000110 ".repeat(8)].concat();
        for (deltas, needs, leaves) in
            [("1 0", DELTAS, 0), (one, DELTAS, DELTAS), (&all, 0, DELTAS)]
        {
            let frame = inter("0", deltas, NONE);
            let expected = (usual | needs, leaves | SEGMENT_MAP, false);
            assert_eq!(links(&mut reader, &frame), expected, "{deltas}");
        }
    }

    #[test]
    fn segments_need_the_map_and_the_values_that_they_do_not_write() {
        let mut reader = Vp8Reader::default();
        links(&mut reader, &key());
        let values = "1 0 0 0 0 0 0 0 0";
        let usual = FRAMES | PROBABILITIES;
        for (segments, needs, leaves) in [
            (format!("1 1 1 {values} 0 0 0"), 0, SEGMENT_VALUES),
            ("1 1 0 0 0 0".to_owned(), SEGMENT_VALUES, 0),
            (format!("1 0 1 {values}"), SEGMENT_MAP, SEGMENT_VALUES),
            ("0".to_owned(), SEGMENT_MAP, 0),
        ] {
            let frame = inter(&segments, "0", NONE);
            let expected = (usual | needs, leaves | SEGMENT_MAP, false);
            assert_eq!(links(&mut reader, &frame), expected, "{segments}");
        }
    }
}
