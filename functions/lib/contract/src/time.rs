//! Times as the wire spells them.

use jiff::Timestamp;
use jiff::fmt::strtime;

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
}
