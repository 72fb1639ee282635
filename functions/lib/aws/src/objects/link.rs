//! URLs of objects: of the API, which leads on to the bucket, or below a base that the deployment
//! names.
//!
//! A presigned URL holds no longer than the credentials that signed it, some hours, and belongs to
//! one environment of a function. So clients are told URLs of the API, signed with a key of the
//! deployment's own for as long as they were asked for.

use super::failure::{PORT, call_failed};
use crate::api_name::ApiName;
use crate::picture_keys::PictureKeys;
use aws_sdk_s3::Client;
use aws_sdk_s3::presigning::PresigningConfig;
use service::model::UnixMs;
use service::picture_access::PictureAccess;
use service::ports::{PortError, PortResult, is_object_key};
use service::url_signature::{UrlSignature, expires_s, scope_of};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

/// The longest that S3 lets a URL hold. It holds no longer than the credentials that signed it.
const LONGEST_S: i64 = 7 * 24 * 60 * 60;

/// Makes the URLs of one bucket.
#[derive(Clone)]
pub(crate) struct ObjectLinks {
    client: Client,
    bucket: String,
    /// Where the client finds the bucket. No `/` at its end.
    bucket_base: String,
    /// What the deployment names. No `/` at its end.
    public_base: Option<String>,
    api: Arc<ApiName>,
    keys: Arc<PictureKeys>,
    access: PictureAccess,
}

impl ObjectLinks {
    pub(crate) async fn new(
        client: &Client,
        bucket: &str,
        (public_base, access): (Option<&str>, PictureAccess),
        (api, keys): (Arc<ApiName>, Arc<PictureKeys>),
    ) -> PortResult<Self> {
        let mut links = Self {
            client: client.clone(),
            bucket: bucket.to_owned(),
            bucket_base: String::new(),
            public_base: public_base.map(str::to_owned),
            api,
            keys,
            access,
        };
        let url = links.presign("x", 0, 1).await?;
        let (path, _) = url.split_once('?').unwrap_or((&url, ""));
        path.trim_end_matches("/x")
            .clone_into(&mut links.bucket_base);
        Ok(links)
    }

    pub(crate) fn access(&self) -> PictureAccess {
        self.access
    }

    pub(crate) fn public(&self, key: &str) -> String {
        let base = self.base(self.api.called());
        format!("{}/{key}", base.unwrap_or_else(|| self.bucket_base.clone()))
    }

    /// Where whoever has no call in hand says that the object is.
    pub(crate) async fn told(&self, key: &str, expires_ms: UnixMs) -> PortResult<String> {
        let api = match self.public_base {
            Some(_) => None,
            None => self.api.known().await?,
        };
        let base = self.base(api).unwrap_or_else(|| self.bucket_base.clone());
        match self.access {
            PictureAccess::Public => Ok(format!("{base}/{key}")),
            PictureAccess::Signed => self.signed_below(&base, key, expires_ms).await,
        }
    }

    /// Keeps the API's name for those who have no call in hand.
    pub(crate) async fn keep_name(&self) -> PortResult<()> {
        self.api.keep().await
    }

    /// Good from `now_ms` until the first whole second that is not before `expires_ms`.
    pub(crate) async fn signed(
        &self,
        key: &str,
        expires_ms: UnixMs,
        now_ms: UnixMs,
    ) -> PortResult<String> {
        match self.base(self.api.called()) {
            // Whoever serves it decides for how long.
            Some(base) if self.public_base.is_some() && self.access == PictureAccess::Public => {
                Ok(format!("{base}/{key}"))
            }
            Some(base) => self.signed_below(&base, key, expires_ms).await,
            // Nobody knows the API: it is not called over HTTP.
            None if is_object_key(key) => {
                let expires_s = expires_s(expires_ms);
                let from_s = now_ms.div_euclid(1000).min(expires_s - 1).max(0);
                let held_s = (expires_s - from_s).clamp(1, LONGEST_S);
                self.presign(key, from_s, held_s).await
            }
            None => Ok(self.public(key)),
        }
    }

    pub(crate) async fn verify(&self, scope: &str, signature: &UrlSignature) -> PortResult<bool> {
        self.keys.verify(scope, signature).await
    }

    /// The key in an address of this deployment, or in one that an earlier release gave: those began
    /// with the place of the bucket.
    pub(crate) fn key_of(&self, url: &str) -> Option<String> {
        let address = url.split(['?', '#']).next()?;
        let api = self.api.called().map(|host| format!("https://{host}"));
        let bases = [
            self.public_base.as_ref(),
            api.as_ref(),
            Some(&self.bucket_base),
        ];
        let mut bases = bases.into_iter().flatten();
        let key = bases.find_map(|base| address.strip_prefix(base)?.strip_prefix('/'))?;
        is_object_key(key).then(|| key.to_owned())
    }

    fn base(&self, api: Option<String>) -> Option<String> {
        let of_api = || api.map(|host| format!("https://{host}"));
        self.public_base.clone().or_else(of_api)
    }

    async fn signed_below(&self, base: &str, key: &str, expires_ms: UnixMs) -> PortResult<String> {
        let keys = self.keys.signing().await?;
        let query = keys.sign(&scope_of(key), expires_s(expires_ms));
        Ok(format!("{base}/{key}?{}", query.unwrap_or_default()))
    }

    async fn presign(&self, key: &str, from_s: i64, held_s: i64) -> PortResult<String> {
        let config = config(from_s, held_s)?;
        let get = self.client.get_object().bucket(&self.bucket).key(key);
        let request = get.presigned(config).await.map_err(call_failed)?;
        Ok(request.uri().to_owned())
    }
}

/// Good from this second on, for so many.
pub(super) fn config(from_s: i64, held_s: i64) -> PortResult<PresigningConfig> {
    let seconds = |count: i64| Duration::from_secs(u64::try_from(count).unwrap_or_default());
    PresigningConfig::builder()
        .start_time(UNIX_EPOCH + seconds(from_s))
        .expires_in(seconds(held_s))
        .build()
        .map_err(|cause| PortError::refused(PORT, cause))
}
