//! The headers by which a receiver checks that a callback comes from us.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The signature headers of one attempt at `url`, made at `timestamp_s` (Unix time).
///
/// `x-vod-signature` is the vendor's, and covers the URL and the time only. `x-vod-hmac-sha256`
/// is the hex HMAC-SHA256 of `timestamp.body`, so that a receiver can check the body as well.
#[must_use]
pub fn signature_headers(
    url: &str,
    timestamp_s: i64,
    key: &str,
    body: &[u8],
) -> [(&'static str, String); 3] {
    let timestamp = timestamp_s.to_string();
    let signature = contract::callback::signature(url, &timestamp, key);
    let hmac = hmac_sha256(key, &timestamp, body);
    [
        ("x-vod-timestamp", timestamp),
        ("x-vod-signature", signature),
        ("x-vod-hmac-sha256", hmac),
    ]
}

fn hmac_sha256(key: &str, timestamp: &str, body: &[u8]) -> String {
    // HMAC takes a key of any length. The error belongs to other algorithms of the trait.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_vendor_s_example_has_its_signature() {
        let url = "https://www.example.com/your/callback";
        let headers = super::signature_headers(url, 1_519_375_990, "test123", b"{}");
        assert_eq!(headers[0], ("x-vod-timestamp", "1519375990".to_owned()));
        assert_eq!(headers[1].1, "c72b60894140fa98920f1279219b7ed4");
        // printf '1519375990.{}' | openssl dgst -sha256 -hmac test123
        assert_eq!(
            headers[2].1,
            "9f0fb365e96009a810a0946865ebbc7c8bb1d5c2642bb1b5d2a0c65c2045ce91"
        );
    }
}
