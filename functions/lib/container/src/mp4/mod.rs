//! MP4, `QuickTime` and 3GP: ISO/IEC 14496-12.
//!
//! Only the header and the fragments' headers are read. Where files and readers differ from the
//! standard, samples and times are those of ffmpeg's demuxer: both ways of reading a video must
//! give the same pictures. What is odd enough to be in doubt gives no index.

mod box_reader;
mod boxes;
mod clean_aperture;
mod compact_groups;
mod descriptions;
mod edit;
mod entry;
mod fed_entry;
mod fields;
mod fragments;
mod groups;
mod movie;
mod protection;
mod samples;
mod settings;
mod shape;
mod sound;
mod still;
mod tables;

use super::choice::{FirstMoving, MOST_VIDEOS};
use super::clock::{self, MovedSamples, SampleClock};
use super::{IndexError, IndexLimits, SamplePackaging, SoundTrack, VideoTrack};
use crate::error::NO_VIDEO;
pub(super) use settings::settings;

use box_reader::BoxReader;
use descriptions::SampleDescriptions;
use edit::SimpleEdit;
use entry::EntryLayout;
use fragments::FragmentReader;
use movie::MovieHeader;
use plan::{EditList, TimeBase};
use samples::TrackSamples;
use shape::TrackShape;
use source::RangeSource;

/// Whether a file that starts so is one: a box that comes first in such files.
pub(super) fn begins(start: &[u8; 12]) -> bool {
    matches!(
        &start[4..8],
        b"ftyp" | b"moov" | b"mdat" | b"free" | b"skip" | b"wide" | b"styp" | b"sidx" | b"moof"
    )
}

/// Reads the index of the video track.
pub(super) fn index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<VideoTrack, IndexError> {
    let mut reader = BoxReader::new(source, limits.bytes);
    let moov = header(&mut reader)?;
    let read = index_of(&moov, &mut reader, source.bytes(), limits);
    read.map_err(|error| match error {
        // ffmpeg's demuxer, which reads all others, does not tell what is encrypted.
        IndexError::Unsupported(_) if protection::is_mentioned(&moov) => IndexError::Encrypted,
        error => error,
    })
}

fn index_of(
    moov: &[u8],
    reader: &mut BoxReader<'_>,
    file_bytes: u64,
    limits: IndexLimits,
) -> Result<VideoTrack, IndexError> {
    let movie = MovieHeader::parse(moov, limits.streams)?;
    let (video, listed) = choose(reader, &movie, file_bytes, limits)?;
    let track = &movie.tracks[video];
    let descriptions = SampleDescriptions::of(track.stbl)?;
    let (entry, described) = descriptions.of_samples(&listed.samples)?;
    let shape = TrackShape::parse(track.tkhd, &movie.matrix)?;
    let EntryLayout {
        coded,
        crop,
        sample_aspect_ratio,
    } = entry.layout;
    shape.check(sample_aspect_ratio)?;
    for description in &described.all {
        shape.check(description.sample_aspect_ratio)?;
    }
    Ok(VideoTrack {
        packaging: SamplePackaging::Whole,
        stream: video,
        time_base: ticks(movie.clock(track)?.0)?,
        repairs: clock::repairs(&listed.samples.stored, &listed.samples.moved),
        end_pts: listed
            .samples
            .end()
            .ok_or(IndexError::Unsupported("it shows nothing"))?,
        samples: listed.samples.stored,
        edits: listed.edits,
        gaps: Vec::new(),
        has_encryption: descriptions.have_encryption(),
        codec: entry.codec,
        entry: entry.fed,
        described,
        coded,
        crop,
        sample_aspect_ratio,
        track_header_size: shape.size,
        matrix: shape.matrix(),
        colour: entry.colour,
        dolby_vision_profile: entry.dolby_vision_profile,
        sounds: listed.sounds,
    })
}

/// The body of `moov`.
fn header(reader: &mut BoxReader<'_>) -> Result<Vec<u8>, IndexError> {
    let (mut is_picture_file, mut has_items) = (false, false);
    while let Some(place) = reader.step()? {
        match &place.kind {
            b"moov" => return reader.body(place),
            b"ftyp" => is_picture_file = still::is_brand_of(&reader.body(place)?),
            b"meta" => has_items = true,
            b"moof" => {
                return Err(IndexError::Unsupported(
                    "a fragment comes before the header",
                ));
            }
            _ => {}
        }
    }
    if is_picture_file && has_items {
        return Err(IndexError::StillPicture);
    }
    Err(IndexError::Unsupported("it has no header"))
}

/// The track that a player shows: of those that it prefers the first that moves. Thumbnails are
/// tracks of one picture, and some files begin with a track that nothing was written to.
fn choose(
    reader: &mut BoxReader<'_>,
    movie: &MovieHeader<'_>,
    file_bytes: u64,
    limits: IndexLimits,
) -> Result<(usize, ListedSamples), IndexError> {
    let fragments_at = reader.position();
    let mut choice = FirstMoving::default();
    for video in movie.videos()?.into_iter().take(MOST_VIDEOS) {
        reader.go_back(fragments_at);
        let listed = list(reader, movie, video, file_bytes, limits)?;
        let count = listed.samples.stored.len();
        if choice.is_decided_by((video, listed), count) {
            break;
        }
    }
    let (video, listed) = choice.into_best().ok_or(NO_VIDEO)?;
    let samples = checked(listed.samples)?;
    if let Some(edits) = &listed.edits {
        edit::check_parts(edits, &samples)?;
    }
    Ok((video, ListedSamples { samples, ..listed }))
}

/// Samples of the video, ends of the sounds.
struct ListedSamples {
    samples: TrackSamples,
    /// Where several parts of the samples are shown: see [`VideoTrack::edits`].
    edits: Option<EditList>,
    sounds: Vec<SoundTrack>,
}

fn list(
    reader: &mut BoxReader<'_>,
    movie: &MovieHeader<'_>,
    video: usize,
    file_bytes: u64,
    limits: IndexLimits,
) -> Result<ListedSamples, IndexError> {
    let mut samples = whole(movie, video, file_bytes, limits)?;
    let mut ends = Vec::new();
    for track in &movie.tracks {
        let is_sound = &track.handler == b"soun";
        let end = is_sound.then(|| sound::end(movie, track)).transpose()?;
        ends.push(end.flatten());
    }
    if let Some(extends) = movie.extends {
        let mut fragments = FragmentReader::new(movie, extends, video, file_bytes, limits)?;
        while let Some(place) = reader.step()? {
            match &place.kind {
                b"moof" => fragments.read(&reader.body(place)?, place, &mut samples)?,
                b"sidx" => fragments.has_directory = true,
                _ => {}
            }
        }
        fragments.finish(&mut samples, &mut ends)?;
        let moved = repair(movie, video, &mut samples)?;
        samples.moved.extend(moved);
        samples.moved.sort_unstable();
    }
    Ok(ListedSamples {
        samples,
        edits: movie.parts(&movie.tracks[video])?,
        sounds: sounds(movie, &ends)?,
    })
}

fn sounds(movie: &MovieHeader<'_>, ends: &[Option<i64>]) -> Result<Vec<SoundTrack>, IndexError> {
    let sounding = movie.tracks.iter().zip(ends);
    sounding
        .filter_map(|(track, end)| Some((track, (*end)?)))
        .map(|(track, end_pts)| {
            let time_base = ticks(movie.clock(track)?.0)?;
            Ok(SoundTrack { end_pts, time_base })
        })
        .collect()
}

/// What the header itself lists, on the clock of the presentation, unless that is made of several
/// parts.
fn whole(
    movie: &MovieHeader<'_>,
    video: usize,
    file_bytes: u64,
    limits: IndexLimits,
) -> Result<TrackSamples, IndexError> {
    let track = &movie.tracks[video];
    let descriptions = SampleDescriptions::of(track.stbl)?;
    if !tables::has_times(track.stbl)?
        && (movie.extends.is_some() || !tables::is_broken(track.stbl)?)
    {
        return Ok(TrackSamples::default());
    }
    let mut samples = tables::read(track.stbl, &descriptions, file_bytes, limits)?;
    // Before an edit cuts off what lies outside of it.
    samples.moved = repair(movie, video, &mut samples)?;
    match movie.clock(track)?.1 {
        Some(_) if movie.parts(track)?.is_some() => {}
        Some(edits) if track.cuts => edit::apply(&edits, &mut samples)?,
        Some(edits) => {
            let offset = SimpleEdit::of(&edits)?.offset()?;
            samples.move_by(offset.saturating_neg())?;
        }
        None => {}
    }
    Ok(samples)
}

/// Puts samples in their places whose times are far off. What a track is that nobody can decode is
/// said where it is chosen.
fn repair(
    movie: &MovieHeader<'_>,
    video: usize,
    samples: &mut TrackSamples,
) -> Result<MovedSamples, IndexError> {
    let track = &movie.tracks[video];
    let descriptions = SampleDescriptions::of(track.stbl)?;
    let Ok(codec) = descriptions.codec(&samples.clear_descriptions) else {
        return Ok(MovedSamples::default());
    };
    let time_base = ticks(movie.clock(track)?.0)?;
    SampleClock::new(codec, time_base).repair(&mut samples.stored)
}

/// Nothing can be decoded before the first sync sample.
fn checked(mut samples: TrackSamples) -> Result<TrackSamples, IndexError> {
    let first = samples.stored.iter().position(|sample| sample.sync);
    let first = first.ok_or(IndexError::Unsupported("it has no sync sample"))?;
    samples.keep(first, usize::MAX);
    samples.dts = Vec::new();
    Ok(samples)
}

fn ticks(timescale: u32) -> Result<TimeBase, IndexError> {
    TimeBase::new(1, timescale).ok_or(IndexError::Unsupported("a timescale is out of range"))
}

#[cfg(test)]
mod tests;
