//! Signing as a client does, for those who call the API.

use super::secret::Secret;
use super::{v1, v3};
use crate::error::ApiError;
use crate::form;
use crate::request::{RawRequest, VERSION};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Who calls, and when.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The key's public name.
    pub access_key_id: String,
    /// The key.
    pub secret: Secret,
    /// `yyyy-MM-ddTHH:mm:ssZ`.
    pub timestamp: String,
    /// Any text never used before.
    pub nonce: String,
}

impl Signer {
    /// A signer for one call now, with a new nonce.
    #[must_use]
    pub fn now(access_key_id: &str, secret: &Secret, now_ms: i64) -> Self {
        Self {
            access_key_id: access_key_id.to_owned(),
            secret: secret.clone(),
            timestamp: crate::time::utc_time(now_ms),
            nonce: crate::id::new(),
        }
    }

    /// A V1 call of `action` by `method`, everything in the query.
    #[must_use]
    pub fn v1(&self, method: &str, action: &str, parameters: &[(&str, &str)]) -> RawRequest {
        let common = [
            ("Action", action),
            ("Version", VERSION),
            ("AccessKeyId", &self.access_key_id),
            ("SignatureMethod", v1::METHOD),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", &self.nonce),
            ("Timestamp", &self.timestamp),
        ];
        let mut all = owned(common.iter().chain(parameters));
        let signature = v1::sign(&v1::string_to_sign(method, &all), &self.secret);
        all.insert("Signature".to_owned(), signature);
        let raw_query = form::canonical(all.iter());
        RawRequest {
            method: method.to_owned(),
            raw_query,
            ..RawRequest::default()
        }
    }

    /// A V3 call of `action` by POST to `host`, everything in the query, an empty body.
    ///
    /// # Errors
    /// `host` is empty.
    pub fn v3(
        &self,
        host: &str,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<RawRequest, ApiError> {
        self.v3_at(host, "/", action, parameters)
    }

    /// The same to another path, which is signed.
    ///
    /// # Errors
    /// `host` is empty.
    pub fn v3_at(
        &self,
        host: &str,
        path: &str,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<RawRequest, ApiError> {
        let empty = hex::encode(Sha256::digest(b""));
        let mut headers = owned(&[
            ("host", host),
            ("x-acs-action", action),
            ("x-acs-content-sha256", &empty),
            ("x-acs-date", &self.timestamp),
            ("x-acs-signature-nonce", &self.nonce),
            ("x-acs-version", VERSION),
        ]);
        if host.is_empty() {
            return Err(ApiError::incomplete_signature("There is no host."));
        }
        let signed = headers.keys().cloned().collect::<Vec<_>>().join(";");
        let mut raw = RawRequest {
            method: "POST".to_owned(),
            raw_query: form::canonical(owned(parameters).iter()),
            headers: std::mem::take(&mut headers).into_iter().collect(),
            body: Vec::new(),
        };
        let authorization = self.authorization((&raw, path), &signed, &empty)?;
        raw.headers
            .push(("authorization".to_owned(), authorization));
        Ok(raw)
    }

    pub(super) fn authorization(
        &self,
        (raw, path): (&RawRequest, &str),
        signed: &str,
        body_hash: &str,
    ) -> Result<String, ApiError> {
        let headers = v3::canonical_headers(raw, signed)?;
        let canonical = v3::canonical_request(raw, path, &headers, signed, body_hash)?;
        let signature = v3::sign(&v3::string_to_sign(&canonical), &self.secret);
        let (algorithm, key) = (v3::ALGORITHM, &self.access_key_id);
        Ok(format!(
            "{algorithm} Credential={key},SignedHeaders={signed},Signature={signature}"
        ))
    }
}

fn owned<'a>(pairs: impl IntoIterator<Item = &'a (&'a str, &'a str)>) -> BTreeMap<String, String> {
    pairs
        .into_iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
