//! The samples of a `trun`: ISO/IEC 14496-12, 8.8.8.

use super::track::SampleDefaults;
use crate::IndexError;
use crate::mp4::fields::FieldReader;

/// A run of samples whose data follow each other.
#[derive(Debug)]
pub(super) struct RunBox<'a> {
    fields: FieldReader<'a>,
    flags: u32,
    count: u32,
    next: u32,
    defaults: SampleDefaults,
    /// Flags of the first sample.
    first: u32,
    /// Where its data begin, counted from the base of the fragment, where it says so.
    pub(super) offset: Option<i32>,
}

/// One sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunRow {
    /// Ticks.
    pub(super) duration: u32,
    /// Bytes.
    pub(super) size: u32,
    pub(super) sync: bool,
    /// From decoding to presentation, ticks.
    pub(super) shift: i64,
}

const NOT_SYNC: u32 = 0x0001_0000;
const DEPENDS: u32 = 0x0100_0000;

impl<'a> RunBox<'a> {
    pub(super) fn of(body: &'a [u8], defaults: SampleDefaults) -> Result<Self, IndexError> {
        let mut fields = FieldReader::of(body);
        let (_, flags) = fields.version_and_flags()?;
        let count = fields.u32()?;
        let offset = (flags & 1 != 0).then(|| fields.i32()).transpose()?;
        let first = (flags & 4 != 0).then(|| fields.u32()).transpose()?;
        Ok(Self {
            fields,
            flags,
            count,
            next: 0,
            defaults,
            first: first.unwrap_or(defaults.flags),
            offset,
        })
    }

    /// How many samples it has.
    pub(super) fn samples(&self) -> usize {
        usize::try_from(self.count).unwrap_or(usize::MAX)
    }

    fn row(&mut self) -> Result<RunRow, IndexError> {
        let is_first = self.next == 1;
        let usual = self.defaults;
        let flags = if is_first { self.first } else { usual.flags };
        let duration = self.field(0x100, usual.duration)?;
        let size = self.field(0x200, usual.size)?;
        let flags = self.field(0x400, flags)?;
        // Version 0 has no negative ones, and files have them all the same.
        let shift = self.field(0x800, 0)?.cast_signed();
        Ok(RunRow {
            duration,
            size,
            sync: flags & (NOT_SYNC | DEPENDS) == 0,
            shift: i64::from(shift),
        })
    }

    fn field(&mut self, flag: u32, usual: u32) -> Result<u32, IndexError> {
        if self.flags & flag == 0 {
            Ok(usual)
        } else {
            self.fields.u32()
        }
    }
}

impl Iterator for RunBox<'_> {
    type Item = Result<RunRow, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.count {
            return None;
        }
        self.next += 1;
        Some(self.row())
    }
}
