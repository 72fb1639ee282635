//! The sample descriptions of a track: `stsd`, ISO/IEC 14496-12, 8.5.2.

use super::boxes::{Mp4Box, boxes, required};
use super::entry::{EntryLayout, SampleEntry};
use super::fields::FieldReader;
use super::protection::{self, Protection, SeigDescriptions, SeigGroups};
use crate::{IndexError, bitstream};

/// All of a track, and which of their samples are encrypted.
#[derive(Debug)]
pub(super) struct SampleDescriptions<'a> {
    entries: Vec<(Mp4Box<'a>, Protection)>,
    groups: SeigDescriptions,
}

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

    /// The entry that all samples that can be decoded have in common, as far as it matters to a
    /// decoder; `clear` are their descriptions.
    pub(super) fn entry(&self, clear: &[u32]) -> Result<SampleEntry, IndexError> {
        let (&first, rest) = clear.split_first().unwrap_or((&1, &[]));
        let entry = SampleEntry::parse(self.get(first)?.0)?;
        for &other in rest {
            if SampleEntry::parse(self.get(other)?.0)?.fed != entry.fed {
                return Err(IndexError::Unsupported(
                    "it has several sample descriptions",
                ));
            }
        }
        Ok(entry)
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
