//! [`Downloads`] over HTTP/1.1, each connection to an address that was checked for it.
//!
//! The rules are those of one machine (`webhook`).

use crate::connector::{CheckedConnector, ConnectError, host_header, request_target};
use bytes::{Buf, Bytes};
use contract::redacted;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response, header};
use hyper_util::rt::TokioIo;
use service::ports::{DownloadFailure, Downloads, RemoteFile};
use std::io::{self, ErrorKind, Read};
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::rustls;
use url::Url;
use webhook::{
    AddressRules, BODY_WITHIN, Download, DownloadError, HEADERS_WITHIN, HOST_UNKNOWN, Hop, Hops,
    QUIET, io_reason, tls_reason,
};

/// Downloads files.
pub struct PinnedClient {
    connector: CheckedConnector,
    runtime: Handle,
}

type Sender = SendRequest<Empty<Bytes>>;

impl PinnedClient {
    /// A client that calls what `rules` allow, trusts whom the machine trusts, and runs on the
    /// runtime that this is called in.
    ///
    /// # Errors
    /// TLS can't be set up.
    pub fn new(rules: AddressRules) -> Result<Self, rustls::Error> {
        Ok(Self {
            connector: CheckedConnector::new(rules)?,
            runtime: Handle::current(),
        })
    }

    async fn download(&self, url: &str) -> Result<Download, DownloadError> {
        let mut hops = Hops::to(url)?;
        loop {
            let (answer, sender) = self.call(hops.url()).await?;
            let (parts, body) = answer.into_parts();
            let hop = hops.follow(parts.status.as_u16(), &parts.headers)?;
            if let Hop::End { length_bytes } = hop {
                let body = AnswerBody {
                    runtime: self.runtime.clone(),
                    body,
                    rest: Bytes::new(),
                    ends: Instant::now() + BODY_WITHIN,
                    _sender: sender,
                };
                return Ok(Download::new(length_bytes, Box::new(body)));
            }
        }
    }

    async fn call(&self, url: &Url) -> Result<(Response<Incoming>, Sender), DownloadError> {
        let failed = |cause: &dyn std::error::Error| {
            DownloadError::NoAnswer(redacted::about(url.as_str(), &cause.to_string()))
        };
        let stream = timeout(QUIET, self.connector.connect(url)).await;
        let stream = stream.map_err(|_| no_answer("the server does not answer in time"))?;
        let stream = stream.map_err(not_connected)?;
        let shaken = http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = shaken.map_err(|cause| failed(&cause))?;
        // It ends with the answer, or with whoever reads it.
        tokio::spawn(connection);
        let request = request(url).map_err(|cause| failed(&cause))?;
        let answer = timeout(HEADERS_WITHIN, sender.send_request(request)).await;
        let answer = answer.map_err(|_| no_answer("the server does not answer in time"))?;
        Ok((answer.map_err(|cause| failed(&cause))?, sender))
    }
}

impl Downloads for PinnedClient {
    fn open(&self, url: &str) -> Result<RemoteFile, DownloadFailure> {
        let opened = self.runtime.block_on(self.download(url));
        let found = opened.map_err(|error| match error.is_final() {
            true => DownloadFailure::Refused(error.to_string()),
            false => DownloadFailure::NoAnswer(error.to_string()),
        })?;
        Ok(RemoteFile {
            length_bytes: found.length_bytes,
            body: Box::new(found),
        })
    }
}

fn not_connected(error: ConnectError) -> DownloadError {
    match error {
        ConnectError::Forbidden(forbidden) => forbidden.into(),
        ConnectError::NoHost => DownloadError::Refused(error.to_string()),
        ConnectError::NoAddress => no_answer(&error.to_string()),
        ConnectError::HostUnknown(_) => no_answer(HOST_UNKNOWN),
        ConnectError::NoConnection(cause) => no_answer(&io_reason(&cause)),
        ConnectError::NoTls(cause) => no_answer(&tls_reason(cause)),
    }
}

fn request(url: &Url) -> Result<Request<Empty<Bytes>>, hyper::http::Error> {
    Request::get(request_target(url))
        .header(header::HOST, host_header(url))
        .header(header::USER_AGENT, "vod-snapshot")
        .header(header::ACCEPT, "*/*")
        .header(header::ACCEPT_ENCODING, "identity")
        .header(header::CONNECTION, "close")
        .body(Empty::new())
}

fn no_answer(cause: &str) -> DownloadError {
    DownloadError::NoAnswer(cause.to_owned())
}

/// The bytes of an answer, for a thread that may wait.
struct AnswerBody {
    runtime: Handle,
    body: Incoming,
    rest: Bytes,
    /// When all of it has to be there.
    ends: Instant,
    _sender: Sender,
}

impl Read for AnswerBody {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            let Self {
                runtime,
                body,
                ends,
                ..
            } = self;
            let until = (*ends).min(Instant::now() + QUIET);
            if Instant::now() >= *ends {
                return Err(io::Error::new(ErrorKind::TimedOut, "not all came in time"));
            }
            let next = runtime.block_on(async { timeout_at(until, body.frame()).await });
            match next {
                Err(_) => return Err(io::Error::new(ErrorKind::TimedOut, "no bytes in time")),
                Ok(None) => return Ok(0),
                Ok(Some(frame)) => {
                    let data = frame.map_err(io::Error::other)?.into_data();
                    self.rest = data.unwrap_or_default();
                }
            }
        }
        let count = into.len().min(self.rest.len());
        self.rest.copy_to_slice(&mut into[..count]);
        Ok(count)
    }
}
