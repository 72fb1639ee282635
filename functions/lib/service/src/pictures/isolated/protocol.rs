//! What the frames carry.

use super::frame::{Frame, Kind, invalid};
use crate::pictures::{
    Checkpoint, Destination, Engine, JobRequest, OutputFile, Scope, SnapshotTask,
};
use artifacts::Quality;
use decoder::{DecoderPool, Ffmpeg};
use plan::Limits;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use source::{RangeSource, ReadError};
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// The most of the source that one request asks for: larger reads are several.
pub(super) const READ_BYTES: usize = 4 << 20;

/// Everything the child is told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Start {
    pub(super) task: SnapshotTask,
    pub(super) scope: Scope,
    pub(super) done: Checkpoint,
    pub(super) destination: Destination,
    pub(super) source: Source,
    decoder: Decoder,
    limits: Limits,
    max_snapshots: u32,
    quality: u8,
    checkpoint_every: Duration,
}

/// What is known of the source without reading.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Source {
    pub(super) bytes: u64,
    /// Where it lay on this machine, where it is a file there.
    pub(super) path: Option<OsString>,
    /// Whether the child has it open as well, as its stdout.
    pub(super) is_open: bool,
    pub(super) identity: Option<String>,
    pub(super) gap_bytes: u64,
}

/// The decoder as it was found, so that the child need not look for one.
#[derive(Debug, Serialize, Deserialize)]
struct Decoder {
    path: OsString,
    version: decoder::ffmpeg::Version,
    origin: decoder::ffmpeg::Origin,
    sandbox: decoder::Sandbox,
}

impl Start {
    /// `is_open`: the child has the source's file.
    pub(super) fn new(engine: &Engine, request: &JobRequest, is_open: bool) -> io::Result<Self> {
        let source = &request.source;
        Ok(Self {
            task: request.task.clone(),
            scope: request.scope.clone(),
            done: request.done.clone(),
            destination: request.destination.clone(),
            source: Source {
                bytes: source.bytes(),
                path: source.path().map(|path| path.as_os_str().to_owned()),
                is_open,
                identity: source.identity(),
                gap_bytes: source.gap_bytes(),
            },
            decoder: Decoder {
                path: std::path::absolute(&engine.ffmpeg.path)?.into(),
                version: engine.ffmpeg.version.clone(),
                origin: engine.ffmpeg.origin,
                sandbox: engine.ffmpeg.sandbox,
            },
            limits: in_child(request.limits(engine), &engine.ffmpeg.pool),
            max_snapshots: engine.max_snapshots,
            quality: engine.quality.get(),
            checkpoint_every: engine.checkpoint_every,
        })
    }

    pub(super) fn engine(&self) -> Engine {
        Engine {
            ffmpeg: Ffmpeg {
                path: PathBuf::from(&self.decoder.path),
                version: self.decoder.version.clone(),
                origin: self.decoder.origin,
                sandbox: self.decoder.sandbox,
                // The parent holds the one permit that this process needs.
                pool: DecoderPool::default(),
            },
            limits: self.limits.clone(),
            max_snapshots: self.max_snapshots,
            quality: Quality::new(self.quality).unwrap_or_default(),
            checkpoint_every: self.checkpoint_every,
            executable: Engine::OWN_EXECUTABLE.into(),
        }
    }
}

/// A child knows nothing of the other decoders of its parent, which has room for one of its.
fn in_child(limits: plan::Limits, pool: &DecoderPool) -> plan::Limits {
    match pool.is_bounded() {
        true => plan::Limits {
            processes: 1,
            ..limits
        },
        false => limits,
    }
}

/// A frame of JSON.
pub(super) fn json(kind: Kind, what: &impl Serialize) -> io::Result<Frame> {
    Ok(Frame::new(kind, serde_json::to_vec(what)?))
}

/// What a frame of JSON says.
pub(super) fn parsed<'a, T: Deserialize<'a>>(frame: &'a Frame) -> io::Result<T> {
    serde_json::from_slice(&frame.body).map_err(|cause| match cause.classify() {
        Category::Io => cause.into(),
        _ => invalid(format!("{:?}: {cause}", frame.kind)),
    })
}

/// The most bytes of what a child of one engine says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    file: u64,
    json: u64,
}

impl Bounds {
    /// A picture in a manifest takes some 300 bytes.
    const PICTURE_BYTES: u64 = 1 << 10;
    const REST_BYTES: u64 = 1 << 20;
    const MOST_JSON_BYTES: u64 = 256 << 20;
    const MOST_FILE_BYTES: u64 = 1 << 30;

    pub(super) fn of(engine: &Engine) -> Self {
        let pictures = u64::from(engine.max_snapshots) * Self::PICTURE_BYTES;
        let file = engine.limits.output_bytes.saturating_add(HEAD_BYTES as u64);
        Self {
            file: file.min(Self::MOST_FILE_BYTES),
            json: (pictures + Self::REST_BYTES).min(Self::MOST_JSON_BYTES),
        }
    }

    /// Of each kind; what a child never says has none.
    pub(super) fn said_by_child(self, kind: Kind) -> u64 {
        match kind {
            Kind::Read => Request::BYTES as u64,
            Kind::Check => 4,
            Kind::File => self.file,
            Kind::Checkpoint | Kind::End => self.json,
            Kind::Start | Kind::Answer | Kind::Accepted | Kind::Stop => 0,
        }
    }

    /// What the parent says is believed, but not without end.
    pub(super) fn said_by_parent(kind: Kind) -> u64 {
        match kind {
            Kind::Start => Self::MOST_JSON_BYTES,
            Kind::Answer => READ_BYTES as u64 + 5,
            Kind::Accepted => 1,
            _ => 0,
        }
    }
}

/// A question about the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    /// A range.
    Read {
        /// Repeated in the answer.
        id: u32,
        offset: u64,
        /// At most [`READ_BYTES`].
        bytes: u32,
    },
    /// [`RangeSource::check`].
    Check {
        /// Repeated in the answer.
        id: u32,
    },
}

impl Request {
    const BYTES: usize = 16;

    pub(super) fn frame(self) -> Frame {
        match self {
            Self::Read { id, offset, bytes } => {
                let mut body = id.to_le_bytes().to_vec();
                body.extend(offset.to_le_bytes());
                body.extend(bytes.to_le_bytes());
                Frame::new(Kind::Read, body)
            }
            Self::Check { id } => Frame::new(Kind::Check, id.to_le_bytes().to_vec()),
        }
    }

    pub(super) fn of(frame: &Frame) -> io::Result<Self> {
        let wrong = || invalid("a request of no sense");
        let (id, rest) = frame.body.split_first_chunk().ok_or_else(wrong)?;
        let id = u32::from_le_bytes(*id);
        if frame.kind == Kind::Check && rest.is_empty() {
            return Ok(Self::Check { id });
        }
        let (offset, bytes) = rest.split_first_chunk().ok_or_else(wrong)?;
        let bytes: [u8; 4] = bytes.try_into().map_err(|_| wrong())?;
        let bytes = u32::from_le_bytes(bytes);
        if bytes as usize > READ_BYTES {
            return Err(wrong());
        }
        let offset = u64::from_le_bytes(*offset);
        Ok(Self::Read { id, offset, bytes })
    }

    /// Asks `source`.
    pub(super) fn answer(self, source: &dyn RangeSource) -> Frame {
        let (id, answer) = match self {
            Self::Check { id } => (id, source.check().map(|()| Vec::new())),
            Self::Read { id, offset, bytes } => {
                let mut read = vec![0; bytes as usize];
                (id, source.read_at(offset, &mut read).map(|()| read))
            }
        };
        answered(id, answer)
    }

    /// The answer of a source that failed to give one.
    pub(super) fn failed(self) -> Frame {
        let (Self::Check { id } | Self::Read { id, .. }) = self;
        answered(id, Err(io::Error::other("the source failed").into()))
    }
}

/// How an answer begins.
mod status {
    pub(super) const GOOD: u8 = 0;
    pub(super) const GONE: u8 = 1;
    pub(super) const NOT_A_FILE: u8 = 2;
    pub(super) const DENIED: u8 = 3;
    pub(super) const CHANGED: u8 = 4;
    pub(super) const TRANSIENT: u8 = 5;
}

fn answered(id: u32, answer: Result<Vec<u8>, ReadError>) -> Frame {
    let (status, rest) = match answer {
        Ok(bytes) => (status::GOOD, bytes),
        Err(ReadError::Gone) => (status::GONE, Vec::new()),
        Err(ReadError::NotAFile) => (status::NOT_A_FILE, Vec::new()),
        Err(ReadError::Denied(reason)) => (status::DENIED, reason.into_bytes()),
        Err(ReadError::Changed) => (status::CHANGED, Vec::new()),
        Err(ReadError::Transient(cause)) => (status::TRANSIENT, cause.to_string().into_bytes()),
    };
    let mut body = id.to_le_bytes().to_vec();
    body.push(status);
    body.extend(rest);
    Frame::new(Kind::Answer, body)
}

/// The answer and the request it belongs to; none where it is not one.
pub(super) fn answer(mut frame: Frame) -> Option<(u32, Result<Vec<u8>, ReadError>)> {
    let (id, rest) = frame.body.split_first_chunk()?;
    let (id, status) = (u32::from_le_bytes(*id), *rest.first()?);
    let rest = frame.body.split_off(5);
    let text = || String::from_utf8_lossy(&rest).into_owned();
    let answer = match status {
        status::GOOD => Ok(rest),
        status::GONE => Err(ReadError::Gone),
        status::NOT_A_FILE => Err(ReadError::NotAFile),
        status::DENIED => Err(ReadError::Denied(text())),
        status::CHANGED => Err(ReadError::Changed),
        _ => Err(io::Error::other(text()).into()),
    };
    Some((id, answer))
}

/// A file without its bytes.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    key: String,
    content_type: String,
    of: usize,
}

/// No head is longer.
const HEAD_BYTES: usize = 8 << 10;

/// What files are.
const CONTENT_TYPES: [&str; 10] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "text/vtt",
    "application/vnd.apple.mpegurl",
    "application/dash+xml",
    "application/xml",
    "application/json",
    "application/octet-stream",
];

/// Two bytes with the length of the head, the head as JSON, the bytes of the file.
pub(super) fn file_frame(file: OutputFile) -> io::Result<Frame> {
    let head = serde_json::to_vec(&Head {
        key: file.key,
        content_type: file.content_type.to_owned(),
        of: file.of,
    })?;
    let length = u16::try_from(head.len()).map_err(|_| invalid("a file's key is too long"))?;
    let mut body = Vec::with_capacity(2 + head.len() + file.bytes.len());
    body.extend(length.to_le_bytes());
    body.extend(head);
    body.extend(file.bytes);
    Ok(Frame::new(Kind::File, body))
}

/// The file in a frame.
pub(super) fn file(mut frame: Frame) -> io::Result<OutputFile> {
    let wrong = || invalid("a file of no sense");
    let (length, rest) = frame.body.split_first_chunk().ok_or_else(wrong)?;
    let length = usize::from(u16::from_le_bytes(*length));
    let head = rest.get(..length.min(HEAD_BYTES)).ok_or_else(wrong)?;
    let head: Head = serde_json::from_slice(head)?;
    let mut known = CONTENT_TYPES.into_iter();
    let content_type = known.find(|known| *known == head.content_type);
    let bytes = frame.body.split_off(2 + length);
    Ok(OutputFile {
        key: head.key,
        content_type: content_type.ok_or_else(wrong)?,
        bytes,
        of: head.of,
    })
}
