//! What a subscriber checks a callback by (contract section 4.2).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::Write;

/// The headers of one attempt at `url`, made at `timestamp` (Unix time, s).
///
/// The vendor's signature covers the URL and the time; `x-vod-hmac-sha256`, hex of HMAC-SHA256
/// over `timestamp.body`, covers what is said as well.
pub(in crate::server) fn headers(
    url: &str,
    timestamp: i64,
    key: &str,
    body: &[u8],
) -> [(&'static str, String); 3] {
    let timestamp = timestamp.to_string();
    let signature = contract::callback::signature(url, &timestamp, key);
    let hmac = hmac_sha256(key, &timestamp, body);
    [
        ("x-vod-timestamp", timestamp),
        ("x-vod-signature", signature),
        ("x-vod-hmac-sha256", hmac),
    ]
}

fn hmac_sha256(key: &str, timestamp: &str, body: &[u8]) -> String {
    // HMAC takes a key of any length; the error is of other algorithms.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    let mut text = String::new();
    for byte in mac.finalize().into_bytes() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_delivery_has_these_headers() {
        let url = "https://www.example.com/your/callback";
        let headers = super::headers(url, 1_519_375_990, "test123", b"{}");
        assert_eq!(headers[0], ("x-vod-timestamp", "1519375990".to_owned()));
        assert_eq!(headers[1].1, "c72b60894140fa98920f1279219b7ed4");
        // printf '1519375990.{}' | openssl dgst -sha256 -hmac test123
        assert_eq!(
            headers[2].1,
            "9f0fb365e96009a810a0946865ebbc7c8bb1d5c2642bb1b5d2a0c65c2045ce91"
        );
    }
}
