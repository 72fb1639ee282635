//! How calls are signed.

use serde_json::{Value, json};

/// Whether calls have to be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallSecurity {
    /// With an access key.
    Signed,
    /// They need not.
    Open,
}

impl CallSecurity {
    /// Any one of these is enough.
    pub(super) fn requirements(self) -> Value {
        match self {
            Self::Signed => json!([{"acs3": []}, {"accessKey": [], "signature": []}]),
            Self::Open => json!([]),
        }
    }
}

/// A signature is over the whole call, which no scheme of OpenAPI can say: these name where it
/// stands, and `docs/sdks.md` has the hook that makes one.
pub(super) fn schemes() -> Value {
    json!({
        "acs3": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "ACS3-HMAC-SHA256 over method, path, query, headers and body. The \
                headers x-acs-action, x-acs-version, x-acs-date, x-acs-signature-nonce and \
                Content-Type are signed too.",
        },
        "accessKey": {
            "type": "apiKey",
            "in": "query",
            "name": "AccessKeyId",
            "description": "The access key that signs.",
        },
        "signature": {
            "type": "apiKey",
            "in": "query",
            "name": "Signature",
            "description": "Base64 of HMAC-SHA1 over method and all parameters. The parameters \
                Action, Version, SignatureMethod (HMAC-SHA1), SignatureVersion (1.0), \
                SignatureNonce and Timestamp (yyyy-MM-ddTHH:mm:ssZ) belong to it. All may be in \
                the form instead of the query.",
        },
    })
}
