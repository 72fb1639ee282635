//! Connections of clients that may be slow, silent or many.
//!
//! Each phase of a connection has a deadline: without a request, within a TLS handshake or a head,
//! within a body, and while the client does not read the answer. The number of connections is bounded by the
//! descriptors that jobs do not need. Where all are in use, an idle connection is closed for each
//! new one and deadlines are short, so that a client that sends its request at once gets in.

mod accept;
mod connection;
mod deadlines;
pub(super) mod descriptors;
mod limits;
mod log_limit;
mod registry;
mod socket;
mod tls;
mod tls_records;

pub(super) use accept::{ClientAddress, listen, serve};
pub(super) use connection::ClientConnection;
pub use deadlines::{ConnectionDeadlines, MinimumRate};
pub use limits::ConnectionLimits;
pub(super) use registry::ConnectionRegistry;
pub(crate) use tls::TlsTerminator;
