//! Every refusal there is.

use super::{REQUEST_ID, hold, spelled};
use contract::error::ApiError;

fn gateway() -> Vec<ApiError> {
    vec![
        ApiError::missing("VideoId"),
        ApiError::invalid("Width", "It is a number from 8 to 4096."),
        ApiError::invalid_format(),
        ApiError::invalid_version(),
        ApiError::action_not_found(),
        ApiError::unsupported_method(),
        ApiError::needs_ssl(),
        ApiError::access_key_not_found(),
        ApiError::access_key_inactive(),
        ApiError::signature_mismatch_v1("GET&%2F&AccessKeyId%3Dtestid"),
        ApiError::signature_mismatch_v3("ACS3-HMAC-SHA256\n00", "POST\n/\na=<b>&c=%2A\n"),
        ApiError::invalid_signature_method(),
        ApiError::incomplete_signature("Authorization is not well formed."),
        ApiError::nonce_used(),
        ApiError::timestamp_expired(),
        ApiError::timestamp_malformed(),
        ApiError::missing_security_token(),
        ApiError::security_token_expired(),
        ApiError::throttled_user(250),
        ApiError::throttled_api(250),
        ApiError::throttled(0),
        ApiError::forbidden_ram(),
    ]
}

fn product() -> Vec<ApiError> {
    vec![
        ApiError::missing_parameter(&["Count", "Interval"]),
        ApiError::client_token_reused(),
        ApiError::video_not_found(),
        ApiError::no_such_resource("0123456789abcdef0123456789abcdef"),
        ApiError::illegal_status(),
        ApiError::length_exceeded("Title", 128),
        ApiError::body_too_long(1_048_576),
        ApiError::illegal_characters("Title"),
        ApiError::operation_denied(),
        ApiError::suspended(),
        ApiError::forbidden(),
        ApiError::forbidden_because("The Host of this call is not allowed."),
        ApiError::internal(),
        ApiError::unavailable(),
    ]
}

fn held(name: &str, errors: &[ApiError]) {
    let all = errors.iter().map(|error| {
        let told = spelled(|format| error.render(format, REQUEST_ID, "vod-snapshot"));
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
fn no_refusal_is_left_out() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = here.join("../functions/lib/contract/src/error");
    for (file, listed) in [("gateway.rs", gateway()), ("product.rs", product())] {
        let text = std::fs::read_to_string(source.join(file)).unwrap();
        let made = text.matches("    pub fn ").count();
        assert_eq!(made, listed.len(), "{file}");
    }
}
