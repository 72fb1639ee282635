//! The video within its access units: where decoding can begin, and with which parameter sets.

use crate::visual_entry::{MPEG1_VIDEO, MPEG2_VIDEO, elementary_stream, visual_entry};
use crate::{Codec, IndexError, fmp4};
use bitstream::annex_b::{UnitSummary, begins_with_code, set_number, units};
use bitstream::field::{is_h264_field, is_h264_intra, is_mpeg2_field};
use bitstream::order::OutputOrderReader;
use bitstream::picture_size::picture_size;
use bitstream::{RandomAccess, h264_units, hevc_units};
use plan::Size;
use std::borrow::Cow;
use std::collections::BTreeMap;

const NOT_ONE_PICTURE: IndexError =
    IndexError::Unsupported("a PES packet of it does not hold just one picture");
const FIELDS: IndexError = IndexError::Unsupported("its fields are coded by themselves");
const SETS_CHANGE: IndexError = IndexError::Unsupported("its parameter sets change");
const NO_SETS: IndexError = IndexError::Unsupported("its parameter sets are missing");
const SLOW_REFRESH: IndexError = IndexError::Unsupported("it is refreshed over several pictures");
/// Some versions of the decoder begin there, and others do not.
const UNMARKED_START: IndexError =
    IndexError::Unsupported("it begins with a keyframe that is not marked as one");

/// H.264 and HEVC number their sets up to 255 at most.
const MOST_SETS: usize = 300;
const MOST_SET_BYTES: usize = 1 << 14;

/// ISO/IEC 13818-2, table 6-1.
const PICTURE: u8 = 0;
const SEQUENCE_HEADER: u8 = 0xb3;
const EXTENSION: u8 = 0xb5;
/// Of a picture of MPEG-2 its count and its kind lie in these.
const MPEG2_HEAD_BYTES: usize = 8;

/// What is known of a video by the units seen so far.
#[derive(Debug, Clone)]
pub(crate) struct ElementaryStream {
    codec: Codec,
    /// By their kinds and numbers; of MPEG-1 and MPEG-2 the sequence header and its extensions.
    sets: BTreeMap<(u8, u32), Vec<u8>>,
    has_begun: bool,
    /// Decoders that begin with its first keyframe leave out what is shown before it.
    begins_open: bool,
}

/// What a unit begins with.
#[derive(Debug)]
pub(crate) struct UnitStart<'a> {
    /// Whether decoding can begin with it.
    pub(crate) is_sync: bool,
    /// Where it is shown before the first keyframe of the file, no decoder gives it: it refers to what
    /// comes before that.
    pub(crate) is_skipped_at_start: bool,
    /// Up to the beginning of its first slice, as an MP4 stores it.
    pub(crate) head: Cow<'a, [u8]>,
}

impl ElementaryStream {
    pub(crate) fn new(codec: Codec) -> Self {
        Self {
            codec,
            sets: BTreeMap::new(),
            has_begun: false,
            begins_open: false,
        }
    }

    /// Takes the next unit.
    ///
    /// # Errors
    /// It is not one picture, or one that what was seen does not explain.
    pub(crate) fn take<'a>(&mut self, unit: &'a [u8]) -> Result<UnitStart<'a>, IndexError> {
        if !begins_with_code(unit) {
            return Err(NOT_ONE_PICTURE);
        }
        let (access, head) = match self.codec {
            Codec::Mpeg1 | Codec::Mpeg2 => self.take_mpeg(unit)?,
            _ => self.take_nal_units(unit)?,
        };
        let is_sync = access != RandomAccess::None;
        if is_sync && !self.has_begun {
            self.has_begun = true;
            self.begins_open = match self.codec {
                Codec::Mpeg1 | Codec::Mpeg2 => bitstream::is_open_group(&head),
                _ => access == RandomAccess::RecoveryPoint,
            };
        }
        let is_skipped_at_start = match self.codec {
            Codec::Hevc { length_bytes } => bitstream::is_skipped_leading(&head, length_bytes),
            _ => self.begins_open,
        };
        Ok(UnitStart {
            is_sync,
            is_skipped_at_start,
            head,
        })
    }

    /// Of the pictures from a keyframe on.
    pub(crate) fn order_reader(&self) -> Option<OutputOrderReader> {
        let (entry, _) = self.entry().ok()?;
        OutputOrderReader::new(self.codec, &entry)
    }

    fn take_nal_units<'a>(
        &mut self,
        bytes: &'a [u8],
    ) -> Result<(RandomAccess, Cow<'a, [u8]>), IndexError> {
        let summary = UnitSummary::of(self.codec, bytes).ok_or(NOT_ONE_PICTURE)?;
        for set in &summary.sets {
            self.keep(set_number(self.codec, set).ok_or(NO_SETS)?, set)?;
        }
        let slice = summary.slice.filter(|_| summary.pictures == 1);
        let slice = slice.ok_or(NOT_ONE_PICTURE)?;
        if let Codec::H264 { .. } = self.codec
            && let Some(sequence) = self.sets.get(&(h264_units::SEQUENCE, 0))
            && is_h264_field(sequence, slice) != Some(false)
        {
            return Err(FIELDS);
        }
        // ffmpeg takes it for a keyframe, and the pictures that come next are not whole.
        if bitstream::recovers_later(self.codec, &summary.head) {
            return Err(SLOW_REFRESH);
        }
        let access = bitstream::random_access(self.codec, &summary.head);
        let is_h264 = matches!(self.codec, Codec::H264 { .. });
        if access == RandomAccess::None && is_h264 && !self.has_begun && is_h264_intra(slice) {
            return Err(UNMARKED_START);
        }
        Ok((access, Cow::Owned(summary.head)))
    }

    fn take_mpeg<'a>(
        &mut self,
        bytes: &'a [u8],
    ) -> Result<(RandomAccess, Cow<'a, [u8]>), IndexError> {
        let codes: Vec<u8> = units(bytes).map(|unit| unit[0]).collect();
        let first = codes.iter().position(|&code| code == PICTURE);
        let first = first.ok_or(NOT_ONE_PICTURE)?;
        let is_slice = |code: &u8| (1..=0xaf).contains(code);
        let has_several = codes[first + 1..].contains(&PICTURE);
        if has_several || codes[..first].iter().any(is_slice) {
            return Err(NOT_ONE_PICTURE);
        }
        if is_mpeg2_field(bytes) != Some(false) {
            return Err(FIELDS);
        }
        if let Some(header) = sequence_header(bytes) {
            self.keep((SEQUENCE_HEADER, 0), header)?;
        }
        let picture = units(bytes).find(|unit| unit[0] == PICTURE);
        let head = picture.map_or(0, |picture| place_in(bytes, picture) + MPEG2_HEAD_BYTES);
        let head = bytes.get(..head).unwrap_or(bytes);
        let access = bitstream::random_access(self.codec, bytes);
        Ok((access, Cow::Borrowed(head)))
    }

    fn keep(&mut self, number: (u8, u32), set: &[u8]) -> Result<(), IndexError> {
        let is_full = self.sets.len() >= MOST_SETS || set.len() > MOST_SET_BYTES;
        match self.sets.get(&number) {
            Some(known) if known == set => Ok(()),
            None if !is_full => {
                self.sets.insert(number, set.to_vec());
                Ok(())
            }
            _ => Err(SETS_CHANGE),
        }
    }

    /// The sample entry of an MP4 of the same video, and the size of its pictures.
    pub(crate) fn entry(&self) -> Result<(Vec<u8>, Size), IndexError> {
        let (sequence, kind, configuration) = match self.codec {
            Codec::Mpeg1 | Codec::Mpeg2 => {
                let header = self.only(SEQUENCE_HEADER)?;
                let stream = elementary_stream(object_type(self.codec), header);
                (&header[3..], *b"mp4v", stream)
            }
            Codec::Hevc { .. } => (self.only(hevc_units::SEQUENCE)?, *b"hev1", self.hevc()?),
            _ => (self.only(h264_units::SEQUENCE)?, *b"avc1", self.h264()?),
        };
        let coded = picture_size(self.codec, sequence).ok_or(NO_SETS)?;
        Ok((visual_entry(kind, coded, &[&configuration]), coded))
    }

    fn only(&self, kind: u8) -> Result<&[u8], IndexError> {
        let set = self.sets.get(&(kind, 0));
        set.map(Vec::as_slice).ok_or(NO_SETS)
    }

    fn of_kind(&self, kind: u8) -> impl Iterator<Item = &Vec<u8>> {
        let sets = self.sets.range((kind, 0)..=(kind, u32::MAX));
        sets.map(|(_, set)| set)
    }

    /// `avcC`: ISO/IEC 14496-15, 5.3.3.1.
    fn h264(&self) -> Result<Vec<u8>, IndexError> {
        let sequence = self.only(h264_units::SEQUENCE)?;
        let &[_, profile, compatible, level, ..] = sequence else {
            return Err(NO_SETS);
        };
        let pictures: Vec<&Vec<u8>> = self.of_kind(h264_units::PICTURE).collect();
        let count = u8::try_from(pictures.len()).map_err(|_| SETS_CHANGE)?;
        let mut record = vec![1, profile, compatible, level, 0xff, 0xe1];
        push_set(&mut record, sequence);
        record.push(count);
        for set in pictures {
            push_set(&mut record, set);
        }
        Ok(fmp4::boxed(*b"avcC", &[&record]))
    }

    /// `hvcC`: ISO/IEC 14496-15, 8.3.3.1. What only repeats the parameter sets is left open, but
    /// for the number of temporal layers.
    fn hevc(&self) -> Result<Vec<u8>, IndexError> {
        const KINDS: [u8; 3] = [
            hevc_units::FIRST_PARAMETERS,
            hevc_units::SEQUENCE,
            hevc_units::PICTURE,
        ];
        let sequence = self.only(hevc_units::SEQUENCE)?;
        let layers = ((sequence.get(2).ok_or(NO_SETS)? >> 1) & 7) + 1;
        let mut record = vec![1];
        record.extend([0; 12]);
        record.extend([0xf0, 0, 0xfc, 0xfd, 0xf8, 0xf8, 0, 0]);
        record.push(layers << 3 | 3);
        record.push(3);
        for kind in KINDS {
            let sets: Vec<&Vec<u8>> = self.of_kind(kind).collect();
            let count = u16::try_from(sets.len()).map_err(|_| SETS_CHANGE)?;
            record.push(kind);
            record.extend(count.to_be_bytes());
            for set in sets {
                push_set(&mut record, set);
            }
        }
        Ok(fmp4::boxed(*b"hvcC", &[&record]))
    }
}

fn object_type(codec: Codec) -> u8 {
    match codec {
        Codec::Mpeg1 => MPEG1_VIDEO,
        _ => MPEG2_VIDEO,
    }
}

fn push_set(record: &mut Vec<u8>, set: &[u8]) {
    let length = u16::try_from(set.len()).unwrap_or(u16::MAX);
    record.extend(length.to_be_bytes());
    record.extend(set);
}

/// The sequence header and the extensions of it that follow, from the first start code on.
fn sequence_header(bytes: &[u8]) -> Option<&[u8]> {
    let place = |unit: &[u8]| place_in(bytes, unit) - 3;
    let mut all = units(bytes).skip_while(|unit| unit[0] != SEQUENCE_HEADER);
    let begin = place(all.next()?);
    let end = all.find(|unit| unit[0] != EXTENSION).map(place);
    bytes.get(begin..end.unwrap_or(bytes.len()))
}

fn place_in(bytes: &[u8], part: &[u8]) -> usize {
    part.as_ptr().addr() - bytes.as_ptr().addr()
}
