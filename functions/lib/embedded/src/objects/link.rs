//! URLs of objects: for ever, or signed until a moment.

use hmac::{Hmac, KeyInit, Mac};
use service::model::UnixMs;
use sha2::Sha256;
use std::fmt::Write;

/// Makes and checks the URLs of one store.
pub(crate) struct ObjectLinks {
    /// No `/` at its end.
    base: String,
    /// The secret and zeros, as HMAC itself would fill it up.
    key: [u8; 64],
}

impl ObjectLinks {
    pub(crate) fn new(base: &str, secret: [u8; 32]) -> Self {
        let mut key = [0; 64];
        key[..32].copy_from_slice(&secret);
        Self {
            base: base.trim_end_matches('/').to_owned(),
            key,
        }
    }

    pub(crate) fn public(&self, key: &str) -> String {
        format!("{}/{key}", self.base)
    }

    /// Good until the first whole second that is not before `expires_ms`.
    pub(crate) fn signed(&self, key: &str, expires_ms: UnixMs) -> String {
        let expires = expires_ms.saturating_add(999).div_euclid(1000);
        let mut url = format!("{}?Expires={expires}&Signature=", self.public(key));
        for byte in self.mac(key, expires).finalize().into_bytes() {
            // Writing to a String cannot fail.
            let _ = write!(url, "{byte:02x}");
        }
        url
    }

    /// Whether [`Self::signed`] gave this URL and it is not past its time. Takes the same time
    /// for every wrong signature.
    pub(crate) fn verify(&self, key: &str, expires: i64, signature: &str, now_ms: UnixMs) -> bool {
        let in_time = now_ms < expires.saturating_mul(1000);
        let ours = unhex(signature)
            .is_some_and(|bytes| self.mac(key, expires).verify_slice(&bytes).is_ok());
        in_time && ours
    }

    fn mac(&self, key: &str, expires: i64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&self.key.into());
        mac.update(format!("{expires}\n{key}").as_bytes());
        mac
    }
}

/// 64 lower-case hex digits.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> = text.bytes().map(digit).collect();
    let bytes: Vec<u8> = digits?
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |n, d| n << 4 | d))
        .collect();
    bytes.try_into().ok().filter(|_| text.len() == 64)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}
