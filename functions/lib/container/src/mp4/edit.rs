//! Edit lists: which part of a track is shown, and when (ISO/IEC 14496-12, 8.6.6). What players
//! make of them differs; this is what ffmpeg does.

use super::fields::FieldReader;
use super::samples::TrackSamples;
use crate::IndexError;

/// An edit list of the usual kind, ticks of the track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EditList {
    /// Nothing is shown for so long.
    pub(super) empty: i64,
    /// How many edits that takes.
    empties: usize,
    /// Then the track from here on.
    pub(super) start: i64,
    /// For so long.
    pub(super) duration: i64,
}

const COMPLEX: IndexError = IndexError::Unsupported("its edit list is not a simple one");

impl EditList {
    /// Reads an `elst`; none where it has no edits.
    pub(super) fn parse(body: &[u8], track: u32, movie: u32) -> Result<Option<Self>, IndexError> {
        let mut fields = FieldReader::of(body);
        let (version, _) = fields.version_and_flags()?;
        let count = fields.u32()?;
        let row_bytes = if version == 1 { 20 } else { 12 };
        if u64::from(count) * row_bytes != fields.rest().len() as u64 {
            return Err(COMPLEX);
        }
        let (mut empty, mut empties, mut shown) = (0_i64, 0, None);
        for _ in 0..count {
            let (duration, start) = row(&mut fields, version)?;
            let duration = rescale(duration, track, movie).ok_or(COMPLEX)?;
            match (start, shown) {
                (-1, None) => {
                    empty = empty.checked_add(duration).ok_or(COMPLEX)?;
                    empties += 1;
                }
                (0.., None) => shown = Some((start, duration)),
                _ => return Err(COMPLEX),
            }
        }
        match shown {
            None if count == 0 => Ok(None),
            None => Err(IndexError::Unsupported("its edit list shows nothing")),
            Some((start, duration)) => Ok(Some(Self {
                empty,
                empties,
                start,
                duration,
            })),
        }
    }

    /// The end of what is shown, on the clock of the media.
    pub(super) fn end(self) -> Result<i64, IndexError> {
        let end = self.start.checked_add(self.duration);
        end.filter(|_| self.duration > 0).ok_or(COMPLEX)
    }

    /// From the clock of the presentation to that of the media, where samples are not cut off:
    /// in fragmented files.
    pub(super) fn offset(self) -> Result<i64, IndexError> {
        let simple = self.empties <= 1;
        let offset = self.start.checked_sub(self.empty);
        offset.filter(|_| simple).ok_or(COMPLEX)
    }
}

/// Duration (ticks of the movie) and start, of one edit at normal speed.
fn row(fields: &mut FieldReader<'_>, version: u8) -> Result<(u64, i64), IndexError> {
    let duration = fields.wide(version)?;
    let start = if version == 1 {
        fields.u64()?.cast_signed()
    } else {
        i64::from(fields.i32()?)
    };
    if fields.u32()? != 0x0001_0000 {
        return Err(IndexError::Unsupported("an edit changes the speed"));
    }
    Ok((duration, start))
}

/// Ticks of one clock in ticks of another, to the nearest, halves up.
fn rescale(ticks: u64, to: u32, from: u32) -> Option<i64> {
    let (to, from) = (u128::from(to), u128::from(from));
    let ticks = (u128::from(ticks) * to + from / 2).checked_div(from)?;
    i64::try_from(ticks).ok()
}

/// Cuts the samples to the edit and puts them on the clock of the presentation.
pub(super) fn apply(edit: EditList, samples: &mut TrackSamples) -> Result<(), IndexError> {
    let end = edit.end()?;
    let first = first_needed(edit.start, samples);
    samples.keep(first, end_of_needed(first, end, samples));
    for sample in &mut samples.stored {
        sample.shown = (edit.start..end).contains(&sample.pts);
    }
    let shift = shift(edit, samples)?;
    samples.move_by(shift)
}

/// The sync sample to decode from to see what is shown at `start`: the last that is both decoded
/// and shown by then. Without one, the beginning.
fn first_needed(start: i64, samples: &TrackSamples) -> usize {
    let stored = &samples.stored;
    let after = samples.dts.partition_point(|&dts| dts <= start);
    let by_then =
        |&at: &usize| stored[at].sync && (!samples.has_offsets || stored[at].pts <= start);
    let sync = (0..after).rev().find(by_then);
    // Where samples are shown as they are decoded, any will do.
    let any = (!samples.has_offsets).then_some(after.saturating_sub(1));
    sync.or(any).unwrap_or(0)
}

/// Samples are listed up to the first sync sample at the end; where samples are shown in another
/// order than decoded, up to the second, for what is shown before the first one.
fn end_of_needed(first: usize, end: i64, samples: &TrackSamples) -> usize {
    let count = samples.stored.len();
    let mut seen = !samples.has_offsets;
    for at in first..count {
        let sample = &samples.stored[at];
        let until = match samples.dts.get(at + 1) {
            Some(next) => sample.pts.saturating_add(next - samples.dts[at]),
            None => i64::MAX,
        };
        if until >= end && sample.sync {
            if seen {
                return at + 1;
            }
            seen = true;
        }
    }
    count
}

/// The first shown sample in decoding order is decoded when the edit begins, or so much earlier
/// that the earliest of all is shown then.
fn shift(edit: EditList, samples: &TrackSamples) -> Result<i64, IndexError> {
    let first = samples.stored.iter().position(|sample| sample.shown);
    let first = first.ok_or(IndexError::Unsupported("its edit list shows nothing"))?;
    let decoded = samples.dts[first];
    let shift = edit.empty.checked_sub(decoded).ok_or(COMPLEX)?;
    let shown = samples.stored[first..].iter().filter(|sample| sample.shown);
    // A time below zero counts as none yet.
    let earliest = shown.fold(-1, |earliest: i64, sample| {
        let pts = sample.pts.saturating_add(shift);
        if earliest < 0 { pts } else { earliest.min(pts) }
    });
    let late = earliest.saturating_sub(edit.empty).max(0);
    shift.checked_sub(late).ok_or(COMPLEX)
}
