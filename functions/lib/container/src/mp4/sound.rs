//! When an audio track ends: a player shows the last picture until then.

use super::edit::SimpleEdit;
use super::fields::pair;
use super::movie::TrackBox;
use super::tables;
use crate::IndexError;

/// Ticks on the clock of the presentation; none without samples.
pub(super) fn end(
    track: &TrackBox<'_>,
    edit: Option<SimpleEdit>,
) -> Result<Option<i64>, IndexError> {
    if !tables::has_times(track.stbl)? {
        return Ok(None);
    }
    let (count, runs) = tables::durations(track.stbl)?;
    let until = match edit {
        Some(edit) if track.cuts => edit.end()?,
        _ => i64::MAX,
    };
    let end = end_of_media(count, runs, until);
    let offset = edit.map_or(Ok(0), SimpleEdit::offset)?;
    Ok(end.map(|end| end.saturating_sub(offset)))
}

/// The end of the last of `count` samples that begins before `until`, ticks of the media.
fn end_of_media(count: u32, runs: &[[u8; 8]], until: i64) -> Option<i64> {
    let mut left = count;
    let mut end = None;
    for &run in runs {
        let (samples, duration) = pair(run);
        let start = end.unwrap_or(0);
        let begun = samples_before(until.saturating_sub(start), duration);
        let samples = i64::from(samples.min(left)).min(begun);
        if samples == 0 {
            break;
        }
        left = left.saturating_sub(u32::try_from(samples).unwrap_or(left));
        end = Some(start.saturating_add(samples.saturating_mul(i64::from(duration))));
    }
    end
}

/// How many samples of equal duration begin within so many ticks.
fn samples_before(ticks: i64, duration: u32) -> i64 {
    match i64::from(duration) {
        _ if ticks <= 0 => 0,
        0 => i64::MAX,
        duration => (ticks - 1) / duration + 1,
    }
}
