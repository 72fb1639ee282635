//! Where in the file the bytes of the essence lie.

use super::index_table::{EditUnits, UNTRUE};
use super::klv::{KlvHeader, KlvKind};
use super::partitions::Partitions;
use crate::IndexError;
use crate::window_reader::WindowReader;
use std::ops::Range;

const NO_ESSENCE: IndexError = IndexError::Unsupported("it has no essence of a usual kind");
const SEVERAL: IndexError = IndexError::Unsupported("it has several essences");

/// How the frames of the essence are wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapping {
    /// Each in an element of its own, in a package with those of the other tracks.
    Frame,
    /// All in one.
    Clip,
}

/// The parts of the essence, in their order.
#[derive(Debug, Clone)]
pub(super) struct EssenceParts {
    parts: Vec<EssencePart>,
    pub(super) wrapping: Wrapping,
    /// Of its element.
    pub(super) track: [u8; 4],
}

/// What lies in one partition.
#[derive(Debug, Clone)]
struct EssencePart {
    /// In the essence.
    offset: u64,
    /// Of the file.
    place: Range<u64>,
}

impl EssencePart {
    fn bytes(&self) -> u64 {
        self.place.end - self.place.start
    }
}

impl EssenceParts {
    pub(super) fn new(
        partitions: &Partitions,
        body: u32,
        wrapping: Wrapping,
        track: [u8; 4],
    ) -> Result<Self, IndexError> {
        let mut parts: Vec<EssencePart> = Vec::new();
        for (front, end) in partitions.with_ends() {
            let Some(first) = front.essence else {
                if front.pack.body != 0 {
                    return Err(NO_ESSENCE);
                }
                continue;
            };
            if front.pack.body != body {
                return Err(SEVERAL);
            }
            let place = match wrapping {
                Wrapping::Frame => first.at..end,
                Wrapping::Clip => {
                    is_of(&first, track).then_some(()).ok_or(NO_ESSENCE)?;
                    first.value..first.end()
                }
            };
            let offset = front.pack.body_offset;
            let known = parts.last().map_or(0, |last| last.offset + last.bytes());
            let is_next = match parts.is_empty() {
                true => offset == 0,
                false => wrapping == Wrapping::Frame && offset == known,
            };
            if !is_next || place.start >= place.end || place.end > end {
                return Err(NO_ESSENCE);
            }
            parts.push(EssencePart { offset, place });
        }
        (!parts.is_empty())
            .then_some(Self {
                parts,
                wrapping,
                track,
            })
            .ok_or(NO_ESSENCE)
    }

    /// All of it.
    pub(super) fn bytes(&self) -> u64 {
        self.parts.iter().map(EssencePart::bytes).sum()
    }

    pub(super) fn places(&self) -> impl Iterator<Item = &Range<u64>> {
        self.parts.iter().map(|part| &part.place)
    }

    /// Where an edit unit lies in the file: of frames, its package.
    pub(super) fn unit(&self, units: &EditUnits, nth: usize) -> Result<Range<u64>, IndexError> {
        let unit = units.get(nth).ok_or(UNTRUE)?;
        let after = self
            .parts
            .partition_point(|part| part.offset <= unit.offset);
        let part = after
            .checked_sub(1)
            .and_then(|nth| self.parts.get(nth))
            .ok_or(UNTRUE)?;
        let start = unit.offset - part.offset;
        let next = units.get(nth + 1).map(|next| next.offset);
        let next = match units {
            EditUnits::Constant { bytes, .. } => unit.offset.checked_add(*bytes),
            EditUnits::Listed(_) => next,
        };
        let end = next.map_or(part.bytes(), |next| (next - part.offset).min(part.bytes()));
        if start >= end {
            return Err(UNTRUE);
        }
        Ok(part.place.start + start..part.place.start + end)
    }

    /// That nothing but the last edit unit comes from where that is on.
    pub(super) fn check_end(
        &self,
        reader: &mut WindowReader<'_>,
        units: &EditUnits,
    ) -> Result<(), IndexError> {
        let last = units.count().checked_sub(1).ok_or(UNTRUE)?;
        let place = self.unit(units, last)?;
        let end = self.parts.last().map_or(0, |part| part.place.end);
        if self.wrapping == Wrapping::Clip {
            return (place.end == end).then_some(()).ok_or(UNTRUE);
        }
        let (mut at, mut pictures) = (place.start, 0);
        while at < end {
            let header = KlvHeader::read(reader, at)?;
            pictures += usize::from(is_of(&header, self.track));
            at = header.end();
        }
        (at == end && pictures == 1).then_some(()).ok_or(UNTRUE)
    }
}

fn is_of(header: &KlvHeader, track: [u8; 4]) -> bool {
    header.kind() == KlvKind::Element(track)
}
