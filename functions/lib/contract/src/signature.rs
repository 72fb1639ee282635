//! Signatures of calls, V1 and V3, checked here and made for clients.

pub mod client;
mod compare;
mod credentials;
mod resign;
mod secret;
mod v1;
mod v3;

use crate::error::ApiError;
use crate::request::Request;
use crate::time::unix_ms;

pub use credentials::{Credentials, Scheme};
pub use secret::Secret;

/// How far a call's time may be from ours, ms.
pub const WINDOW_MS: i64 = 15 * 60 * 1000;

/// The longest nonce, bytes: it becomes a key in a store. SDKs send 36 to 64.
pub const MAX_NONCE_BYTES: usize = 128;

/// Checks the time of `request`, then that it is signed with `secret`.
///
/// When this succeeds, [`Credentials::nonce`] is not empty; that it was never used before is
/// the caller's to check, after this.
///
/// # Errors
/// MissingTimestamp, InvalidTimeStamp.Format, InvalidTimeStamp.Expired; then MissingSignature,
/// MissingSignatureNonce, InvalidParameter (a nonce that is too long or has other
/// characters than printable ASCII), InvalidSignatureMethod,
/// IncompleteSignature, SignatureDoesNotMatch.
pub fn verify(request: &Request, secret: &Secret, now_ms: i64) -> Result<(), ApiError> {
    let credentials = Credentials::of(request)?;
    check_time(credentials.timestamp, now_ms)?;
    if credentials.signature.is_empty() {
        return Err(ApiError::missing("Signature"));
    }
    if credentials.nonce.is_empty() {
        return Err(ApiError::missing("SignatureNonce"));
    }
    check_nonce(credentials.nonce)?;
    match credentials.scheme {
        Scheme::V1 => v1::verify(request, &credentials, secret),
        Scheme::V3 => v3::verify(request, &credentials, secret),
    }
}

fn check_time(timestamp: &str, now_ms: i64) -> Result<(), ApiError> {
    if timestamp.is_empty() {
        return Err(ApiError::missing("Timestamp"));
    }
    let then_ms = unix_ms(timestamp).ok_or_else(ApiError::timestamp_malformed)?;
    if now_ms.abs_diff(then_ms) > WINDOW_MS.unsigned_abs() {
        return Err(ApiError::timestamp_expired());
    }
    Ok(())
}

/// A header that comes twice and one whose value has a comma are the same to whoever joins them, as
/// signatures do and some gateways: a nonce with a comma could be spelt in several ways, each of
/// them new.
fn check_nonce(nonce: &str) -> Result<(), ApiError> {
    let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b',';
    if nonce.len() <= MAX_NONCE_BYTES && nonce.bytes().all(allowed) {
        return Ok(());
    }
    let rule = format!(
        "It must have 1 to {MAX_NONCE_BYTES} printable ASCII characters, no space and no comma."
    );
    Err(ApiError::invalid("SignatureNonce", &rule))
}

#[cfg(test)]
mod tests;
