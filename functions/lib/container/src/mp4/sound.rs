//! When an audio track ends: a player shows the last picture until then.

use super::edit::SimpleEdit;
use super::fields::pair;
use super::movie::{MovieHeader, TrackBox};
use super::tables;
use crate::IndexError;
use plan::EditList;

/// Ticks on the clock of the presentation; none without samples.
pub(super) fn end(
    movie: &MovieHeader<'_>,
    track: &TrackBox<'_>,
) -> Result<Option<i64>, IndexError> {
    let parts = movie.parts(track)?;
    let edit = match parts {
        Some(_) => None,
        None => movie.simple_edit(track)?,
    };
    if !tables::has_times(track.stbl)? {
        return Ok(None);
    }
    let (count, runs) = tables::durations(track.stbl)?;
    if let Some(parts) = parts {
        let end_before = |until| end_of_media(count, runs, until);
        return end_of_parts(&parts, end_before).map(Some);
    }
    let until = match edit {
        Some(edit) if track.cuts => edit.end()?,
        _ => i64::MAX,
    };
    let end = end_of_media(count, runs, until);
    let offset = edit.map_or(Ok(0), SimpleEdit::offset)?;
    Ok(end.map(|end| end.saturating_sub(offset)))
}

/// The same for several parts. Of the first the sample that it cuts is heard, of those that follow it
/// is not, as ffmpeg's demuxer lists them. Where the last part ends after the media, or silence comes
/// after it, versions of ffmpeg differ. `end_before` is when the last sample ends that begins before a
/// time of the media.
fn end_of_parts(
    parts: &EditList,
    end_before: impl Fn(i64) -> Option<i64>,
) -> Result<i64, IndexError> {
    const DOUBTFUL: IndexError = IndexError::Unsupported("an edit of its sound has no end");
    let mut ends = Vec::new();
    for edit in &parts.edits {
        if let (Some(start), Some(duration)) = (edit.start, edit.duration) {
            let until = start.saturating_add(duration);
            let begin = match ends.is_empty() {
                true => start,
                false => end_before(start).unwrap_or(0),
            };
            let end = end_before(until).ok_or(DOUBTFUL)?;
            let heard = end.saturating_sub(begin).max(0);
            ends.push((edit.at.saturating_add(heard), until.saturating_sub(end)));
        }
    }
    let is_last_silent = parts.edits.last().is_none_or(|edit| edit.start.is_none());
    let tick = i64::from(parts.timescale / parts.movie_timescale);
    let is_whole = ends.last().is_some_and(|&(_, after)| after <= tick);
    let end = ends.iter().map(|&(end, _)| end).max();
    end.filter(|_| is_whole && !is_last_silent).ok_or(DOUBTFUL)
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
