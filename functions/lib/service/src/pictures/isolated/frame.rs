//! Frames on a stream: one byte that says what it is, four with its length (little endian), and so
//! many bytes.

use std::io::{self, ErrorKind, Read, Write};

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// To the child, first of all: the job and the settings, JSON.
    Start = 1,
    /// To the child: what it asked for with `Read` or `Check`.
    Answer = 2,
    /// To the child: whether the last file or checkpoint was taken, one byte.
    Accepted = 3,
    /// To the child: its time is over.
    Stop = 4,
    /// From the child: a range of the source, please.
    Read = 5,
    /// From the child: is the source's file still the one that was opened?
    Check = 6,
    /// From the child: a file to store.
    File = 7,
    /// From the child: what is done by now, JSON.
    Checkpoint = 8,
    /// From the child, last of all: how it ended, JSON.
    End = 9,
}

impl Kind {
    fn of(byte: u8) -> Option<Self> {
        use Kind::{Accepted, Answer, Check, Checkpoint, End, File, Read, Start, Stop};
        let all = [
            Start, Answer, Accepted, Stop, Read, Check, File, Checkpoint, End,
        ];
        all.into_iter().find(|kind| *kind as u8 == byte)
    }
}

/// One frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) body: Vec<u8>,
}

/// Memory taken before any byte of a body is there; a length is only a claim.
const FIRST_BYTES: usize = 64 << 10;

impl Frame {
    pub(super) fn new(kind: Kind, body: Vec<u8>) -> Self {
        Self { kind, body }
    }

    pub(super) fn write(&self, pipe: &mut impl Write) -> io::Result<()> {
        let length = u32::try_from(self.body.len())
            .map_err(|_| io::Error::new(ErrorKind::InvalidInput, "a frame is too long"))?;
        let mut header = [self.kind as u8, 0, 0, 0, 0];
        header[1..].copy_from_slice(&length.to_le_bytes());
        pipe.write_all(&header)?;
        pipe.write_all(&self.body)?;
        pipe.flush()
    }

    /// The next frame; none where the pipe ends before it. `longest` is the most bytes that a
    /// body of a kind may have.
    pub(super) fn read(
        pipe: &mut impl Read,
        longest: impl Fn(Kind) -> u64,
    ) -> io::Result<Option<Self>> {
        let mut header = [0; 5];
        if !begins(pipe, &mut header)? {
            return Ok(None);
        }
        let [kind, length @ ..] = header;
        let kind = Kind::of(kind).ok_or_else(|| invalid(format!("there is no frame {kind}")))?;
        let (length, most) = (u64::from(u32::from_le_bytes(length)), longest(kind));
        if length > most {
            return Err(invalid(format!(
                "a frame {kind:?} of {length} bytes; the most is {most}"
            )));
        }
        let capacity = usize::try_from(length).unwrap_or(usize::MAX);
        let mut body = Vec::with_capacity(capacity.min(FIRST_BYTES));
        pipe.take(length).read_to_end(&mut body)?;
        if (body.len() as u64) < length {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(Self { kind, body }))
    }
}

/// Reads a whole header; false where the pipe ends before its first byte.
fn begins(pipe: &mut impl Read, header: &mut [u8; 5]) -> io::Result<bool> {
    loop {
        match pipe.read(&mut header[..1]) {
            Ok(0) => return Ok(false),
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    pipe.read_exact(&mut header[1..])?;
    Ok(true)
}

pub(super) fn invalid(what: impl Into<String>) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what.into())
}
