//! MP4, `QuickTime` and 3GP: ISO/IEC 14496-12.
//!
//! Only the header and the fragments' headers are read. Where files and readers differ from the
//! standard, samples and times are those of ffmpeg's demuxer: both ways of reading a video must
//! give the same pictures. What is odd enough to be in doubt gives no index.

mod box_reader;
mod boxes;
mod edit;
mod entry;
mod fields;
mod fragments;
mod movie;
mod samples;
mod shape;
mod sound;
mod tables;

use super::clock::{self, SampleClock};
use super::{IndexError, IndexLimits, SoundTrack, VideoTrack};
use box_reader::BoxReader;
use boxes::required;
use entry::SampleEntry;
use fragments::FragmentReader;
use movie::MovieHeader;
use plan::TimeBase;
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
    let movie = MovieHeader::parse(&moov, limits.streams)?;
    let video = movie.video()?;
    let track = &movie.tracks[video];
    let entry = SampleEntry::parse(required(track.stbl, b"stsd")?)?;
    let shape = TrackShape::parse(track.tkhd, &movie.matrix)?;
    let ratio = shape.sample_aspect_ratio(entry.sample_aspect_ratio, entry.coded)?;
    let time_base = ticks(movie.clock(track)?.0)?;
    let clock = SampleClock::new(entry.codec, time_base);
    let listed = list(&mut reader, &movie, video, source.bytes(), (clock, limits))?;
    Ok(VideoTrack {
        stream: video,
        time_base,
        repairs: clock::repairs(&listed.samples.stored, &listed.samples.moved),
        end_pts: listed
            .samples
            .end()
            .ok_or(IndexError::Unsupported("it shows nothing"))?,
        samples: listed.samples.stored,
        gaps: Vec::new(),
        codec: entry.codec,
        entry: entry.whole.to_vec(),
        coded: entry.coded,
        sample_aspect_ratio: ratio,
        matrix: shape.matrix,
        colour: entry.colour,
        sounds: listed.sounds,
    })
}

/// The body of `moov`.
fn header(reader: &mut BoxReader<'_>) -> Result<Vec<u8>, IndexError> {
    while let Some(place) = reader.step()? {
        match &place.kind {
            b"moov" => return reader.body(place),
            b"moof" => {
                return Err(IndexError::Unsupported(
                    "a fragment comes before the header",
                ));
            }
            _ => {}
        }
    }
    Err(IndexError::Unsupported("it has no header"))
}

/// Samples of the video, ends of the sounds.
struct ListedSamples {
    samples: TrackSamples,
    sounds: Vec<SoundTrack>,
}

fn list(
    reader: &mut BoxReader<'_>,
    movie: &MovieHeader<'_>,
    video: usize,
    file_bytes: u64,
    (clock, limits): (SampleClock, IndexLimits),
) -> Result<ListedSamples, IndexError> {
    let mut samples = whole(movie, video, file_bytes, (clock, limits))?;
    let mut ends = Vec::new();
    for track in &movie.tracks {
        let is_sound = &track.handler == b"soun";
        let edit = if is_sound {
            movie.clock(track)?.1
        } else {
            None
        };
        let end = is_sound.then(|| sound::end(track, edit)).transpose()?;
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
        let moved = clock.repair(&mut samples.stored)?;
        samples.moved.extend(moved);
        samples.moved.sort_unstable();
    }
    let sounds = sounds(movie, &ends)?;
    Ok(ListedSamples {
        samples: checked(samples)?,
        sounds,
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

/// What the header itself lists, on the clock of the presentation.
fn whole(
    movie: &MovieHeader<'_>,
    video: usize,
    file_bytes: u64,
    (clock, limits): (SampleClock, IndexLimits),
) -> Result<TrackSamples, IndexError> {
    let track = &movie.tracks[video];
    if !tables::has_times(track.stbl)? && movie.extends.is_some() {
        return Ok(TrackSamples::default());
    }
    let mut samples = tables::read(track.stbl, file_bytes, limits)?;
    // Before an edit cuts off what lies outside of it.
    samples.moved = clock.repair(&mut samples.stored)?;
    if let Some(edit) = movie.clock(track)?.1 {
        if track.cuts {
            edit::apply(edit, &mut samples)?;
        } else {
            samples.move_by(edit.offset()?.saturating_neg())?;
        }
    }
    Ok(samples)
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
