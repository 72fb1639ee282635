//! Which bytes an answer says it holds.

use ureq::http::{HeaderMap, header};

/// `Content-Range: bytes first-last/total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ContentRange {
    pub(super) first: u64,
    /// Inclusive, and not before `first`.
    pub(super) last: u64,
    /// None where the server does not know.
    pub(super) total: Option<u64>,
}

impl ContentRange {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        Self::parse(headers.get(header::CONTENT_RANGE)?.to_str().ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let (unit, rest) = text.trim().split_once(' ')?;
        let (range, total) = rest.trim().split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let total = match total.trim() {
            "*" => None,
            total => Some(total.parse().ok()?),
        };
        let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        let is_range = unit.eq_ignore_ascii_case("bytes") && first <= last;
        let is_inside = total.is_none_or(|total| last < total);
        (is_range && is_inside).then_some(Self { first, last, total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ranges_that_make_sense_are_ranges() {
        let range = |first, last, total| Some(ContentRange { first, last, total });
        assert_eq!(ContentRange::parse("bytes 0-0/9"), range(0, 0, Some(9)));
        assert_eq!(ContentRange::parse("Bytes 2-5/*"), range(2, 5, None));
        for nonsense in [
            "",
            "bytes */9",
            "bytes 5-2/9",
            "bytes 0-9/9",
            "items 0-0/9",
            "bytes 0-/9",
            "bytes -1-0/9",
            "bytes 0-0/99999999999999999999999",
        ] {
            assert_eq!(ContentRange::parse(nonsense), None, "{nonsense}");
        }
    }
}
