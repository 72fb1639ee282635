//! What the header says of any track, whatever it is coded in.

use super::box_reader::BoxReader;
use super::boxes::{boxes, required};
use super::descriptions::SampleDescriptions;
use super::entry::EntryLayout;
use super::movie::{MovieHeader, TrackBox};
use super::shape::TrackShape;
use super::{fragments, header, list, tables};
use crate::{DescribedAspect, IndexError, IndexLimits, MediaEdits, PictureLayout, TrackSettings};
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
    let fragments_at = reader.position();
    let aspects = match aspects(&movie, stream, &mut reader, source.bytes(), limits) {
        Err(IndexError::Unsupported(_)) => Vec::new(),
        aspects => aspects?,
    };
    reader.go_back(fragments_at);
    let mut layout = layout(&movie, track)?;
    if !aspects.is_empty() {
        // It is that of one of several at best.
        layout.track_header_size = None;
    }
    let edits = match edits(&movie, track, &mut reader) {
        // Then they are left to the demuxer.
        Err(IndexError::Unsupported(_)) => None,
        edits => edits?,
    };
    Ok(TrackSettings {
        layout,
        aspects,
        edits,
    })
}

/// Where the shape of a pixel changes with the sample description.
fn aspects(
    movie: &MovieHeader<'_>,
    stream: usize,
    reader: &mut BoxReader<'_>,
    file_bytes: u64,
    limits: IndexLimits,
) -> Result<Vec<DescribedAspect>, IndexError> {
    let aspects = SampleDescriptions::of(movie.tracks[stream].stbl)?.aspects();
    if aspects.is_empty() {
        return Ok(Vec::new());
    }
    let samples = list(reader, movie, stream, file_bytes, limits)?.samples;
    let pts = |nth: usize| samples.stored.get(nth).map(|sample| sample.pts);
    let change = |&(nth, description): &(usize, u32)| {
        let after = pts(nth)?.checked_sub(pts(0)?)?;
        let described = usize::try_from(description).ok()?.checked_sub(1)?;
        let aspect = *aspects.get(described)?;
        Some(DescribedAspect { after, aspect })
    };
    Ok(samples.described.iter().filter_map(change).collect())
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
