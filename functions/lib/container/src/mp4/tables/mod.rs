//! The sample table `stbl` of a track: ISO/IEC 14496-12, 8.5 to 8.7.

mod chunks;
pub(super) mod runs;
mod sizes;
mod syncs;
mod times;

use super::boxes::{optional, required};
use super::descriptions::SampleDescriptions;
use super::fields::rows;
use super::groups::GroupNumbers;
use super::protection::SeigDescriptions;
use super::samples::TrackSamples;
use crate::{IndexError, IndexLimits};
use chunks::{Chunk, ChunkTable};
use plan::CodedSample;
use sizes::SizeTable;
use syncs::SyncTable;
use times::TimeTable;

/// Reads all samples, times on the clock of the media.
pub(super) fn read(
    stbl: &[u8],
    descriptions: &SampleDescriptions<'_>,
    file_bytes: u64,
    limits: IndexLimits,
) -> Result<TrackSamples, IndexError> {
    let sizes = SizeTable::of(stbl)?;
    let mut times = TimeTable::of(stbl)?;
    let mut syncs = SyncTable::of(stbl)?;
    let mut groups = GroupNumbers::of(stbl, *b"seig")?;
    let no_fragment = SeigDescriptions::default();
    let mut samples = TrackSamples {
        has_offsets: times.has_offsets(),
        ..TrackSamples::default()
    };
    samples.reserve(sizes.listed().min(limits.samples.count));
    let mut numbers = 0..sizes.count;
    for chunk in ChunkTable::of(stbl)? {
        let Chunk {
            mut offset,
            samples: count,
            description,
        } = chunk?;
        for number in numbers.by_ref().take(count as usize) {
            let size = sizes.get(number)?;
            let end = offset.checked_add(u64::from(size));
            let end = end.filter(|&end| size > 0 && end <= file_bytes);
            let end = end.ok_or(IndexError::Unsupported(
                "a sample is empty or not in the file",
            ))?;
            let (dts, pts, duration) = times.step()?;
            let group = groups.as_mut().and_then(GroupNumbers::step);
            let encrypted = descriptions.is_encrypted(description, group, &no_fragment)?;
            samples.describe(description, encrypted)?;
            let sample = CodedSample {
                offset,
                size,
                pts,
                sync: syncs.step(number),
                shown: true,
                encrypted,
            };
            samples.push(sample, dts, duration, limits.samples)?;
            offset = end;
        }
        if numbers.is_empty() {
            break;
        }
    }
    Ok(samples)
}

/// How many samples the table has, and their durations as counts of equal ones, ticks: what is
/// needed of sound.
pub(super) fn durations(stbl: &[u8]) -> Result<(u32, &[[u8; 8]]), IndexError> {
    Ok((SizeTable::of(stbl)?.count, rows(required(stbl, b"stts")?)?))
}

/// When the first sample is shown, on the clock of the media.
pub(super) fn first_pts(stbl: &[u8]) -> Result<i64, IndexError> {
    let (_, pts, _) = TimeTable::of(stbl)?.step()?;
    Ok(pts)
}

/// Whether the table lists times of samples at all.
pub(super) fn has_times(stbl: &[u8]) -> Result<bool, IndexError> {
    Ok(!table::<8>(stbl, b"stts")?.is_empty())
}

/// Whether the tables contradict each other so that a reader gives up on the track.
pub(super) fn is_broken(stbl: &[u8]) -> Result<bool, IndexError> {
    let (short, long) = (table::<4>(stbl, b"stco")?, table::<8>(stbl, b"co64")?);
    let has_chunks = !short.is_empty() || !long.is_empty();
    let has_samples = SizeTable::of(stbl).is_ok_and(|sizes| sizes.count > 0);
    Ok(has_chunks || has_samples)
}

/// Rows of a table that may be missing.
fn table<'a, const N: usize>(stbl: &'a [u8], kind: &[u8; 4]) -> Result<&'a [[u8; N]], IndexError> {
    Ok(optional(stbl, kind)?
        .map(rows)
        .transpose()?
        .unwrap_or_default())
}
