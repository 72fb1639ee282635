//! What the SDKs say of a call that failed.

use aws_sdk_dynamodb::error::DisplayErrorContext;
use std::error::Error;
use std::fmt;

/// An SDK's error that shows its whole chain of causes: by itself it says "service error".
#[derive(Debug)]
pub(crate) struct CallError<E>(pub(crate) E);

impl<E: Error> fmt::Display for CallError<E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        DisplayErrorContext(&self.0).fmt(out)
    }
}

impl<E: Error + 'static> Error for CallError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}
