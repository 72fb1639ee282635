//! New connections, taken one by one and served until they end.

use super::registry::{Connections, Place};
use super::watched::Watched;
use super::{Body, Connection, connection::Visit};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::warn;

/// The longest head of a request that is sure to be taken, bytes, and what is kept of an answer
/// at a time. The buffer of a head doubles as it grows, so it may hold twice as much.
const BUFFER: usize = 64 * 1024;

/// Bytes that the system keeps of an answer for a client that does not take it. Left to itself
/// it keeps megabytes, and takes the next bytes only when a third of them are gone, so that a
/// slow client looks like one that stands still.
const SEND_BUFFER: u32 = 128 * 1024;

/// Clients that wait for their connection to be accepted.
const BACKLOG: u32 = 1024;

/// After an accept that failed for want of a descriptor or of memory.
const PAUSE: Duration = Duration::from_millis(100);

/// How often the log is told of such accepts.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// Listens on `address`, for connections with a send buffer of [`SEND_BUFFER`].
pub(in crate::server) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves every connection of `listener` with `answer` until told to stop, then until those that
/// are at work are done.
pub(in crate::server) async fn serve<A, F>(
    listener: TcpListener,
    connections: Connections,
    answer: A,
    stopped: watch::Receiver<bool>,
) where
    A: Fn(Request<Incoming>, Arc<Connection>) -> F + Clone + Send + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let mut served = JoinSet::new();
    let stop = crate::server::stop_told(stopped.clone());
    tokio::pin!(stop);
    let watch = connections.watch();
    tokio::pin!(watch);
    let mut failures = Failures::default();
    // Accepted, and without a place yet.
    let mut waiting = None;
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            () = &mut watch => {}
            // Their handles would be kept otherwise.
            Some(_) = served.join_next() => {}
            place = connections.place(), if waiting.is_some() => {
                if let Some(stream) = waiting.take() {
                    served.spawn(connection(stream, place, answer.clone(), stopped.clone()));
                }
            }
            stream = accept(&listener, &connections, &mut failures), if waiting.is_none() => {
                waiting = Some(stream);
            }
        }
    }
    drop(listener);
    tokio::select! {
        () = async { while served.join_next().await.is_some() {} } => {}
        () = watch => {}
    }
}

async fn accept(
    listener: &TcpListener,
    connections: &Connections,
    failures: &mut Failures,
) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // The client is gone before it was here.
            Err(cause) if is_of_client(&cause) => {}
            Err(cause) => {
                failures.tell(&cause);
                connections.make_room();
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn is_of_client(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused
    )
}

/// Accepts that failed and of which nothing was said yet.
#[derive(Default)]
struct Failures {
    untold: u64,
    told: Option<Instant>,
}

impl Failures {
    fn tell(&mut self, cause: &io::Error) {
        self.untold += 1;
        if self.told.is_none_or(|told| told.elapsed() >= TELL_EVERY) {
            let times = std::mem::take(&mut self.untold);
            warn!(%cause, times, "no connection could be accepted; trying again");
            self.told = Some(Instant::now());
        }
    }
}

/// One connection, to its end.
async fn connection<A, F>(
    stream: TcpStream,
    place: Place,
    answer: A,
    stopped: watch::Receiver<bool>,
) where
    A: Fn(Request<Incoming>, Arc<Connection>) -> F + Clone + Send + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let connection = place.connection.clone();
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Watched {
        stream,
        connection: connection.clone(),
    });
    let of_requests = connection.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let visit = of_requests.request();
        let answered = answer(request, of_requests.clone());
        async move {
            let response = answered.await;
            Ok::<_, Infallible>(response.map(|body| Answering {
                body,
                _visit: visit,
            }))
        }
    });
    let serving = http1::Builder::new()
        .max_buf_size(BUFFER)
        .serve_connection(io, service);
    tokio::pin!(serving);
    let is_over = tokio::select! {
        biased;
        () = connection.is_cut() => true,
        // What goes wrong on a connection is the client's affair.
        _ = serving.as_mut() => true,
        () = crate::server::stop_told(stopped) => false,
    };
    // One that brings no request now is just closed.
    if !is_over && connection.rank().is_none() {
        serving.as_mut().graceful_shutdown();
        tokio::select! {
            () = connection.is_cut() => {}
            _ = serving => {}
        }
    }
}

/// The body of an answer; its connection is at work until it ends.
struct Answering {
    body: Body,
    _visit: Visit,
}

impl hyper::body::Body for Answering {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A body that is at hand.
pub(in crate::server) fn whole(bytes: impl Into<Bytes>) -> Body {
    let body = http_body_util::Full::new(bytes.into());
    body.map_err(|never| match never {}).boxed_unsync()
}
