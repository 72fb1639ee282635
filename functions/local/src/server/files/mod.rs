//! Files over HTTP: whole, in part, or not at all because the client has them.

mod conditions;
mod stream;

pub(super) use conditions::{Outcome, Validators, decide};
pub(super) use stream::{file, part_of};
