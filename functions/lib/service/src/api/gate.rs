//! Who may pass, and how often (contract section 0, decision 10: between decoding and reading a
//! command).

use super::{Api, down};
use crate::ports::{Keys, Pace};
use contract::error::ApiError;
use contract::request::Request;
use contract::signature::{Credentials, WINDOW_MS, verify};
use std::fmt;
use std::sync::Arc;

/// Whose calls are answered.
#[derive(Clone)]
pub enum Auth {
    /// Everybody's: signatures are not looked at.
    None,
    /// Those signed with one of these keys.
    Keys(Arc<dyn Keys>),
}

/// Says which, and nothing of the keys.
impl fmt::Debug for Auth {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::None => "None",
            Self::Keys(_) => "Keys(..)",
        })
    }
}

/// Stands for all who call where nobody says who they are.
const ANYBODY: &str = "anonymous";

impl Api {
    /// Lets a call pass that is signed, new and not one too many. Only a known key's calls are
    /// counted, and only a signed call uses up its nonce: strangers leave nothing behind.
    pub(super) async fn admit(&self, request: &Request) -> Result<(), ApiError> {
        let user = match &self.settings.auth {
            Auth::None => ANYBODY,
            Auth::Keys(keys) => self.authenticate(keys.as_ref(), request).await?,
        };
        match self.rates.count(user).await.map_err(down)? {
            Pace::Fine => Ok(()),
            Pace::WaitMs(wait) => Err(ApiError::throttled_user(wait)),
        }
    }

    /// The access key id of the one who signed.
    async fn authenticate<'a>(
        &self,
        keys: &dyn Keys,
        request: &'a Request,
    ) -> Result<&'a str, ApiError> {
        let credentials = Credentials::of(request)?;
        let id = credentials.access_key_id();
        let key = keys.get(id).await.map_err(down)?;
        let key = key.ok_or_else(ApiError::access_key_not_found)?;
        if !key.active {
            return Err(ApiError::access_key_inactive());
        }
        let now_ms = self.now_ms();
        verify(request, &key.secret, now_ms)?;
        // A time of 15 minutes ahead is good for 30 minutes from now.
        let expires_ms = now_ms.saturating_add(2 * WINDOW_MS);
        let nonces = &self.ports.nonces;
        let fresh = nonces.use_once(id, credentials.nonce(), expires_ms).await;
        if fresh.map_err(down)? {
            Ok(id)
        } else {
            Err(ApiError::nonce_used())
        }
    }
}
