//! When samples are decoded and shown.

use super::runs::RunLengths;
use crate::IndexError;
use crate::mp4::boxes::{optional, required};
use crate::mp4::fields::rows;

/// Larger durations and offsets are taken for negative ones, or for damage.
const MOST_DURATION: u32 = u32::MAX - 48_000 * 10;
const MOST_OFFSET: u32 = 1 << 28;

/// `stts` and `ctts`.
pub(super) struct TimeTable<'a> {
    durations: RunLengths<'a>,
    offsets: Option<RunLengths<'a>>,
    dts: i64,
}

impl<'a> TimeTable<'a> {
    pub(super) fn of(stbl: &'a [u8]) -> Result<Self, IndexError> {
        let offsets = optional(stbl, b"ctts")?.map(rows).transpose()?;
        Ok(Self {
            durations: RunLengths::of(rows(required(stbl, b"stts")?)?),
            offsets: offsets.filter(|rows| !rows.is_empty()).map(RunLengths::of),
            dts: 0,
        })
    }

    /// Samples need not be shown in decoding order.
    pub(super) fn has_offsets(&self) -> bool {
        self.offsets.is_some()
    }

    /// Decoding time, presentation time and duration of the next sample.
    pub(super) fn step(&mut self) -> Result<(i64, i64, u32), IndexError> {
        const DAMAGED: IndexError = IndexError::Unsupported("its table of times is damaged");
        let duration = self
            .durations
            .step()
            .filter(|&ticks| ticks <= MOST_DURATION);
        let duration = duration.ok_or(DAMAGED)?;
        // Version 0 has no negative offsets, and files have them all the same.
        let offset = match &mut self.offsets {
            Some(offsets) => offsets.step().ok_or(DAMAGED)?.cast_signed(),
            None => 0,
        };
        if offset.unsigned_abs() > MOST_OFFSET {
            return Err(DAMAGED);
        }
        let dts = self.dts;
        self.dts = dts.checked_add(i64::from(duration)).ok_or(DAMAGED)?;
        let pts = dts.checked_add(i64::from(offset)).ok_or(DAMAGED)?;
        Ok((dts, pts, duration))
    }
}
