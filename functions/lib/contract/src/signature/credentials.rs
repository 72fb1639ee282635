//! Who says they call, before it is known that they do.

use crate::error::ApiError;
use crate::request::Request;

/// How a call is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// HMAC-SHA1 over the parameters.
    V1,
    /// ACS3-HMAC-SHA256 over query, named headers and body.
    V3,
}

/// What a call says of its signature. All but the key id may be empty until
/// [`super::verify`] has succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials<'a> {
    pub(super) scheme: Scheme,
    pub(super) access_key_id: &'a str,
    pub(super) timestamp: &'a str,
    pub(super) nonce: &'a str,
    pub(super) signature: &'a str,
    /// V3 only, as said.
    pub(super) signed_headers: &'a str,
    security_token: Option<&'a str>,
}

const V3: &str = "ACS3-HMAC-SHA256";

impl<'a> Credentials<'a> {
    /// What `request` says of its signature.
    ///
    /// # Errors
    /// MissingAccessKeyId; IncompleteSignature for an Authorization that can't be read.
    pub fn of(request: &'a Request) -> Result<Self, ApiError> {
        let authorization = request.raw().header("authorization");
        let said = match authorization.filter(|text| text.starts_with("ACS3-")) {
            Some(text) => Self::of_headers(request, text)?,
            None => Self::of_parameters(request),
        };
        if said.access_key_id.is_empty() {
            return Err(ApiError::missing("AccessKeyId"));
        }
        Ok(said)
    }

    fn of_parameters(request: &'a Request) -> Self {
        let said = |name| request.parameter(name).unwrap_or_default();
        Self {
            scheme: Scheme::V1,
            access_key_id: said("AccessKeyId"),
            timestamp: said("Timestamp"),
            nonce: said("SignatureNonce"),
            signature: said("Signature"),
            signed_headers: "",
            security_token: request
                .parameter("SecurityToken")
                .filter(|token| !token.is_empty()),
        }
    }

    fn of_headers(request: &'a Request, authorization: &'a str) -> Result<Self, ApiError> {
        let malformed = || ApiError::incomplete_signature("Authorization is not well formed.");
        let (algorithm, fields) = authorization.split_once(' ').ok_or_else(malformed)?;
        if algorithm != V3 {
            return Err(ApiError::invalid_signature_method());
        }
        let field = |name: &str| {
            let all = fields
                .split(',')
                .filter_map(|field| field.trim().split_once('='));
            let mut named = all.filter(|(key, _)| *key == name);
            match (named.next(), named.next()) {
                (Some((_, value)), None) => Ok(value),
                _ => Err(malformed()),
            }
        };
        let said = |name| request.raw().header(name).unwrap_or_default();
        Ok(Self {
            scheme: Scheme::V3,
            access_key_id: field("Credential")?,
            timestamp: said("x-acs-date"),
            nonce: said("x-acs-signature-nonce"),
            signature: field("Signature")?,
            signed_headers: field("SignedHeaders")?,
            security_token: Some(said("x-acs-security-token")).filter(|token| !token.is_empty()),
        })
    }

    /// How the call is signed.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Whose key; never empty.
    #[must_use]
    pub fn access_key_id(&self) -> &'a str {
        self.access_key_id
    }

    /// Whether the signature, once it is verified, covers this header. Headers are signed by V3 only.
    #[must_use]
    pub fn covers_header(&self, name: &str) -> bool {
        self.signed_headers.split(';').any(|signed| signed == name)
    }

    /// `yyyy-MM-ddTHH:mm:ssZ`.
    #[must_use]
    pub fn timestamp(&self) -> &'a str {
        self.timestamp
    }

    /// To be used once.
    #[must_use]
    pub fn nonce(&self) -> &'a str {
        self.nonce
    }

    /// Of a temporary key. V1 signs it; V3 signs it where SignedHeaders names it.
    #[must_use]
    pub fn security_token(&self) -> Option<&'a str> {
        self.security_token
    }
}
