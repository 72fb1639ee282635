//! Promise: the ports on AWS hold what the ports of one machine hold, and what only they say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod events;
mod keys;
mod objects;
mod promises;
mod queue;
mod rates;
mod sources;

use cloud::Stack;

/// A deployment, or the end of the test where there is no emulator.
macro_rules! stack {
    () => {
        match crate::Stack::new().await {
            Some(stack) => stack,
            None => return,
        }
    };
}
pub(crate) use stack;
