//! Calls to the bucket that failed.

use crate::call_error::CallError;
use service::ports::PortError;

pub(super) const PORT: &str = "objects";

pub(super) fn call_failed(cause: impl std::error::Error + Send + Sync + 'static) -> PortError {
    PortError::unavailable(PORT, CallError(cause))
}
