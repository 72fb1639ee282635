//! A file's bytes as the body of an answer, one chunk at a time.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use hyper::body::{Frame, SizeHint};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio_util::io::poll_read_buf;

/// How much is read at a time. Each slow client keeps two chunks in memory.
const CHUNK_BYTES: usize = 16 * 1024;

/// The next `len` bytes of a file.
pub(crate) fn file_body(file: File, len: u64) -> Body {
    Body::new(FileBody {
        file: tokio::fs::File::from_std(file),
        bytes_left: len,
        chunk: BytesMut::new(),
    })
}

/// The bytes of `range`, which lies within the file. Blocks for a moment.
pub(crate) fn range_body(mut file: File, range: &RangeInclusive<u64>) -> io::Result<Body> {
    file.seek(SeekFrom::Start(*range.start()))?;
    Ok(file_body(file, range.end() - range.start() + 1))
}

struct FileBody {
    file: tokio::fs::File,
    bytes_left: u64,
    chunk: BytesMut,
}

impl hyper::body::Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.bytes_left == 0 {
            return Poll::Ready(None);
        }
        let Self {
            file,
            bytes_left,
            chunk,
        } = &mut *self;
        if chunk.capacity() == 0 {
            chunk.reserve(
                usize::try_from(*bytes_left).map_or(CHUNK_BYTES, |left| left.min(CHUNK_BYTES)),
            );
        }
        let read = ready!(poll_read_buf(Pin::new(file), context, chunk))?;
        if read == 0 {
            // The file was cut short meanwhile. A broken connection tells the client; an early end
            // would look like a whole file.
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        let mut bytes = std::mem::take(chunk);
        bytes.truncate(usize::try_from(*bytes_left).unwrap_or(usize::MAX));
        *bytes_left -= bytes.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(bytes.freeze()))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes_left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes_left)
    }
}
