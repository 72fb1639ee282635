//! A file's bytes as the body of an answer, a piece at a time.

use crate::server::connections::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio_util::io::poll_read_buf;

/// What is read at a time. Each slow client keeps two of them in memory.
const PIECE: usize = 16 * 1024;

/// All `len` bytes of a file that is at its start.
pub(in crate::server) fn file(file: File, len: u64) -> Body {
    let body = FileBody {
        file: tokio::fs::File::from_std(file),
        left: len,
        piece: BytesMut::new(),
    };
    body.boxed_unsync()
}

/// The bytes of `range`, which lies within the file. Blocks for a moment.
pub(in crate::server) fn part_of(mut from: File, range: &RangeInclusive<u64>) -> io::Result<Body> {
    from.seek(SeekFrom::Start(*range.start()))?;
    Ok(file(from, range.end() - range.start() + 1))
}

struct FileBody {
    file: tokio::fs::File,
    left: u64,
    piece: BytesMut,
}

impl hyper::body::Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let Self { file, left, piece } = &mut *self;
        if piece.capacity() == 0 {
            piece.reserve(usize::try_from(*left).map_or(PIECE, |left| left.min(PIECE)));
        }
        let read = ready!(poll_read_buf(Pin::new(file), context, piece))?;
        if read == 0 {
            // Shorter than it was: the client sees a connection that breaks, not a short file.
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        let mut bytes = std::mem::take(piece);
        bytes.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
        *left -= bytes.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(bytes.freeze()))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
