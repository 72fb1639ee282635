//! The video of an AVI, whole or in the parts that its table of chunks tells apart.

use super::chunk_table::{ChunkTable, FileLayout, TableReader, VideoChunk, check};
use super::object_planes::{ObjectPlane, PlaneKind, PlaneReader, head};
use super::riff::{HEADER_BYTES, is_picture, stream_chunk};
use super::sound::sounds;
use super::stream_header::{StreamHeader, StreamKind, stream_headers};
use super::video_format::video_format;
use crate::bitmap_format::BitmapFormat;
use crate::choice::{FirstMoving, MOST_VIDEOS};
use crate::clock::SampleClock;
use crate::error::{NO_START, NO_VIDEO, UNORDERED};
use crate::marked_index::{MarkedIndex, MarkedParts, check_length, left_to_ffmpeg, whole};
use crate::window_reader::{MOST_ROW_BYTES, WindowReader};
use crate::{Codec, IndexError, IndexLimits, VideoTrack};
use bitstream::mpeg4_layer::{Mpeg4Layer, says_packed};
use bitstream::{RandomAccess, random_access};
use plan::CodedSample;
use source::RangeSource;
use std::ops::Range;

const TOO_LONG: IndexError = IndexError::Unsupported("it is too long for its chunks to be read");
const NO_LAYER: IndexError = IndexError::Unsupported("its decoder configuration is damaged");
const LAYERS_CHANGE: IndexError = IndexError::Unsupported("its decoder configuration changes");
const REORDERED: IndexError =
    IndexError::Unsupported("its pictures are in an order that they are said not to be in");
/// How long the last picture is held back is nothing that all decoders agree on.
const OPEN_END: IndexError = IndexError::Unsupported("it does not end with a picture");
/// Some decoders take less for a sign that the picture before is shown again.
const LEAST_BYTES: u32 = 2;
const EMPTY: IndexError = IndexError::Unsupported("a picture of it is empty");
const UNTRUE: IndexError = IndexError::Unsupported("its table of chunks is not true");

/// See [`crate::index`].
pub(crate) fn index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<VideoTrack, IndexError> {
    whole(source, TOO_LONG, || read_whole(source, limits))
}

fn read_whole(source: &dyn RangeSource, limits: IndexLimits) -> Result<VideoTrack, IndexError> {
    let reader = &mut WindowReader::new(source, limits.bytes);
    let video = AviVideo::read(reader, limits, TableKind::Walked)?;
    let samples = video.part(reader, 0..video.table.video.len(), TableKind::Walked)?;
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
) -> Result<MarkedIndex<AviVideo>, IndexError> {
    check_length(source)?;
    sparse_index_of_any_length(source, limits)
}

pub(super) fn sparse_index_of_any_length(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<MarkedIndex<AviVideo>, IndexError> {
    let reader = &mut WindowReader::new(source, limits.bytes);
    let video = AviVideo::read(reader, limits, TableKind::Stated);
    let index = video.and_then(|video| MarkedIndex::new(video, source, limits));
    left_to_ffmpeg(index, TOO_LONG)
}

/// Where the places of chunks are known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TableKind {
    Walked,
    Stated,
}

/// All that is needed to read parts of it.
#[derive(Debug, Clone)]
pub(crate) struct AviVideo {
    number: usize,
    streams: Vec<StreamHeader>,
    format: BitmapFormat,
    table: ChunkTable,
    /// The first chunk of each part.
    marks: Vec<usize>,
    /// Of MPEG-4 part 2.
    layer: Option<Mpeg4Layer>,
    is_packed: bool,
    entry: Vec<u8>,
}

impl AviVideo {
    fn read(
        reader: &mut WindowReader<'_>,
        limits: IndexLimits,
        kind: TableKind,
    ) -> Result<Self, IndexError> {
        let layout = FileLayout::read(reader)?;
        let streams = stream_headers(&layout.headers, limits.streams)?;
        let is_video = |number: &usize| streams[*number].kind == StreamKind::Video;
        let videos: Vec<usize> = (0..streams.len()).filter(is_video).collect();
        let mut choice = FirstMoving::default();
        for &video in videos.iter().take(MOST_VIDEOS) {
            let tables = TableReader {
                streams: &streams,
                video,
                limits,
            };
            let table = match kind {
                TableKind::Stated => tables.stated(reader, &layout)?,
                TableKind::Walked => {
                    let walked = tables.walk(reader, &layout)?;
                    if let Ok(stated) = tables.stated(reader, &layout) {
                        check(&walked, &stated)?;
                    }
                    walked
                }
            };
            let pictures = table.video.len();
            if choice.is_decided_by((video, table), pictures) {
                break;
            }
        }
        let (number, table) = choice.into_best().ok_or(NO_VIDEO)?;
        Self::new(reader, streams, number, table)
    }

    fn new(
        reader: &mut WindowReader<'_>,
        streams: Vec<StreamHeader>,
        number: usize,
        table: ChunkTable,
    ) -> Result<Self, IndexError> {
        let format = video_format(&streams[number])?;
        let pixel = streams[number].pixel;
        let first = table.video.first().filter(|first| first.slot == 0).copied();
        let first = first.ok_or(NO_START)?;
        let mut video = Self {
            number,
            entry: format.entry(&format.configuration, pixel),
            marks: Vec::new(),
            layer: None,
            is_packed: false,
            format,
            streams,
            table,
        };
        if video.format.codec == Codec::Mpeg4 {
            let told = [video.format.configuration.clone(), head(reader, &first)?].concat();
            video.layer = Some(Mpeg4Layer::find(&told).ok_or(NO_LAYER)?);
            video.is_packed = says_packed(&told);
            // What is said once holds for all groups.
            let is_over = |code: &[u8]| matches!(code, [0, 0, 1, GROUP | PLANE]);
            let over = told.windows(4).position(is_over);
            let configuration = &told[..over.ok_or(NO_START)?];
            video.entry = video.format.entry(configuration, pixel);
        }
        let codec = video.format.codec;
        let is_mark = |chunk: &VideoChunk| chunk.key || matches!(codec, Codec::Intra(_));
        let chunks = video.table.video.iter().enumerate();
        let later = chunks.filter(|(nth, chunk)| *nth > 0 && is_mark(chunk));
        video.marks = std::iter::once(0)
            .chain(later.map(|(nth, _)| nth))
            .collect();
        Ok(video)
    }

    fn time_base(&self) -> plan::TimeBase {
        self.streams[self.number].time_base
    }

    /// The samples of some chunks, which begin with a keyframe.
    fn part(
        &self,
        reader: &mut WindowReader<'_>,
        chunks: Range<usize>,
        kind: TableKind,
    ) -> Result<Vec<CodedSample>, IndexError> {
        let Some(layer) = self.layer else {
            return self.unlayered_part(reader, chunks, kind);
        };
        let time_bits = layer.time_bits.ok_or(NO_LAYER)?;
        let mut planes = PlaneReader::new(self.is_packed, time_bits);
        for chunk in &self.table.video[chunks.clone()] {
            self.check_place(reader, chunk, kind)?;
            planes.take(reader, chunk)?;
            if planes
                .planes
                .last()
                .is_some_and(|last| last.kind == PlaneKind::Intra)
            {
                self.check_layer(&head(reader, chunk)?)?;
            }
        }
        let next = match self.table.video.get(chunks.end) {
            Some(next) => {
                planes.check_end()?;
                next.slot
            }
            None => {
                if !planes.gave_picture && layer.holds_back() {
                    return Err(OPEN_END);
                }
                // Empty chunks at the end have it wait no longer.
                self.last_slot() + 1
            }
        };
        let is_first = chunks.start == 0;
        let planes = &planes.planes;
        if planes.first().map(|first| first.kind) != Some(PlaneKind::Intra) {
            return Err(if is_first { NO_START } else { UNTRUE });
        }
        match layer.holds_back() {
            true => held_back(planes, next, is_first),
            false => as_decoded(planes),
        }
    }

    /// The same of codecs that show each picture when it is decoded.
    fn unlayered_part(
        &self,
        reader: &mut WindowReader<'_>,
        chunks: Range<usize>,
        kind: TableKind,
    ) -> Result<Vec<CodedSample>, IndexError> {
        let (codec, is_first) = (self.format.codec, chunks.start == 0);
        let mut samples: Vec<CodedSample> = Vec::with_capacity(chunks.len());
        for chunk in &self.table.video[chunks] {
            self.check_place(reader, chunk, kind)?;
            let is_key = match codec {
                Codec::Intra(_) => true,
                _ if chunk.bytes < LEAST_BYTES => return Err(EMPTY),
                _ => random_access(codec, &head(reader, chunk)?) != RandomAccess::None,
            };
            if samples.is_empty() && !is_key {
                return Err(if is_first { NO_START } else { UNTRUE });
            }
            samples.push(sample(chunk.at, chunk.bytes, chunk.slot, is_key));
        }
        Ok(samples)
    }

    /// That what a keyframe says of the video is what the first one says.
    fn check_layer(&self, head: &[u8]) -> Result<(), IndexError> {
        let Some(layer) = Mpeg4Layer::find(head) else {
            return Ok(());
        };
        let is_same = Some(layer) == self.layer && says_packed(head) == self.is_packed;
        is_same.then_some(()).ok_or(LAYERS_CHANGE)
    }

    /// That a chunk is where the table says.
    fn check_place(
        &self,
        reader: &mut WindowReader<'_>,
        chunk: &VideoChunk,
        kind: TableKind,
    ) -> Result<(), IndexError> {
        if kind == TableKind::Walked {
            return Ok(());
        }
        let at = chunk.at.checked_sub(HEADER_BYTES).ok_or(UNTRUE)?;
        let header = reader.peek(at, HEADER_BYTES)?;
        let (kind, bytes) = header.split_first_chunk().ok_or(UNTRUE)?;
        let is_its = stream_chunk(*kind)
            .is_some_and(|(number, what)| number == self.number && is_picture(what));
        let is_true = is_its && bytes == chunk.bytes.to_le_bytes();
        is_true.then_some(()).ok_or(UNTRUE)
    }
}

/// Where the last chunk of a part begins whose headers are near each other; 0 where they are not.
fn row_end(chunks: &[VideoChunk], gap_bytes: u64) -> u64 {
    let ends = chunks.first().zip(chunks.last());
    let row = ends.map(|(first, last)| (last.at.saturating_sub(first.at), last.at));
    let most = gap_bytes.saturating_mul(chunks.len() as u64);
    let row = row.filter(|(bytes, _)| *bytes <= most.min(MOST_ROW_BYTES));
    row.map_or(0, |(_, end)| end)
}

/// `group_of_vop_start_code`
const GROUP: u8 = 0xb3;
/// `vop_start_code`
const PLANE: u8 = 0xb6;

impl MarkedParts for AviVideo {
    fn count(&self) -> usize {
        self.marks.len()
    }

    fn part_at(&self, pts: i64) -> usize {
        let slot = |mark: &usize| self.table.video[*mark].slot;
        let after = self.marks.partition_point(|mark| slot(mark) <= pts);
        after.saturating_sub(1)
    }

    fn samples(
        &self,
        source: &dyn RangeSource,
        part: usize,
        limits: IndexLimits,
    ) -> Result<Vec<CodedSample>, IndexError> {
        let reader = &mut WindowReader::new(source, limits.bytes);
        let end = self.marks.get(part + 1).copied();
        let chunks = self.marks[part]..end.unwrap_or(self.table.video.len());
        let next = self.table.video.get(chunks.end);
        // With the chunk that ends it.
        let row = chunks.start..chunks.end + usize::from(next.is_some());
        reader.expect_row(row_end(&self.table.video[row], source.gap_bytes()));
        let samples = self.part(reader, chunks, TableKind::Stated)?;
        if let Some(next) = next {
            self.check_place(reader, next, TableKind::Stated)?;
        }
        Ok(samples)
    }

    fn track(&self) -> VideoTrack {
        let gap = self.usual_gap();
        let last = self.last_slot() + i64::from(self.holds_back());
        VideoTrack {
            end_pts: last.saturating_add(gap),
            entry: self.entry.clone(),
            sample_aspect_ratio: self.streams[self.number].pixel,
            sounds: sounds(&self.streams, &self.table.lengths),
            ..VideoTrack::plain(
                self.number,
                self.time_base(),
                self.format.codec,
                self.format.coded,
            )
        }
    }
}

impl AviVideo {
    /// Of the last chunk that is not empty.
    fn last_slot(&self) -> i64 {
        self.table.video.last().map_or(0, |last| last.slot)
    }

    fn holds_back(&self) -> bool {
        self.layer.is_some_and(Mpeg4Layer::holds_back)
    }

    /// Between pictures, ticks.
    fn usual_gap(&self) -> i64 {
        let pairs = self.table.video.windows(2);
        let mut gaps: Vec<i64> = pairs.map(|pair| pair[1].slot - pair[0].slot).collect();
        gaps.sort_unstable();
        gaps.get(gaps.len() / 2).copied().unwrap_or(1)
    }
}

fn sample(offset: u64, size: u32, pts: i64, sync: bool) -> CodedSample {
    CodedSample {
        offset,
        size,
        pts,
        sync,
        shown: true,
        encrypted: false,
    }
}

fn of_plane(plane: &ObjectPlane, pts: i64) -> CodedSample {
    sample(plane.at, plane.bytes, pts, plane.kind == PlaneKind::Intra)
}

/// Each is shown when it is decoded.
fn as_decoded(planes: &[ObjectPlane]) -> Result<Vec<CodedSample>, IndexError> {
    let reorders = |plane: &ObjectPlane| plane.kind == PlaneKind::Bidirectional;
    if planes.iter().any(reorders) {
        return Err(REORDERED);
    }
    Ok(planes
        .iter()
        .map(|plane| of_plane(plane, plane.slot))
        .collect())
}

/// One that others refer to is shown when the next such one is decoded, at `next` the last.
fn held_back(
    planes: &[ObjectPlane],
    next: i64,
    is_first: bool,
) -> Result<Vec<CodedSample>, IndexError> {
    let mut samples: Vec<CodedSample> = Vec::with_capacity(planes.len());
    let (mut held, mut references) = (None, 0);
    for plane in planes {
        if plane.kind != PlaneKind::Bidirectional {
            if let Some(held) = held.replace(samples.len()) {
                let held: &mut CodedSample = &mut samples[held];
                held.pts = plane.slot;
            }
            references += 1;
        } else if is_first && references < 2 {
            return Err(NO_START);
        }
        samples.push(of_plane(plane, plane.slot));
    }
    if let Some(held) = held {
        samples[held].pts = next;
    }
    Ok(samples)
}
