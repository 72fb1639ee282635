//! The sample descriptions of a track: `stsd`, ISO/IEC 14496-12, 8.5.2.

use super::boxes::{Mp4Box, boxes, required};
use super::entry::{EntryLayout, SampleEntry};
use super::fields::FieldReader;
use super::protection::{self, Protection, SeigDescriptions, SeigGroups};
use super::samples::TrackSamples;
use crate::{Codec, DescribedSamples, IndexError, SampleDescription};
use plan::CodedSample;

/// All of a track, and which of their samples are encrypted.
#[derive(Debug)]
pub(super) struct SampleDescriptions<'a> {
    entries: Vec<(Mp4Box<'a>, Protection)>,
    groups: SeigDescriptions,
}

/// Not for one kind of decoder, or not where one can begin.
const SEVERAL: IndexError = IndexError::Unsupported("it has several sample descriptions");

const UNKNOWN: IndexError = IndexError::Unsupported("a sample has no description");

impl<'a> SampleDescriptions<'a> {
    pub(super) fn of(stbl: &'a [u8]) -> Result<Self, IndexError> {
        let mut fields = FieldReader::of(required(stbl, b"stsd")?);
        fields.version_and_flags()?;
        let count = fields.u32()?;
        let entries: Vec<_> = boxes(fields.rest())
            .map(|entry| (entry, protection::of_entry(entry)))
            .collect();
        if entries.is_empty() || u32::try_from(entries.len()) != Ok(count) {
            return Err(IndexError::Unsupported(
                "its sample descriptions are damaged",
            ));
        }
        let is_protected = entries.iter().any(|&(_, kind)| kind != Protection::None);
        let groups = is_protected.then(|| SeigDescriptions::of(stbl));
        Ok(Self {
            groups: groups.transpose()?.unwrap_or_default(),
            entries,
        })
    }

    /// Whether samples may be encrypted.
    pub(super) fn have_encryption(&self) -> bool {
        self.entries
            .iter()
            .any(|&(_, kind)| kind != Protection::None)
    }

    /// Whether a sample of this description, counted from 1, and of this group of type `seig`,
    /// where that is said, is encrypted; `of_fragment` are the groups that its fragment describes.
    pub(super) fn is_encrypted(
        &self,
        description: u32,
        group: Option<u32>,
        of_fragment: &SeigDescriptions,
    ) -> Result<bool, IndexError> {
        let groups = SeigGroups {
            of_track: &self.groups,
            of_fragment,
        };
        groups.is_encrypted(self.get(description)?.1, group)
    }

    /// What all samples that can be decoded are coded in; `clear` are their descriptions.
    pub(super) fn codec(&self, clear: &[u32]) -> Result<Codec, IndexError> {
        let (&first, rest) = clear.split_first().unwrap_or((&1, &[]));
        let codec = SampleEntry::parse(self.get(first)?.0)?.codec;
        for &other in rest {
            if SampleEntry::parse(self.get(other)?.0)?.codec != codec {
                return Err(SEVERAL);
            }
        }
        Ok(codec)
    }

    /// The entry of the first of these samples that can be decoded, and which others begin where.
    pub(super) fn of_samples(
        &self,
        samples: &TrackSamples,
    ) -> Result<(SampleEntry, DescribedSamples), IndexError> {
        let clear = &samples.clear_descriptions;
        self.codec(clear)?;
        let first = SampleEntry::parse(self.get(clear.first().copied().unwrap_or(1))?.0)?;
        let mut described = DescribedSamples {
            all: vec![description_of(&first)],
            begins: vec![(0, 0)],
        };
        let is_clear = |number: &u32| clear.contains(number);
        for &(begin, number) in samples.described.iter().filter(|(_, nth)| is_clear(nth)) {
            let next = description_of(&SampleEntry::parse(self.get(number)?.0)?);
            let known = described.all.iter().position(|known| *known == next);
            let nth = known.unwrap_or(described.all.len());
            if known.is_none() {
                described.all.push(next);
            }
            if described.begins.last().is_some_and(|last| last.1 == nth) {
                continue;
            }
            if !begins_anew(&samples.stored, begin) {
                return Err(SEVERAL);
            }
            described.begins.push((begin, nth));
        }
        match described.all.len() {
            1 => Ok((first, DescribedSamples::default())),
            _ => Ok((first, described)),
        }
    }

    /// The shape of a pixel of each description, counted from 1, where the container or the parameter
    /// sets in it say so; nothing where all have one.
    pub(super) fn aspects(&self) -> Vec<Option<(u32, u32)>> {
        let aspect = |&(entry, _): &(Mp4Box<'_>, Protection)| {
            let layout = EntryLayout::parse(entry).ok()?;
            let stated = layout.sample_aspect_ratio;
            stated.or_else(|| bitstream::pixel_aspect_in_entry(entry.body))
        };
        let aspects: Vec<_> = self.entries.iter().map(aspect).collect();
        match aspects.windows(2).all(|pair| pair[0] == pair[1]) {
            true => Vec::new(),
            false => aspects,
        }
    }

    fn get(&self, description: u32) -> Result<(Mp4Box<'a>, Protection), IndexError> {
        let nth = description.checked_sub(1).ok_or(UNKNOWN)?;
        let nth = usize::try_from(nth).map_err(|_| UNKNOWN)?;
        self.entries.get(nth).copied().ok_or(UNKNOWN)
    }
}

/// Whether a decoder that begins here gives all pictures up to the next one that can begin.
fn begins_anew(samples: &[CodedSample], begin: usize) -> bool {
    let Some((first, after)) = samples.get(begin..).and_then(<[_]>::split_first) else {
        return false;
    };
    let mut group = after.iter().take_while(|sample| !sample.sync);
    first.sync && group.all(|sample| sample.pts >= first.pts)
}

fn description_of(entry: &SampleEntry) -> SampleDescription {
    SampleDescription {
        entry: entry.fed.clone(),
        coded: entry.layout.coded,
        crop: entry.layout.crop,
        sample_aspect_ratio: entry.layout.sample_aspect_ratio,
    }
}
