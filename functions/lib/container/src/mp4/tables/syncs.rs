//! Where decoding can start.

use super::runs::RunLengths;
use crate::IndexError;
use crate::mp4::boxes::{boxes, optional};
use crate::mp4::fields::{FieldReader, rows};

/// `stss` and `stps`, and the samples that a group of kind `rap ` marks.
pub(super) struct SyncTable<'a> {
    /// None: all.
    full: Option<SampleNumbers<'a>>,
    partial: Option<SampleNumbers<'a>>,
    access: Option<RunLengths<'a>>,
}

impl<'a> SyncTable<'a> {
    pub(super) fn of(stbl: &'a [u8]) -> Result<Self, IndexError> {
        let full = optional(stbl, b"stss")?
            .map(SampleNumbers::of)
            .transpose()?;
        if full.as_ref().is_some_and(|numbers| numbers.0.is_empty()) {
            return Err(IndexError::Unsupported(
                "no sample is said to be a sync sample",
            ));
        }
        Ok(Self {
            full,
            partial: optional(stbl, b"stps")?
                .map(SampleNumbers::of)
                .transpose()?,
            access: access_points(stbl)?.map(RunLengths::of),
        })
    }

    pub(super) fn step(&mut self, number: u32) -> bool {
        let has = |numbers: &mut Option<SampleNumbers<'_>>| {
            numbers
                .as_mut()
                .is_some_and(|numbers| numbers.reach(number))
        };
        let full = self.full.is_none() || has(&mut self.full);
        let partial = has(&mut self.partial);
        let access = self.access.as_mut().and_then(RunLengths::step);
        full || partial || access.is_some_and(|group| group > 0)
    }
}

/// Rising numbers of samples, counted from 1.
pub(super) struct SampleNumbers<'a>(&'a [[u8; 4]]);

impl<'a> SampleNumbers<'a> {
    pub(super) fn of(body: &'a [u8]) -> Result<Self, IndexError> {
        let numbers: &[[u8; 4]] = rows(body)?;
        let rises = numbers.is_sorted_by(|one, other| one < other);
        if !rises || numbers.first() == Some(&[0; 4]) {
            return Err(IndexError::Unsupported(
                "its table of sync samples is not in order",
            ));
        }
        Ok(Self(numbers))
    }

    /// Whether it has this number, counted from 0; asked in rising order.
    fn reach(&mut self, number: u32) -> bool {
        let [first, rest @ ..] = self.0 else {
            return false;
        };
        let has = u32::from_be_bytes(*first) == number.saturating_add(1);
        if has {
            self.0 = rest;
        }
        has
    }
}

/// The runs of `sbgp` of type `rap `.
fn access_points(stbl: &[u8]) -> Result<Option<&[[u8; 8]]>, IndexError> {
    let mut found = None;
    for boxed in boxes(stbl).filter(|boxed| &boxed.kind == b"sbgp") {
        let mut fields = FieldReader::of(boxed.body);
        let (version, _) = fields.version_and_flags()?;
        if &fields.kind()? != b"rap " {
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
