//! Which samples of a track are encrypted: ISO/IEC 14496-12, 8.12 and ISO/IEC 23001-7 (`cenc`,
//! `cens`, `cbc1`, `cbcs`). Nothing is decrypted: a key is never at hand.

use super::boxes::{Mp4Box, boxes, optional};
use super::compact_groups::OF_FRAGMENT;
use super::fed_entry::VISUAL_BYTES;
use super::groups::GroupDescriptions;
use crate::IndexError;

/// What a sample is of whose group says nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protection {
    /// Its sample description is an ordinary one: no group makes it encrypted.
    None,
    /// Its sample description is of encrypted samples, and this is the default of `tenc`.
    Default { encrypted: bool },
}

/// Names of sample entries that only encrypted samples have: the standard's, and `FairPlay`'s.
const ENCRYPTED_KINDS: [&[u8; 4]; 2] = [b"encv", b"drmi"];

/// Of an entry of `stsd`. What is not said is encrypted: schemes of vendors say it elsewhere.
pub(super) fn of_entry(entry: Mp4Box<'_>) -> Protection {
    let sinf = scheme(entry);
    if sinf.is_none() && !ENCRYPTED_KINDS.contains(&&entry.kind) {
        return Protection::None;
    }
    let child = |body, kind| optional(body, kind).ok().flatten();
    let tenc = sinf
        .and_then(|sinf| child(sinf, b"schi"))
        .and_then(|schi| child(schi, b"tenc"));
    // Version, flags, reserved, pattern.
    let is_protected = tenc.and_then(|tenc| tenc.get(6));
    Protection::Default {
        encrypted: is_protected != Some(&0),
    }
}

/// The name that the entry would have if its samples were not encrypted.
pub(super) fn original_kind(entry: Mp4Box<'_>) -> [u8; 4] {
    let frma = scheme(entry).and_then(|sinf| optional(sinf, b"frma").ok().flatten());
    let kind = frma.and_then(|frma| frma.get(..4)?.try_into().ok());
    kind.unwrap_or(entry.kind)
}

fn scheme(entry: Mp4Box<'_>) -> Option<&[u8]> {
    let inner = entry.body.get(VISUAL_BYTES..).unwrap_or_default();
    let sinf = boxes(inner).find(|boxed| &boxed.kind == b"sinf")?;
    Some(sinf.body)
}

/// Whether a video of a file has encrypted samples, however little of the file can be read.
pub(super) fn is_mentioned(moov: &[u8]) -> bool {
    let child = |body, kind| optional(body, kind).ok().flatten();
    let stsd = |trak| {
        let stbl = child(child(child(trak, b"mdia")?, b"minf")?, b"stbl")?;
        child(stbl, b"stsd")?.get(8..)
    };
    boxes(moov)
        .filter(|boxed| &boxed.kind == b"trak")
        .filter_map(|trak| stsd(trak.body))
        .flat_map(boxes)
        .any(|entry| {
            // What samples of sound begin with is shorter: `enca` is of no interest.
            ENCRYPTED_KINDS.contains(&&entry.kind) || is_protected_video(entry)
        })
}

fn is_protected_video(entry: Mp4Box<'_>) -> bool {
    let is_sound = matches!(&entry.kind, b"enca" | b"encs" | b"enct" | b"drms");
    !is_sound && of_entry(entry) != Protection::None
}

/// The groups of type `seig` that a `stbl` or `traf` describes: ISO/IEC 23001-7, 6.
#[derive(Debug, Default)]
pub(super) struct SeigDescriptions {
    /// Whether each is of encrypted samples.
    encrypted: Vec<bool>,
    /// The group of samples of which nothing says which they are in, counted from 1; 0 is none.
    default: u32,
}

impl SeigDescriptions {
    pub(super) fn of(body: &[u8]) -> Result<Self, IndexError> {
        let described = GroupDescriptions::of(body, *b"seig", seig_bytes)?;
        // Reserved and a pattern come first.
        let is_protected = |entry: &&[u8]| entry.get(2) != Some(&0);
        Ok(Self {
            encrypted: described.entries.iter().map(is_protected).collect(),
            default: described.default,
        })
    }

    fn get(&self, nth: u32) -> Option<bool> {
        self.encrypted.get(usize::try_from(nth).ok()?).copied()
    }
}

/// Flags, the identifier of the key, and where no sample has an initialization vector, one for all.
fn seig_bytes(start: &[u8]) -> usize {
    const FIXED_BYTES: usize = 20;
    match start.get(2..4) {
        Some(&[protected, 0]) if protected != 0 => {
            FIXED_BYTES + 1 + start.get(FIXED_BYTES).map_or(0, |&n| n.into())
        }
        _ => FIXED_BYTES,
    }
}

/// What the groups of a table or of a fragment mean.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeigGroups<'a> {
    pub(super) of_track: &'a SeigDescriptions,
    pub(super) of_fragment: &'a SeigDescriptions,
}

impl SeigGroups<'_> {
    /// Whether a sample is encrypted that is in this group; 0 is none, and none where that is not
    /// said.
    pub(super) fn is_encrypted(
        self,
        protection: Protection,
        group: Option<u32>,
    ) -> Result<bool, IndexError> {
        let Protection::Default { encrypted } = protection else {
            return Ok(false);
        };
        let group = group.unwrap_or_else(|| self.default_group());
        let described = match group.checked_sub(1) {
            None => return Ok(encrypted),
            Some(nth) if group > OF_FRAGMENT => self.of_fragment.get(nth - OF_FRAGMENT),
            Some(nth) => self.of_track.get(nth),
        };
        let unknown = IndexError::Unsupported("a group of samples is not described");
        described.ok_or(unknown)
    }

    /// A fragment's own goes first; it counts its groups from either start.
    fn default_group(self) -> u32 {
        match self.of_fragment.default {
            0 => self.of_track.default,
            group if group > OF_FRAGMENT => group,
            group => group.saturating_add(OF_FRAGMENT),
        }
    }
}
