//! Where the pictures of a video lie: by the tables of the file, or chunk by chunk.

use super::riff::{ChunkHeader, DAMAGED, HEADER_BYTES, is_picture, list_kind, stream_chunk};
use super::stream_header::{StreamHeader, StreamKind};
use crate::little_endian::{number, short};
use crate::window_reader::WindowReader;
use crate::{IndexError, IndexLimits};
use std::ops::Range;

const ODD_CHUNK: IndexError = IndexError::Unsupported("a chunk of it is of an unusual kind");
const CUT_OFF: IndexError = IndexError::Unsupported("it breaks off");
const NO_TABLE: IndexError = IndexError::Unsupported("it has no table of its chunks");
const UNTRUE: IndexError = IndexError::Unsupported("its table of chunks is not true");

/// Of `hdrl`.
const MOST_HEADER_BYTES: u32 = 4 << 20;

/// A chunk of the video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct VideoChunk {
    /// Where its body begins.
    pub(super) at: u64,
    pub(super) bytes: u32,
    /// Its number among all of the video, those that are empty too: when it is decoded, ticks.
    pub(super) slot: i64,
    /// As the table says.
    pub(super) key: bool,
}

/// The file as far as no table is needed for it.
#[derive(Debug)]
pub(super) struct FileLayout {
    /// The body of the list of stream headers.
    pub(super) headers: Vec<u8>,
    /// What the lists of chunks hold, one for each RIFF.
    movies: Vec<Range<u64>>,
    /// `idx1`
    table: Option<ChunkHeader>,
}

impl FileLayout {
    pub(super) fn read(reader: &mut WindowReader<'_>) -> Result<Self, IndexError> {
        let mut layout = Self {
            headers: Vec::new(),
            movies: Vec::new(),
            table: None,
        };
        let (mut at, end) = (0, reader.file_bytes());
        // What is left may be an odd byte.
        while at + HEADER_BYTES < end {
            let riff = ChunkHeader::read(reader, at)?;
            let kind = list_kind(reader, riff)?;
            let expected = if at == 0 { b"AVI " } else { b"AVIX" };
            if &riff.kind != b"RIFF" || &kind != expected {
                return Err(ODD_CHUNK);
            }
            if riff.next() > end + 1 {
                return Err(CUT_OFF);
            }
            layout.read_riff(reader, riff)?;
            at = riff.next();
        }
        Ok(layout)
    }

    fn read_riff(
        &mut self,
        reader: &mut WindowReader<'_>,
        riff: ChunkHeader,
    ) -> Result<(), IndexError> {
        let end = riff.body + u64::from(riff.bytes);
        let (mut at, mut movies) = (riff.body + 4, 0);
        while at + HEADER_BYTES <= end {
            let chunk = ChunkHeader::read(reader, at)?;
            if chunk.next() > end + 1 {
                return Err(CUT_OFF);
            }
            if &chunk.kind == b"LIST" {
                match &list_kind(reader, chunk)? {
                    b"hdrl" if self.headers.is_empty() && chunk.bytes <= MOST_HEADER_BYTES => {
                        let body = reader.read(chunk.body, chunk.bytes.into())?;
                        self.headers = body.get(4..).ok_or(DAMAGED)?.to_vec();
                    }
                    b"movi" if chunk.bytes >= 4 => {
                        movies += 1;
                        let end = chunk.body + u64::from(chunk.bytes);
                        self.movies.push(chunk.body + 4..end);
                    }
                    b"hdrl" | b"movi" => return Err(DAMAGED),
                    _ => {}
                }
            } else if &chunk.kind == b"idx1" && movies == 1 && self.table.is_none() {
                self.table = Some(chunk);
            }
            at = chunk.next();
        }
        (movies == 1).then_some(()).ok_or(ODD_CHUNK)
    }
}

/// Chunks of the video, and how much of each stream there is.
#[derive(Debug, Clone, Default)]
pub(super) struct ChunkTable {
    /// Those that are not empty.
    pub(super) video: Vec<VideoChunk>,
    /// All of the video.
    pub(super) slots: i64,
    /// In the units of each stream.
    pub(super) lengths: Vec<u64>,
}

/// Takes the chunks of all streams, in their order.
struct TableBuilder<'a> {
    streams: &'a [StreamHeader],
    video: usize,
    limits: IndexLimits,
    table: ChunkTable,
}

impl TableBuilder<'_> {
    fn take(&mut self, number: usize, at: u64, bytes: u32, key: bool) -> Result<(), IndexError> {
        let stream = self.streams.get(number).ok_or(ODD_CHUNK)?;
        let length = self.table.lengths.get_mut(number).ok_or(ODD_CHUNK)?;
        *length = length.saturating_add(units(stream, bytes));
        if number != self.video {
            return Ok(());
        }
        if bytes > 0 {
            self.limits.samples.check(self.table.video.len() + 1)?;
            let slot = self.table.slots;
            let chunk = VideoChunk {
                at,
                bytes,
                slot,
                key,
            };
            let last = self.table.video.last();
            if last.is_some_and(|last| last.at + u64::from(last.bytes) > at) {
                return Err(UNTRUE);
            }
            self.table.video.push(chunk);
        }
        self.table.slots += 1;
        Ok(())
    }
}

/// How many units of a stream a chunk holds.
fn units(stream: &StreamHeader, bytes: u32) -> u64 {
    if stream.kind != StreamKind::Sound {
        return 1;
    }
    let block = super::sound::block_bytes(stream);
    match super::sound::unit_bytes(stream) {
        0 if block > 0 => u64::from(bytes.div_ceil(block)),
        0 => 1,
        _ => u64::from(bytes),
    }
}

/// Reads tables for one video.
#[derive(Debug, Clone, Copy)]
pub(super) struct TableReader<'a> {
    pub(super) streams: &'a [StreamHeader],
    pub(super) video: usize,
    pub(super) limits: IndexLimits,
}

impl TableReader<'_> {
    fn builder(&self) -> TableBuilder<'_> {
        TableBuilder {
            streams: self.streams,
            video: self.video,
            limits: self.limits,
            table: ChunkTable {
                lengths: vec![0; self.streams.len()],
                ..ChunkTable::default()
            },
        }
    }

    /// By the header of each chunk.
    pub(super) fn walk(
        &self,
        reader: &mut WindowReader<'_>,
        layout: &FileLayout,
    ) -> Result<ChunkTable, IndexError> {
        let mut builder = self.builder();
        for movie in &layout.movies {
            let mut at = movie.start;
            while at + HEADER_BYTES <= movie.end {
                let chunk = ChunkHeader::read(reader, at)?;
                at = match &chunk.kind {
                    b"LIST" if &list_kind(reader, chunk)? == b"rec " => chunk.body + 4,
                    b"JUNK" | b"idx1" => chunk.next(),
                    [b'i', b'x', ..] => chunk.next(),
                    kind => {
                        let number = self.number(*kind)?;
                        builder.take(number, chunk.body, chunk.bytes, false)?;
                        chunk.next()
                    }
                };
                if at > movie.end + 1 {
                    return Err(CUT_OFF);
                }
            }
        }
        Ok(builder.table)
    }

    /// By what the file says of itself.
    pub(super) fn stated(
        &self,
        reader: &mut WindowReader<'_>,
        layout: &FileLayout,
    ) -> Result<ChunkTable, IndexError> {
        if self.streams[self.video].table.is_some() {
            return self.of_super_tables(reader);
        }
        let table = layout.table.ok_or(NO_TABLE)?;
        let [movie] = &layout.movies[..] else {
            return Err(NO_TABLE);
        };
        let first = first_chunk(reader, movie.clone())?;
        let bytes = reader.read(table.body, table.bytes.into())?;
        let (entries, _) = bytes.as_chunks::<16>();
        let (mut builder, mut base) = (self.builder(), None);
        for entry in entries {
            let kind = *entry.first_chunk().ok_or(DAMAGED)?;
            if &kind == b"rec " || &kind == b"JUNK" {
                continue;
            }
            let field = |at| number(entry, at).ok_or(DAMAGED);
            let (flags, place, bytes) = (field(4)?, field(8)?, field(12)?);
            let number = self.number(kind)?;
            // From the list, from the file, or from anywhere: the first tells.
            let base = *base.get_or_insert(first.wrapping_sub(place.into()));
            let at = base.wrapping_add(place.into());
            if !movie.contains(&at) || at + HEADER_BYTES + u64::from(bytes) > movie.end {
                return Err(UNTRUE);
            }
            builder.take(number, at + HEADER_BYTES, bytes, flags & KEYFRAME != 0)?;
        }
        Ok(builder.table)
    }

    /// `OpenDML` AVI File Format Extensions 1.02, 3: of each stream a table of tables.
    fn of_super_tables(&self, reader: &mut WindowReader<'_>) -> Result<ChunkTable, IndexError> {
        const SUPER_TABLE: [u8; 2] = [0, 0];
        let mut builder = self.builder();
        for (number_of, stream) in self.streams.iter().enumerate() {
            let table = stream.table.as_deref().ok_or(NO_TABLE)?;
            if table.get(2..4) != Some(&SUPER_TABLE) || short(table, 0) != Some(4) {
                return Err(NO_TABLE);
            }
            let count = number(table, 4).ok_or(DAMAGED)?;
            let entries = table.get(24..).ok_or(DAMAGED)?.as_chunks::<16>().0;
            let entries = entries.get(..usize::try_from(count).map_err(|_| DAMAGED)?);
            for entry in entries.ok_or(DAMAGED)? {
                let (offset, rest) = entry.split_first_chunk().ok_or(DAMAGED)?;
                let duration = number(rest, 4).ok_or(DAMAGED)?;
                if number_of == self.video {
                    let at = u64::from_le_bytes(*offset);
                    self.chunks_of(reader, at, &mut builder)?;
                } else {
                    let unit = u64::from(super::sound::unit_bytes(stream).max(1));
                    builder.table.lengths[number_of] += u64::from(duration) * unit;
                }
            }
        }
        Ok(builder.table)
    }

    /// One table of chunks.
    fn chunks_of(
        &self,
        reader: &mut WindowReader<'_>,
        at: u64,
        builder: &mut TableBuilder<'_>,
    ) -> Result<(), IndexError> {
        const TABLE_OF_CHUNKS: [u8; 4] = [2, 0, 0, 1];
        const DELTA: u32 = 1 << 31;
        let end = reader.file_bytes();
        if at >= end {
            return Err(UNTRUE);
        }
        let table = ChunkHeader::read(reader, at)?;
        if &table.kind[..2] != b"ix" || table.next() > end {
            return Err(UNTRUE);
        }
        let body = reader.read(table.body, table.bytes.into())?;
        let kind = *body.get(8..).and_then(<[u8]>::first_chunk).ok_or(DAMAGED)?;
        let base = body.get(12..20).and_then(<[u8]>::first_chunk);
        let base = u64::from_le_bytes(*base.ok_or(DAMAGED)?);
        if body.get(..4) != Some(&TABLE_OF_CHUNKS) || self.number(kind)? != self.video {
            return Err(UNTRUE);
        }
        let count = number(&body, 4).ok_or(DAMAGED)?;
        let entries = body.get(24..).ok_or(DAMAGED)?.as_chunks::<8>().0;
        let entries = entries.get(..usize::try_from(count).map_err(|_| DAMAGED)?);
        for entry in entries.ok_or(DAMAGED)? {
            let field = |at| number(entry, at).ok_or(DAMAGED);
            let (place, size) = (field(0)?, field(4)?);
            let at = base.checked_add(place.into()).ok_or(DAMAGED)?;
            let bytes = size & !DELTA;
            if at.checked_add(bytes.into()).is_none_or(|until| until > end) {
                return Err(UNTRUE);
            }
            builder.take(self.video, at, bytes, size & DELTA == 0)?;
        }
        Ok(())
    }

    /// The stream that a chunk belongs to.
    fn number(&self, kind: [u8; 4]) -> Result<usize, IndexError> {
        let (number, what) = stream_chunk(kind).ok_or(ODD_CHUNK)?;
        let stream = self.streams.get(number).ok_or(ODD_CHUNK)?;
        let fits = match stream.kind {
            StreamKind::Video => is_picture(what),
            StreamKind::Sound => &what == b"wb",
            StreamKind::Other => true,
        };
        fits.then_some(number).ok_or(ODD_CHUNK)
    }
}

/// Where the first chunk of a stream begins.
fn first_chunk(reader: &mut WindowReader<'_>, movie: Range<u64>) -> Result<u64, IndexError> {
    let mut at = movie.start;
    while at + HEADER_BYTES <= movie.end {
        let chunk = ChunkHeader::read(reader, at)?;
        at = match &chunk.kind {
            b"LIST" if &list_kind(reader, chunk)? == b"rec " => chunk.body + 4,
            b"JUNK" => chunk.next(),
            [b'i', b'x', ..] => chunk.next(),
            _ => return Ok(at),
        };
    }
    Err(NO_TABLE)
}

/// `AVIIF_KEYFRAME`
const KEYFRAME: u32 = 0x10;

/// That both say the same of where the video is.
pub(super) fn check(walked: &ChunkTable, stated: &ChunkTable) -> Result<(), IndexError> {
    let place = |chunk: &VideoChunk| (chunk.at, chunk.bytes, chunk.slot);
    let is_same = walked
        .video
        .iter()
        .map(place)
        .eq(stated.video.iter().map(place));
    is_same.then_some(()).ok_or(UNTRUE)
}
