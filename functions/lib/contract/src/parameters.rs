//! The parameters of every action, as data: they drive reading, refusals and the OpenAPI
//! document, so that the three can't disagree.

mod parameter;
mod table;
mod values;

use crate::action::Action;

pub use parameter::{Kind, Limits, Parameter, Required};
pub(crate) use table::MAX_COVER_URL_BYTES;
pub(crate) use values::Values;

/// The parameters of `action`, without the common ones.
#[must_use]
pub fn of(action: Action) -> &'static [Parameter] {
    table::of(action)
}

/// The parameters that every V1 call has. V3 calls say the same in `x-acs-` headers.
#[must_use]
pub fn common() -> &'static [Parameter] {
    table::COMMON
}

#[cfg(test)]
mod tests;
