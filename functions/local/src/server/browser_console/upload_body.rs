//! The body of an upload, at the least rate that clients have to keep.

use crate::server::connections::ClientConnection;
use async_trait::async_trait;
use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use service::worker::SentBytes;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// How often the rate is checked while nothing arrives.
const CHECK_EVERY: Duration = Duration::from_millis(250);

/// Bytes that have arrived and are to be written.
pub(super) struct UploadBody<'a> {
    body: Body,
    connection: &'a ClientConnection,
    /// Time that was spent waiting for the client. What the disk takes is not its fault.
    waited: Duration,
    received_bytes: usize,
}

impl<'a> UploadBody<'a> {
    pub(super) fn new(body: Body, connection: &'a ClientConnection) -> Self {
        Self {
            body,
            connection,
            waited: Duration::ZERO,
            received_bytes: 0,
        }
    }
}

#[async_trait]
impl SentBytes for UploadBody<'_> {
    async fn next(&mut self) -> Result<Option<Bytes>, String> {
        loop {
            let begun = Instant::now();
            let frame = timeout(CHECK_EVERY, self.body.frame()).await;
            self.waited += begun.elapsed();
            let rate = self.connection.body_rate();
            if rate.is_missed(self.waited, self.received_bytes) {
                return Err("The file arrived too slowly.".to_owned());
            }
            let frame = match frame {
                Err(_) => continue,
                Ok(None) => return Ok(None),
                Ok(Some(frame)) => frame.map_err(|_| "The upload broke off.".to_owned())?,
            };
            if let Ok(data) = frame.into_data() {
                self.received_bytes = self.received_bytes.saturating_add(data.len());
                return Ok(Some(data));
            }
        }
    }
}
