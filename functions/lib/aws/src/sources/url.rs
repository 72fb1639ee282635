//! FileURLs that name an object of S3.
//!
//! `s3://bucket/key`, the key as it stands; `https://bucket.s3.region.amazonaws.com/key` and
//! `https://s3.region.amazonaws.com/bucket/key`, the key percent-encoded, with or without region,
//! dual-stack and China's domain. `?versionId=` names a version; the rest of a query, such as a
//! presigned URL's signature, says nothing: the deployment reads with rights of its own.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What a URL's path may have besides letters and digits.
const PLAIN: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// A FileURL that names one version of an object.
#[must_use]
pub fn version_url(region: &str, bucket: &str, key: &str, version: &str) -> String {
    let china = if region.starts_with("cn-") { ".cn" } else { "" };
    let key = utf8_percent_encode(key, &PLAIN);
    let version = utf8_percent_encode(version, &PLAIN);
    format!("https://s3.{region}.amazonaws.com{china}/{bucket}/{key}?versionId={version}")
}

/// The FileURLs under which an earlier release may have kept the object at `place`: it knew a video
/// by the letters of its URL.
pub(crate) fn file_urls(place: &str, region: &str) -> Vec<String> {
    let Some((bucket, key)) = place
        .strip_prefix("s3://")
        .and_then(|rest| rest.split_once('/'))
    else {
        return Vec::new();
    };
    let china = if region.starts_with("cn-") { ".cn" } else { "" };
    let key = utf8_percent_encode(key, &PLAIN);
    vec![
        format!("https://{bucket}.s3.{region}.amazonaws.com{china}/{key}"),
        format!("https://{bucket}.s3.amazonaws.com{china}/{key}"),
        format!("https://s3.{region}.amazonaws.com{china}/{bucket}/{key}"),
    ]
}

/// An object, or one version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) version: Option<String>,
}

impl Location {
    /// What `file_url` may name, the usual first. A key may have signs of its own that mean something
    /// in a URL, and be encoded where nobody has to; which one it is, the bucket knows.
    pub(super) fn readings(file_url: &str) -> Vec<Self> {
        let mut readings: Vec<Self> = Self::parse(file_url).into_iter().collect();
        let whole = file_url.replace('%', "%25");
        let more = match file_url.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("s3") => {
                let decoded = decode(rest).map(|rest| Self::parse(&format!("s3://{rest}")));
                vec![decoded.flatten()]
            }
            // With its `?` and `#` as part of the key: encoded, as it stands, and as it stands up to
            // there.
            _ => [
                file_url.replace('?', "%3F").replace('#', "%23"),
                whole.replace('?', "%3F").replace('#', "%23"),
                whole,
            ]
            .map(|text| Self::parse(&text))
            .into(),
        };
        for reading in more.into_iter().flatten() {
            if !readings.contains(&reading) {
                readings.push(reading);
            }
        }
        readings
    }

    /// The object, spelt in one way; a version that is named is one of its own.
    pub(super) fn place(&self) -> String {
        let Self { bucket, key, .. } = self;
        match &self.version {
            None => format!("s3://{bucket}/{key}"),
            Some(version) => format!("s3-version://{bucket}/{version}/{key}"),
        }
    }

    /// The object whose [`Self::place`] this is, the key as it stands.
    pub(super) fn at_place(place: &str) -> Option<Self> {
        if let Some(rest) = place.strip_prefix("s3-version://") {
            let (bucket, rest) = rest.split_once('/')?;
            let (version, key) = rest.split_once('/')?;
            return Self::new(bucket, key.to_owned(), Some(version.to_owned()));
        }
        let (bucket, key) = place.strip_prefix("s3://")?.split_once('/')?;
        Self::new(bucket, key.to_owned(), None)
    }

    pub(super) fn parse(file_url: &str) -> Option<Self> {
        let (scheme, rest) = file_url.split_once("://")?;
        if scheme.eq_ignore_ascii_case("s3") {
            let (bucket, key) = rest.split_once('/')?;
            return Self::new(bucket, key.to_owned(), None);
        }
        if !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let rest = rest.split('#').next()?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = rest.split_once('/')?;
        let (bucket, key) = match bucket_of(host)? {
            Some(bucket) => (bucket, path),
            None => {
                let (bucket, key) = path.split_once('/')?;
                (bucket.to_owned(), key)
            }
        };
        Self::new(&bucket, decode(key)?, version(query))
    }

    fn new(bucket: &str, key: String, version: Option<String>) -> Option<Self> {
        let named = !bucket.is_empty() && !key.is_empty() && key.len() <= 1024;
        named.then(|| Self {
            bucket: bucket.to_owned(),
            key,
            version,
        })
    }
}

/// The bucket in a host of S3, if it is there and not in the path. None: no host of S3.
#[allow(
    clippy::option_option,
    reason = "no host of S3, or one that names no bucket"
)]
fn bucket_of(host: &str) -> Option<Option<String>> {
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix(":443").unwrap_or(&host);
    let host = host
        .strip_suffix(".amazonaws.com.cn")
        .or_else(|| host.strip_suffix(".amazonaws.com"))?;
    // Bucket names may have dots, so what follows them is read from the right.
    let labels: Vec<&str> = host.split('.').collect();
    let service = labels.iter().rposition(|label| is_service(label))?;
    let regional = labels.get(service + 1..)?;
    let places = match regional {
        ["dualstack", places @ ..] => places,
        places => places,
    };
    if places.len() > 1 || !places.iter().all(|place| is_region(place)) {
        return None;
    }
    let bucket = labels.get(..service)?.join(".");
    Some((!bucket.is_empty()).then_some(bucket))
}

fn is_service(label: &str) -> bool {
    let old_region = |label: &str| label.strip_prefix("s3-").is_some_and(is_region);
    label == "s3" || label == "s3-accelerate" || old_region(label)
}

fn is_region(label: &str) -> bool {
    let (area, number) = label.rsplit_once('-').unwrap_or_default();
    area.contains('-') && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn decode(text: &str) -> Option<String> {
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

fn version(query: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == "versionId")?;
    decode(value).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Location, version_url};

    fn parse(url: &str) -> Option<(String, String)> {
        Location::parse(url).map(|found| (found.bucket, found.key))
    }

    #[test]
    fn an_object_is_named_in_several_ways() {
        for (url, bucket, key) in [
            ("s3://b/a.mp4", "b", "a.mp4"),
            ("S3://b.c/d/a%20b?.mp4", "b.c", "d/a%20b?.mp4"),
            (
                "https://b.s3.eu-west-1.amazonaws.com/d/a%20b.mp4",
                "b",
                "d/a b.mp4",
            ),
            ("https://b.s3.amazonaws.com/a+b.mp4#t=1", "b", "a+b.mp4"),
            ("https://b.s3-eu-west-1.amazonaws.com/a.mp4", "b", "a.mp4"),
            (
                "https://B.S3.EU-WEST-1.AMAZONAWS.COM:443/a.mp4",
                "b",
                "a.mp4",
            ),
            (
                "https://a.b.s3.dualstack.us-gov-east-1.amazonaws.com/a.mp4",
                "a.b",
                "a.mp4",
            ),
            (
                "https://b.s3.cn-north-1.amazonaws.com.cn/a.mp4",
                "b",
                "a.mp4",
            ),
            ("https://b.s3-accelerate.amazonaws.com/a.mp4", "b", "a.mp4"),
            ("https://s3.s3.us-east-1.amazonaws.com/a.mp4", "s3", "a.mp4"),
            (
                "https://s3.eu-west-1.amazonaws.com/b/d/a.mp4",
                "b",
                "d/a.mp4",
            ),
            (
                "https://s3.amazonaws.com/b.c/a.mp4?X-Amz-Expires=1",
                "b.c",
                "a.mp4",
            ),
            ("https://b.s3.amazonaws.com/../a//b.mp4", "b", "../a//b.mp4"),
        ] {
            let expected = Some((bucket.to_owned(), key.to_owned()));
            assert_eq!(parse(url), expected, "{url}");
        }
        let version = Location::parse("https://b.s3.amazonaws.com/a.mp4?x=1&versionId=v%2B1");
        assert_eq!(
            version.and_then(|found| found.version).as_deref(),
            Some("v+1")
        );
    }

    #[test]
    fn a_version_is_found_under_its_url() {
        for (region, key) in [
            ("eu-west-1", "d/a b+\u{e9}%20?#&.mp4"),
            ("cn-north-1", "../a//b.mp4"),
        ] {
            let url = version_url(region, "b.c", key, "v+/1&");
            let found = Location {
                bucket: "b.c".to_owned(),
                key: key.to_owned(),
                version: Some("v+/1&".to_owned()),
            };
            assert_eq!(Location::parse(&url), Some(found), "{url}");
        }
    }

    /// A key with signs that mean something in a URL was found in one form and not in another.
    #[test]
    fn every_key_is_among_the_readings_of_every_form() {
        for key in [
            "a#b.mp4",
            "d/a?b.mp4",
            "50%.mp4",
            "a%20b.mp4",
            "a b.mp4",
            "\u{4e2d}\u{6587} #1?.mp4",
            "a+b&c=d.mp4",
            "%61.mp4",
        ] {
            let encoded = percent_encoding::utf8_percent_encode(key, &super::PLAIN).to_string();
            for url in [
                format!("s3://b/{key}"),
                format!("s3://b/{encoded}"),
                format!("https://b.s3.amazonaws.com/{key}"),
                format!("https://s3.eu-west-1.amazonaws.com/b/{key}"),
                format!("https://b.s3.amazonaws.com/{encoded}"),
                format!("https://b.s3.amazonaws.com/{encoded}?X-Amz-Expires=1&X-Amz-Date=2"),
            ] {
                let readings = Location::readings(&url);
                let keys: Vec<_> = readings.iter().map(|found| found.key.as_str()).collect();
                assert!(keys.contains(&key), "{url}: {keys:?}");
            }
        }
        assert_eq!(
            Location::readings("s3://b/a.mp4").len(),
            1,
            "one question is enough"
        );
        assert_eq!(
            Location::readings("https://b.s3.amazonaws.com/a.mp4").len(),
            1
        );
        assert!(Location::readings("https://example.com/a?b%20.mp4").is_empty());
    }

    #[test]
    fn an_object_has_one_place_however_its_url_is_spelt() {
        for url in [
            "s3://b/d/a b.mp4",
            "https://b.s3.amazonaws.com/d/a%20b.mp4",
            "https://b.s3.eu-west-1.amazonaws.com/d/%61%20b.mp4",
            "https://b.s3.dualstack.eu-west-1.amazonaws.com/d/a%20b.mp4",
            "https://b.s3-eu-west-1.amazonaws.com/d/a b.mp4",
            "https://s3.eu-west-1.amazonaws.com/b/d/a%20b.mp4",
            "HTTPS://B.S3.AMAZONAWS.COM/d/a%20b.mp4?X-Amz-Signature=0f&X-Amz-Expires=60",
        ] {
            let place = Location::parse(url).map(|found| found.place());
            assert_eq!(place.as_deref(), Some("s3://b/d/a b.mp4"), "{url}");
        }
        let version = Location::parse("https://b.s3.amazonaws.com/a.mp4?versionId=v1");
        let version = version.map(|found| found.place());
        assert_eq!(version.as_deref(), Some("s3-version://b/v1/a.mp4"));
    }

    #[test]
    fn a_place_leads_to_another_object() {
        for version in [None, Some("v1".to_owned())] {
            for key in ["a.mp4", "d//a%20b?#.mp4", "/a b"] {
                let (bucket, key, version) = ("b.c".to_owned(), key.to_owned(), version.clone());
                let there = Location {
                    bucket,
                    key,
                    version,
                };
                assert_eq!(Location::at_place(&there.place()), Some(there));
            }
        }
        assert_eq!(Location::at_place("https://b.s3.amazonaws.com/a.mp4"), None);
    }

    #[test]
    fn what_names_none_is_refused() {
        for url in [
            "",
            "b/a.mp4",
            "s3://b",
            "s3://b/",
            "s3:///a.mp4",
            "http://b.s3.amazonaws.com/a.mp4",
            "file:///b/a.mp4",
            "https://b.s3.amazonaws.com",
            "https://b.s3.amazonaws.com/",
            "https://s3.amazonaws.com/b",
            "https://example.com/b/a.mp4",
            "https://b.s3.amazonaws.com.example.com/a.mp4",
            "https://b.s3.evil.amazonaws.com/a.mp4",
            "https://b.s3.eu-west-1.evil-1.amazonaws.com/a.mp4",
            "https://amazonaws.com/b/a.mp4",
            "https://b.sqs.eu-west-1.amazonaws.com/a.mp4",
            "https://user@b.example.com/a.mp4",
            "https://b.s3.amazonaws.com/%ff.mp4",
        ] {
            assert_eq!(parse(url), None, "{url}");
        }
    }
}
