//! Sends one signed HTTP callback, or downloads one file, and only from and to addresses that may
//! be called.
//!
//! **Purpose.** Clients of the API name the URLs that get their events. A server that calls any
//! URL it is given lets outsiders reach what only the server can reach: loopback services, the
//! private network, a cloud's metadata endpoint. This crate makes such a call safe.
//!
//! **Promise.**
//! - Parts of files are read from hosts that the operator named, and from no others
//!   (`named_hosts_client`).
//! - A callback of [`UrlTrust::Client`] connects to public addresses only, and to what the operator
//!   allowed ([`AllowedDestination`]). The addresses are checked where the connection takes them
//!   from, after name resolution, so neither an unusual spelling nor a name that changes between
//!   two lookups gets around the check.
//! - No redirect is followed, and no proxy is used for a [`UrlTrust::Client`] callback.
//! - A call ends within [`TIMEOUT`], name resolution included.
//! - No error contains the URL's user, password, query or path ([`contract::redacted`]).
//!
//! The feature `client` brings the clients; without it there are the rules alone, for whoever has
//! another one ([`AddressRules`], [`Webhook`], [`Hops`], [`Download`]).
//!
//! **Non-goals.** No queue, no retries and no pauses: the caller decides from [`WebhookError`]
//! whether and when to try again. No async: the call blocks its thread.
//!
//! ```
//! use webhook::{UrlTrust, Webhook, WebhookClient, WebhookError};
//!
//! let client = WebhookClient::new(Vec::new());
//! let webhook = Webhook {
//!     url: "http://169.254.169.254/latest/meta-data/".to_owned(),
//!     event_id: "1".to_owned(),
//!     body: b"{}".to_vec(),
//!     trust: UrlTrust::Client,
//!     signing_key: Some("key".to_owned()),
//! };
//! let error = client.send(&webhook).unwrap_err();
//! assert!(matches!(error, WebhookError::Forbidden(_)));
//! assert!(error.is_final());
//! ```

mod address;
#[cfg(feature = "client")]
mod client;
mod destination;
mod download;
mod error;
#[cfg(feature = "client")]
mod named_hosts;
mod rate;
#[cfg(feature = "client")]
mod resolver;
mod rules;
mod signature;
mod webhook;

#[cfg(feature = "client")]
pub use client::WebhookClient;
pub use destination::{AllowedDestination, ParseDestinationError};
#[cfg(feature = "client")]
pub use download::DownloadClient;
pub use download::{
    BODY_WITHIN, Download, DownloadError, HEADERS_WITHIN, HOST_UNKNOWN, Hop, Hops, MAX_REDIRECTS,
    QUIET, io_reason, tls_reason,
};
pub use error::{ForbiddenUrl, WebhookError};
#[cfg(feature = "client")]
pub use named_hosts::named_hosts_client;
pub use rate::{MinimumRate, RateDebt};
pub use rules::AddressRules;
pub use signature::signature_headers;
pub use webhook::{TIMEOUT, UrlTrust, Webhook};
