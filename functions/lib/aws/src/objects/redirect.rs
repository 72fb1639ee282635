//! Where the API leads a client that asks for a picture: to the object itself, for a short time.

use super::failure::call_failed;
use super::link;
use aws_sdk_s3::Client;
use service::ports::{Clock, PortResult, SystemClock};

/// How long the URL of the object holds, s. With what a function remembers of a deletion it stays
/// within a minute.
const HELD_S: i64 = 45;

/// URLs that begin in the same window are the same, so that a browser knows the picture again, s.
const WINDOW_S: i64 = 15;

/// A client has so long to follow after it has asked its cache, s.
const TO_FOLLOW_S: i64 = 10;

/// How long a browser keeps the picture. It asks the API again before that.
const CACHED: &str = "private, max-age=60";

/// The same for requests of pages that read pictures. Their URLs are others: S3 says in its answer
/// that a page may read it only where one asks to, and a browser that keeps an answer to an `<img>`
/// would give that one to `fetch`, and refuse it.
const CACHED_FOR_PAGES: &str = "private, max-age=60, no-transform";

/// How a picture was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PictureRequest {
    /// By HEAD; else by GET.
    pub is_head: bool,
    /// With an `Origin`: a page wants to read it.
    pub is_of_page: bool,
}

/// Where to, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureRedirect {
    /// A presigned URL.
    pub location: String,
    /// How long caches may keep the redirect, s: less than the URL holds.
    pub max_age_s: i64,
}

/// Leads clients to the objects of one bucket.
#[derive(Debug, Clone)]
pub struct PictureRedirects {
    pub(crate) client: Client,
    pub(crate) bucket: String,
}

impl PictureRedirects {
    /// To the object under this key, which may not be there: then the bucket says so.
    ///
    /// # Errors
    /// There are no credentials to sign with.
    pub async fn to(&self, key: &str, request: PictureRequest) -> PortResult<PictureRedirect> {
        let now_s = SystemClock.now_ms().div_euclid(1000);
        let from_s = now_s - now_s.rem_euclid(WINDOW_S);
        let config = link::config(from_s, HELD_S)?;
        let (bucket, caching) = (
            &self.bucket,
            match request.is_of_page {
                true => CACHED_FOR_PAGES,
                false => CACHED,
            },
        );
        let presigned = match request.is_head {
            true => {
                let head = self.client.head_object().bucket(bucket).key(key);
                let head = head.response_cache_control(caching);
                head.presigned(config).await.map_err(call_failed)?
            }
            false => {
                let get = self.client.get_object().bucket(bucket).key(key);
                let get = get.response_cache_control(caching);
                get.presigned(config).await.map_err(call_failed)?
            }
        };
        Ok(PictureRedirect {
            location: presigned.uri().to_owned(),
            max_age_s: from_s + HELD_S - now_s - TO_FOLLOW_S,
        })
    }
}
