//! HMAC-SHA1 over all parameters.

use super::compare::same;
use super::credentials::Credentials;
use super::secret::Secret;
use crate::error::ApiError;
use crate::form;
use crate::request::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::collections::BTreeMap;

pub(super) const METHOD: &str = "HMAC-SHA1";

pub(super) fn verify(
    request: &Request,
    credentials: &Credentials<'_>,
    secret: &Secret,
) -> Result<(), ApiError> {
    if request
        .parameter("SignatureMethod")
        .is_some_and(|method| method != METHOD)
    {
        return Err(ApiError::invalid_signature_method());
    }
    // Headers are not signed here, so what they say must not be what is done.
    for name in ["Action", "Version"] {
        request
            .parameter(name)
            .ok_or_else(|| ApiError::missing(name))?;
    }
    let string_to_sign = string_to_sign(&request.raw().method, request.parameters());
    if same(&sign(&string_to_sign, secret), credentials.signature) {
        Ok(())
    } else {
        Err(ApiError::signature_mismatch_v1(&string_to_sign))
    }
}

pub(super) fn string_to_sign(method: &str, parameters: &BTreeMap<String, String>) -> String {
    let canonical = form::canonical(parameters.iter().filter(|(name, _)| *name != "Signature"));
    format!("{method}&%2F&{}", form::encode(&canonical))
}

pub(super) fn sign(string_to_sign: &str, secret: &Secret) -> String {
    let key = format!("{}&", secret.expose());
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key.as_bytes()) else {
        // HMAC takes keys of any length.
        return String::new();
    };
    mac.update(string_to_sign.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
