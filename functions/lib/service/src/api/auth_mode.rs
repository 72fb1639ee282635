//! Whether calls have to be signed.

use crate::ports::Keys;
use std::fmt;
use std::sync::Arc;

/// Authentication mode.
#[derive(Clone)]
pub enum Auth {
    /// Unsigned calls are accepted: signatures are not looked at.
    None,
    /// Calls must be signed with one of these keys.
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
