//! What the header says of any track, whatever it is coded in.

use super::box_reader::BoxReader;
use super::boxes::{boxes, required};
use super::entry::EntryLayout;
use super::movie::{MovieHeader, TrackBox};
use super::shape::TrackShape;
use super::{fragments, header, tables};
use crate::{IndexError, IndexLimits, MediaEdits, PictureLayout, TrackSettings};
use source::RangeSource;

/// See [`crate::track_settings`].
pub(crate) fn settings(
    source: &dyn RangeSource,
    limits: IndexLimits,
    stream: usize,
) -> Result<TrackSettings, IndexError> {
    let mut reader = BoxReader::new(source, limits.bytes);
    let moov = header(&mut reader)?;
    let movie = MovieHeader::parse(&moov, limits.streams)?;
    let track = movie.tracks.get(stream);
    let track = track.ok_or(IndexError::Unsupported("it has fewer tracks"))?;
    let edits = match edits(&movie, track, &mut reader) {
        // Then they are left to the demuxer.
        Err(IndexError::Unsupported(_)) => None,
        edits => edits?,
    };
    Ok(TrackSettings {
        layout: layout(&movie, track)?,
        edits,
    })
}

fn layout(movie: &MovieHeader<'_>, track: &TrackBox<'_>) -> Result<PictureLayout, IndexError> {
    let stsd = required(track.stbl, b"stsd")?;
    let entry = boxes(stsd.get(8..).unwrap_or_default()).next();
    let entry = entry.ok_or(IndexError::Unsupported("it has no sample description"))?;
    let entry = EntryLayout::parse(entry)?;
    let shape = TrackShape::parse(track.tkhd, &movie.matrix)?;
    Ok(PictureLayout {
        coded: entry.coded,
        crop: entry.crop,
        sample_aspect_ratio: entry.sample_aspect_ratio,
        track_header_size: shape.size,
        matrix: shape.matrix(),
    })
}

fn edits(
    movie: &MovieHeader<'_>,
    track: &TrackBox<'_>,
    reader: &mut BoxReader<'_>,
) -> Result<Option<MediaEdits>, IndexError> {
    let Some(mut list) = movie.clock(track)?.1 else {
        return Ok(None);
    };
    let is_fragmented = movie.extends.is_some();
    let mut shown = list.edits.iter_mut().filter(|edit| edit.start.is_some());
    if is_fragmented && let Some(last) = shown.next_back() {
        // Whoever wrote it may not have known how many fragments would follow.
        last.duration = None;
    }
    if shown.any(|edit| edit.duration == Some(0)) {
        return Err(IndexError::Unsupported("an edit has no duration"));
    }
    let first_pts = match tables::has_times(track.stbl)? {
        true => Some(tables::first_pts(track.stbl)?),
        false => first_pts_in_fragments(track, reader)?,
    };
    Ok(first_pts.map(|first_pts| MediaEdits {
        list,
        first_pts,
        is_fragmented,
    }))
}

fn first_pts_in_fragments(
    track: &TrackBox<'_>,
    reader: &mut BoxReader<'_>,
) -> Result<Option<i64>, IndexError> {
    while let Some(place) = reader.step()? {
        if &place.kind == b"moof"
            && let Some(pts) = fragments::first_pts(&reader.body(place)?, track.id)?
        {
            return Ok(Some(pts));
        }
    }
    Ok(None)
}
