//! How large samples are.

use crate::IndexError;
use crate::mp4::boxes::optional;
use crate::mp4::fields::FieldReader;

/// `stsz` or `stz2`.
pub(super) struct SizeTable<'a> {
    /// Of all samples.
    same: u32,
    bits: u8,
    table: &'a [u8],
    pub(super) count: u32,
}

impl<'a> SizeTable<'a> {
    pub(super) fn of(stbl: &'a [u8]) -> Result<Self, IndexError> {
        let (stsz, stz2) = (optional(stbl, b"stsz")?, optional(stbl, b"stz2")?);
        let ((Some(body), None) | (None, Some(body))) = (stsz, stz2) else {
            return Err(IndexError::Unsupported("it has not one table of sizes"));
        };
        let mut fields = FieldReader::of(body);
        fields.version_and_flags()?;
        let word = fields.u32()?;
        let (same, bits) = if stsz.is_some() {
            (word, 32)
        } else {
            (0, word.to_be_bytes()[3])
        };
        let (count, table) = (fields.u32()?, fields.rest());
        let needed = (u64::from(count) * u64::from(bits)).div_ceil(8);
        if same == 0 && (!matches!(bits, 4 | 8 | 16 | 32) || needed > table.len() as u64) {
            return Err(IndexError::Unsupported("its table of sizes is damaged"));
        }
        Ok(Self {
            same,
            bits,
            table,
            count,
        })
    }

    /// How many samples have a size of their own in the table.
    pub(super) fn listed(&self) -> usize {
        if self.same > 0 {
            return 0;
        }
        usize::try_from(self.count).unwrap_or(usize::MAX)
    }

    pub(super) fn get(&self, number: u32) -> Result<u32, IndexError> {
        if self.same > 0 {
            return Ok(self.same);
        }
        let bit = u64::from(number) * u64::from(self.bits);
        let mut fields = FieldReader::of(self.table);
        fields.skip(usize::try_from(bit / 8).unwrap_or(usize::MAX))?;
        Ok(match self.bits {
            4 if bit % 8 == 0 => u32::from(fields.u8()? >> 4),
            4 => u32::from(fields.u8()? & 15),
            8 => u32::from(fields.u8()?),
            16 => u32::from(fields.u16()?),
            _ => fields.u32()?,
        })
    }
}
