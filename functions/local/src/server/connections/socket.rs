//! A socket that reports its traffic to its connection.

use super::connection::ClientConnection;
use super::tls_records::TlsRecords;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Counts bytes on their way. hyper's own timer covers only the head of a request, and neither
/// bodies nor answers that the client does not read.
pub(super) struct WatchedSocket<S> {
    stream: S,
    connection: Arc<ClientConnection>,
    /// While there is a TLS handshake.
    records: Option<TlsRecords>,
}

impl<S> WatchedSocket<S> {
    pub(super) fn new(stream: S, connection: Arc<ClientConnection>) -> Self {
        Self {
            stream,
            connection,
            records: None,
        }
    }

    /// The same, of a client that begins with a TLS handshake.
    pub(super) fn before_handshake(self) -> Self {
        Self {
            records: Some(TlsRecords::default()),
            ..self
        }
    }

    /// The handshake is over. Whether a part of a record has come that is none of it.
    pub(super) fn handshake_done(&mut self) -> bool {
        let records = self.records.take();
        records.is_some_and(|records| records.is_within_one())
    }

    fn record_write(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Pending => self.connection.write_blocked(),
            Poll::Ready(Ok(bytes)) => self.connection.bytes_written(*bytes),
            Poll::Ready(Err(_)) => {}
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WatchedSocket<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, into);
        if let Some(new) = into.filled().get(before..).filter(|new| !new.is_empty()) {
            self.connection.bytes_read();
            if let Some(records) = &mut self.records {
                records.follow(new);
            }
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WatchedSocket<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.record_write(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.record_write(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
