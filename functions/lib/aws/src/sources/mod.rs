//! [`Sources`] in buckets of S3: only those that the deployment names.

mod object;
mod play;
mod regions;
mod url;

use async_trait::async_trait;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::head_object::{HeadObjectError, HeadObjectOutput};
use aws_sdk_s3::types::StorageClass;
use object::{S3Object, Version};
use service::model::{UnixMs, Video};
use service::ports::{SourceError, Sources};
use source::RangeSource;
use std::sync::Arc;
use tracing::{info, warn};
use url::Location;

pub(crate) use play::{PlayLinks, PlayMethod};
pub(crate) use regions::RegionalClients;
pub(crate) use url::file_urls;
pub use url::version_url;

/// The buckets whose files may be registered.
pub(crate) struct SourceBuckets {
    pub(crate) clients: RegionalClients,
    pub(crate) names: Vec<String>,
    pub(crate) links: Arc<PlayLinks>,
}

#[async_trait]
impl Sources for SourceBuckets {
    async fn open(&self, file_url: &str) -> Result<Arc<dyn RangeSource>, SourceError> {
        let mut refused = None;
        for location in Location::readings(file_url) {
            match self.open_at(location).await {
                Err(cause) if !cause.is_passing() => {
                    refused.get_or_insert(cause);
                }
                opened => return opened,
            }
        }
        Err(refused.unwrap_or(SourceError::NotAllowed))
    }

    async fn play_url(&self, video: &Video, expires_ms: UnixMs) -> Result<String, SourceError> {
        let link = self.links.signed(video, expires_ms).await;
        match link.map_err(|cause| SourceError::Unavailable(cause.to_string()))? {
            Some(link) => Ok(link),
            None => self.presign(video, PlayMethod::Get, expires_ms).await,
        }
    }
}

impl SourceBuckets {
    /// A URL of S3 for the file of `video` and nothing else: not for one that is not known to be a
    /// video, as whatever was put in its place.
    pub(crate) async fn presign(
        &self,
        video: &Video,
        method: PlayMethod,
        expires_ms: UnixMs,
    ) -> Result<String, SourceError> {
        let sources: &dyn Sources = self;
        let file = sources.open_video(video).await?;
        if !video.is_playable_from(&*file) {
            return Err(SourceError::NotFound);
        }
        let location = self.pinned(&*file).await?;
        let client = self.clients.of(&location.bucket);
        play::presign(&client, method, location, expires_ms).await
    }

    async fn open_at(&self, location: Location) -> Result<Arc<dyn RangeSource>, SourceError> {
        if !self.names.contains(&location.bucket) {
            return Err(SourceError::NotAllowed);
        }
        let head = self.head(&location).await?;
        let bytes = usable(&head)?;
        let version = Version::of(location.version.clone(), &head)
            .ok_or_else(|| SourceError::Unreadable("an object without an ETag".to_owned()))?;
        let client = self.clients.of(&location.bucket);
        let object = S3Object::new(client, location, version, bytes);
        Ok(Arc::new(object))
    }

    /// Where `file` is: the very version that it reads, where its bucket has versions. What was put
    /// there since it was opened is another file.
    async fn pinned(&self, file: &dyn RangeSource) -> Result<Location, SourceError> {
        let place = file.place();
        let location = place.as_deref().and_then(Location::at_place);
        let location = location.ok_or(SourceError::NotAllowed)?;
        let head = self.head(&location).await?;
        let version = Version::of(location.version.clone(), &head);
        let version = version.filter(|found| file.identity().as_deref() == Some(found.text()));
        let version = match version.ok_or(SourceError::NotFound)? {
            Version::Id(id) => Some(id),
            Version::ETag(_) => None,
        };
        Ok(Location {
            version,
            ..location
        })
    }

    /// From where the bucket is: S3 tells whoever asks elsewhere.
    async fn head(&self, location: &Location) -> Result<HeadObjectOutput, SourceError> {
        let error = match self.head_once(location).await {
            Ok(head) => return Ok(head),
            Err(error) => error,
        };
        let moved = self.clients.learn(&location.bucket, error.raw_response());
        if moved {
            return self.head_once(location).await.map_err(refusal);
        }
        Err(refusal(error))
    }

    async fn head_once(
        &self,
        location: &Location,
    ) -> Result<HeadObjectOutput, SdkError<HeadObjectError>> {
        let head = self.clients.of(&location.bucket).head_object();
        head.bucket(&location.bucket)
            .key(&location.key)
            .set_version_id(location.version.clone())
            .send()
            .await
    }
}

fn refusal(error: SdkError<HeadObjectError>) -> SourceError {
    if error.code() == Some("NotFound") {
        return SourceError::NotFound;
    }
    let status = error.raw_response().map(|raw| raw.status().as_u16());
    let refusal = status.and_then(refusal_by_status);
    refusal.unwrap_or(SourceError::Unavailable)(DisplayErrorContext(error).to_string())
}

/// What S3 says of one object, or of its bucket: of others it may say something else. None where it
/// says nothing of either. A HEAD has no body, so all that is known of a failure is its status.
fn refusal_by_status(status: u16) -> Option<fn(String) -> SourceError> {
    Some(match status {
        // Of what is not there, or was deleted, S3 is sure.
        404 | 405 => |_| SourceError::NotFound,
        // An object that is read with a key of its owner's says so, and a call with
        // credentials that have just expired too.
        400 => |_| SourceError::Missing,
        // Of a bucket that this role may not list, this is also what is not there.
        403 => |_| SourceError::NotAllowed,
        // Another region, and none that S3 names: no later call finds it.
        301 => |cause| {
            warn!(
                cause,
                "S3 says that a bucket is in another region, and not in which"
            );
            SourceError::NotAllowed
        },
        // S3 is asked too often, or too slowly.
        408 | 429 => return None,
        300..=499 => SourceError::Unreadable,
        _ => return None,
    })
}

/// The length of an object that can be read now. What it is declared to be says nothing: tools
/// guess that by the name, and a video is known by its bytes.
fn usable(head: &HeadObjectOutput) -> Result<u64, SourceError> {
    let bytes = head.content_length().and_then(|n| u64::try_from(n).ok());
    let bytes = bytes
        .filter(|bytes| *bytes > 0)
        .ok_or(SourceError::NotFound)?;
    let archived = matches!(
        head.storage_class(),
        Some(StorageClass::Glacier | StorageClass::DeepArchive)
    );
    let restored = head.restore().unwrap_or_default().contains("false");
    if archived && !restored {
        info!("an object in an archive, not restored");
        return Err(SourceError::NotFound);
    }
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn object() -> aws_sdk_s3::operation::head_object::builders::HeadObjectOutputBuilder {
        HeadObjectOutput::builder().content_length(5)
    }

    /// The whole of a RegisterMedia was answered with 503 for one bucket in another region.
    #[test]
    fn what_s3_says_of_one_object_says_nothing_of_others() {
        let of = |status: u16| refusal_by_status(status).map(|refusal| refusal(String::new()));
        for status in [301, 307, 400, 403, 404, 405, 409, 412] {
            let is_of_all = matches!(of(status), None | Some(SourceError::Unavailable(_)));
            assert!(!is_of_all, "{status}");
        }
        assert!(matches!(of(403), Some(SourceError::NotAllowed)));
        assert!(matches!(of(404), Some(SourceError::NotFound)));
        assert!(matches!(of(301), Some(SourceError::NotAllowed)));
        assert!(of(307).is_some_and(|cause| cause.is_passing()));
        for status in [408, 429, 500, 503] {
            assert!(of(status).is_none(), "{status}");
        }
    }

    /// `aws s3 cp a.ts` declares it a text, and it was refused without a word.
    #[test]
    fn a_video_is_refused_for_what_it_is_declared_to_be() {
        for declared in [
            "",
            "application/octet-stream",
            "video/mp4",
            "text/vnd.trolltech.linguist",
            "image/jpeg",
        ] {
            let head = object().content_type(declared).build();
            assert_eq!(usable(&head).unwrap(), 5, "{declared}");
        }
        assert_eq!(usable(&object().build()).unwrap(), 5);
    }

    #[test]
    fn what_is_empty_or_cannot_be_read_is_not_there() {
        let archived = object().storage_class(StorageClass::Glacier);
        for head in [
            object().content_length(0).build(),
            archived.clone().build(),
            archived.clone().restore("ongoing-request=\"true\"").build(),
        ] {
            let refused = usable(&head);
            assert!(matches!(refused, Err(SourceError::NotFound)), "{head:?}");
        }
        let restored = archived.restore("ongoing-request=\"false\", expiry-date=\"x\"");
        assert_eq!(usable(&restored.build()).unwrap(), 5);
    }
}
