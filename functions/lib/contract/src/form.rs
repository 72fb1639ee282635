//! Form encoding: `a=b&c=d`, `+` for a space, percent-encoded UTF-8.

use crate::error::ApiError;
use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_encode, utf8_percent_encode,
};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Decoded parameters, sorted by the bytes of their names.
pub(crate) type Parameters = BTreeMap<String, String>;

/// How much of a caller's text an error repeats, characters.
const ECHOED_CHARACTERS: usize = 64;

/// Adds the pairs of `text` to `parameters`.
///
/// # Errors
/// InvalidParameter names the parameter that is there twice, or is no percent-encoded UTF-8.
pub(crate) fn read(text: &[u8], parameters: &mut Parameters) -> Result<(), ApiError> {
    for pair in pairs(text) {
        let (name, value) = split(pair);
        let (Some(name), value) = (decode(name), decode(value)) else {
            return Err(undecodable(&truncate_for_error(&String::from_utf8_lossy(
                name,
            ))));
        };
        let value = value.ok_or_else(|| undecodable(&truncate_for_error(&name)))?;
        match parameters.entry(name) {
            Entry::Vacant(free) => free.insert(value),
            Entry::Occupied(taken) => {
                return Err(ApiError::invalid(
                    &truncate_for_error(taken.key()),
                    "It is given twice.",
                ));
            }
        };
    }
    Ok(())
}

/// The first decodable value of `name`, whatever else is wrong with `text`.
pub(crate) fn find(text: &[u8], name: &str) -> Option<String> {
    pairs(text)
        .map(split)
        .find(|(key, _)| decode(key).as_deref() == Some(name))
        .and_then(|(_, value)| decode(value))
}

fn pairs(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| byte == b'&')
        .filter(|pair| !pair.is_empty())
}

fn split(pair: &[u8]) -> (&[u8], &[u8]) {
    match pair.iter().position(|&byte| byte == b'=') {
        Some(at) => (&pair[..at], &pair[at + 1..]),
        None => (pair, &[]),
    }
}

/// Strict, where the crate that encodes lets broken escapes pass: two servers that read one call
/// differently must not both accept its signature.
fn decode(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(&byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => nibble(*rest.next()?)? << 4 | nibble(*rest.next()?)?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

fn undecodable(name: &str) -> ApiError {
    ApiError::invalid(name, "It must be percent-encoded UTF-8 text.")
}

/// The beginning of a caller's text, for an error to name it.
pub(crate) fn truncate_for_error(text: &str) -> String {
    text.chars().take(ECHOED_CHARACTERS).collect()
}

/// What RFC 3986 calls unreserved stays as it is; signatures are made over exactly this set.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// `text` with all but unreserved bytes as `%XX`, upper-case.
pub(crate) fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// The same for bytes that need not be a text.
pub(crate) fn encode_bytes(bytes: &[u8]) -> PercentEncode<'_> {
    percent_encode(bytes, RESERVED)
}

/// `a=b&c=d`, sorted and encoded: the canonical query of both signatures.
pub(crate) fn canonical<'a>(parameters: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    let pairs: Vec<_> = parameters
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parameters(text: &str) -> Result<Parameters, ApiError> {
        let mut parameters = Parameters::new();
        read(text.as_bytes(), &mut parameters).map(|()| parameters)
    }

    #[test]
    fn plus_is_a_space_and_percent_2b_a_plus() {
        let read = parameters("a=1+%2B%20x&&b&c==").unwrap();
        assert_eq!(read["a"], "1 + x");
        assert_eq!(read["b"], "");
        assert_eq!(read["c"], "=");
    }

    #[test]
    fn a_name_given_twice_is_refused_even_if_spelt_otherwise() {
        let refused = parameters("Count=1&C%6funt=2").unwrap_err();
        assert_eq!(
            refused.message(),
            "The specified parameter \"Count\" is not valid. It is given twice."
        );
    }

    #[test]
    fn broken_encodings_are_refused_by_name() {
        for text in ["Name=%", "Name=%4", "Name=%zz", "Name=%ff", "Name=%e4%b8"] {
            let refused = parameters(text).unwrap_err();
            assert!(
                refused
                    .message()
                    .starts_with("The specified parameter \"Name\""),
                "{text}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_encoded_is_decoded(given in proptest::collection::btree_map(".{0,9}", ".{0,30}", 0..9)) {
            prop_assert_eq!(parameters(&canonical(given.iter())).unwrap(), given);
        }

        #[test]
        fn any_bytes_are_read_or_refused(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&text, &mut Parameters::new());
            let _ = find(&text, "Format");
        }
    }
}
