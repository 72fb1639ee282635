//! Who opens a session of the console: whoever signs for it with an access key.

use super::pictures::query_of;
use super::{Api, Auth, port_failed};
use crate::model::Job;
use artifacts::key;
use contract::error::ApiError;
use contract::request::{RawRequest, Request};
use contract::signature::Credentials;

/// The header that the signature has to cover. No call has it: a call's signature opens no session,
/// and that of a session is good for no other call.
const SESSION_HEADER: &str = "x-console-session";

impl Api {
    /// Whether whoever calls has to sign.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        matches!(self.settings.auth, Auth::Keys(_))
    }

    /// Checks that `raw`, which is signed as a V3 call, opens a session. It is admitted once, like a
    /// call.
    ///
    /// # Errors
    /// Those of a call that is not admitted; IncompleteSignature where it is signed for something
    /// else.
    pub async fn admit_session(&self, raw: RawRequest) -> Result<(), ApiError> {
        let request = Request::decode(raw)?;
        let is_for_session = Credentials::of(&request)?.covers_header(SESSION_HEADER);
        if !is_for_session {
            let rule = format!("SignedHeaders must name {SESSION_HEADER}.");
            return Err(ApiError::incomplete_signature(&rule));
        }
        self.admit(&request).await?;
        Ok(())
    }

    /// The query that opens whatever a job has made, its manifest too, for so long.
    ///
    /// # Errors
    /// The key that signs is out of reach.
    pub async fn job_query(&self, job: &Job, valid_ms: i64) -> Result<String, ApiError> {
        let pattern = key::picture_pattern(&job.video_id, &job.id);
        let expires_ms = self.now_ms().saturating_add(valid_ms);
        let url = self.ports.objects.signed_url(&pattern, expires_ms).await;
        Ok(query_of(&url.map_err(port_failed)?).to_owned())
    }
}
