//! The bodies of requests, which are to be short, in time, and not too many at once.

use crate::server::connections::Connection;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

/// The largest request body, bytes; the vendor's own gateway takes far less.
pub(super) const MAX_BODY: usize = service::api::MAX_BODY_BYTES;

/// A body up to this takes no share of the memory for long ones, so that those can't hold it up:
/// as many as there are connections fit beside them.
const SHORT: usize = 16 * 1024;

/// For a share of the memory. Clients wait 3 seconds for an answer.
const SHARE_WITHIN: Duration = Duration::from_millis(2500);

/// How often a body that does not come is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// A body, and its share of the memory while it is held.
pub(super) struct Received {
    pub(super) bytes: Vec<u8>,
    pub(super) share: Option<OwnedSemaphorePermit>,
}

/// Why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoBody {
    /// Longer than [`MAX_BODY`].
    TooLong,
    /// Slower than its pace, broken off, or no memory became free in time.
    Unavailable,
}

/// The memory for long bodies. Clones are the same.
#[derive(Clone)]
pub(super) struct Bodies(Arc<Semaphore>);

impl Bodies {
    /// `bytes` for all at once, at least one body.
    pub(super) fn new(bytes: usize) -> Self {
        let bytes = bytes.clamp(MAX_BODY, u32::MAX as usize);
        Self(Arc::new(Semaphore::new(bytes)))
    }

    /// The whole body. One that is too long is refused before a byte of it is read where its
    /// length is told; one with no length told may turn out to be the longest.
    pub(super) async fn read(
        &self,
        body: Incoming,
        connection: &Connection,
    ) -> Result<Received, NoBody> {
        let told = body.size_hint();
        if told.lower() > MAX_BODY as u64 {
            return Err(NoBody::TooLong);
        }
        let most = told.upper().and_then(|bytes| usize::try_from(bytes).ok());
        let share = self
            .share(most.map_or(MAX_BODY, |bytes| bytes.min(MAX_BODY)))
            .await?;
        let bytes = in_time(body, connection, most.unwrap_or_default()).await?;
        Ok(Received { bytes, share })
    }

    async fn share(&self, bytes: usize) -> Result<Option<OwnedSemaphorePermit>, NoBody> {
        if bytes <= SHORT {
            return Ok(None);
        }
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let acquired = timeout(SHARE_WITHIN, self.0.clone().acquire_many_owned(bytes)).await;
        match acquired {
            Ok(Ok(share)) => Ok(Some(share)),
            Ok(Err(_)) | Err(_) => Err(NoBody::Unavailable),
        }
    }
}

async fn in_time(
    mut body: Incoming,
    connection: &Connection,
    told: usize,
) -> Result<Vec<u8>, NoBody> {
    let mut bytes = Vec::with_capacity(told.min(MAX_BODY));
    let begun = Instant::now();
    loop {
        let frame = timeout(LOOK_EVERY, body.frame()).await;
        if connection
            .body_pace()
            .is_missed(begun.elapsed(), bytes.len())
        {
            return Err(NoBody::Unavailable);
        }
        let frame = match frame {
            Err(_) => continue,
            Ok(None) => return Ok(bytes),
            Ok(Some(frame)) => frame.map_err(|_| NoBody::Unavailable)?,
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > MAX_BODY {
            return Err(NoBody::TooLong);
        }
        bytes.extend_from_slice(&data);
    }
}
