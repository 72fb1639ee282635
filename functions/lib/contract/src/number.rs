//! Whole numbers as clients write them: in digits, as whole doubles (`120.0` and `2.0E7`: Java's
//! Gson knows no other numbers), bare or in a string.

use crate::lenient::bare;
use serde_json::{Number, Value};

/// Up to here, 2^53, each whole number is a double of its own.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Decimal digits and nothing else, no more than a signed 64-bit number holds.
pub(crate) fn digits(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let value = text.parse::<i64>().ok().filter(|_| plain)?;
    u64::try_from(value).ok()
}

/// A whole number of 0 or more.
pub(crate) fn whole(text: &str) -> Option<u64> {
    digits(text).or_else(|| unsigned(double(text)?))
}

/// A whole number.
pub(crate) fn signed(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        None => i64::try_from(whole(text)?).ok(),
        Some(magnitude) => i64::try_from(whole(magnitude)?).ok()?.checked_neg(),
    }
}

/// A whole number of 0 or more, bare or in a string.
pub(crate) fn whole_value(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => whole(bare(text.trim())),
        Value::Number(number) => match number.as_i64() {
            Some(long) => u64::try_from(long).ok(),
            None => unsigned(exact(number)?),
        },
        _ => None,
    }
}

/// A whole number, bare or in a string.
pub(crate) fn signed_value(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => {
            let text = bare(text.trim());
            text.parse().ok().or_else(|| of_double(double(text)?))
        }
        Value::Number(number) => number.as_i64().or_else(|| of_double(exact(number)?)),
        _ => None,
    }
}

/// A number where a text is meant: a whole one in its digits, whatever kind of number a client makes of
/// it; none where digits were lost.
pub(crate) fn number_text(number: &Number) -> Option<String> {
    let whole = number.as_f64().filter(|double| double.fract() == 0.0);
    match number.is_f64() && whole.is_some() {
        true => exact(number).and_then(of_double).map(|n| n.to_string()),
        false => Some(number.to_string()),
    }
}

/// A text that JSON calls a number, if it is a whole one.
fn double(text: &str) -> Option<f64> {
    let number = text.trim() == text;
    exact(&serde_json::from_str(text).ok().filter(|_| number)?)
}

fn exact(number: &Number) -> Option<f64> {
    let is_whole = |double: &f64| double.fract() == 0.0 && double.abs() <= LARGEST_EXACT;
    number.as_f64().filter(is_whole)
}

fn unsigned(double: f64) -> Option<u64> {
    u64::try_from(of_double(double)?).ok()
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "it is a whole one up to 2^53"
)]
fn of_double(double: f64) -> Option<i64> {
    Some(double as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whole_doubles_are_whole_numbers() {
        for (text, number) in [
            ("0", 0),
            ("007", 7),
            ("120.0", 120),
            ("2.0E7", 20_000_000),
            ("1e3", 1000),
            ("9223372036854775807", 9_223_372_036_854_775_807),
        ] {
            assert_eq!(whole(text), Some(number), "{text}");
            assert_eq!(whole_value(&json!(text)), Some(number), "{text}");
        }
        for (text, number) in [("-1", -1), ("-1.0", -1), ("7", 7), ("-0", 0)] {
            assert_eq!(signed(text), Some(number), "{text}");
        }
        for text in ["--1", "-", "- 1", "+1", "-1.5", ""] {
            assert_eq!(signed(text), None, "{text}");
        }
        assert_eq!(whole_value(&json!(120.0)), Some(120));
        assert_eq!(signed_value(&json!(-1.0)), Some(-1));
        assert_eq!(signed_value(&json!("-1.0")), Some(-1));
        assert_eq!(signed_value(&json!("12")), Some(12));
    }

    #[test]
    fn what_is_no_whole_number_is_none() {
        for text in [
            "",
            "1.5",
            "-1",
            "-1.0",
            "+1",
            " 1",
            "0x10",
            "1e400",
            "NaN",
            "٣",
            "9e18",
            ".5",
            "1.",
            "9223372036854775808",
        ] {
            assert_eq!(whole(text), None, "{text:?}");
        }
        for value in [
            json!(1.5),
            json!(-1),
            json!(1e300),
            json!(null),
            json!([1]),
            json!(true),
        ] {
            assert_eq!(whole_value(&value), None, "{value}");
        }
    }
}
