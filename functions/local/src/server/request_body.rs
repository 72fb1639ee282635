//! Reads the bodies of requests within bounds of size, time and memory.

use super::connections::ClientConnection;
use axum::body::{Body, HttpBody};
use http_body_util::BodyExt;
use service::api::MAX_BODY_BYTES;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

/// A body up to this needs no reservation, so that long bodies cannot delay it. As many of them
/// as there are connections fit in memory besides.
const SHORT_BODY_BYTES: usize = 16 * 1024;

/// How long a long body waits for memory. Clients wait 3 seconds for an answer.
const RESERVE_WITHIN: Duration = Duration::from_millis(2500);

/// How often the rate of a body is checked while none of it arrives.
const CHECK_EVERY: Duration = Duration::from_millis(250);

/// A body, and the memory reserved for it for as long as it is held.
pub(super) struct ReceivedBody {
    pub(super) bytes: Vec<u8>,
    pub(super) reserved: Option<OwnedSemaphorePermit>,
}

/// Why a body was not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BodyError {
    /// It is longer than [`MAX_BODY_BYTES`].
    TooLong,
    /// It came below the minimum rate, broke off, or no memory became free in time.
    Unavailable,
}

/// The memory for long bodies. Clones share it.
#[derive(Clone)]
pub(super) struct BodyMemory(Arc<Semaphore>);

impl BodyMemory {
    /// `bytes` for all long bodies at once; at least one body fits.
    pub(super) fn new(bytes: usize) -> Self {
        let bytes = bytes.clamp(MAX_BODY_BYTES, u32::MAX as usize);
        Self(Arc::new(Semaphore::new(bytes)))
    }

    /// Reads the whole body. One whose declared length is too long is refused before any of it is
    /// read. One without a declared length reserves the longest.
    pub(super) async fn read(
        &self,
        body: Body,
        connection: &ClientConnection,
    ) -> Result<ReceivedBody, BodyError> {
        let declared = body.size_hint();
        if declared.lower() > MAX_BODY_BYTES as u64 {
            return Err(BodyError::TooLong);
        }
        let longest = declared
            .upper()
            .and_then(|bytes| usize::try_from(bytes).ok());
        let reserved = self
            .reserve(longest.map_or(MAX_BODY_BYTES, |bytes| bytes.min(MAX_BODY_BYTES)))
            .await?;
        let bytes = read_in_time(body, connection, longest.unwrap_or_default()).await?;
        Ok(ReceivedBody { bytes, reserved })
    }

    async fn reserve(&self, bytes: usize) -> Result<Option<OwnedSemaphorePermit>, BodyError> {
        if bytes <= SHORT_BODY_BYTES {
            return Ok(None);
        }
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let acquired = timeout(RESERVE_WITHIN, self.0.clone().acquire_many_owned(bytes)).await;
        match acquired {
            Ok(Ok(permit)) => Ok(Some(permit)),
            Ok(Err(_)) | Err(_) => Err(BodyError::Unavailable),
        }
    }
}

async fn read_in_time(
    mut body: Body,
    connection: &ClientConnection,
    expected_bytes: usize,
) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::with_capacity(expected_bytes.min(MAX_BODY_BYTES));
    let started = Instant::now();
    loop {
        let frame = timeout(CHECK_EVERY, body.frame()).await;
        if connection
            .body_rate()
            .is_missed(started.elapsed(), bytes.len())
        {
            return Err(BodyError::Unavailable);
        }
        let frame = match frame {
            Err(_) => continue,
            Ok(None) => return Ok(bytes),
            Ok(Some(frame)) => frame.map_err(|_| BodyError::Unavailable)?,
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > MAX_BODY_BYTES {
            return Err(BodyError::TooLong);
        }
        bytes.extend_from_slice(&data);
    }
}
