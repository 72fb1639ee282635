//! Which samples of a track are encrypted: ISO/IEC 14496-12, 8.12 and ISO/IEC 23001-7 (`cenc`,
//! `cens`, `cbc1`, `cbcs`). Nothing is decrypted: a key is never at hand.

use super::boxes::{Mp4Box, boxes, optional};
use super::fed_entry::VISUAL_BYTES;
use super::groups;
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

/// The groups of type `seig` that a `stbl` or `traf` describes: whether each is of encrypted
/// samples. ISO/IEC 23001-7, 6.
pub(super) fn seig_groups(body: &[u8]) -> Result<Vec<bool>, IndexError> {
    let descriptions = groups::descriptions(body, *b"seig", seig_bytes)?;
    // Reserved and a pattern come first.
    let is_protected = descriptions.iter().map(|entry| entry.get(2) != Some(&0));
    Ok(is_protected.collect())
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

/// Groups that a fragment itself describes are counted from here.
const OF_FRAGMENT: u32 = 0x1_0000;

/// What the groups of a table or of a fragment mean.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeigGroups<'a> {
    pub(super) of_track: &'a [bool],
    pub(super) of_fragment: &'a [bool],
}

impl SeigGroups<'_> {
    /// Whether a sample is encrypted that is in this group; 0 is none.
    pub(super) fn is_encrypted(
        self,
        protection: Protection,
        group: u32,
    ) -> Result<bool, IndexError> {
        let Protection::Default { encrypted } = protection else {
            return Ok(false);
        };
        let described = match group.checked_sub(1) {
            None => return Ok(encrypted),
            Some(nth) if group > OF_FRAGMENT => {
                let nth = nth - OF_FRAGMENT;
                self.of_fragment
                    .get(usize::try_from(nth).unwrap_or(usize::MAX))
            }
            Some(nth) => self
                .of_track
                .get(usize::try_from(nth).unwrap_or(usize::MAX)),
        };
        let unknown = IndexError::Unsupported("a group of samples is not described");
        described.copied().ok_or(unknown)
    }
}
