//! Accepts connections one by one, and serves each until it ends.

use super::connection::{ActiveRequest, ClientConnection};
use super::log_limit::LogLimit;
use super::registry::{ConnectionRegistry, ConnectionSlot};
use super::socket::WatchedSocket;
use super::tls::TlsTerminator;
use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::http::Extensions;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// The longest head of a request that is accepted in any case, and the part of an answer that is
/// buffered. The buffer of a head doubles as it grows, so it may hold twice as much.
const BUFFER_BYTES: usize = 64 * 1024;

/// How much of an answer the kernel buffers for a client. By default it buffers megabytes, and
/// accepts more only once a third of them are gone, so that a slow client looks like a stalled one.
const SEND_BUFFER_BYTES: u32 = 128 * 1024;

/// How many clients may wait to be accepted.
const BACKLOG: u32 = 1024;

/// Pause after an accept that failed for lack of a descriptor or of memory.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Where a request came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// Listens on `address`, for connections with a send buffer of [`SEND_BUFFER_BYTES`].
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves every connection of `listener` with `answer`, inside of TLS if there is `tls`, until told
/// to stop, and then the active ones to their end.
pub(crate) async fn serve<A, F>(
    listener: TcpListener,
    tls: Option<TlsTerminator>,
    connections: ConnectionRegistry,
    answer: A,
    stop: CancellationToken,
) where
    A: Fn(Request<Incoming>, Arc<ClientConnection>) -> F + Clone + Send + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let mut served = JoinSet::new();
    let watchdog = connections.run_watchdog();
    tokio::pin!(watchdog);
    let mut failures = LogLimit::default();
    // Accepted, and without a slot yet.
    let mut waiting = None;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            () = &mut watchdog => {}
            // Otherwise the handles of ended connections would pile up.
            Some(_) = served.join_next() => {}
            slot = connections.slot(), if waiting.is_some() => {
                if let Some(stream) = waiting.take() {
                    let (tls, answer, stop) = (tls.clone(), answer.clone(), stop.clone());
                    served.spawn(serve_connection(stream, tls, slot, answer, stop));
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
        () = watchdog => {}
    }
}

async fn accept(
    listener: &TcpListener,
    connections: &ConnectionRegistry,
    failures: &mut LogLimit,
) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // The client left before it was accepted.
            Err(cause) if is_client_error(&cause) => {}
            Err(cause) => {
                if let Some(times) = failures.count() {
                    warn!(%cause, times, "no connection could be accepted; trying again");
                }
                connections.make_room();
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn is_client_error(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused
    )
}

/// Serves one connection to its end.
async fn serve_connection<A, F>(
    stream: TcpStream,
    tls: Option<TlsTerminator>,
    slot: ConnectionSlot,
    answer: A,
    stop: CancellationToken,
) where
    A: Fn(Request<Incoming>, Arc<ClientConnection>) -> F + Clone + Send + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let connection = slot.connection.clone();
    let client = stream.peer_addr().ok();
    let client = client.map(|address| ClientAddress(address.ip().to_canonical()));
    let _ = stream.set_nodelay(true);
    let socket = WatchedSocket::new(stream, connection.clone());
    let Some(tls) = tls else {
        return serve_requests(socket, (connection, client), answer, stop).await;
    };
    let handshake = tokio::select! {
        biased;
        () = connection.closed() => None,
        () = stop.cancelled() => None,
        // On the heap, and gone before requests are served.
        stream = Box::pin(tls.accept(socket.before_handshake())) => stream,
    };
    if let Some(mut stream) = handshake {
        // Clients send the end of the handshake and what follows it at once.
        let (socket, session) = stream.get_mut();
        let received = session.process_new_packets();
        let has_request = received.is_ok_and(|state| state.plaintext_bytes_to_read() > 0);
        connection.handshake_done(socket.handshake_done() || has_request);
        serve_requests(stream, (connection, client), answer, stop).await;
    }
}

/// Serves the requests of one connection.
async fn serve_requests<S, A, F>(
    stream: S,
    (connection, client): (Arc<ClientConnection>, Option<ClientAddress>),
    answer: A,
    stop: CancellationToken,
) where
    S: AsyncRead + AsyncWrite + Unpin,
    A: Fn(Request<Incoming>, Arc<ClientConnection>) -> F + Clone + Send + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let for_requests = connection.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().extend(extensions(client));
        let active = for_requests.start_request();
        let answered = answer(request, for_requests.clone());
        async move {
            let response = answered.await;
            Ok::<_, Infallible>(response.map(|body| TrackedBody {
                body,
                _active: active,
            }))
        }
    });
    let serving = http1::Builder::new()
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(serving);
    let is_over = tokio::select! {
        biased;
        () = connection.closed() => true,
        // Errors of a connection concern its client only.
        _ = serving.as_mut() => true,
        () = stop.cancelled() => false,
    };
    // An idle connection is just closed.
    if !is_over && connection.eviction_rank().is_none() {
        serving.as_mut().graceful_shutdown();
        tokio::select! {
            () = connection.closed() => {}
            _ = serving => {}
        }
    }
}

fn extensions(client: Option<ClientAddress>) -> Extensions {
    let mut extensions = Extensions::new();
    if let Some(client) = client {
        extensions.insert(client);
    }
    extensions
}

/// The body of an answer. Its connection is active until the body ends.
struct TrackedBody {
    body: Body,
    _active: ActiveRequest,
}

impl hyper::body::Body for TrackedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
