use super::*;
use RequestOutcome::{NotModified, PreconditionFailed, Unsatisfiable, Whole};

const DATE: &str = "Wed, 21 Oct 2015 07:28:00 GMT";
const BEFORE: &str = "Wed, 21 Oct 2015 07:27:59 GMT";
const AFTER: &str = "Wed, 21 Oct 2015 07:28:01 GMT";

/// The answer to a request with these headers for a file of 1,000 bytes.
fn outcome(request: &[(HeaderName, &str)]) -> RequestOutcome {
    // Half a second later: HTTP's dates have none.
    let modified = httpdate::parse_http_date(DATE).unwrap() + Duration::from_millis(500);
    let version = CacheValidators::new("a-1", Some(modified));
    let mut headers = HeaderMap::new();
    for (name, value) in request {
        headers.append(name, value.parse().unwrap());
    }
    evaluate(&headers, &version, 1000)
}

#[test]
fn a_range_is_answered_with_that_part_or_with_the_whole() {
    let part = |first, last| RequestOutcome::Part(first..=last);
    for (range, expected) in [
        ("bytes=0-99", part(0, 99)),
        ("BYTES=0-99", part(0, 99)),
        ("bytes=999-", part(999, 999)),
        ("bytes=0-", part(0, 999)),
        ("bytes=0-0", part(0, 0)),
        ("bytes=900-5000", part(900, 999)),
        ("bytes=900-99999999999999999999999", part(900, 999)),
        ("bytes=-1", part(999, 999)),
        ("bytes=-1000", part(0, 999)),
        ("bytes=-5000", part(0, 999)),
        ("bytes=-99999999999999999999999", part(0, 999)),
        ("bytes=1000-", Unsatisfiable),
        ("bytes=1000-2000", Unsatisfiable),
        ("bytes=18446744073709551615-", Unsatisfiable),
        ("bytes=99999999999999999999999-", Unsatisfiable),
        ("bytes=-0", Unsatisfiable),
        // Several, or none of bytes: a server may answer the whole.
        ("bytes=0-1,5-6", Whole),
        ("bytes=0-1,5000-", Whole),
        ("bytes=5000-,6000-", Whole),
        ("bytes=5-4", Whole),
        ("bytes=", Whole),
        ("bytes=a-b", Whole),
        ("bytes=--1", Whole),
        ("bytes=0x1-", Whole),
        ("lines=0-1", Whole),
        ("", Whole),
    ] {
        assert_eq!(outcome(&[(RANGE, range)]), expected, "{range}");
    }
}

#[test]
fn an_empty_file_has_no_first_byte() {
    let version = CacheValidators::new("a-1", None);
    for (range, expected) in [("bytes=0-", Unsatisfiable), ("bytes=-5", Whole)] {
        let headers = HeaderMap::from_iter([(RANGE, range.parse().unwrap())]);
        assert_eq!(evaluate(&headers, &version, 0), expected, "{range}");
    }
}

#[test]
fn each_condition_decides_by_itself() {
    for (name, value, expected) in [
        (IF_NONE_MATCH, "\"a-1\"", NotModified),
        (IF_NONE_MATCH, "W/\"a-1\"", NotModified),
        (IF_NONE_MATCH, "\"x\", \"a-1\"", NotModified),
        (IF_NONE_MATCH, "*", NotModified),
        (IF_NONE_MATCH, "\"x\"", Whole),
        (IF_NONE_MATCH, "a-1", Whole),
        (IF_MODIFIED_SINCE, DATE, NotModified),
        (IF_MODIFIED_SINCE, AFTER, NotModified),
        (IF_MODIFIED_SINCE, BEFORE, Whole),
        (IF_MODIFIED_SINCE, "yesterday", Whole),
        (IF_MATCH, "\"a-1\"", Whole),
        (IF_MATCH, "*", Whole),
        (IF_MATCH, "W/\"a-1\"", PreconditionFailed),
        (IF_MATCH, "\"x\"", PreconditionFailed),
        (IF_UNMODIFIED_SINCE, DATE, Whole),
        (IF_UNMODIFIED_SINCE, BEFORE, PreconditionFailed),
        (IF_RANGE, "\"x\"", Whole),
    ] {
        assert_eq!(
            outcome(&[(name.clone(), value)]),
            expected,
            "{name}: {value}"
        );
    }
}

#[test]
fn the_stronger_condition_decides() {
    let request = [(IF_NONE_MATCH, "\"x\""), (IF_MODIFIED_SINCE, DATE)];
    assert_eq!(outcome(&request), Whole);
    let request = [(IF_MATCH, "\"a-1\""), (IF_UNMODIFIED_SINCE, BEFORE)];
    assert_eq!(outcome(&request), Whole);
    let request = [(IF_NONE_MATCH, "\"a-1\""), (RANGE, "bytes=0-1")];
    assert_eq!(outcome(&request), NotModified);
    let request = [(IF_NONE_MATCH, "\"x\""), (IF_NONE_MATCH, "\"a-1\"")];
    assert_eq!(outcome(&request), NotModified, "two lines are one list");
}

#[test]
fn a_range_is_of_the_version_that_the_client_has() {
    for (if_range, is_part) in [
        ("\"a-1\"", true),
        (DATE, true),
        ("W/\"a-1\"", false),
        ("\"x\"", false),
        (BEFORE, false),
        (AFTER, false),
        ("nonsense", false),
    ] {
        let got = outcome(&[(RANGE, "bytes=0-1"), (IF_RANGE, if_range)]);
        let expected = if is_part {
            RequestOutcome::Part(0..=1)
        } else {
            Whole
        };
        assert_eq!(got, expected, "{if_range}");
    }
    let beyond = outcome(&[(RANGE, "bytes=5000-"), (IF_RANGE, "\"x\"")]);
    assert_eq!(beyond, Whole, "another version may be as long as that");
}
