//! The whole index, or that of the parts around the wanted times.

use super::essence::{EssenceParts, Wrapping};
use super::file_tracks::FileTracks;
use super::index_table::{EditUnit, EditUnits, NO_TABLE, UNTRUE};
use super::klv::{KlvHeader, KlvKind};
use super::picture_format::HEAD_BYTES;
use super::video::MxfVideo;
use crate::clock::SampleClock;
use crate::error::UNORDERED;
use crate::marked_index::{MarkedIndex, MarkedParts, check_length, left_to_ffmpeg, whole};
use crate::window_reader::WindowReader;
use crate::{IndexError, IndexLimits, VideoTrack};
use plan::CodedSample;
use source::RangeSource;

const TOO_LONG: IndexError = IndexError::Unsupported("it is too long for its elements to be read");

/// See [`crate::index`].
pub(crate) fn index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<VideoTrack, IndexError> {
    whole(source, TOO_LONG, || read_whole(source, limits))
}

fn read_whole(source: &dyn RangeSource, limits: IndexLimits) -> Result<VideoTrack, IndexError> {
    let reader = &mut WindowReader::new(source, limits.bytes);
    let video = MxfVideo::read(source, limits, |tracks, essence| {
        let elements = walk(
            &mut WindowReader::new(source, limits.bytes),
            essence,
            limits,
        )?;
        counted(tracks, essence, &elements)
    })?;
    video.essence.check_end(reader, &video.units)?;
    let samples = match video.essence.wrapping {
        Wrapping::Clip => video.samples_of_clip()?,
        Wrapping::Frame => {
            let elements = walk(reader, &video.essence, limits)?;
            checked(&video, reader, &elements)?
        }
    };
    let clock = SampleClock::new(video.format.codec, video.time_base());
    if samples.len() < 2 || !clock.is_clean(&samples) {
        return Err(UNORDERED);
    }
    Ok(VideoTrack {
        samples,
        ..video.track()
    })
}

/// See [`crate::SparseIndex`].
pub(crate) fn sparse_index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<MarkedIndex<MxfVideo>, IndexError> {
    check_length(source)?;
    sparse_index_of_any_length(source, limits)
}

pub(super) fn sparse_index_of_any_length(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<MarkedIndex<MxfVideo>, IndexError> {
    let video = MxfVideo::read(source, limits, |_, _| Err(NO_TABLE));
    let index = video.and_then(|video| MarkedIndex::new(video, source, limits));
    left_to_ffmpeg(index, TOO_LONG)
}

/// The elements of all pictures.
fn walk(
    reader: &mut WindowReader<'_>,
    essence: &EssenceParts,
    limits: IndexLimits,
) -> Result<Vec<KlvHeader>, IndexError> {
    let mut elements = Vec::new();
    for place in essence.places() {
        let mut at = place.start;
        while at < place.end {
            let header = KlvHeader::read(reader, at)?;
            if header.kind() == KlvKind::Element(essence.track) {
                limits.samples.check(elements.len() + 1)?;
                elements.push(header);
            }
            at = header.end();
        }
        if at != place.end {
            return Err(UNTRUE);
        }
    }
    Ok(elements)
}

/// Without a table, pictures that refer to no other are shown as they lie there.
fn counted(
    tracks: &FileTracks,
    essence: &EssenceParts,
    elements: &[KlvHeader],
) -> Result<EditUnits, IndexError> {
    let is_intra = tracks.picture.descriptor.coding.is_intra();
    let mut places = essence.places();
    let (Some(place), None, Wrapping::Frame, true) =
        (places.next(), places.next(), essence.wrapping, is_intra)
    else {
        return Err(NO_TABLE);
    };
    let unit = |(shown, element): (u32, &KlvHeader)| EditUnit {
        // The first package begins before its picture.
        offset: if shown == 0 {
            0
        } else {
            element.at - place.start
        },
        shown,
        key: true,
    };
    Ok(EditUnits::Listed((0..).zip(elements).map(unit).collect()))
}

/// The samples by the elements themselves, each of which is where the table says.
fn checked(
    video: &MxfVideo,
    reader: &mut WindowReader<'_>,
    elements: &[KlvHeader],
) -> Result<Vec<CodedSample>, IndexError> {
    if elements.len() != video.units.count() {
        return Err(UNTRUE);
    }
    let mut elementary = video.format.elementary.clone();
    let mut samples = Vec::with_capacity(elements.len());
    for (nth, element) in elements.iter().enumerate() {
        let unit = video.units.get(nth).ok_or(UNTRUE)?;
        let place = video.essence.unit(&video.units, nth)?;
        if !place.contains(&element.at) || element.end() > place.end || element.bytes == 0 {
            return Err(UNTRUE);
        }
        if let Some(elementary) = &mut elementary {
            let head = reader.peek(element.value, element.bytes.min(HEAD_BYTES as u64))?;
            if elementary.take(head)?.is_sync != unit.key {
                return Err(UNTRUE);
            }
        }
        samples.push(CodedSample {
            offset: element.at,
            size: u32::try_from(element.end() - element.at).map_err(|_| UNTRUE)?,
            pts: unit.shown.into(),
            sync: unit.key || elementary.is_none(),
            shown: video.is_shown(unit),
            encrypted: false,
        });
    }
    Ok(samples)
}
