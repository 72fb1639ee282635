//! What the gateway refuses before the product sees it.

use super::{ApiError, ErrorCode, echo};

/// V3 calls get another text than V1 calls. Clients compare it word for word.
const V3_MISMATCH: &str = "Specified signature does not match our calculation. \
    server StringToSign is [{string_to_sign}] server CanonicalRequest is [{canonical_request}]";

impl ApiError {
    /// `parameter` is required and absent: 400 `Missing{parameter}`.
    #[must_use]
    pub fn missing(parameter: &str) -> Self {
        let error = Self::filled(ErrorCode::MissingNamed, &[parameter]);
        Self {
            name: format!("Missing{parameter}").into(),
            ..error
        }
    }

    /// `parameter` breaks its `rule`, a sentence or nothing.
    #[must_use]
    pub fn invalid(parameter: &str, rule: &str) -> Self {
        Self::filled(ErrorCode::InvalidParameter, &[parameter, rule])
    }

    /// Format is neither JSON nor XML.
    #[must_use]
    pub fn invalid_format() -> Self {
        Self::of(ErrorCode::InvalidFormat)
    }

    /// Version is not 2017-03-21.
    #[must_use]
    pub fn invalid_version() -> Self {
        Self::of(ErrorCode::InvalidVersion)
    }

    /// No such action here.
    #[must_use]
    pub fn action_not_found() -> Self {
        Self::of(ErrorCode::ActionNotFound)
    }

    /// Neither GET nor POST.
    #[must_use]
    pub fn unsupported_method() -> Self {
        Self::of(ErrorCode::UnsupportedHttpMethod)
    }

    /// No such access key.
    #[must_use]
    pub fn access_key_not_found() -> Self {
        Self::of(ErrorCode::AccessKeyNotFound)
    }

    /// The access key is disabled.
    #[must_use]
    pub fn access_key_inactive() -> Self {
        Self::of(ErrorCode::AccessKeyInactive)
    }

    /// A V1 signature that is not ours. The text must end with the string to sign: an SDK cuts
    /// it at the first colon and compares.
    #[must_use]
    pub fn signature_mismatch_v1(string_to_sign: &str) -> Self {
        Self::filled(ErrorCode::SignatureDoesNotMatch, &[echo(string_to_sign)])
    }

    /// A V3 signature that is not ours.
    #[must_use]
    pub fn signature_mismatch_v3(string_to_sign: &str, canonical_request: &str) -> Self {
        let values = [echo(string_to_sign), echo(canonical_request)];
        Self::worded(ErrorCode::SignatureDoesNotMatch, V3_MISMATCH, &values)
    }

    /// SignatureMethod is not the one of its version.
    #[must_use]
    pub fn invalid_signature_method() -> Self {
        Self::of(ErrorCode::InvalidSignatureMethod)
    }

    /// What is there of a signature can't be checked; `detail` is a sentence on why.
    #[must_use]
    pub fn incomplete_signature(detail: &str) -> Self {
        Self::filled(ErrorCode::IncompleteSignature, &[detail])
    }

    /// The nonce was used before.
    #[must_use]
    pub fn nonce_used() -> Self {
        Self::of(ErrorCode::SignatureNonceUsed)
    }

    /// More than 15 minutes from now.
    #[must_use]
    pub fn timestamp_expired() -> Self {
        Self::of(ErrorCode::TimestampExpired)
    }

    /// Not `yyyy-MM-ddTHH:mm:ssZ`.
    #[must_use]
    pub fn timestamp_malformed() -> Self {
        Self::of(ErrorCode::TimestampMalformed)
    }

    /// Too many calls of this user.
    #[must_use]
    pub fn throttled_user(retry_after_ms: u64) -> Self {
        // An SDK takes only a positive wait for one.
        Self {
            retry_after_ms: Some(retry_after_ms.max(1)),
            ..Self::of(ErrorCode::ThrottlingUser)
        }
    }
}
