//! Ids and times as the wire spells them.

use jiff::Timestamp;
use jiff::fmt::strtime;
use uuid::Uuid;

/// A new id of a video, job or template: 32 lower-case hex digits.
#[must_use]
pub fn new() -> String {
    Uuid::new_v4().simple().to_string()
}

/// A new RequestId: an upper-case UUID.
#[must_use]
pub fn request_id() -> String {
    Uuid::new_v4().hyphenated().to_string().to_uppercase()
}

/// Whether `id` can be the id of anything here, and so may become part of a key:
/// `[A-Za-z0-9_-]`, 1 to 64.
#[must_use]
pub fn is_plausible(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=64).contains(&id.len()) && id.bytes().all(allowed)
}

/// `yyyy-MM-ddTHH:mm:ssZ` of ms since the Unix epoch; times out of all reason give the epoch.
#[must_use]
pub fn utc_time(unix_ms: i64) -> String {
    let time = Timestamp::from_millisecond(unix_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// ms since the Unix epoch of exactly `yyyy-MM-ddTHH:mm:ssZ`.
#[must_use]
pub fn unix_ms(utc_time: &str) -> Option<i64> {
    let exact = utc_time.len() == "yyyy-MM-ddTHH:mm:ssZ".len();
    let read = strtime::parse("%Y-%m-%dT%H:%M:%SZ", utc_time)
        .ok()?
        .to_datetime()
        .ok()?;
    let zoned = read.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    exact.then(|| zoned.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_shapes_of_the_contract() {
        let id = new();
        assert_eq!(id.len(), 32);
        assert!(
            id.bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)),
            "{id}"
        );
        let request_id = request_id();
        assert_eq!(request_id.len(), 36);
        assert_eq!(request_id, request_id.to_uppercase());
        assert_eq!(
            request_id.split('-').map(str::len).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
    }

    #[test]
    fn times_are_utc_to_the_second() {
        assert_eq!(utc_time(1_507_636_974_999), "2017-10-10T12:02:54Z");
        assert_eq!(unix_ms("2017-10-10T12:02:54Z"), Some(1_507_636_974_000));
    }

    #[test]
    fn other_shapes_are_no_times() {
        for text in [
            "",
            "2017-10-10T12:02:54",
            "2017-10-10T12:02:54+00:00",
            "2017-10-10 12:02:54Z",
            "2017-10-10T12:02:54.5Z",
            "2018-11-30T08:05:59:57Z",
            "2017-13-10T12:02:54Z",
            "2017-1-10T12:02:054Z",
        ] {
            assert_eq!(unix_ms(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_that_could_leave_its_folder_is_not_plausible() {
        assert!(is_plausible("d3e680e618708fef7cefbf2cae7cc931"));
        let long = "a".repeat(65);
        for id in ["", ".", "../x", "a/b", "a b", "ä", long.as_str()] {
            assert!(!is_plausible(id), "{id}");
        }
    }
}
