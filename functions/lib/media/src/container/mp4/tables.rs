//! The sample table `stbl` of a track: ISO/IEC 14496-12, 8.5 to 8.7.

use super::boxes::{boxes, only, the};
use super::fields::{Fields, pair, rows};
use super::samples::Samples;
use crate::container::{IndexLimits, NoIndex};
use plan::Sample;

/// Larger durations and offsets are taken for negative ones, or for damage.
const MOST_DURATION: u32 = u32::MAX - 48_000 * 10;
const MOST_OFFSET: u32 = 1 << 28;

/// Reads all samples, times on the clock of the media.
pub(super) fn read(stbl: &[u8], file_bytes: u64, limits: IndexLimits) -> Result<Samples, NoIndex> {
    let sizes = Sizes::of(stbl)?;
    let mut times = Times::of(stbl)?;
    let mut syncs = Syncs::of(stbl)?;
    let mut samples = Samples {
        has_offsets: times.offsets.is_some(),
        ..Samples::default()
    };
    let mut chunks = Chunks::of(stbl)?;
    let mut next = chunks.next().transpose()?;
    let mut within = 0_u32;
    let mut offset = 0_u64;
    for number in 0..sizes.count {
        while let Some((at, count)) = next {
            if within == 0 {
                offset = at;
            }
            if within < count {
                break;
            }
            (next, within) = (chunks.next().transpose()?, 0);
        }
        if next.is_none() {
            break;
        }
        within += 1;
        let size = sizes.get(number)?;
        let end = offset.checked_add(u64::from(size));
        let end = end.filter(|&end| size > 0 && end <= file_bytes);
        let end = end.ok_or(NoIndex::Odd("a sample is empty or not in the file"))?;
        let (dts, pts, duration) = times.step()?;
        let sample = Sample {
            offset,
            size,
            pts,
            sync: syncs.step(number),
            shown: true,
        };
        samples.push(sample, dts, duration, limits.samples)?;
        offset = end;
    }
    Ok(samples)
}

/// How many samples the table has, the ends of their durations, ticks, one after the other as
/// runs of equal ones: what is needed of sound.
pub(super) fn durations(stbl: &[u8]) -> Result<(u32, &[[u8; 8]]), NoIndex> {
    Ok((Sizes::of(stbl)?.count, rows(the(stbl, b"stts")?)?))
}

/// Whether the table lists times of samples at all.
pub(super) fn has_times(stbl: &[u8]) -> Result<bool, NoIndex> {
    Ok(!table::<8>(stbl, b"stts")?.is_empty())
}

/// Whether the tables contradict each other so that a reader gives up on the track.
pub(super) fn is_broken(stbl: &[u8]) -> Result<bool, NoIndex> {
    let (short, long) = (table::<4>(stbl, b"stco")?, table::<8>(stbl, b"co64")?);
    let has_chunks = !short.is_empty() || !long.is_empty();
    let has_samples = Sizes::of(stbl).is_ok_and(|sizes| sizes.count > 0);
    Ok(has_chunks || has_samples)
}

/// Rows of a table that may be missing.
fn table<'a, const N: usize>(stbl: &'a [u8], kind: &[u8; 4]) -> Result<&'a [[u8; N]], NoIndex> {
    Ok(only(stbl, kind)?.map(rows).transpose()?.unwrap_or_default())
}

/// `stsz` or `stz2`.
struct Sizes<'a> {
    /// Of all samples.
    same: u32,
    bits: u8,
    table: &'a [u8],
    count: u32,
}

impl<'a> Sizes<'a> {
    fn of(stbl: &'a [u8]) -> Result<Self, NoIndex> {
        let (stsz, stz2) = (only(stbl, b"stsz")?, only(stbl, b"stz2")?);
        let body = match (stsz, stz2) {
            (Some(body), None) | (None, Some(body)) => body,
            _ => return Err(NoIndex::Odd("it has not one table of sizes")),
        };
        let mut fields = Fields::of(body);
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
            return Err(NoIndex::Odd("its table of sizes is damaged"));
        }
        Ok(Self {
            same,
            bits,
            table,
            count,
        })
    }

    fn get(&self, number: u32) -> Result<u32, NoIndex> {
        if self.same > 0 {
            return Ok(self.same);
        }
        let bit = u64::from(number) * u64::from(self.bits);
        let mut fields = Fields::of(self.table);
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

/// `stsc` with `stco` or `co64`: where each chunk is and how many samples it has.
struct Chunks<'a> {
    runs: &'a [[u8; 12]],
    offsets: Offsets<'a>,
    number: u32,
    run: usize,
}

enum Offsets<'a> {
    Short(&'a [[u8; 4]]),
    Long(&'a [[u8; 8]]),
}

impl<'a> Chunks<'a> {
    fn of(stbl: &'a [u8]) -> Result<Self, NoIndex> {
        let offsets = match (only(stbl, b"stco")?, only(stbl, b"co64")?) {
            (Some(body), None) => Offsets::Short(rows(body)?),
            (None, Some(body)) => Offsets::Long(rows(body)?),
            _ => return Err(NoIndex::Odd("it has not one table of chunks")),
        };
        let runs: &[[u8; 12]] = rows(the(stbl, b"stsc")?)?;
        let first = |row: &[u8; 12]| u32::from_be_bytes([row[0], row[1], row[2], row[3]]);
        let starts = runs.first().is_none_or(|row| first(row) == 1);
        if !starts || !runs.is_sorted_by(|one, other| first(one) < first(other)) {
            return Err(NoIndex::Odd("its chunks are not in order"));
        }
        Ok(Self {
            runs,
            offsets,
            number: 0,
            run: 0,
        })
    }

    fn row(&self, run: usize) -> Option<(u32, u32, u32)> {
        let (row, _) = self.runs.get(run)?.as_chunks::<4>();
        let [first, count, description] = row else {
            return None;
        };
        let number = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes);
        Some((number(first), number(count), number(description)))
    }
}

impl Iterator for Chunks<'_> {
    type Item = Result<(u64, u32), NoIndex>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = usize::try_from(self.number).ok()?;
        let offset = match self.offsets {
            Offsets::Short(table) => u64::from(u32::from_be_bytes(*table.get(at)?)),
            Offsets::Long(table) => u64::from_be_bytes(*table.get(at)?),
        };
        self.number += 1;
        if self
            .row(self.run + 1)
            .is_some_and(|(first, ..)| first == self.number)
        {
            self.run += 1;
        }
        Some(match self.row(self.run) {
            Some((_, count @ 1.., 1)) => Ok((offset, count)),
            Some((_, 1.., _)) => Err(NoIndex::Odd("it has several sample descriptions")),
            _ => Err(NoIndex::Odd("a chunk has no samples")),
        })
    }
}

/// `stts` and `ctts`.
struct Times<'a> {
    durations: Runs<'a>,
    offsets: Option<Runs<'a>>,
    dts: i64,
}

impl<'a> Times<'a> {
    fn of(stbl: &'a [u8]) -> Result<Self, NoIndex> {
        let offsets = only(stbl, b"ctts")?.map(rows).transpose()?;
        Ok(Self {
            durations: Runs::of(rows(the(stbl, b"stts")?)?),
            offsets: offsets.filter(|rows| !rows.is_empty()).map(Runs::of),
            dts: 0,
        })
    }

    /// Decoding time, presentation time and duration of the next sample.
    fn step(&mut self) -> Result<(i64, i64, u32), NoIndex> {
        const DAMAGED: NoIndex = NoIndex::Odd("its table of times is damaged");
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

/// Rows of a count and a value, unrolled. A count of 0 ends them: readers differ on it.
struct Runs<'a> {
    rows: std::slice::Iter<'a, [u8; 8]>,
    left: u32,
    value: u32,
}

impl<'a> Runs<'a> {
    fn of(rows: &'a [[u8; 8]]) -> Self {
        Self {
            rows: rows.iter(),
            left: 0,
            value: 0,
        }
    }

    fn step(&mut self) -> Option<u32> {
        if self.left == 0 {
            (self.left, self.value) = pair(*self.rows.next()?);
        }
        self.left = self.left.checked_sub(1)?;
        Some(self.value)
    }
}

/// `stss` and `stps`, and the samples that a group of kind `rap ` marks.
struct Syncs<'a> {
    /// None: all.
    full: Option<Numbers<'a>>,
    partial: Option<Numbers<'a>>,
    access: Option<Runs<'a>>,
}

impl<'a> Syncs<'a> {
    fn of(stbl: &'a [u8]) -> Result<Self, NoIndex> {
        let full = only(stbl, b"stss")?.map(Numbers::of).transpose()?;
        if full.as_ref().is_some_and(|numbers| numbers.0.is_empty()) {
            return Err(NoIndex::Odd("no sample is said to be a sync sample"));
        }
        Ok(Self {
            full,
            partial: only(stbl, b"stps")?.map(Numbers::of).transpose()?,
            access: access_points(stbl)?.map(Runs::of),
        })
    }

    fn step(&mut self, number: u32) -> bool {
        let has = |numbers: &mut Option<Numbers<'_>>| {
            numbers
                .as_mut()
                .is_some_and(|numbers| numbers.reach(number))
        };
        let full = self.full.is_none() || has(&mut self.full);
        let partial = has(&mut self.partial);
        let access = self.access.as_mut().and_then(Runs::step);
        full || partial || access.is_some_and(|group| group > 0)
    }
}

/// Rising numbers of samples, counted from 1.
struct Numbers<'a>(&'a [[u8; 4]]);

impl<'a> Numbers<'a> {
    fn of(body: &'a [u8]) -> Result<Self, NoIndex> {
        let numbers: &[[u8; 4]] = rows(body)?;
        let rises = numbers.is_sorted_by(|one, other| one < other);
        if !rises || numbers.first() == Some(&[0; 4]) {
            return Err(NoIndex::Odd("its table of sync samples is not in order"));
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
fn access_points(stbl: &[u8]) -> Result<Option<&[[u8; 8]]>, NoIndex> {
    let mut found = None;
    for boxed in boxes(stbl).filter(|boxed| &boxed.kind == b"sbgp") {
        let mut fields = Fields::of(boxed.body);
        let (version, _) = fields.version_and_flags()?;
        if &fields.kind()? != b"rap " {
            continue;
        }
        if found.is_some() {
            return Err(NoIndex::Odd("a box is there twice"));
        }
        // The count comes where other tables have it if the kind is taken for the flags.
        let skipped = if version == 1 { 8 } else { 4 };
        found = Some(rows(boxed.body.get(skipped..).unwrap_or_default())?);
    }
    Ok(found)
}
