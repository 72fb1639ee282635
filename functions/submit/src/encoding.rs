//! How the bytes of an answer travel: Lambda lets out 6 MB of JSON, in which a body is text or Base64.

use contract::request::RawRequest;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// The longest body that fits, with room for the headers beside it.
const MAX_BODY_BYTES: usize = 6_000_000;

/// A shorter body gains nothing.
const MIN_GZIP_BYTES: usize = 1_000;

/// A body that fits into an answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Encoded {
    /// As it is.
    Identity(Vec<u8>),
    /// With `Content-Encoding: gzip`.
    Gzip(Vec<u8>),
}

/// Why a body does not fit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TooLong {
    /// It would be short enough as gzip, which the request does not accept.
    NeedsGzip,
    /// Compressed, too.
    Always,
}

impl Encoded {
    /// The body as this request takes it.
    pub(crate) fn of(body: Vec<u8>, raw: &RawRequest) -> Result<Self, TooLong> {
        let fits = bytes_as_text(&body) <= MAX_BODY_BYTES;
        let accepted = accepts_gzip(raw.header("accept-encoding").unwrap_or_default());
        if fits && (!accepted || body.len() < MIN_GZIP_BYTES) {
            return Ok(Self::Identity(body));
        }
        let compressed = gzip(&body)
            .ok()
            .filter(|bytes| bytes_as_base64(bytes) <= MAX_BODY_BYTES);
        match compressed {
            Some(bytes) if accepted => Ok(Self::Gzip(bytes)),
            Some(_) => Err(TooLong::NeedsGzip),
            None if fits => Ok(Self::Identity(body)),
            None => Err(TooLong::Always),
        }
    }
}

/// The fastest level: players wait, and texts of one line repeated are a tenth with any.
fn gzip(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}

/// Within the JSON of the answer, where some characters take an escape.
fn bytes_as_text(body: &[u8]) -> usize {
    let escaped = |byte: &&u8| matches!(byte, b'\n' | b'\r' | b'\t' | b'"' | b'\\');
    body.len() + body.iter().filter(escaped).count()
}

fn bytes_as_base64(body: &[u8]) -> usize {
    body.len().div_ceil(3) * 4
}

/// Accept-Encoding as RFC 9110 has it: codings with weights, of which 0 refuses.
fn accepts_gzip(header: &str) -> bool {
    let weight = |wanted: &[&str]| {
        header.split(',').find_map(|item| {
            let (coding, parameters) = item.split_once(';').unwrap_or((item, ""));
            let named = |name: &&str| coding.trim().eq_ignore_ascii_case(name);
            wanted.iter().any(named).then(|| quality(parameters))
        })
    };
    let weight = weight(&["gzip", "x-gzip"]).or_else(|| weight(&["*"]));
    weight.is_some_and(|weight| weight > 0.0)
}

/// 1 where none is given; 0 where it is no number.
fn quality(parameters: &str) -> f32 {
    let parameter = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    parameter.map_or(1.0, |value| value.parse().unwrap_or(0.0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    fn asked(accepted: &str) -> RawRequest {
        RawRequest {
            headers: vec![("accept-encoding".to_owned(), accepted.to_owned())],
            ..RawRequest::default()
        }
    }

    /// Lines as those of a WebVTT file.
    fn cues(bytes: usize) -> Vec<u8> {
        let cue = b"00:00:00.000 --> 00:00:01.000\na-00001.jpg#xywh=0,0,160,90\n\n";
        cue.iter().copied().cycle().take(bytes).collect()
    }

    /// Bytes that no coding makes shorter.
    fn noise(bytes: usize) -> Vec<u8> {
        let mut state = 1_u64;
        let next = |_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        };
        (0..bytes).map(next).collect()
    }

    #[test]
    fn gzip_is_sent_to_who_does_not_take_it() {
        for (header, accepted) in [
            ("gzip", true),
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, GZIP ;q=0.8, *;q=0.1", true),
            ("x-gzip", true),
            ("*", true),
            ("deflate, *;q=0.5", true),
            ("", false),
            ("identity", false),
            ("br", false),
            ("gzip;q=0", false),
            ("gzip; Q=0.000, *", false),
            ("*;q=0", false),
            ("gzip;q=x", false),
            ("gzipped", false),
        ] {
            assert_eq!(accepts_gzip(header), accepted, "{header}");
        }
    }

    #[test]
    fn a_body_above_the_limit_of_lambda_is_lost() {
        for bytes in [0, MIN_GZIP_BYTES, 20_000_000] {
            let body = cues(bytes);
            let Encoded::Gzip(sent) = Encoded::of(body.clone(), &asked("gzip")).unwrap() else {
                assert_eq!(bytes, 0, "not compressed");
                continue;
            };
            assert!(bytes_as_base64(&sent) <= MAX_BODY_BYTES);
            let mut read = Vec::new();
            GzDecoder::new(&sent[..]).read_to_end(&mut read).unwrap();
            assert!(read == body, "other bytes came");
        }
        let long = Encoded::of(cues(20_000_000), &asked("br"));
        assert_eq!(long, Err(TooLong::NeedsGzip));
    }

    #[test]
    fn a_body_that_no_coding_makes_shorter_is_sent_all_the_same() {
        let longer = noise(MAX_BODY_BYTES * 2);
        assert_eq!(Encoded::of(longer, &asked("gzip")), Err(TooLong::Always));
        // As text it fits, as Base64 it would not.
        let text: Vec<u8> = noise(MAX_BODY_BYTES - 50_000)
            .into_iter()
            .map(|byte| b'0' + byte % 64)
            .filter(|byte| *byte != b'\\')
            .collect();
        let sent = Encoded::of(text.clone(), &asked("gzip")).unwrap();
        match sent {
            Encoded::Identity(body) => assert!(body == text),
            Encoded::Gzip(body) => assert!(bytes_as_base64(&body) <= MAX_BODY_BYTES),
        }
    }

    #[test]
    fn escapes_are_not_counted() {
        let lines = vec![b'\n'; MAX_BODY_BYTES / 2 + 1];
        assert_eq!(Encoded::of(lines, &asked("")), Err(TooLong::NeedsGzip));
        let lines = vec![b'\n'; MAX_BODY_BYTES / 2];
        assert!(matches!(
            Encoded::of(lines, &asked("")),
            Ok(Encoded::Identity(_))
        ));
    }
}
