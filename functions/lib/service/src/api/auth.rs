//! Who may pass, and how often: checked between decoding and reading a command.

use super::auth_mode::Auth;
use super::{Api, port_failed};
use crate::ports::{Keys, RateDecision};
use contract::error::ApiError;
use contract::request::Request;
use contract::signature::{Credentials, WINDOW_MS, verify};

/// Stands for all who call where nobody says who they are.
const ANYBODY: &str = "anonymous";

impl Api {
    /// Lets a call pass that is signed, not one too many, and new, in this order. Only a known
    /// key's calls are counted, and only a call that may be made uses up its nonce, which is a
    /// write: neither strangers nor those who call too often leave anything behind.
    ///
    /// Gives the access key id of the one who signed.
    pub(super) async fn admit<'a>(&self, request: &'a Request) -> Result<&'a str, ApiError> {
        let Auth::Keys(keys) = &self.settings.auth else {
            self.count(ANYBODY).await?;
            return Ok(ANYBODY);
        };
        let credentials = Credentials::of(request)?;
        self.authenticate(keys.as_ref(), request, &credentials)
            .await?;
        self.count(credentials.access_key_id()).await?;
        self.use_nonce(&credentials).await?;
        Ok(credentials.access_key_id())
    }

    async fn count(&self, user: &str) -> Result<(), ApiError> {
        match self.rate_limiter.count(user).await.map_err(port_failed)? {
            RateDecision::Allowed => Ok(()),
            RateDecision::WaitMs(wait) => Err(ApiError::throttled_user(wait)),
        }
    }

    async fn authenticate(
        &self,
        keys: &dyn Keys,
        request: &Request,
        credentials: &Credentials<'_>,
    ) -> Result<(), ApiError> {
        let id = credentials.access_key_id();
        let key = keys.get(id).await.map_err(port_failed)?;
        let key = key.ok_or_else(ApiError::access_key_not_found)?;
        if !key.active {
            return Err(ApiError::access_key_inactive());
        }
        verify(request, &key.secret, self.now_ms())
    }

    async fn use_nonce(&self, credentials: &Credentials<'_>) -> Result<(), ApiError> {
        // A time of 15 minutes ahead is good for 30 minutes from now.
        let expires_ms = self.now_ms().saturating_add(2 * WINDOW_MS);
        let (id, nonce) = (credentials.access_key_id(), credentials.nonce());
        let fresh = self.ports.nonces.use_once(id, nonce, expires_ms).await;
        if fresh.map_err(port_failed)? {
            Ok(())
        } else {
            Err(ApiError::nonce_used())
        }
    }
}
