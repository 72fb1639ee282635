//! Sends one callback, and only to addresses that may be called.
//!
//! What is sent and what counts as taken is that of one machine (`webhook`).

use crate::connector::{CheckedConnector, ConnectError, host_header, request_target};
use bytes::Bytes;
use contract::redacted;
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_rustls::rustls;
use url::Url;
use webhook::{AddressRules, TIMEOUT, Webhook, WebhookError};

/// Sends callbacks.
pub struct WebhookSender {
    connector: CheckedConnector,
}

/// A connection is not kept: it ends with the call that it was made for, whatever else the receiver
/// goes on to say.
struct Connection(AbortHandle);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl WebhookSender {
    /// One that calls what `rules` allow, and trusts whom the machine trusts.
    ///
    /// # Errors
    /// TLS can't be set up.
    pub fn new(rules: AddressRules) -> Result<Self, rustls::Error> {
        let connector = CheckedConnector::new(rules)?;
        Ok(Self { connector })
    }

    /// Sends one callback, and returns once the receiver has answered with 200, after [`TIMEOUT`]
    /// at most. The body of the answer is not read.
    ///
    /// # Errors
    /// See [`WebhookError`].
    pub async fn send(&self, webhook: &Webhook) -> Result<(), WebhookError> {
        let url = webhook.target()?;
        let status = timeout(TIMEOUT, self.post(&url, webhook)).await;
        let status = status.map_err(|_| WebhookError::NoAnswer("no answer in time".to_owned()))?;
        Webhook::verdict(status?)
    }

    /// The status of the answer.
    async fn post(&self, url: &Url, webhook: &Webhook) -> Result<u16, WebhookError> {
        let failed = |cause: &dyn std::error::Error| {
            WebhookError::NoAnswer(redacted::about(&webhook.url, &cause.to_string()))
        };
        let stream = self.connector.connect(url).await;
        let stream = stream.map_err(|error| match error {
            ConnectError::Forbidden(forbidden) => forbidden.into(),
            error => failed(&error),
        })?;
        let shaken = http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = shaken.map_err(|cause| failed(&cause))?;
        let _connection = Connection(tokio::spawn(connection).abort_handle());
        let request = request(url, webhook).map_err(|cause| failed(&cause))?;
        let answer = sender.send_request(request).await;
        let answer = answer.map_err(|cause| failed(&cause))?;
        Ok(answer.status().as_u16())
    }
}

fn request(url: &Url, webhook: &Webhook) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
    let mut request = Request::post(request_target(url))
        .header(header::HOST, host_header(url))
        .header(header::USER_AGENT, "vod-snapshot")
        .header(header::ACCEPT, "*/*")
        .header(header::CONNECTION, "close");
    for (name, value) in webhook.headers() {
        request = request.header(name, value);
    }
    request.body(Full::new(webhook.body.clone().into()))
}
