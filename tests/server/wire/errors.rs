//! Every refusal there is.

use super::{REQUEST_ID, hold, spelled};
use contract::error::{ApiError, ErrorCode};
use std::path::{Path, PathBuf};

fn gateway() -> Vec<ApiError> {
    vec![
        ApiError::missing("VideoId"),
        ApiError::invalid("Width", "It is a number from 8 to 4096."),
        ApiError::invalid_format(),
        ApiError::invalid_version(),
        ApiError::action_not_found(),
        ApiError::unsupported_method(),
        ApiError::access_key_not_found(),
        ApiError::access_key_inactive(),
        ApiError::signature_mismatch_v1("GET&%2F&AccessKeyId%3Dtestid"),
        ApiError::signature_mismatch_v3("ACS3-HMAC-SHA256\n00", "POST\n/\na=<b>&c=%2A\n"),
        ApiError::invalid_signature_method(),
        ApiError::incomplete_signature("Authorization is not well formed."),
        ApiError::nonce_used(),
        ApiError::timestamp_expired(),
        ApiError::timestamp_malformed(),
        ApiError::throttled_user(250),
    ]
}

fn product() -> Vec<ApiError> {
    vec![
        ApiError::missing_parameter(&["Count", "Interval"]),
        ApiError::client_token_reused(),
        ApiError::video_not_found(),
        ApiError::none_stream("Definition can only be OD."),
        ApiError::no_such_resource("0123456789abcdef0123456789abcdef"),
        ApiError::not_acceptable("The file has 6000000 bytes."),
        ApiError::illegal_status(),
        ApiError::length_exceeded("Title", 128),
        ApiError::body_too_long(1_048_576),
        ApiError::illegal_characters("Title"),
        ApiError::forbidden(),
        ApiError::forbidden_because("The Host of this call is not allowed."),
        ApiError::operation_denied("CreateUploadVideo"),
        ApiError::uploads_are_off(),
        ApiError::internal(),
        ApiError::unavailable(),
    ]
}

fn held(name: &str, errors: &[ApiError]) {
    let all = errors.iter().map(|error| {
        let told = spelled(|format| error.render(format, &REQUEST_ID.into(), "vod-snapshot"));
        format!("# {}\n\n{told}", error.code())
    });
    hold(name, &all.collect::<Vec<_>>().join("\n\n"));
}

#[test]
fn the_gateway_refuses_as_it_always_did() {
    held("errors-of-the-gateway", &gateway());
}

#[test]
fn the_product_refuses_as_it_always_did() {
    held("errors-of-the-product", &product());
}

/// A constructor that no list above has would go unseen.
#[test]
fn a_refusal_is_left_out() {
    for (file, listed) in [("gateway.rs", gateway()), ("product.rs", product())] {
        let made = constructors(file);
        assert_eq!(made.len(), listed.len(), "{file}: {made:?}");
    }
}

#[test]
fn a_code_of_the_table_is_answered_by_nobody() {
    let answered: Vec<_> = gateway().into_iter().chain(product()).collect();
    for code in ErrorCode::ALL {
        let is_answered = answered.iter().any(|error| error.error_code() == *code);
        assert_eq!(is_answered, code.entry().answer.is_some(), "{code:?}");
    }
}

/// Dead ones stay in the documentation as codes that no caller ever sees.
#[test]
fn nobody_calls_a_constructor() {
    let mut sources = String::new();
    read_all(&functions(), &mut sources);
    for name in constructors("gateway.rs")
        .iter()
        .chain(&constructors("product.rs"))
    {
        let is_called = ["(", ")", "\n"].iter().any(|end| {
            let (other, own) = (
                format!("ApiError::{name}{end}"),
                format!("Self::{name}{end}"),
            );
            sources.contains(&other) || sources.contains(&own)
        });
        assert!(is_called, "{name}");
    }
}

fn functions() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions")
}

fn constructors(file: &str) -> Vec<String> {
    let path = functions().join("lib/contract/src/error").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let after = text.split("    pub fn ").skip(1);
    after
        .map(|rest| rest.split('(').next().unwrap().to_owned())
        .collect()
}

/// All code but tests.
fn read_all(folder: &Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("tests") || path.ends_with("tests.rs") || path.ends_with("fuzz") {
            continue;
        }
        if path.is_dir() {
            read_all(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            into.push_str(text.split("mod tests {").next().unwrap());
        }
    }
}
