//! Groups of samples: `sbgp`, `csgp` and `sgpd`, ISO/IEC 14496-12, 8.9.

use super::boxes::boxes;
use super::compact_groups::CompactGroups;
use super::fields::{FieldReader, rows};
use super::tables::runs::RunLengths;
use crate::IndexError;

const DAMAGED: IndexError = IndexError::Unsupported("its groups of samples are damaged");

/// Which group each sample is in, one after the other.
#[derive(Debug)]
pub(super) enum GroupNumbers<'a> {
    Runs(RunLengths<'a>),
    Compact(CompactGroups),
}

impl<'a> GroupNumbers<'a> {
    /// Of groups of `kind` within a `stbl` or `traf`; none where nothing says it.
    pub(super) fn of(body: &'a [u8], kind: [u8; 4]) -> Result<Option<Self>, IndexError> {
        let mut found = None;
        for boxed in boxes(body) {
            let numbers = match &boxed.kind {
                b"sbgp" => rows_of(boxed.body, kind)?
                    .map(RunLengths::of)
                    .map(Self::Runs),
                b"csgp" => CompactGroups::of(boxed.body, kind)?.map(Self::Compact),
                _ => None,
            };
            if numbers.is_some() && found.is_some() {
                return Err(IndexError::Unsupported("a box is there twice"));
            }
            found = found.or(numbers);
        }
        Ok(found)
    }

    /// The group of the next sample, counted from 1; 0 is none. None where that is not said.
    pub(super) fn step(&mut self) -> Option<u32> {
        match self {
            Self::Runs(runs) => runs.step(),
            Self::Compact(compact) => compact.step(),
        }
    }
}

/// Of how many samples which group is, by the one `sbgp` about groups of `kind`. No other box is
/// looked at: what ffmpeg's demuxer does not know must not count where both have to agree.
pub(super) fn runs(body: &[u8], kind: [u8; 4]) -> Result<Option<&[[u8; 8]]>, IndexError> {
    let mut found = None;
    for boxed in boxes(body).filter(|boxed| &boxed.kind == b"sbgp") {
        let rows = rows_of(boxed.body, kind)?;
        if rows.is_some() && found.is_some() {
            return Err(IndexError::Unsupported("a box is there twice"));
        }
        found = found.or(rows);
    }
    Ok(found)
}

fn rows_of(body: &[u8], kind: [u8; 4]) -> Result<Option<&[[u8; 8]]>, IndexError> {
    let mut fields = FieldReader::of(body);
    let (version, _) = fields.version_and_flags()?;
    if fields.kind()? != kind {
        return Ok(None);
    }
    // The count comes where other tables have it if the kind is taken for the flags.
    let skipped = if version == 1 { 8 } else { 4 };
    rows(body.get(skipped..).unwrap_or_default()).map(Some)
}

/// Nobody needs more, and each is small.
const MOST_DESCRIPTIONS: u32 = 1 << 16;

/// What is said of each group of a kind.
#[derive(Debug, Default)]
pub(super) struct GroupDescriptions<'a> {
    pub(super) entries: Vec<&'a [u8]>,
    /// The group of samples of which nothing says which they are in, counted from 1; 0 is none.
    pub(super) default: u32,
}

impl<'a> GroupDescriptions<'a> {
    /// Of groups of `kind`. Where the box does not say how long each entry is, `own_bytes` tells
    /// it of what it begins with.
    pub(super) fn of(
        body: &'a [u8],
        kind: [u8; 4],
        own_bytes: fn(&[u8]) -> usize,
    ) -> Result<Self, IndexError> {
        let mut all = Self::default();
        for boxed in boxes(body).filter(|boxed| &boxed.kind == b"sgpd") {
            let mut fields = FieldReader::of(boxed.body);
            let (version, _) = fields.version_and_flags()?;
            if fields.kind()? != kind {
                continue;
            }
            let Self { entries, default } = one(version, fields, own_bytes)?;
            if default > 0 {
                let before = u32::try_from(all.entries.len()).map_err(|_| DAMAGED)?;
                all.default = default.checked_add(before).ok_or(DAMAGED)?;
            }
            all.entries.extend(entries);
        }
        Ok(all)
    }
}

/// What of a `sgpd` comes after its kind. Until the edition of 2020 version 2 had no lengths:
/// files of both sorts are told by what fills the box.
fn one(
    version: u8,
    fields: FieldReader<'_>,
    own_bytes: fn(&[u8]) -> usize,
) -> Result<GroupDescriptions<'_>, IndexError> {
    let (entries, default) = match version {
        0 => (entries(fields, None, own_bytes)?.0, 0),
        1 => with_lengths(fields, version, own_bytes)?,
        _ => match with_lengths(fields, version, own_bytes) {
            Ok(described) => described,
            Err(_) => {
                let mut fields = fields;
                let default = fields.u32()?;
                let (entries, rest) = entries(fields, None, own_bytes)?;
                (rest == 0).then_some((entries, default)).ok_or(DAMAGED)?
            }
        },
    };
    Ok(GroupDescriptions { entries, default })
}

type Entries<'a> = Vec<&'a [u8]>;

fn with_lengths(
    mut fields: FieldReader<'_>,
    version: u8,
    own_bytes: fn(&[u8]) -> usize,
) -> Result<(Entries<'_>, u32), IndexError> {
    let same_bytes = fields.u32()?;
    let default = if version >= 2 { fields.u32()? } else { 0 };
    let (entries, rest) = entries(fields, Some(same_bytes), own_bytes)?;
    match version >= 2 && rest > 0 {
        true => Err(DAMAGED),
        false => Ok((entries, default)),
    }
}

/// The entries, of `same_bytes` each where that is not 0, and how many bytes follow them.
fn entries(
    mut fields: FieldReader<'_>,
    same_bytes: Option<u32>,
    own_bytes: fn(&[u8]) -> usize,
) -> Result<(Entries<'_>, usize), IndexError> {
    let count = fields.u32()?;
    if count > MOST_DESCRIPTIONS {
        return Err(DAMAGED);
    }
    let mut found = Vec::new();
    for _ in 0..count {
        let bytes = match same_bytes {
            None => own_bytes(fields.rest()),
            Some(0) => usize::try_from(fields.u32()?).map_err(|_| DAMAGED)?,
            Some(bytes) => usize::try_from(bytes).map_err(|_| DAMAGED)?,
        };
        found.push(fields.rest().get(..bytes).ok_or(DAMAGED)?);
        fields.skip(bytes)?;
    }
    Ok((found, fields.rest().len()))
}
