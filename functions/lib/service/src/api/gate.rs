//! Who may pass (contract section 0, decision 10: between decoding and reading a command).

use super::Api;
use contract::error::ApiError;
use contract::request::Request;

impl Api {
    /// Everyone may, where a deployment checks no signatures.
    #[allow(clippy::unused_async)]
    pub(super) async fn admit(&self, _request: &Request) -> Result<(), ApiError> {
        Ok(())
    }
}
