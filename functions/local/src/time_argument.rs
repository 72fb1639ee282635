//! Times as people write them.

use contract::snapshot::TimeLength;
use jiff::SignedDuration;
use jiff::fmt::friendly::SpanParser;

/// For the help.
pub(crate) const DURATION_HELP: &str = "\
Times:
  1500ms, 1.5s, 2m, 1h, 1m30s       with a unit
  00:01:30.5, 1:30                  hours, minutes and seconds; minutes and seconds
  10%, 12.5%                        a part of the video's duration
  1500                              milliseconds for --at and --offset, seconds for --interval
  A fraction of a millisecond is rounded up, so that a frame's own time names that frame.";

const RULE: &str = "expected a time such as 1500ms, 1.5s, 00:01:30.5 or 10%";
const US_PER_MS: u32 = 1000;
const US_PER_S: u32 = 1_000_000;
/// Of a hundredth.
const PARTS_PER_PERCENT: u32 = 10_000;
const HUNDRED_PERCENT: u64 = 1_000_000;

/// A time of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeArgument(pub(crate) TimeLength);

/// Of an option whose bare numbers are milliseconds.
pub(crate) fn milliseconds(text: &str) -> Result<TimeArgument, String> {
    parse(text, US_PER_MS)
}

/// From one picture to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepArgument {
    /// As the video's duration asks for.
    Automatic,
    /// This.
    Every(TimeLength),
}

/// Of an option whose bare numbers are seconds.
pub(crate) fn step(text: &str) -> Result<StepArgument, String> {
    match text.trim() {
        "auto" => Ok(StepArgument::Automatic),
        text => parse(text, US_PER_S).map(|time| StepArgument::Every(time.0)),
    }
}

fn parse(text: &str, bare_us: u32) -> Result<TimeArgument, String> {
    let text = text.trim();
    let length = if let Some(percent) = text.strip_suffix('%') {
        percentage(percent)?
    } else if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        TimeLength::Us(decimal(text, bare_us)?)
    } else {
        TimeLength::Us(duration(text)?)
    };
    Ok(TimeArgument(length))
}

fn percentage(text: &str) -> Result<TimeLength, String> {
    let parts = decimal(text.trim_end(), PARTS_PER_PERCENT)?;
    if parts > HUNDRED_PERCENT {
        return Err("a part of the video is from 0% to 100%".to_owned());
    }
    Ok(TimeLength::PartsPerMillion(
        u32::try_from(parts).unwrap_or(u32::MAX),
    ))
}

/// A decimal number of units, each of which is `unit` of what comes out. Exact; what is finer than
/// one is rounded up.
fn decimal(text: &str, unit: u32) -> Result<u64, String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = !(whole.is_empty() && fraction.is_empty());
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || !all_digits(whole) || !all_digits(fraction) {
        return Err(RULE.to_owned());
    }
    let too_large = || "the time is too large".to_owned();
    let whole: u64 = match whole {
        "" => 0,
        digits => digits.parse().map_err(|_| too_large())?,
    };
    let whole = whole.checked_mul(unit.into()).ok_or_else(too_large)?;
    // A unit has at most a million parts: further digits only tell whether anything is left.
    let (near, rest) = fraction.split_at(fraction.len().min(12));
    let near: u128 = format!("{near:0<12}").parse().map_err(|_| RULE)?;
    let parts = (near * u128::from(unit)).div_ceil(1_000_000_000_000);
    let rest = near == 0 && rest.bytes().any(|digit| digit != b'0');
    let parts = u64::try_from(parts).map_err(|_| too_large())? + u64::from(rest);
    whole.checked_add(parts).ok_or_else(too_large)
}

/// With units, or as a clock shows it.
fn duration(text: &str) -> Result<u64, String> {
    // No clock shows 99 minutes behind its hours.
    let mut behind = text.split(':').skip(1);
    if behind.any(|field| field.split('.').next().is_some_and(has_more_than_a_clock)) {
        return Err(RULE.to_owned());
    }
    // `1:30` is a minute and a half, as players show it.
    let clock = match text.matches(':').count() {
        1 => format!("0:{text}"),
        _ => text.to_owned(),
    };
    let duration: SignedDuration = SpanParser::new()
        .parse_duration(&clock)
        .map_err(|_| RULE.to_owned())?;
    if duration.is_negative() {
        return Err("a time is not negative".to_owned());
    }
    let us = duration.as_nanos().unsigned_abs().div_ceil(1000);
    u64::try_from(us).map_err(|_| "the time is too large".to_owned())
}

/// Whether this is no number below 60, as minutes and seconds are.
fn has_more_than_a_clock(field: &str) -> bool {
    field.parse::<u8>().map_or(true, |number| number >= 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use TimeLength::{PartsPerMillion, Us};

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, expected) in [
            ("1500ms", Us(1_500_000)),
            ("1.5s", Us(1_500_000)),
            (" 1.5 s ", Us(1_500_000)),
            ("00:01:30.5", Us(90_500_000)),
            ("1:30", Us(90_000_000)),
            ("01:02:03.004005", Us(3_723_004_005)),
            ("2m", Us(120_000_000)),
            ("1m30s", Us(90_000_000)),
            ("1h", Us(3_600_000_000)),
            ("33367us", Us(33_367)),
            ("1.966633s", Us(1_966_633)),
            ("10%", PartsPerMillion(100_000)),
            ("12.5 %", PartsPerMillion(125_000)),
            ("0.0001%", PartsPerMillion(1)),
            ("100%", PartsPerMillion(1_000_000)),
        ] {
            let read = TimeArgument(expected);
            assert_eq!(milliseconds(text), Ok(read), "{text}");
            assert_eq!(step(text), Ok(StepArgument::Every(expected)), "{text}");
        }
    }

    #[test]
    fn a_bare_number_keeps_the_unit_of_its_option() {
        assert_eq!(milliseconds("1500"), Ok(TimeArgument(Us(1_500_000))));
        assert_eq!(step("5"), Ok(StepArgument::Every(Us(5_000_000))));
        assert_eq!(step("1.5"), Ok(StepArgument::Every(Us(1_500_000))));
        assert_eq!(step("auto"), Ok(StepArgument::Automatic));
        assert_eq!(milliseconds("0.5"), Ok(TimeArgument(Us(500))));
        assert_eq!(milliseconds("0.00000000000001"), Ok(TimeArgument(Us(1))));
        assert_eq!(step("0"), Ok(StepArgument::Every(Us(0))));
    }

    #[test]
    fn what_is_no_time_is_refused_with_an_example() {
        for text in [
            "",
            ".",
            "%",
            "x",
            "1x",
            "-1",
            "-1s",
            "1s ago",
            "1.2.3",
            "101%",
            "1d",
            "1:2:3:4",
            "00:99:00",
            "00:00:60",
            "99999999999999999999",
            "1e3",
            "nan",
            "\u{661}s",
        ] {
            let refused = milliseconds(text);
            assert!(refused.is_err(), "{text}: {refused:?}");
        }
        assert!(milliseconds("soon").unwrap_err().contains("00:01:30.5"));
    }
}
