//! Signatures in the URLs that this service gives out for a while, the same on every body.
//!
//! `?Expires=<Unix time, s>&KeyId=<id>&Signature=<HMAC-SHA256, hex>`. What is signed is a scope: one
//! path, or all that one job has made. The key is one of its own, never an access key.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt;

/// Bytes of a block of SHA-256.
const BLOCK: usize = 64;

/// What stands for the number of a picture in a pattern of URLs.
const NUMBER: &str = artifacts::key::NUMBER;

/// A key that signs URLs.
#[derive(Clone, PartialEq, Eq)]
pub struct UrlKey {
    /// Empty: the key that the store made by itself. It is left out of URLs.
    id: String,
    block: [u8; BLOCK],
}

impl fmt::Debug for UrlKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UrlKey({:?}, ..)", self.id)
    }
}

impl UrlKey {
    /// A key that an operator gave. Ids are of `[A-Za-z0-9._-]`.
    #[must_use]
    pub fn new(id: &str, secret: &[u8]) -> Self {
        // As HMAC itself does (RFC 2104, section 2).
        let mut block = [0; BLOCK];
        if secret.len() <= BLOCK {
            block[..secret.len()].copy_from_slice(secret);
        } else {
            block[..32].copy_from_slice(&Sha256::digest(secret));
        }
        Self {
            id: id.to_owned(),
            block,
        }
    }

    /// The key that a store made by itself.
    #[must_use]
    pub fn of_store(secret: &[u8]) -> Self {
        Self::new("", secret)
    }

    /// Its id; empty: the store made it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    fn mac(&self, scope: &str, expires_s: i64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&self.block.into());
        mac.update(format!("{expires_s}\n{scope}").as_bytes());
        mac
    }
}

/// The keys of a deployment. The last one signs; URLs of the others hold as well, until their key
/// is taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UrlKeys(Vec<UrlKey>);

impl UrlKeys {
    /// These, in order.
    #[must_use]
    pub fn new(keys: Vec<UrlKey>) -> Self {
        Self(keys)
    }

    /// The query of a URL for `scope` that holds until this second; none without a key.
    #[must_use]
    pub fn sign(&self, scope: &str, expires_s: i64) -> Option<String> {
        let key = self.0.last()?;
        let signature = hex::encode(key.mac(scope, expires_s).finalize().into_bytes());
        let id = match key.id.as_str() {
            "" => String::new(),
            id => format!("&KeyId={id}"),
        };
        Some(format!("Expires={expires_s}{id}&Signature={signature}"))
    }

    /// Whether one of these keys signed `scope` like this. Takes the same time for every wrong
    /// signature.
    #[must_use]
    pub fn verify(&self, scope: &str, signature: &UrlSignature) -> bool {
        let key = self.0.iter().find(|key| key.id == signature.key_id);
        key.is_some_and(|key| {
            let mac = key.mac(scope, signature.expires_s);
            mac.verify_slice(&signature.mac).is_ok()
        })
    }
}

/// The signature in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlSignature {
    /// Until when it holds, Unix time, s.
    pub expires_s: i64,
    /// Which key it is of; empty: the one that the store made.
    pub key_id: String,
    mac: [u8; 32],
}

/// A query that has parts of a signature, and is none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotASignature;

impl UrlSignature {
    /// The signature in `query`; none where no part of one is there.
    ///
    /// # Errors
    /// Parts are missing, given twice, or not as they are written.
    pub fn read(query: &str) -> Result<Option<Self>, NotASignature> {
        let value = |name: &str| {
            let pairs = query.split('&');
            let mut named = pairs.filter(|pair| pair.split('=').next() == Some(name));
            let first = named.next();
            match named.next() {
                None => Ok(first.map(|pair| pair.split_once('=').unwrap_or_default().1)),
                Some(_) => Err(NotASignature),
            }
        };
        let (expires, mac, id) = (value("Expires")?, value("Signature")?, value("KeyId")?);
        let (Some(expires), Some(mac)) = (expires, mac) else {
            return match (expires, mac, id) {
                (None, None, None) => Ok(None),
                _ => Err(NotASignature),
            };
        };
        let is_plain = mac.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let mac = hex::decode(mac).ok().filter(|_| is_plain);
        let mac = mac.and_then(|bytes| bytes.try_into().ok());
        Ok(Some(Self {
            expires_s: expires.parse().map_err(|_| NotASignature)?,
            key_id: id.unwrap_or_default().to_owned(),
            mac: mac.ok_or(NotASignature)?,
        }))
    }

    /// Whether it is past its time.
    #[must_use]
    pub fn is_over(&self, now_ms: i64) -> bool {
        now_ms >= self.expires_s.saturating_mul(1000)
    }
}

/// The first whole second that is not before `expires_ms`.
#[must_use]
pub fn expires_s(expires_ms: i64) -> i64 {
    expires_ms.saturating_add(999).div_euclid(1000)
}

/// What is signed in the URL of `key`: the key alone. A pattern stands for many, so its signature is
/// for all that its job has made.
#[must_use]
pub fn scope_of(key: &str) -> String {
    match key.contains(NUMBER) {
        true => job_scope(key),
        false => key.to_owned(),
    }
}

/// The scope of the job that `key` belongs to. No key has a `:`.
#[must_use]
pub fn job_scope(key: &str) -> String {
    let video = artifacts::key::video_of(key);
    format!("job:{video}/{}", artifacts::key::job_of(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> UrlKeys {
        let old = UrlKey::of_store(&[7; 32]);
        UrlKeys::new(vec![old, UrlKey::new("2", "s".repeat(70).as_bytes())])
    }

    fn read(query: &str) -> Option<UrlSignature> {
        UrlSignature::read(query).ok().flatten()
    }

    #[test]
    fn a_key_that_signs_no_more_still_verifies_until_it_is_taken_away() {
        let store_alone = UrlKeys::new(keys().0[..1].to_vec());
        let old = store_alone.sign("v/a.jpg", 5).unwrap_or_default();
        assert!(old.starts_with("Expires=5&Signature="), "{old}");
        let new = keys().sign("v/a.jpg", 5).unwrap_or_default();
        assert!(new.starts_with("Expires=5&KeyId=2&Signature="), "{new}");
        for query in [&old, &new] {
            let signature = read(query);
            assert!(signature.is_some_and(|s| keys().verify("v/a.jpg", &s)));
        }
        let signature = read(&new);
        assert!(!signature.is_some_and(|s| store_alone.verify("v/a.jpg", &s)));
        let renamed = read(&new.replace("KeyId=2&", ""));
        assert!(!renamed.is_some_and(|s| keys().verify("v/a.jpg", &s)));
        assert_eq!(UrlKeys::default().sign("v/a.jpg", 5), None);
        assert!(!format!("{:?}", keys()).contains("115"), "a key shows");
    }

    #[test]
    fn half_a_signature_counts_as_none() {
        let whole = keys().sign("v/a.jpg", 5).unwrap_or_default();
        let (expires, rest) = whole.split_once('&').unwrap_or_default();
        assert_eq!(UrlSignature::read("a=b&c"), Ok(None));
        assert_eq!(UrlSignature::read(""), Ok(None));
        for query in [
            expires.to_owned(),
            rest.to_owned(),
            "KeyId=2".to_owned(),
            format!("{whole}&{expires}"),
            format!("{whole}&Signature=0"),
            whole.to_uppercase().replace("EXPIRES", "Expires"),
            whole.replace("Signature=", "Signature=00"),
            whole.replace("Expires=5", "Expires=soon"),
            "Expires=&Signature=".to_owned(),
        ] {
            assert_eq!(UrlSignature::read(&query), Err(NotASignature), "{query}");
        }
    }

    #[test]
    fn a_pattern_is_signed_for_its_job_and_for_no_other() {
        let pattern = artifacts::key::sheet_pattern("v", "j");
        assert_eq!(scope_of(&pattern), "job:v/j");
        assert_eq!(job_scope("v/snapshots/vtt/j.vtt"), "job:v/j");
        assert_eq!(job_scope("v/snapshots/j-manifest.json"), "job:v/j");
        assert_ne!(job_scope("v/snapshots/j2-00001.jpg"), "job:v/j");
        assert_eq!(
            scope_of("v/snapshots/j-00001.jpg"),
            "v/snapshots/j-00001.jpg"
        );
    }
}
