//! Connections of clients that may be slow, silent or many.
//!
//! Each phase of a connection has a deadline: without a request, within a head, within a body,
//! and while an answer is not taken. There are at most as many connections as descriptors that
//! jobs do not need. Where all are taken, an idle one is closed for each new one, and deadlines
//! are short, so that a client that asks at once gets in.

mod accept;
mod connection;
mod deadlines;
pub(super) mod descriptors;
mod limits;
mod registry;
mod watched;

pub(super) use accept::{listen, serve, whole};
pub(super) use connection::Connection;
pub use deadlines::{Deadlines, Pace};
pub use limits::ConnectionLimits;
pub(super) use registry::Connections;

/// The body of an answer.
pub(super) type Body = http_body_util::combinators::UnsyncBoxBody<bytes::Bytes, std::io::Error>;
