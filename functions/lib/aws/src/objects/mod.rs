//! [`Objects`] in a bucket of S3.

mod failure;
mod link;
mod redirect;

pub(crate) use link::ObjectLinks;
pub use redirect::{PictureRedirect, PictureRedirects, PictureRequest};

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use bytes::Bytes;
use failure::{PORT, call_failed};
use service::model::UnixMs;
use service::picture_access::{EVENT_URLS_HOLD_MS, PictureAccess};
use service::ports::{Clock, KeyPage, Objects, PortError, PortResult, SystemClock, is_object_key};
use service::url_signature::UrlSignature;

/// A job ends within a day or so: its event names URLs that hold for 30 days from then on.
const LONGEST_JOB_MS: UnixMs = 2 * 24 * 60 * 60 * 1000;

/// Objects of one request.
const MOST_DELETED: usize = 1000;

/// The pictures of a deployment.
#[derive(Clone)]
pub(crate) struct PictureBucket {
    pub(crate) client: Client,
    pub(crate) name: String,
    pub(crate) links: ObjectLinks,
}

#[async_trait]
impl Objects for PictureBucket {
    async fn put(&self, key: &str, content_type: &'static str, body: Bytes) -> PortResult<()> {
        let put = self.client.put_object().bucket(&self.name).key(good(key)?);
        let sent = put
            .content_type(content_type)
            .cache_control(caching(content_type))
            .body(ByteStream::from(body))
            .send()
            .await;
        sent.map(drop).map_err(call_failed)
    }

    async fn get(&self, key: &str) -> PortResult<Option<Bytes>> {
        let get = self.client.get_object().bucket(&self.name).key(good(key)?);
        let object = match get.send().await {
            Ok(object) => object,
            Err(error) if error.as_service_error().is_some_and(|e| e.is_no_such_key()) => {
                return Ok(None);
            }
            Err(error) => return Err(call_failed(error)),
        };
        let body = object.body.collect().await.map_err(call_failed)?;
        Ok(Some(body.into_bytes()))
    }

    async fn size(&self, key: &str) -> PortResult<Option<u64>> {
        let head = self.client.head_object().bucket(&self.name).key(good(key)?);
        match head.send().await {
            Ok(object) => Ok(object.content_length.and_then(|n| u64::try_from(n).ok())),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_not_found()) => Ok(None),
            Err(error) => Err(call_failed(error)),
        }
    }

    async fn delete(&self, key: &str) -> PortResult<()> {
        let delete = self.client.delete_object().bucket(&self.name);
        let sent = delete.key(good(key)?).send().await;
        sent.map(drop).map_err(call_failed)
    }

    /// As many in a request as S3 takes.
    async fn delete_all(&self, keys: &[String]) -> PortResult<()> {
        for some in keys.chunks(MOST_DELETED) {
            let objects = some.iter().map(|key| {
                let object = ObjectIdentifier::builder().key(good(key)?).build();
                object.map_err(|cause| PortError::refused(PORT, cause))
            });
            let delete = Delete::builder()
                .set_objects(Some(objects.collect::<PortResult<_>>()?))
                .quiet(true)
                .build()
                .map_err(|cause| PortError::refused(PORT, cause))?;
            let request = self.client.delete_objects().bucket(&self.name);
            let answer = request.delete(delete).send().await.map_err(call_failed)?;
            if let Some(error) = answer.errors().first() {
                let code = error.code().unwrap_or("unknown").to_owned();
                let text = format!("objects could not be deleted: {code}");
                return Err(PortError::unavailable(PORT, text));
            }
        }
        Ok(())
    }

    /// A page is what S3 gives in one answer: a thousand keys.
    async fn list(&self, prefix: &str, after: Option<&str>) -> PortResult<KeyPage> {
        good(prefix.trim_end_matches('/'))?;
        let list = self.client.list_objects_v2().bucket(&self.name);
        let page = list
            .prefix(prefix)
            .set_start_after(after.map(str::to_owned))
            .send()
            .await
            .map_err(call_failed)?;
        let keys = page.contents.unwrap_or_default().into_iter();
        Ok(KeyPage {
            keys: keys.filter_map(|object| object.key).collect(),
            has_more: page.is_truncated.unwrap_or_default(),
        })
    }

    fn public_url(&self, key: &str) -> String {
        self.links.public(key)
    }

    fn key_of(&self, url: &str) -> Option<String> {
        self.links.key_of(url)
    }

    async fn signed_url(&self, key: &str, expires_ms: UnixMs) -> PortResult<String> {
        self.links
            .signed(key, expires_ms, SystemClock.now_ms())
            .await
    }

    async fn verify(&self, scope: &str, signature: &UrlSignature) -> PortResult<bool> {
        self.links.verify(scope, signature).await
    }

    fn access(&self) -> PictureAccess {
        self.links.access()
    }

    async fn event_url(&self, key: &str, from_ms: UnixMs) -> PortResult<String> {
        let expires_ms = from_ms.saturating_add(EVENT_URLS_HOLD_MS);
        self.links.told(key, expires_ms).await
    }

    /// A worker knows neither where the API is nor the secret that signs.
    async fn event_urls(&self, keys: &[String], now_ms: UnixMs) -> PortResult<Option<Vec<String>>> {
        self.links.keep_name().await?;
        let from_ms = now_ms.saturating_add(LONGEST_JOB_MS);
        let mut urls = Vec::with_capacity(keys.len());
        for key in keys {
            urls.push(self.event_url(key, from_ms).await?);
        }
        Ok(Some(urls))
    }
}

fn good(key: &str) -> PortResult<&str> {
    if is_object_key(key) {
        Ok(key)
    } else {
        Err(PortError::refused(PORT, "not an object key"))
    }
}

/// A picture's key always holds the same bytes, and may be deleted, which counts within a minute; what
/// tells of a job may still change.
fn caching(content_type: &str) -> &'static str {
    match content_type {
        "application/json" => "no-cache",
        _ => "public, max-age=60",
    }
}
