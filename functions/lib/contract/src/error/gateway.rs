//! What the gateway refuses before the product sees it (contract section 2).

use super::{ApiError, echo};

impl ApiError {
    /// `parameter` is declared required: 400 `Missing{parameter}`.
    #[must_use]
    pub fn missing(parameter: &str) -> Self {
        let message = format!("{parameter} is mandatory for this action.");
        Self::new(400, format!("Missing{parameter}"), message)
    }

    /// `parameter` breaks its `rule`, a sentence or nothing: 400 InvalidParameter.
    #[must_use]
    pub fn invalid(parameter: &str, rule: &str) -> Self {
        let message = format!("The specified parameter \"{parameter}\" is not valid. {rule}");
        Self::new(400, "InvalidParameter", message.trim_end())
    }

    /// Format is neither JSON nor XML.
    #[must_use]
    pub fn invalid_format() -> Self {
        Self::new(
            400,
            "InvalidParameter.Format",
            "Specified parameter format is not valid.",
        )
    }

    /// Version is not 2017-03-21.
    #[must_use]
    pub fn invalid_version() -> Self {
        Self::new(
            400,
            "InvalidVersion",
            "Specified parameter Version is not valid.",
        )
    }

    /// No such action here.
    #[must_use]
    pub fn action_not_found() -> Self {
        let message = "Specified api is not found, please check your url and method.";
        Self::new(404, "InvalidAction.NotFound", message)
    }

    /// Neither GET nor POST.
    #[must_use]
    pub fn unsupported_method() -> Self {
        Self::new(
            403,
            "UnsupportedHTTPMethod",
            "This http method is not supported.",
        )
    }

    /// HTTP where HTTPS is asked for.
    #[must_use]
    pub fn needs_ssl() -> Self {
        let message = "Your request is denied as lack of ssl protect.";
        Self::new(404, "InvalidProtocol.NeedSsl", message)
    }

    /// No such access key.
    #[must_use]
    pub fn access_key_not_found() -> Self {
        Self::new(
            404,
            "InvalidAccessKeyId.NotFound",
            "Specified access key is not found.",
        )
    }

    /// The access key is switched off.
    #[must_use]
    pub fn access_key_inactive() -> Self {
        Self::new(
            400,
            "InvalidAccessKeyId.Inactive",
            "Specified access key is disabled.",
        )
    }

    /// A V1 signature that is not ours. The text must end with the string to sign: an SDK cuts
    /// it at the first colon and compares.
    #[must_use]
    pub fn signature_mismatch_v1(string_to_sign: &str) -> Self {
        let message = format!(
            "Specified signature is not matched with our calculation. \
             server string to sign is:{}",
            echo(string_to_sign)
        );
        Self::new(400, "SignatureDoesNotMatch", message)
    }

    /// A V3 signature that is not ours.
    #[must_use]
    pub fn signature_mismatch_v3(string_to_sign: &str, canonical_request: &str) -> Self {
        let message = format!(
            "Specified signature does not match our calculation. \
             server StringToSign is [{}] \
             server CanonicalRequest is [{}]",
            echo(string_to_sign),
            echo(canonical_request)
        );
        Self::new(400, "SignatureDoesNotMatch", message)
    }

    /// SignatureMethod is not the one of its version.
    #[must_use]
    pub fn invalid_signature_method() -> Self {
        let message = "Specified signature method is not valid.";
        Self::new(400, "InvalidSignatureMethod", message)
    }

    /// What is there of a signature can't be checked; `detail` is a sentence on why.
    #[must_use]
    pub fn incomplete_signature(detail: &str) -> Self {
        let message =
            format!("The request signature does not conform to Aliyun standards. {detail}");
        Self::new(400, "IncompleteSignature", message.trim_end())
    }

    /// The nonce came before.
    #[must_use]
    pub fn nonce_used() -> Self {
        let message = "Specified signature nonce was used already.";
        Self::new(400, "SignatureNonceUsed", message)
    }

    /// More than 15 minutes from now.
    #[must_use]
    pub fn timestamp_expired() -> Self {
        let message = "Specified time stamp or date value is expired.";
        Self::new(400, "InvalidTimeStamp.Expired", message)
    }

    /// Not `yyyy-MM-ddTHH:mm:ssZ`.
    #[must_use]
    pub fn timestamp_malformed() -> Self {
        let message = "Specified time stamp or date value is not well formatted.";
        Self::new(400, "InvalidTimeStamp.Format", message)
    }

    /// The key is a temporary one and its token is not there.
    #[must_use]
    pub fn missing_security_token() -> Self {
        Self::missing("SecurityToken")
    }

    /// The token is not, or no longer, valid.
    #[must_use]
    pub fn security_token_expired() -> Self {
        Self::new(
            400,
            "InvalidSecurityToken.Expired",
            "Specified SecurityToken is expired.",
        )
    }

    /// Too many calls of this user.
    #[must_use]
    pub fn throttled_user(retry_after_ms: u64) -> Self {
        let message = "Request was denied due to user flow control.";
        Self::throttling("Throttling.User", message, retry_after_ms)
    }

    /// Too many calls of this action.
    #[must_use]
    pub fn throttled_api(retry_after_ms: u64) -> Self {
        let message = "Request was denied due to api flow control.";
        Self::throttling("Throttling.Api", message, retry_after_ms)
    }

    /// Too many calls.
    #[must_use]
    pub fn throttled(retry_after_ms: u64) -> Self {
        let message = "Request was denied due to request throttling.";
        Self::throttling("Throttling", message, retry_after_ms)
    }

    fn throttling(code: &'static str, message: &str, retry_after_ms: u64) -> Self {
        // An SDK takes only a positive wait for one.
        Self {
            retry_after_ms: Some(retry_after_ms.max(1)),
            ..Self::new(400, code, message)
        }
    }

    /// The key may not do this.
    #[must_use]
    pub fn forbidden_ram() -> Self {
        let message = "User not authorized to operate on the specified resource, \
                       or this API doesn't support RAM.";
        Self::new(403, "Forbidden.RAM", message)
    }
}
