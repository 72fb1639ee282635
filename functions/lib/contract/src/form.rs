//! Form encoding: `a=b&c=d`, `+` for a space, percent-encoded UTF-8 (contract section 6.3).

use crate::error::ApiError;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Decoded parameters, sorted by the bytes of their names.
pub(crate) type Parameters = BTreeMap<String, String>;

/// How much of a caller's text an error repeats, characters.
const SHOWN: usize = 64;

/// Adds the pairs of `text` to `parameters`.
///
/// # Errors
/// InvalidParameter names the parameter that is there twice, or is no percent-encoded UTF-8.
pub(crate) fn read(text: &[u8], parameters: &mut Parameters) -> Result<(), ApiError> {
    for pair in pairs(text) {
        let (name, value) = split(pair);
        let (Some(name), value) = (decode(name), decode(value)) else {
            return Err(undecodable(&shown(&String::from_utf8_lossy(name))));
        };
        let value = value.ok_or_else(|| undecodable(&shown(&name)))?;
        match parameters.entry(name) {
            Entry::Vacant(free) => free.insert(value),
            Entry::Occupied(taken) => {
                return Err(ApiError::invalid(&shown(taken.key()), "It is given twice."));
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
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

/// RFC 3986: all but unreserved bytes as `%XX`, upper-case.
pub(crate) fn encode(text: &str, into: &mut String) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push('%');
            into.push(HEX[usize::from(byte >> 4)]);
            into.push(HEX[usize::from(byte & 15)]);
        }
    }
}

/// `a=b&c=d`, sorted and encoded: the canonical query of both signatures.
pub(crate) fn canonical<'a>(parameters: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    let mut canonical = String::new();
    for (name, value) in parameters {
        if !canonical.is_empty() {
            canonical.push('&');
        }
        encode(name, &mut canonical);
        canonical.push('=');
        encode(value, &mut canonical);
    }
    canonical
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
