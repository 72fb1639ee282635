//! Edit lists: which part of a track is shown, and when (ISO/IEC 14496-12, 8.6.6). What players
//! make of them differs. Which samples are decoded, and when those within an edit are shown, is
//! what ffmpeg does; the frame that an edit cuts is shown too, see [`plan::edits`].

use super::fields::FieldReader;
use super::samples::TrackSamples;
use crate::IndexError;
use plan::{Edit, EditList};

/// An edit list of the usual kind, ticks of the track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SimpleEdit {
    /// Nothing is shown for so long.
    pub(super) empty: i64,
    /// How many edits that takes.
    empties: usize,
    /// Then the track from here on.
    pub(super) start: i64,
    /// For so long.
    duration: i64,
}

const COMPLEX: IndexError = IndexError::Unsupported("its edit list is not a simple one");
const NOTHING: IndexError = IndexError::Unsupported("its edit list shows nothing");

/// Reads an `elst`; none where it has no edits.
pub(super) fn parse(body: &[u8], track: u32, movie: u32) -> Result<Option<EditList>, IndexError> {
    let mut fields = FieldReader::of(body);
    let (version, _) = fields.version_and_flags()?;
    let count = fields.u32()?;
    let row_bytes = if version == 1 { 20 } else { 12 };
    if u64::from(count) * row_bytes != fields.rest().len() as u64 {
        return Err(COMPLEX);
    }
    let (mut at, mut edits) = (0_i64, Vec::new());
    for _ in 0..count {
        let (duration, start) = row(&mut fields, version)?;
        let duration = rescale(duration, track, movie).ok_or(COMPLEX)?;
        edits.push(Edit {
            at,
            start: match start {
                -1 => None,
                0.. => Some(start),
                _ => return Err(COMPLEX),
            },
            duration: Some(duration),
        });
        at = at.checked_add(duration).ok_or(COMPLEX)?;
    }
    Ok((count > 0).then_some(EditList {
        edits,
        timescale: track,
        movie_timescale: movie,
    }))
}

impl SimpleEdit {
    pub(super) fn of(list: &EditList) -> Result<Self, IndexError> {
        match list.edits.split_last() {
            Some((&edit, empty)) => {
                if list.first_start().is_none() {
                    return Err(NOTHING);
                }
                let all_empty = empty.iter().all(|edit| edit.start.is_none());
                let start = edit.start.filter(|_| all_empty).ok_or(COMPLEX)?;
                Ok(Self {
                    empty: edit.at,
                    empties: empty.len(),
                    start,
                    duration: edit.duration.unwrap_or(0),
                })
            }
            None => Err(NOTHING),
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
pub(super) fn apply(list: &EditList, samples: &mut TrackSamples) -> Result<(), IndexError> {
    let edit = SimpleEdit::of(list)?;
    let end = edit.end()?;
    let first = first_needed(edit.start, samples);
    samples.keep(first, end_of_needed(first, end, samples));
    let cut = cut_sample(list, edit.start, end, samples);
    for sample in &mut samples.stored {
        sample.shown = (edit.start..end).contains(&sample.pts);
    }
    let shift = match cut {
        Some(cut) => {
            show_from(edit.start, cut, samples);
            edit.empty.checked_sub(edit.start).ok_or(COMPLEX)?
        }
        None => shift(edit, samples)?,
    };
    end_by(list, end, samples);
    samples.move_by(shift)
}

/// Whether parts of these samples are shown in their order, and none of them twice: an edit may go
/// back, or end amid the frame that another begins with.
pub(super) fn check_parts(list: &EditList, samples: &TrackSamples) -> Result<(), IndexError> {
    let mut times: Vec<i64> = samples.stored.iter().map(|sample| sample.pts).collect();
    times.sort_unstable();
    let seen = samples
        .end()
        .and_then(|end| list.presentation(&times, end, times.len()));
    let seen = seen.ok_or(COMPLEX)?.frames;
    let rises = seen.is_sorted_by(|one, next| one.0 < next.0);
    rises.then_some(()).ok_or(COMPLEX)
}

/// Hides what is shown before the edit begins, of samples that are on the clock of the presentation
/// already: those of fragments. The end of the edit counts for nothing there, since whoever wrote
/// it may not have known how many fragments would follow.
pub(super) fn hide_before(list: &EditList, samples: &mut TrackSamples) -> Result<(), IndexError> {
    let start = SimpleEdit::of(list)?.empty;
    let cut = cut_sample(list, start, i64::MAX, samples);
    if cut.is_none() && !samples.stored.iter().any(|sample| sample.pts >= start) {
        // It is of another clock.
        return Ok(());
    }
    for sample in &mut samples.stored {
        sample.shown = sample.pts >= start;
    }
    if let Some(cut) = cut {
        show_from(start, cut, samples);
    }
    Ok(())
}

/// The sample that is on the screen when an edit begins and began before, where it can be decoded:
/// it may be a leading picture of the first sync sample.
fn cut_sample(list: &EditList, start: i64, end: i64, samples: &TrackSamples) -> Option<usize> {
    if samples.stored.iter().all(|sample| sample.pts >= start) {
        return None;
    }
    let mut times: Vec<i64> = samples.stored.iter().map(|sample| sample.pts).collect();
    times.sort_unstable();
    let last = samples.stored.iter().zip(&samples.durations);
    let last = last.map(|(sample, &ticks)| sample.pts.saturating_add(ticks.into()));
    let pts = times[list.cut_by_start(start, end.min(last.max()?), &times)?];
    let cut = samples
        .stored
        .iter()
        .rposition(|sample| sample.pts == pts)?;
    let before = samples.stored.get(..=cut)?.iter();
    let can_begin = before
        .filter(|sample| sample.sync && sample.pts <= pts)
        .count()
        > 0;
    can_begin.then_some(cut)
}

/// Shows a sample that begins before `start` from then on.
fn show_from(start: i64, cut: usize, samples: &mut TrackSamples) {
    let (sample, duration) = (&mut samples.stored[cut], &mut samples.durations[cut]);
    let left = sample
        .pts
        .saturating_add(i64::from(*duration))
        .saturating_sub(start);
    *duration = u32::try_from(left.max(0)).unwrap_or(*duration);
    (sample.pts, sample.shown) = (start, true);
}

/// The last sample that is shown ends with the edit.
fn end_by(list: &EditList, edit_end: i64, samples: &mut TrackSamples) {
    let shown = samples.stored.iter().enumerate();
    let last = shown
        .filter(|(_, sample)| sample.shown)
        .max_by_key(|(_, sample)| sample.pts);
    if let Some((last, sample)) = last {
        let duration = &mut samples.durations[last];
        let own_end = sample.pts.saturating_add(i64::from(*duration));
        let end = list
            .end_of_last(own_end, edit_end)
            .saturating_sub(sample.pts);
        *duration = u32::try_from(end).unwrap_or(*duration).min(*duration);
    }
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
fn shift(edit: SimpleEdit, samples: &TrackSamples) -> Result<i64, IndexError> {
    let first = samples.stored.iter().position(|sample| sample.shown);
    let first = first.ok_or(NOTHING)?;
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
