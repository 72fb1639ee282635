//! Signing a call anew that was signed before: recorded calls stay good for 15 minutes, and once.

use super::client::Signer;
use super::v1;
use crate::error::ApiError;
use crate::form::{self, Parameters};
use crate::request::RawRequest;
use sha2::{Digest, Sha256};

impl Signer {
    /// `raw` as this signer would send it, by the scheme and in the places it was signed in, with
    /// these parameters in place of what it has. None: it was not signed.
    ///
    /// # Errors
    /// It can't be decoded, or its Authorization can't be read.
    pub fn resign(
        &self,
        raw: &RawRequest,
        parameters: &[(&str, &str)],
    ) -> Result<Option<RawRequest>, ApiError> {
        match raw.header("authorization") {
            Some(was) => self.resign_v3(raw, was, parameters).map(Some),
            None => self.resign_v1(raw, parameters),
        }
    }

    fn resign_v1(
        &self,
        raw: &RawRequest,
        parameters: &[(&str, &str)],
    ) -> Result<Option<RawRequest>, ApiError> {
        let mut all = Parameters::new();
        for text in raw.forms() {
            form::read(text, &mut all)?;
        }
        if !all.contains_key("Signature") {
            return Ok(None);
        }
        let mut query = Parameters::new();
        form::read(raw.raw_query.as_bytes(), &mut query)?;
        let common = [
            ("AccessKeyId", self.access_key_id.as_str()),
            ("SignatureNonce", &self.nonce),
            ("Timestamp", &self.timestamp),
        ];
        put(&mut all, parameters);
        put(&mut all, &common);
        let signature = v1::sign(&v1::string_to_sign(&raw.method, &all), &self.secret);
        put(&mut all, &[("Signature", &signature)]);
        // Everything goes where the signature was: servers read both places as one.
        let (text, mut again) = (form::canonical(all.iter()), raw.clone());
        if query.contains_key("Signature") {
            again.raw_query = text;
            again.body.clear();
        } else {
            again.raw_query.clear();
            set_header(&mut again, "content-length", &text.len().to_string());
            again.body = text.into_bytes();
        }
        Ok(Some(again))
    }

    fn resign_v3(
        &self,
        raw: &RawRequest,
        was: &str,
        parameters: &[(&str, &str)],
    ) -> Result<RawRequest, ApiError> {
        let signed = was.split("SignedHeaders=").nth(1);
        let signed = signed.and_then(|rest| rest.split(',').next());
        let signed = signed.ok_or_else(|| ApiError::incomplete_signature("No SignedHeaders."))?;
        let mut query = Parameters::new();
        form::read(raw.raw_query.as_bytes(), &mut query)?;
        put(&mut query, parameters);
        let mut again = raw.clone();
        again.raw_query = form::canonical(query.iter());
        let body_hash = hex::encode(Sha256::digest(&raw.body));
        set_header(&mut again, "x-acs-date", &self.timestamp);
        set_header(&mut again, "x-acs-signature-nonce", &self.nonce);
        set_header(&mut again, "x-acs-content-sha256", &body_hash);
        let authorization = self.authorization((&again, "/"), signed, &body_hash)?;
        set_header(&mut again, "authorization", &authorization);
        Ok(again)
    }
}

fn put(into: &mut Parameters, pairs: &[(&str, &str)]) {
    for (name, value) in pairs {
        into.insert((*name).to_owned(), (*value).to_owned());
    }
}

/// Of headers that are there.
fn set_header(raw: &mut RawRequest, name: &str, value: &str) {
    for (key, held) in &mut raw.headers {
        if key.eq_ignore_ascii_case(name) {
            value.clone_into(held);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::request::Request;
    use crate::signature::{Secret, verify};

    const NOW_MS: i64 = 1_800_000_000_000;

    fn signer(key: &str, secret: &str, now_ms: i64) -> Signer {
        Signer::now(key, &Secret::new(secret), now_ms)
    }

    fn code(raw: &RawRequest, secret: &str) -> Option<String> {
        let request = Request::decode(raw.clone()).unwrap();
        let verified = verify(&request, &Secret::new(secret), NOW_MS);
        verified.err().map(|error| error.code().to_owned())
    }

    fn calls() -> [RawRequest; 3] {
        let old = signer("old", "s1", 0);
        let parameters = [("TemplateType", "Snapshot"), ("Name", "a b*\u{e9}")];
        let query = old.v1("GET", "ListVodTemplate", &parameters);
        let form = old.v1("POST", "ListVodTemplate", &parameters);
        let form = RawRequest {
            raw_query: String::new(),
            headers: vec![(
                "Content-Type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            )],
            body: form.raw_query.into_bytes(),
            ..form
        };
        let v3 = old.v3("h", "ListVodTemplate", &parameters).unwrap();
        [query, form, v3]
    }

    #[test]
    fn an_expired_call_is_good_again() {
        for raw in calls() {
            assert_eq!(
                code(&raw, "s1").as_deref(),
                Some("InvalidTimeStamp.Expired")
            );
            let signer = signer("new", "s2", NOW_MS);
            let again = signer.resign(&raw, &[("Name", "c")]).unwrap().unwrap();
            assert_eq!(code(&again, "s2"), None, "{again:?}");
            assert_eq!(code(&again, "s1").as_deref(), Some("SignatureDoesNotMatch"));
            let request = Request::decode(again).unwrap();
            assert_eq!(request.parameter("Name"), Some("c"));
            assert_eq!(request.parameter("TemplateType"), Some("Snapshot"));
        }
    }

    #[test]
    fn what_was_not_signed_stays_so() {
        let raw = RawRequest {
            method: "GET".to_owned(),
            raw_query: "Action=ListVodTemplate".to_owned(),
            ..RawRequest::default()
        };
        assert_eq!(signer("k", "s", NOW_MS).resign(&raw, &[]), Ok(None));
    }
}
