//! ACS3-HMAC-SHA256 over query, named headers and body.

use super::compare::same;
use super::credentials::Credentials;
use super::secret::Secret;
use crate::error::ApiError;
use crate::form::{self, Parameters};
use crate::request::{RawRequest, Request};
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::percent_decode_str;
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
    let claimed = raw.header("x-acs-content-sha256").unwrap_or(&body_hash);
    let signed = credentials.signed_headers;
    let mut told = None;
    for uri in canonical_uris(raw.path()) {
        let canonical = canonical_request(raw, &uri, &headers, signed, &body_hash)?;
        let string_to_sign = string_to_sign(&canonical);
        if claimed == body_hash && same(&sign(&string_to_sign, secret), credentials.signature) {
            return Ok(());
        }
        told.get_or_insert((string_to_sign, canonical));
    }
    let (string_to_sign, canonical) = told.unwrap_or_default();
    Err(ApiError::signature_mismatch_v3(&string_to_sign, &canonical))
}

/// What clients sign as the path of a call that they sent to `path`: a path means nothing here, so
/// that each of these says the same. First what the specification of the signature says.
fn canonical_uris(path: &str) -> Vec<String> {
    let encoded: Vec<_> = path
        .split('/')
        .map(|segment| percent_decode_str(segment).collect::<Vec<_>>())
        .map(|segment| form::encode_bytes(&segment).to_string())
        .collect();
    // Java's and Node's cores take for a path what they made for a query.
    let of_query = path
        .replace('+', "%20")
        .replace('*', "%2A")
        .replace("%7E", "~");
    // Every call of the API is one of `/` to an SDK, whatever path its endpoint has.
    let root = "/".to_owned();
    let mut uris = vec![encoded.join("/"), path.to_owned(), of_query, root];
    uris.dedup();
    uris
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
    canonical_uri: &str,
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
        "{method}\n{canonical_uri}\n{query}\n{canonical_headers}\n{signed_headers}\n{body_hash}"
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
