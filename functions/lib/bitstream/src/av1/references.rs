//! The slots of a decoder of AV1, followed from frame to frame: bitstream specification, 7.20 and
//! 7.21.
//!
//! What runs from frame to frame lies in the slots, all of it: pictures, motion, probabilities,
//! segments, deltas of the loop filter, film grain. So a frame needs what is in the slots that its
//! header names, and nothing else.

use super::frame_header::{CodedHeader, FrameHeader};
use super::obu::{self, Obu, ObuReader};
use super::sequence_header::SequenceHeader;
use crate::coded_frames::{CodedFrame, CodedFrames, SamplePiece};
use plan::FrameLinks;

const ALL_SLOTS: u32 = 0xff;
/// More in one sample are of no encoder.
const MOST_FRAMES: usize = 64;

/// Reads samples that follow each other. In doubt it reads none.
#[derive(Debug)]
pub(crate) struct SlotReader {
    /// As it was written last, and as it was read.
    sequence: Option<(Vec<u8>, SequenceHeader)>,
    /// Slots that hold a frame.
    live: u32,
    /// Of these, those that hold a key frame.
    keys: u32,
}

impl SlotReader {
    pub(crate) fn new(entry: &[u8]) -> Self {
        let mut reader = Self {
            sequence: None,
            live: 0,
            keys: 0,
        };
        for unit in ObuReader::new(configuration(entry).unwrap_or_default()) {
            if unit.kind == obu::SEQUENCE_HEADER {
                reader.sequence(unit.payload);
            }
        }
        reader
    }

    pub(crate) fn next(&mut self, sample: &[u8]) -> Option<CodedFrames> {
        let mut found = CodedFrames::default();
        let mut units = ObuReader::new(sample);
        for unit in units.by_ref() {
            let piece = self.unit(unit, &mut found.frames)?;
            found.pieces.push(piece);
        }
        units.is_at_end().then_some(found)
    }

    /// The piece that a unit is, perhaps of one of `frames`.
    fn unit(&mut self, unit: Obu<'_>, frames: &mut Vec<CodedFrame>) -> Option<SamplePiece> {
        let frame = match unit.kind {
            obu::SEQUENCE_HEADER => {
                let is_first = self.live == 0 && frames.is_empty();
                let is_told =
                    self.is_known(unit.payload) || is_first && self.sequence(unit.payload);
                is_told.then_some(())?;
                None
            }
            obu::FRAME | obu::FRAME_HEADER if self.sees(&unit)? => {
                frames.push(self.coded(&unit).filter(|_| frames.len() < MOST_FRAMES)?);
                Some(frames.len() - 1)
            }
            obu::REDUNDANT_FRAME_HEADER | obu::TILE_GROUP if self.sees(&unit)? => {
                Some(frames.len().checked_sub(1)?)
            }
            obu::TILE_LIST => return None,
            _ => None,
        };
        let place = unit.place;
        Some(SamplePiece { frame, place })
    }

    /// Whether a decoder takes notice of a unit.
    fn sees(&self, unit: &Obu<'_>) -> Option<bool> {
        let (_, sequence) = self.sequence.as_ref()?;
        Some(!sequence.drops(unit.layer))
    }

    fn coded(&mut self, unit: &Obu<'_>) -> Option<CodedFrame> {
        let (_, sequence) = self.sequence.as_ref()?;
        self.frame(FrameHeader::parse(unit.payload, sequence, unit.layer)?)
    }

    fn is_known(&self, payload: &[u8]) -> bool {
        let known = self.sequence.as_ref();
        known.is_some_and(|(written, _)| written == payload)
    }

    /// Whether what it says is read here.
    fn sequence(&mut self, payload: &[u8]) -> bool {
        let read = SequenceHeader::parse(payload);
        // Decoders may want the numbers of frames to follow each other, and pictures of spatial
        // layers belong together.
        let read = read.filter(|header| !header.has_frame_ids && !header.has_spatial_layers());
        self.sequence = read.map(|header| (payload.to_vec(), header));
        self.sequence.is_some()
    }

    fn frame(&mut self, header: FrameHeader) -> Option<CodedFrame> {
        let header = match header {
            FrameHeader::Coded(header) => header,
            FrameHeader::ShowsExisting { slot } => self.existing(slot),
        };
        // What is not there is damaged, and what becomes of it nobody knows.
        if header.references & !self.live != 0 {
            return None;
        }
        let CodedHeader {
            references,
            refreshes,
            ..
        } = header;
        self.live |= refreshes;
        self.keys = match header.is_key {
            true => self.keys | refreshes,
            false => self.keys & !refreshes,
        };
        let links = FrameLinks {
            references,
            refreshes,
            live: self.live,
        };
        Some(CodedFrame {
            links,
            is_shown: header.is_shown,
            is_always_needed: false,
        })
    }

    /// A key frame that is shown after others begins anew with itself: 7.21.
    fn existing(&self, slot: u32) -> CodedHeader {
        let is_key = self.keys >> slot & 1 == 1;
        CodedHeader {
            is_key,
            is_shown: true,
            references: 1 << slot,
            refreshes: if is_key { ALL_SLOTS } else { 0 },
        }
    }
}

/// The units of the `av1C` box within a sample entry.
fn configuration(entry: &[u8]) -> Option<&[u8]> {
    let at = entry.windows(4).position(|window| window == b"av1C")?;
    let size = entry.get(at.checked_sub(4)?..at)?;
    let size = u32::from_be_bytes(size.try_into().ok()?);
    let end = (at - 4).checked_add(usize::try_from(size).ok()?)?;
    entry.get(at + 4 + 4..end)
}

#[cfg(test)]
mod tests {
    use super::super::obu::sized;
    use super::super::sequence_header::tests::{SVT, with_a_model};
    use super::*;

    const KEY: &[u8] = &[20, 0, 161, 224, 36];
    /// Refers to slot 2 and refreshes slot 0.
    const HIDDEN: &[u8] = &[41, 8, 0, 18, 73, 36, 158];
    /// A key frame that is shown later, in slot 4.
    const LATER_KEY: &[u8] = &[0b0000_1000, 0, 16, 0];

    fn entry(sequence: &[u8]) -> Vec<u8> {
        let units = sized(obu::SEQUENCE_HEADER, sequence);
        let size = u8::try_from(12 + units.len()).unwrap();
        [
            &[0, 0, 0, size][..],
            b"av1C",
            &[0x81, 0, 0, 0],
            &units,
            b"more",
        ]
        .concat()
    }

    fn links(reader: &mut SlotReader, payload: &[u8]) -> (u32, u32, bool) {
        let sample = sized(obu::FRAME_HEADER, payload);
        let found = reader.next(&sample).unwrap();
        let [
            CodedFrame {
                links, is_shown, ..
            },
        ] = found.frames[..]
        else {
            panic!("{found:?}");
        };
        assert_eq!(links.live, ALL_SLOTS);
        (links.references, links.refreshes, is_shown)
    }

    #[test]
    fn a_frame_is_its_header_and_what_follows_of_it() {
        let mut reader = SlotReader::new(&entry(SVT));
        let metadata = 5;
        let units = [
            sized(2, &[]),
            sized(obu::SEQUENCE_HEADER, SVT),
            sized(obu::FRAME_HEADER, KEY),
            sized(metadata, &[7]),
            sized(obu::TILE_GROUP, &[1, 2, 3]),
            sized(obu::REDUNDANT_FRAME_HEADER, KEY),
            sized(obu::TILE_GROUP, &[4]),
            sized(obu::FRAME, HIDDEN),
        ];
        let found = reader.next(&units.concat()).unwrap();
        let owners: Vec<_> = found.pieces.iter().map(|piece| piece.frame).collect();
        let (first, second) = (Some(0), Some(1));
        assert_eq!(
            owners,
            [None, None, first, None, first, first, first, second]
        );
        let shown: Vec<_> = found.frames.iter().map(|frame| frame.is_shown).collect();
        assert_eq!(shown, [true, false]);
        assert_eq!(found.pieces.last().unwrap().place.end, units.concat().len());
    }

    #[test]
    fn a_key_frame_that_is_shown_later_takes_all_slots_then() {
        let mut reader = SlotReader::new(&entry(SVT));
        assert_eq!(links(&mut reader, KEY), (0, 0xff, true));
        assert_eq!(links(&mut reader, HIDDEN), (4, 1, false));
        let shows = |slot: u8| [0b1000_1000 | slot << 4];
        assert_eq!(links(&mut reader, &shows(0)), (1, 0, true), "no key frame");
        assert_eq!(links(&mut reader, LATER_KEY), (0, 16, false));
        assert_eq!(links(&mut reader, &shows(4)), (16, 0xff, true));
    }

    #[test]
    fn in_doubt_nothing_is_told() {
        let key = sized(obu::FRAME, KEY);
        let first = |entry: &[u8], sample: &[u8]| SlotReader::new(entry).next(sample);
        assert!(first(&entry(SVT), &key).is_some());
        assert_eq!(first(b"", &key), None, "no sequence header");
        assert_eq!(
            first(&entry(&with_a_model(true)), &key),
            None,
            "frame numbers"
        );
        assert_eq!(
            first(&entry(SVT), &sized(obu::FRAME, HIDDEN)),
            None,
            "no key frame"
        );
        assert_eq!(
            first(&entry(SVT), &sized(obu::TILE_GROUP, &[1])),
            None,
            "no header"
        );
        assert_eq!(
            first(&entry(SVT), &[&key[..], &[0x32, 9]].concat()),
            None,
            "cut off"
        );
        assert_eq!(first(&entry(SVT), &sized(obu::TILE_LIST, &[1])), None);
        assert_eq!(first(&entry(SVT), &key.repeat(65)), None, "too many");
    }

    #[test]
    fn another_sequence_in_the_middle_ends_what_is_known() {
        let other = [&SVT[..9], &[3]].concat();
        let key = sized(obu::FRAME, KEY);
        let begins =
            |sequence: &[u8]| [sized(obu::SEQUENCE_HEADER, sequence), key.clone()].concat();
        let mut reader = SlotReader::new(&entry(SVT));
        // The first sample knows better than the container.
        assert!(reader.next(&begins(&other)).is_some());
        assert!(reader.next(&begins(&other)).is_some());
        assert_eq!(reader.next(&begins(SVT)), None);
    }
}
