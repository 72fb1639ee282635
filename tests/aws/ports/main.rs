//! Promise: the ports on AWS hold what the ports of one machine hold, and what only they say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod events;
mod keys;
mod moto;
mod objects;
mod promises;
mod queue;
mod rates;
mod real_s3;
mod sources;
mod uploads;
mod videos;
mod webhooks;

use cloud::Stack;

/// A deployment.
macro_rules! stack {
    () => {
        crate::Stack::new().await
    };
}
pub(crate) use stack;
