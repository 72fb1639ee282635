//! The header of the file: which streams there are, and where the data packets lie.

use super::aspect::StatedAspects;
use super::fields::{
    self, DAMAGED, DATA, DESCRIPTION, ENCRYPTION, EXTENDED_STREAM, EXTENSION, FILE, METADATA,
    METADATA_LIBRARY, Name, STREAM,
};
use super::stream_header::{PayloadExtensions, StreamHeader};
use crate::little_endian::number;
use crate::window_reader::WindowReader;
use crate::{ENDS_EARLY, IndexError, IndexLimits};

const ENCRYPTED: IndexError = IndexError::Unsupported("it is encrypted");
const BREAKS_OFF: IndexError = IndexError::Damaged("it breaks off");
const LIVE: IndexError = IndexError::Unsupported("it is the recording of a broadcast");
const ODD_PACKETS: IndexError = IndexError::Unsupported("its packets are of no usual length");
const ODD_STREAM: IndexError = IndexError::Unsupported("a stream of it is of an unusual kind");
const HAS_PICTURE: IndexError = IndexError::Unsupported("a picture goes with it");
const TOO_MANY: IndexError = IndexError::Unsupported("it has too many streams");

const OBJECT_BYTES: u64 = 24;
/// In what the header begins with: its objects, and how many they are.
const HEADER_BYTES: u64 = 30;
const EXTENSION_BYTES: usize = 46;
/// Of the data object, before its first packet.
const DATA_HEADER_BYTES: u64 = 50;
/// What is longer is no object that is read here, or holds a picture.
const MOST_OBJECT_BYTES: u64 = 1 << 20;
const MOST_PACKET_BYTES: u64 = 1 << 20;
/// What comes before a payload is about as long.
const LEAST_PACKET_BYTES: u64 = 64;

/// Where the packets lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PacketGrid {
    /// Where the first one begins.
    pub(super) first: u64,
    /// Where the last one ends.
    pub(super) end: u64,
    /// Of each.
    pub(super) bytes: u64,
}

impl PacketGrid {
    /// Where the packet begins in which a place lies.
    pub(super) fn begin_at(&self, place: u64) -> u64 {
        let inside = place.clamp(self.first, self.end) - self.first;
        self.first + inside / self.bytes * self.bytes
    }

    /// Where the next packet begins at or behind a place.
    pub(super) fn begin_behind(&self, place: u64) -> u64 {
        let inside = place.clamp(self.first, self.end) - self.first;
        self.first + inside.div_ceil(self.bytes) * self.bytes
    }
}

/// What the file says of itself.
#[derive(Debug, Clone)]
pub(super) struct FileHeader {
    /// In the order in which ffmpeg numbers them.
    pub(super) streams: Vec<StreamHeader>,
    /// All times begin here, ms.
    pub(super) preroll: u32,
    pub(super) aspects: StatedAspects,
    pub(super) grid: PacketGrid,
    extensions: Vec<(u8, PayloadExtensions)>,
}

impl FileHeader {
    pub(super) fn read(
        reader: &mut WindowReader<'_>,
        limits: IndexLimits,
    ) -> Result<Self, IndexError> {
        let (end, mut at) = (header_end(reader)?, HEADER_BYTES);
        let mut found = Self {
            streams: Vec::new(),
            preroll: 0,
            aspects: StatedAspects::default(),
            grid: PacketGrid {
                first: 0,
                end: 0,
                bytes: 0,
            },
            extensions: Vec::new(),
        };
        while at < end {
            let (name, bytes) = object(reader, at, end)?;
            if is_read(name) {
                if bytes > MOST_OBJECT_BYTES {
                    return Err(HAS_PICTURE);
                }
                let whole = reader.peek(at, bytes)?.to_vec();
                found.take(name, &whole, limits)?;
            }
            at += bytes;
        }
        found.find_packets(reader, end)?;
        Ok(found)
    }

    /// What is said beside the header of a stream.
    pub(super) fn extensions(&self, stream: u8) -> PayloadExtensions {
        let own = self.extensions.iter().find(|(of, _)| *of == stream);
        own.map_or_else(PayloadExtensions::default, |(_, own)| own.clone())
    }

    /// An object that [`is_read`], its header included.
    fn take(&mut self, name: Name, whole: &[u8], limits: IndexLimits) -> Result<(), IndexError> {
        match name {
            FILE => self.take_file(whole),
            STREAM => self.take_stream(whole, limits),
            EXTENDED_STREAM => {
                let (stream, extensions, rest) = PayloadExtensions::parse(whole).ok_or(DAMAGED)?;
                self.extensions.push((stream, extensions));
                self.take_all(rest, limits)
            }
            EXTENSION => self.take_all(whole.get(EXTENSION_BYTES..).ok_or(DAMAGED)?, limits),
            METADATA | METADATA_LIBRARY | DESCRIPTION if names_picture(whole) => Err(HAS_PICTURE),
            METADATA | METADATA_LIBRARY => self.aspects.take(whole).ok_or(DAMAGED),
            name if ENCRYPTION.contains(&name) => Err(ENCRYPTED),
            _ => Ok(()),
        }
    }

    /// Objects one behind the other.
    fn take_all(&mut self, mut objects: &[u8], limits: IndexLimits) -> Result<(), IndexError> {
        while !objects.is_empty() {
            let name = fields::name(objects, 0).ok_or(DAMAGED)?;
            let bytes = fields::long(objects, 16).filter(|&bytes| bytes >= OBJECT_BYTES);
            let bytes = bytes.and_then(|bytes| usize::try_from(bytes).ok());
            let (whole, rest) = bytes
                .and_then(|bytes| objects.split_at_checked(bytes))
                .ok_or(DAMAGED)?;
            // No object lies deeper.
            if name != EXTENSION {
                self.take(name, whole, limits)?;
            }
            objects = rest;
        }
        Ok(())
    }

    fn take_file(&mut self, whole: &[u8]) -> Result<(), IndexError> {
        const IS_LIVE: u32 = 1;
        let field = |at| number(whole, at).ok_or(DAMAGED);
        if field(88)? & IS_LIVE != 0 {
            return Err(LIVE);
        }
        self.preroll = field(80)?;
        let (least, most) = (field(92)?, field(96)?);
        self.grid.bytes = most.into();
        let is_usual =
            least == most && (LEAST_PACKET_BYTES..=MOST_PACKET_BYTES).contains(&self.grid.bytes);
        is_usual.then_some(()).ok_or(ODD_PACKETS)
    }

    fn take_stream(&mut self, whole: &[u8], limits: IndexLimits) -> Result<(), IndexError> {
        let stream = StreamHeader::parse(whole)?.ok_or(ODD_STREAM)?;
        let is_known = self.streams.iter().any(|known| known.id == stream.id);
        if is_known || self.streams.len() >= limits.streams.min(127) {
            return Err(TOO_MANY);
        }
        self.streams.push(stream);
        Ok(())
    }

    /// Behind the header.
    fn find_packets(&mut self, reader: &mut WindowReader<'_>, at: u64) -> Result<(), IndexError> {
        if self.grid.bytes == 0 {
            return Err(DAMAGED);
        }
        let (name, bytes) = object(reader, at, u64::MAX)?;
        if name != DATA || bytes <= DATA_HEADER_BYTES {
            return Err(DAMAGED);
        }
        self.grid.first = at + DATA_HEADER_BYTES;
        self.grid.end = at.checked_add(bytes).ok_or(DAMAGED)?;
        if self.grid.end > reader.file_bytes() {
            return Err(BREAKS_OFF);
        }
        let is_whole = (self.grid.end - self.grid.first).is_multiple_of(self.grid.bytes);
        is_whole.then_some(()).ok_or(ODD_PACKETS)
    }
}

fn is_read(name: Name) -> bool {
    ENCRYPTION.contains(&name)
        || [
            FILE,
            STREAM,
            EXTENSION,
            METADATA,
            METADATA_LIBRARY,
            DESCRIPTION,
        ]
        .contains(&name)
        || name == EXTENDED_STREAM
}

/// Name and length of an object, which ends before `end`.
fn object(reader: &mut WindowReader<'_>, at: u64, end: u64) -> Result<(Name, u64), IndexError> {
    if reader.file_bytes().saturating_sub(at) < OBJECT_BYTES {
        return Err(IndexError::Damaged(ENDS_EARLY));
    }
    let header = reader.peek(at, OBJECT_BYTES)?;
    let name = fields::name(header, 0).ok_or(DAMAGED)?;
    let bytes = fields::long(header, 16).filter(|&bytes| bytes >= OBJECT_BYTES);
    let bytes = bytes.filter(|bytes| at.checked_add(*bytes).is_some_and(|until| until <= end));
    Ok((name, bytes.ok_or(DAMAGED)?))
}

fn header_end(reader: &mut WindowReader<'_>) -> Result<u64, IndexError> {
    let (_, bytes) = object(reader, 0, u64::MAX)?;
    let is_within = (HEADER_BYTES..=reader.file_bytes()).contains(&bytes);
    is_within
        .then_some(bytes)
        .ok_or(IndexError::Damaged(ENDS_EARLY))
}

/// Pictures that go with a file are streams of ffmpeg's.
fn names_picture(object: &[u8]) -> bool {
    ["WM/Picture", "ID3"].iter().any(|name| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        object.windows(name.len()).any(|part| part == name)
    })
}
