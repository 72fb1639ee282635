//! JSON as the vendor's documents and samples write it: strict, in single quotes, with
//! backslash-escaped double quotes, or all of it once more in a JSON string.
//!
//! Linear in the length of the text, on a bounded stack: what is nested deeper than the
//! parser's limit of 128 is refused.

use serde::de::DeserializeOwned;
use serde_json::{Error, Value};
use std::borrow::Cow;

/// `text` as strict JSON; as it stands where it is that already.
///
/// # Errors
/// What is wrong with it, and where.
pub fn strict(text: &str) -> Result<Cow<'_, str>, Error> {
    let refused = match serde_json::from_str::<Value>(text) {
        Ok(Value::String(inner)) => return strict_inside(&inner).map(Cow::Owned),
        Ok(_) => return Ok(Cow::Borrowed(text)),
        Err(refused) => refused,
    };
    let converted = convert(text);
    // Where both fail, the first refusal speaks of what the caller wrote.
    serde_json::from_str::<Value>(&converted).map_err(|_| refused)?;
    Ok(Cow::Owned(converted))
}

/// Each wrapping in a string is undone. They are few: every further one doubles the backslashes.
fn strict_inside(inner: &str) -> Result<String, Error> {
    match serde_json::from_str::<Value>(inner) {
        Ok(Value::String(more)) => return strict_inside(&more),
        Ok(_) => return Ok(inner.to_owned()),
        Err(_) => {}
    }
    let converted = convert(inner);
    serde_json::from_str::<Value>(&converted).map(|_| converted)
}

/// Whether `text` is nothing, `null` or an array of nothing else, bare or in a JSON string: what
/// SDKs send for a parameter that was not set.
#[must_use]
pub fn says_nothing(text: &str) -> bool {
    let text = unquoted(text);
    text.is_empty() || text == "null" || is_array_of_nothing(text)
}

/// Whether `value` is null, or an empty text or array, or a text or an array that says no more.
#[must_use]
pub fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => says_nothing(text),
        Value::Array(items) => items.iter().all(is_nothing),
        _ => false,
    }
}

/// What stands in all quotation marks around `text`, if there are any.
fn unquoted(text: &str) -> &str {
    QUOTES.iter().fold(text.trim(), |text, quote| {
        within(text, quote).unwrap_or(text).trim()
    })
}

/// Those of a JSON string, as clients write them.
const QUOTES: [&str; 3] = ["\\\"", "\"", "'"];

fn within<'a>(text: &'a str, quote: &str) -> Option<&'a str> {
    text.strip_prefix(quote)?.strip_suffix(quote)
}

/// What stands in the quotation marks of a text that is a JSON string.
pub(crate) fn bare(text: &str) -> &str {
    let bare = QUOTES.iter().find_map(|quote| within(text, quote));
    bare.unwrap_or(text)
}

/// Most texts that begin like an array have something in it, and are not read whole to learn that.
fn is_array_of_nothing(text: &str) -> bool {
    let mark = |c: char| c.is_whitespace() || "[]\"'\\,nul".contains(c);
    text.starts_with('[')
        && text.chars().all(mark)
        && read(text).is_ok_and(|value: Value| is_nothing(&value))
}

/// `text` as a `T`.
///
/// # Errors
/// What is wrong with it, and where.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(&strict(text)?)
}

/// How the string at hand was opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    Single,
    Double,
    /// `\"`
    Escaped,
}

/// Rewrites the quotes in one pass; what is no JSON either way stays no JSON.
fn convert(text: &str) -> String {
    let mut strict = String::with_capacity(text.len() + 16);
    let mut quote = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let escaped = if c == '\\' { rest.next() } else { None };
        quote = match quote {
            None => outside(c, escaped, &mut strict),
            Some(open) => inside(open, c, escaped, &mut strict),
        };
    }
    strict
}

fn outside(c: char, escaped: Option<char>, strict: &mut String) -> Option<Quote> {
    let quote = match (c, escaped) {
        ('\'', _) => Quote::Single,
        ('"', _) => Quote::Double,
        ('\\', Some('"')) => Quote::Escaped,
        _ => {
            strict.push(c);
            strict.extend(escaped);
            return None;
        }
    };
    strict.push('"');
    Some(quote)
}

fn inside(open: Quote, c: char, escaped: Option<char>, strict: &mut String) -> Option<Quote> {
    let closes = match open {
        Quote::Single => c == '\'',
        Quote::Double => c == '"',
        Quote::Escaped => c == '\\' && escaped == Some('"'),
    };
    match (c, escaped) {
        _ if closes => strict.push('"'),
        // JSON knows no escape of a single quote, and needs none.
        ('\\', Some('\'')) => strict.push('\''),
        ('"', _) => strict.push_str("\\\""),
        _ => {
            strict.push(c);
            strict.extend(escaped);
        }
    }
    if closes { None } else { Some(open) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn every_way_of_writing_means_the_same() {
        for text in [
            r#"{"CellWidth":120,"Color":"tomato"}"#,
            "{'CellWidth':120,'Color':'tomato'}",
            r#"{\"CellWidth\":120,\"Color\":\"tomato\"}"#,
            r#""{\"CellWidth\":120,\"Color\":\"tomato\"}""#,
            r#"{'CellWidth':120,"Color":'tomato'}"#,
        ] {
            let value: Value = read(text).unwrap();
            assert_eq!(
                value,
                json!({"CellWidth": 120, "Color": "tomato"}),
                "{text}"
            );
        }
    }

    #[test]
    fn json_in_strings_in_strings_is_read() {
        let mut text = r#"{"Columns":3}"#.to_owned();
        for _ in 0..4 {
            text = Value::String(text).to_string();
            assert_eq!(
                read::<Value>(&text).unwrap(),
                json!({"Columns": 3}),
                "{text}"
            );
        }
    }

    #[test]
    fn nothing_is_written_in_several_ways() {
        for text in [
            "",
            " ",
            "null",
            "[]",
            " [ ] ",
            r#""""#,
            r#""null""#,
            "\"[]\"",
            r#"\"\""#,
            "[null]",
            r#"[null, "", [], "null"]"#,
            "['']",
            r#""[null]""#,
            r#"[\"\"]"#,
        ] {
            assert!(says_nothing(text), "{text:?}");
        }
        for text in [
            "{}", "0", "false", "[0]", "\"a\"", "nul", "\"", "[", "none", "[null", "[nul]", "[{}]",
        ] {
            assert!(!says_nothing(text), "{text:?}");
        }
    }

    #[test]
    fn quotes_inside_of_strings_stay() {
        let value: Value = read(r#"{'a':'say "hi"','b':'it\'s',"c":"it's \"x\""}"#).unwrap();
        assert_eq!(
            value,
            json!({"a": "say \"hi\"", "b": "it's", "c": "it's \"x\""})
        );
    }

    #[test]
    fn strict_text_stays_as_it_is() {
        let text = " {\"a\" : 1.50 } ";
        assert!(matches!(strict(text), Ok(Cow::Borrowed(same)) if same == text));
    }

    #[test]
    fn no_json_is_refused() {
        for text in [
            "", "{", "{'a'}", "{'a:1}", "\\", "{\\", "'", "{a:1}", "\"{\"",
        ] {
            assert!(read::<Value>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_on_a_small_stack() {
        let run = || {
            for open in ["[", "{'a':", "{\\\"a\\\":", "{\"a\":"] {
                assert!(strict(&open.repeat(200_000)).is_err());
            }
            assert!(strict(&"'\\\"".repeat(300_000)).is_err());
        };
        let thread = std::thread::Builder::new()
            .stack_size(512 * 1024)
            .spawn(run);
        thread.unwrap().join().unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn any_text_is_read_or_refused_and_grows_at_most_twofold(
            text in r#"[\\'"{}\[\]:,a0 \n中]{0,60}"#,
        ) {
            prop_assert!(convert(&text).len() <= 2 * text.len());
            if let Ok(strict) = strict(&text) {
                prop_assert!(serde_json::from_str::<Value>(&strict).is_ok());
            }
        }

        #[test]
        fn single_quotes_mean_what_double_quotes_mean(key in "[a-z \"中]{0,8}", word in "[a-z \"中]{0,8}") {
            let value: Value = read(&format!("{{'{key}': ['{word}', 1]}}")).unwrap();
            prop_assert_eq!(value, json!({key: [word, 1]}));
        }
    }
}
