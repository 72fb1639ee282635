//! The whole index: each packet is read, once.

use super::file_header::FileHeader;
use super::object_run::{ObjectRun, VideoFacts};
use super::pace::picture_ms;
use super::sound::MILLISECONDS;
use super::stream_header::StreamKind;
use crate::bitmap_format::{BitmapFormat, ODD_CODEC};
use crate::choice::{FirstMoving, MOST_VIDEOS};
use crate::clock::SampleClock;
use crate::error::{NO_VIDEO, UNORDERED};
use crate::fraction::ratio;
use crate::marked_index::whole;
use crate::packaging::SamplePackaging;
use crate::whole_reads::window_bytes;
use crate::window_reader::WindowReader;
use crate::{Codec, IndexError, IndexLimits, VideoTrack};
use plan::CodedSample;
use source::RangeSource;
use std::sync::Arc;

const TOO_LONG: IndexError = IndexError::Unsupported("it is too long for its packets to be read");
const OTHER_TIMES: IndexError = IndexError::Unsupported("its times stand in an unusual place");

/// See [`crate::index`].
pub(crate) fn index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<VideoTrack, IndexError> {
    if source.bytes() > limits.bytes {
        return Err(TOO_LONG);
    }
    whole(source, TOO_LONG, || read_whole(source, limits))
}

fn read_whole(source: &dyn RangeSource, limits: IndexLimits) -> Result<VideoTrack, IndexError> {
    let header = read_header(source, limits)?;
    let mut choice = FirstMoving::default();
    for video in videos(&header).into_iter().take(MOST_VIDEOS) {
        let track = read_video(source, &header, video, limits)?;
        let pictures = track.as_ref().map_or(0, |track| track.samples.len());
        if choice.is_decided_by(track, pictures) {
            break;
        }
    }
    choice.into_best().flatten().ok_or(NO_VIDEO)
}

pub(super) fn read_header(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<Arc<FileHeader>, IndexError> {
    let reader = &mut WindowReader::new(source, limits.bytes);
    let header = FileHeader::read(reader, limits)?;
    let mut streams = header.streams.iter();
    let are_usual = streams.all(|stream| header.extensions(stream.id).are_usual());
    are_usual.then_some(Arc::new(header)).ok_or(OTHER_TIMES)
}

/// Which of the streams are videos.
pub(super) fn videos(header: &FileHeader) -> Vec<usize> {
    let streams = header.streams.iter().enumerate();
    let videos = streams.filter(|(_, stream)| stream.kind == StreamKind::Video);
    videos.map(|(number, _)| number).collect()
}

/// None where it has no picture.
fn read_video(
    source: &dyn RangeSource,
    header: &Arc<FileHeader>,
    number: usize,
    limits: IndexLimits,
) -> Result<Option<VideoTrack>, IndexError> {
    let video = AsfVideo::new(header, number, limits)?;
    let mut run = ObjectRun::new(video.facts.clone(), false);
    let (grid, mut at) = (header.grid, header.grid.first);
    while at < grid.end {
        let until = grid.begin_behind(at + window_bytes(source));
        read_packets(source, video.packet_bytes()?, (at, until), &mut run)?;
        at = until;
    }
    run.check_end()?;
    if run.samples.is_empty() {
        return Ok(None);
    }
    let samples = std::mem::take(&mut run.samples);
    if !SampleClock::new(video.facts.codec, MILLISECONDS).is_clean(&samples) {
        return Err(UNORDERED);
    }
    let end_pts = end_of(&samples, picture_ms(&samples)?);
    Ok(Some(VideoTrack {
        end_pts,
        sounds: run.sounds.ends(&header.streams, end_pts)?,
        samples,
        ..video.track(run.pixel_aspect)
    }))
}

/// Gives the packets between two places, where packets begin, to `run`.
pub(super) fn read_packets(
    source: &dyn RangeSource,
    packet_bytes: usize,
    (from, to): (u64, u64),
    run: &mut ObjectRun,
) -> Result<(), IndexError> {
    let length = usize::try_from(to.saturating_sub(from)).map_err(|_| TOO_LONG)?;
    let mut bytes = vec![0; length];
    source.read_at(from, &mut bytes)?;
    let mut at = from;
    for packet in bytes.chunks_exact(packet_bytes) {
        run.take(packet, at)?;
        at += packet.len() as u64;
    }
    Ok(())
}

/// When the last picture ends, of which each takes so long.
pub(super) fn end_of(samples: &[CodedSample], picture_ms: i64) -> i64 {
    let last = samples.last().map_or(0, |last| last.pts);
    last.saturating_add(picture_ms)
}

/// One of the videos, without its pictures.
#[derive(Debug, Clone)]
pub(super) struct AsfVideo {
    pub(super) facts: VideoFacts,
    number: usize,
    format: BitmapFormat,
}

impl AsfVideo {
    pub(super) fn new(
        header: &Arc<FileHeader>,
        number: usize,
        limits: IndexLimits,
    ) -> Result<Self, IndexError> {
        let stream = header.streams.get(number).ok_or(NO_VIDEO)?;
        let format = BitmapFormat::parse(&stream.format)?;
        // Pictures may be shown in another order.
        if format.codec == Codec::Mpeg4 {
            return Err(ODD_CODEC);
        }
        Ok(Self {
            facts: VideoFacts {
                header: Arc::clone(header),
                stream: stream.id,
                codec: format.codec,
                extensions: header.extensions(stream.id),
                most: limits.samples,
            },
            number,
            format,
        })
    }

    pub(super) fn packet_bytes(&self) -> Result<usize, IndexError> {
        usize::try_from(self.facts.header.grid.bytes).map_err(|_| TOO_LONG)
    }

    /// Without samples; pictures themselves may say what shape their pixels have.
    pub(super) fn track(&self, pixel: Option<(u8, u8)>) -> VideoTrack {
        let own = pixel.and_then(|(across, down)| ratio(across.into(), down.into()));
        let pixel = own.or_else(|| self.facts.header.aspects.of(self.facts.stream));
        VideoTrack {
            entry: self.format.entry(&self.format.configuration, pixel),
            packaging: SamplePackaging::DataPackets {
                bytes: self.packet_bytes().unwrap_or(usize::MAX),
            },
            sample_aspect_ratio: pixel,
            ..VideoTrack::plain(
                self.number,
                MILLISECONDS,
                self.facts.codec,
                self.format.coded,
            )
        }
    }
}
