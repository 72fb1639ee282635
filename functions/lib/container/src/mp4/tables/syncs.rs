//! Where decoding can start.

use super::runs::RunLengths;
use crate::IndexError;
use crate::mp4::boxes::optional;
use crate::mp4::fields::rows;
use crate::mp4::groups;

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
            access: groups::runs(stbl, *b"rap ")?.map(RunLengths::of),
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
