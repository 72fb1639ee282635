//! The state of a decoder of VP9, followed from frame to frame: bitstream specification, 7.2 and 8.4.
//!
//! Slots hold pictures and no more. Probabilities, motion, deltas of the loop filter and the map of
//! segments run on from each frame to the next, in the order of decoding. So a frame needs the one
//! before it as well as those that it refers to, unless its `error_resilient_mode` has it begin
//! without all of that.

use super::superframe;
use super::vp9_header::{CodedHeader, FrameHeader, Segments};
use crate::coded_frames::{CodedFrame, CodedFrames};
use plan::FrameLinks;

/// What runs on from the frame before.
const STATE: u32 = 1 << 8;
/// The map of segments. A resilient frame does not read it, but decoders may keep an older one behind
/// such a frame for those that follow.
const SEGMENTS: u32 = 1 << 9;
const ALL: u32 = 0xff | STATE | SEGMENTS;

/// Reads samples that follow each other. In doubt it reads none.
#[derive(Debug, Default)]
pub(crate) struct Vp9Reader {
    is_begun: bool,
    /// Since the last key frame.
    has_segments: bool,
}

/// What all frames of a sample say together.
#[derive(Debug, Default)]
struct SampleLinks {
    references: u32,
    refreshes: u32,
    is_shown: bool,
    is_always_needed: bool,
}

impl Vp9Reader {
    /// The frames of a sample are decoded together or not at all: layers of one picture, or one that
    /// is hidden and one that it is hidden for.
    pub(crate) fn next(&mut self, sample: &[u8]) -> Option<CodedFrames> {
        let mut links = SampleLinks::default();
        for frame in superframe(sample).unwrap_or_else(|| vec![sample]) {
            self.frame(FrameHeader::parse(frame)?, &mut links)?;
        }
        let frame = CodedFrame {
            links: FrameLinks {
                references: links.references,
                refreshes: links.refreshes,
                // A key frame fills all.
                live: ALL,
            },
            is_shown: links.is_shown,
            is_always_needed: links.is_always_needed,
        };
        Some(CodedFrames::single(frame, sample.len()))
    }

    fn frame(&mut self, header: FrameHeader, sample: &mut SampleLinks) -> Option<()> {
        let (references, refreshes) = match header {
            FrameHeader::ShowsExisting { slot } => (1 << slot | STATE | SEGMENTS, 0),
            FrameHeader::Coded(header) => (self.needed_by(header), header.refreshes),
        };
        self.is_begun.then_some(())?;
        let is_shown = match header {
            FrameHeader::ShowsExisting { .. } => true,
            FrameHeader::Coded(header) => header.is_shown,
        };
        sample.references |= references & !sample.refreshes;
        sample.refreshes |= refreshes | STATE | SEGMENTS;
        sample.is_shown |= is_shown;
        // Most streams go on as they do here, and then the next frame needs it.
        sample.is_always_needed |= references & STATE != 0;
        Some(())
    }

    fn needed_by(&mut self, header: CodedHeader) -> u32 {
        if header.is_key {
            *self = Self {
                is_begun: true,
                has_segments: false,
            };
        }
        self.has_segments |= header.segments != Segments::Off;
        let segments = match header.segments {
            Segments::Off | Segments::Kept if self.has_segments => SEGMENTS,
            _ => 0,
        };
        match header {
            CodedHeader { is_key: true, .. } => 0,
            CodedHeader {
                is_resilient: true, ..
            } => header.references | segments,
            _ => header.references | STATE | SEGMENTS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::vp9_header::tests::{inter, key};
    use super::*;

    fn links(reader: &mut Vp9Reader, sample: &[u8]) -> (u32, u32, bool) {
        let found = reader.next(sample).unwrap();
        let [frame] = found.frames[..] else {
            panic!("{found:?}");
        };
        let needed = frame.is_always_needed;
        (frame.links.references, frame.links.refreshes, needed)
    }

    #[test]
    fn resilient_frames_need_what_they_name_and_others_the_frame_before() {
        let mut reader = Vp9Reader::default();
        let (none, kept, written) = ("0", "1 0", "1 1");
        let runs_on = STATE | SEGMENTS;
        assert_eq!(links(&mut reader, &key()), (0, ALL, false));
        assert_eq!(
            links(&mut reader, &inter(true, 2, none)),
            (5, 2 | runs_on, false)
        );
        assert_eq!(
            links(&mut reader, &inter(false, 2, none)),
            (5 | runs_on, 2 | runs_on, true)
        );
        assert_eq!(
            links(&mut reader, &inter(true, 0, written)),
            (5, runs_on, false)
        );
        for segments in [none, kept] {
            assert_eq!(
                links(&mut reader, &inter(true, 0, segments)),
                (5 | SEGMENTS, runs_on, false),
                "an older map may hold on"
            );
        }
        assert_eq!(links(&mut reader, &key()), (0, ALL, false));
        assert_eq!(
            links(&mut reader, &inter(true, 0, none)),
            (5, runs_on, false)
        );
        assert_eq!(
            links(&mut reader, &[0b1000_1011]),
            (8 | runs_on, runs_on, true)
        );
    }

    #[test]
    fn frames_of_one_sample_are_one() {
        let frames = [inter(true, 4, "0"), inter(true, 1, "0")];
        let sizes = frames.each_ref().map(|frame| frame.len() as u8);
        let index = [0b1100_0001, sizes[0], sizes[1], 0b1100_0001];
        let sample = [&frames.concat()[..], &index].concat();
        let mut reader = Vp9Reader::default();
        assert_eq!(reader.next(&sample), None, "no key frame");
        links(&mut reader, &key());
        assert_eq!(
            links(&mut reader, &sample),
            (0b101, 0b101 | STATE | SEGMENTS, false),
            "the second refers to slot 0, which the first leaves, and to slot 2, which it fills"
        );
        assert_eq!(reader.next(&sample[..9]), None, "cut off");
    }
}
