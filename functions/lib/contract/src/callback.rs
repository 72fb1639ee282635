//! The signature of an event's delivery.

use md5::{Digest, Md5};

/// `X-VOD-SIGNATURE`: lower-hex MD5 of `url|timestamp|key`.
///
/// `url` is the URL that is called, `timestamp` the `X-VOD-TIMESTAMP` in seconds since the
/// Unix epoch.
#[must_use]
pub fn signature(url: &str, timestamp: &str, key: &str) -> String {
    hex::encode(Md5::digest(format!("{url}|{timestamp}|{key}")))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_documented_example_holds() {
        assert_eq!(
            super::signature(
                "https://www.example.com/your/callback",
                "1519375990",
                "test123"
            ),
            "c72b60894140fa98920f1279219b7ed4"
        );
    }
}
