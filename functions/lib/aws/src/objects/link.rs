//! URLs of objects: below a base that the deployment names, or presigned ones of the bucket.

use super::{PORT, down};
use aws_sdk_s3::Client;
use aws_sdk_s3::presigning::PresigningConfig;
use service::model::UnixMs;
use service::ports::{PortError, PortResult};
use std::time::{Duration, UNIX_EPOCH};

/// The longest that S3 lets a URL hold. It holds no longer than the credentials that signed it.
const LONGEST_S: i64 = 7 * 24 * 60 * 60;

/// Makes the URLs of one bucket.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    client: Client,
    bucket: String,
    /// Of all URLs. No `/` at its end.
    base: String,
    /// Whether whoever serves the base decides for how long.
    unsigned: bool,
}

impl Links {
    /// With a base, every URL lies below it; else below wherever the client finds the bucket.
    pub(crate) async fn new(client: &Client, bucket: &str, base: Option<&str>) -> PortResult<Self> {
        let mut links = Self {
            client: client.clone(),
            bucket: bucket.to_owned(),
            base: base.unwrap_or_default().to_owned(),
            unsigned: base.is_some(),
        };
        if base.is_none() {
            let url = links.presign("x", 0, 1).await?;
            let (path, _) = url.split_once('?').unwrap_or((&url, ""));
            path.trim_end_matches("/x").clone_into(&mut links.base);
        }
        Ok(links)
    }

    pub(crate) fn public(&self, key: &str) -> String {
        format!("{}/{key}", self.base)
    }

    /// Good from `now_ms` until the first whole second that is not before `expires_ms`.
    pub(crate) async fn signed(
        &self,
        key: &str,
        expires_ms: UnixMs,
        now_ms: UnixMs,
    ) -> PortResult<String> {
        if self.unsigned {
            return Ok(self.public(key));
        }
        let expires_s = expires_ms.saturating_add(999).div_euclid(1000);
        let from_s = now_ms.div_euclid(1000).min(expires_s - 1).max(0);
        let held_s = (expires_s - from_s).clamp(1, LONGEST_S);
        self.presign(key, from_s, held_s).await
    }

    async fn presign(&self, key: &str, from_s: i64, held_s: i64) -> PortResult<String> {
        let seconds = |count: i64| Duration::from_secs(u64::try_from(count).unwrap_or_default());
        let config = PresigningConfig::builder()
            .start_time(UNIX_EPOCH + seconds(from_s))
            .expires_in(seconds(held_s))
            .build()
            .map_err(|cause| PortError::new(PORT, cause))?;
        let get = self.client.get_object().bucket(&self.bucket).key(key);
        let request = get.presigned(config).await.map_err(down)?;
        Ok(request.uri().to_owned())
    }
}
