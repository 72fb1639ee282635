//! Matroska and WebM: RFC 9559.
//!
//! The headers of all blocks are read, and nothing of their frames: with `Cues` or without, each
//! frame's place and time are known exactly. What breaks off is listed up to there; any other
//! damage gives no index, since readers differ in where they go on. Where `Cues` tell the
//! clusters apart, an [`SparseIndex`] needs only those around the wanted times.
//!
//! The elements are read here because the crates that do (matroska-demuxer, mkv-element,
//! webm-iterable) read the frames as well, and give no place of a frame in the file.

mod block;
mod cues;
mod ebml;
mod element_reader;
mod encoding;
mod entry;
mod header;
mod ids;
mod named_format;
mod picture;
mod samples;
mod scan;
mod sound;
mod sparse_index;
mod track_headers;

pub(crate) use sparse_index::CuedIndex;

use super::choice::{FirstMoving, MOST_VIDEOS};
use super::clock;
use super::{IndexError, IndexLimits, TrackSettings, VideoTrack};
use crate::error::NO_VIDEO;
use ebml::{DAMAGED, elements};
use element_reader::ElementReader;
use scan::SegmentScan;
use source::RangeSource;
use track_headers::{TrackHeaders, mentions_encryption};

/// Header elements are far smaller.
const MOST_EBML_BYTES: u64 = 4096;

/// Reads the index of the video track: of those that a player prefers the first that moves.
pub(super) fn index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<VideoTrack, IndexError> {
    index_of(source, limits).map_err(|error| match error {
        // ffmpeg's demuxer, which reads all others, does not tell what is encrypted.
        IndexError::Unsupported(_) if has_encryption(source, limits) => IndexError::Encrypted,
        error => error,
    })
}

fn has_encryption(source: &dyn RangeSource, limits: IndexLimits) -> bool {
    let scan = begin(source, limits);
    scan.is_ok_and(|mut scan| mentions_encryption(&mut scan, limits.streams))
}

fn index_of(source: &dyn RangeSource, limits: IndexLimits) -> Result<VideoTrack, IndexError> {
    let mut choice = FirstMoving::default();
    for passed_over in 0..MOST_VIDEOS {
        let mut scan = begin(source, limits)?;
        let facts = TrackHeaders::read(&mut scan, limits.streams, passed_over)?;
        let mut samples = facts.samples(limits.samples);
        let mut endings = facts.endings();
        facts.collect(&mut scan, &mut samples, &mut endings)?;
        let (videos, count) = (facts.videos(), samples.count());
        let is_decided = choice.is_decided_by((facts, samples, endings), count);
        if is_decided || passed_over + 1 >= videos {
            break;
        }
    }
    let (facts, samples, endings) = choice.into_best().ok_or(NO_VIDEO)?;
    let finished = samples.finish(facts.clock())?;
    let repairs = clock::repairs(&finished.samples, &finished.moved);
    let track = facts.track(finished.samples, finished.end_pts, &endings);
    Ok(VideoTrack { repairs, ..track })
}

/// See [`crate::track_settings`].
pub(super) fn settings(
    source: &dyn RangeSource,
    limits: IndexLimits,
    stream: usize,
) -> Result<TrackSettings, IndexError> {
    let layout = track_headers::layout(&mut begin(source, limits)?, limits.streams, stream)?;
    let edits = None;
    Ok(TrackSettings {
        layout,
        aspects: Vec::new(),
        edits,
    })
}

/// Reads the EBML header: RFC 8794, 11.2.
fn begin(source: &dyn RangeSource, limits: IndexLimits) -> Result<SegmentScan<'_>, IndexError> {
    let mut reader = ElementReader::new(source, limits.bytes);
    let place = reader.element(0, source.bytes())?.ok_or(DAMAGED)?;
    if place.id != ids::EBML || place.bytes.is_none_or(|bytes| bytes > MOST_EBML_BYTES) {
        return Err(DAMAGED);
    }
    let mut is_matroska = false;
    for element in elements(&reader.body(place)?) {
        let element = element?;
        let most = match element.id {
            ids::EBML_READ_VERSION => 1,
            ids::EBML_MAX_ID_LENGTH => 4,
            ids::EBML_MAX_SIZE_LENGTH => 8,
            ids::DOC_TYPE => {
                is_matroska = matches!(element.text(), b"matroska" | b"webm");
                continue;
            }
            _ => continue,
        };
        if element.unsigned()? > most {
            return Err(IndexError::Unsupported("its EBML is of another version"));
        }
    }
    if !is_matroska {
        return Err(IndexError::Unsupported("its EBML is not Matroska"));
    }
    SegmentScan::new(reader, place.end()?)
}

#[cfg(test)]
mod tests;
