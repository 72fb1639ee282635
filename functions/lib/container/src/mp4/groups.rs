//! Groups of samples: `sbgp` and `sgpd`, ISO/IEC 14496-12, 8.9.

use super::boxes::boxes;
use super::fields::{FieldReader, rows};
use crate::IndexError;

/// Of how many samples which group is, for groups of `kind` within a `stbl` or `traf`.
pub(super) fn runs(body: &[u8], kind: [u8; 4]) -> Result<Option<&[[u8; 8]]>, IndexError> {
    let mut found = None;
    for boxed in boxes(body).filter(|boxed| &boxed.kind == b"sbgp") {
        let mut fields = FieldReader::of(boxed.body);
        let (version, _) = fields.version_and_flags()?;
        if fields.kind()? != kind {
            continue;
        }
        if found.is_some() {
            return Err(IndexError::Unsupported("a box is there twice"));
        }
        // The count comes where other tables have it if the kind is taken for the flags.
        let skipped = if version == 1 { 8 } else { 4 };
        found = Some(rows(boxed.body.get(skipped..).unwrap_or_default())?);
    }
    Ok(found)
}

/// Nobody needs more, and each is small.
const MOST_DESCRIPTIONS: u32 = 1 << 16;

/// What is said of each group of `kind`. Where the box does not say how long each is,
/// `own_bytes` tells it of what it begins with.
pub(super) fn descriptions(
    body: &[u8],
    kind: [u8; 4],
    own_bytes: fn(&[u8]) -> usize,
) -> Result<Vec<&[u8]>, IndexError> {
    const DAMAGED: IndexError = IndexError::Unsupported("its groups of samples are damaged");
    let mut found = Vec::new();
    for boxed in boxes(body).filter(|boxed| &boxed.kind == b"sgpd") {
        let mut fields = FieldReader::of(boxed.body);
        let (version, _) = fields.version_and_flags()?;
        if fields.kind()? != kind {
            continue;
        }
        // The length of each, or the group of samples that are in none.
        let same_bytes = if version == 0 { 0 } else { fields.u32()? };
        let count = fields.u32()?;
        if count > MOST_DESCRIPTIONS {
            return Err(DAMAGED);
        }
        for _ in 0..count {
            let bytes = match (version, same_bytes) {
                (1, 0) => usize::try_from(fields.u32()?).map_err(|_| DAMAGED)?,
                (1, bytes) => usize::try_from(bytes).map_err(|_| DAMAGED)?,
                _ => own_bytes(fields.rest()),
            };
            found.push(fields.rest().get(..bytes).ok_or(DAMAGED)?);
            fields.skip(bytes)?;
        }
    }
    Ok(found)
}
