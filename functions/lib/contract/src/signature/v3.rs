//! ACS3-HMAC-SHA256 over query, named headers and body.

use super::compare::same;
use super::credentials::Credentials;
use super::secret::Secret;
use crate::error::ApiError;
use crate::form::{self, Parameters};
use crate::request::{RawRequest, Request};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

pub(super) const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// The headers that this service acts upon: unsigned, anybody on the way could change them.
const ACTED_UPON: [&str; 5] = [
    "x-acs-action",
    "x-acs-version",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-security-token",
];

pub(super) fn verify(
    request: &Request,
    credentials: &Credentials<'_>,
    secret: &Secret,
) -> Result<(), ApiError> {
    let raw = request.raw();
    let headers = canonical_headers(raw, credentials.signed_headers)?;
    check_content_type(raw, credentials.signed_headers)?;
    let body_hash = hex::encode(Sha256::digest(&raw.body));
    let canonical = canonical_request(raw, &headers, credentials.signed_headers, &body_hash)?;
    let string_to_sign = string_to_sign(&canonical);
    let claimed = raw.header("x-acs-content-sha256").unwrap_or(&body_hash);
    if claimed == body_hash && same(&sign(&string_to_sign, secret), credentials.signature) {
        Ok(())
    } else {
        Err(ApiError::signature_mismatch_v3(&string_to_sign, &canonical))
    }
}

/// Content-Type says whether a body holds parameters. SDKs sign it wherever they send it; left
/// unsigned, anybody on the way could turn a body that means nothing into parameters, or the
/// parameters into nothing.
fn check_content_type(raw: &RawRequest, signed: &str) -> Result<(), ApiError> {
    let name = "content-type";
    let covered = signed.split(';').any(|signed| signed == name);
    if covered || raw.body.is_empty() || raw.header(name).is_none() {
        return Ok(());
    }
    Err(must_name(name))
}

fn must_name(header: &str) -> ApiError {
    ApiError::incomplete_signature(&format!("SignedHeaders must name {header}."))
}

/// `name:value\n` for each signed header, in the order said. SDKs differ in what they sign.
pub(super) fn canonical_headers(raw: &RawRequest, signed: &str) -> Result<String, ApiError> {
    let values = values(raw);
    let mut seen = HashSet::new();
    let mut canonical = String::new();
    for name in signed.split(';') {
        // A name said over and over would make much of little.
        let value = values
            .get(name)
            .filter(|_| seen.insert(name))
            .ok_or_else(|| {
                let name = form::truncate_for_error(name);
                ApiError::incomplete_signature(&format!("SignedHeaders names \"{name}\" wrongly."))
            })?;
        canonical.extend([name, ":", value, "\n"]);
    }
    let unsigned = ACTED_UPON
        .iter()
        .find(|&&n| values.contains_key(n) && !seen.contains(n));
    match unsigned {
        None => Ok(canonical),
        Some(name) => Err(must_name(name)),
    }
}

/// Trimmed values by lower-case name; one that comes again is joined by commas.
fn values(raw: &RawRequest) -> HashMap<String, String> {
    let mut values: HashMap<String, String> = HashMap::new();
    for (name, value) in &raw.headers {
        let joined = values.entry(name.to_ascii_lowercase()).or_default();
        if !joined.is_empty() {
            joined.push(',');
        }
        joined.push_str(value.trim());
    }
    values
}

pub(super) fn canonical_request(
    raw: &RawRequest,
    canonical_headers: &str,
    signed_headers: &str,
    body_hash: &str,
) -> Result<String, ApiError> {
    // Parameters of a form body are signed as the body.
    let mut query = Parameters::new();
    form::read(raw.raw_query.as_bytes(), &mut query)?;
    let query = form::canonical(query.iter());
    let method = &raw.method;
    Ok(format!(
        "{method}\n/\n{query}\n{canonical_headers}\n{signed_headers}\n{body_hash}"
    ))
}

pub(super) fn string_to_sign(canonical_request: &str) -> String {
    format!(
        "{ALGORITHM}\n{}",
        hex::encode(Sha256::digest(canonical_request))
    )
}

pub(super) fn sign(string_to_sign: &str, secret: &Secret) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else {
        // HMAC takes keys of any length.
        return String::new();
    };
    mac.update(string_to_sign.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}
