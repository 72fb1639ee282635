//! A video behind HTTP.
//!
//! The URL is the user's own: it may lead, or be redirected, to any address that the user can
//! reach, as with curl. Only from https to http it may not.

use super::copy;
use crate::command::snapshot::interrupt::Interrupt;
use crate::console;
use crate::error::CommandError;
use plan::{Budget, Limits};
use rustls_native_certs::load_native_certs;
use source::RangeSource;
use source::http::{self, HttpFile};
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use url::Url;
use webhook::{HEADERS_WITHIN, QUIET};

/// For one range, which has a few MB at most, or for a whole file.
const BODY_WITHIN: Duration = Duration::from_secs(6 * 60 * 60);
/// As many as read at once.
const CONNECTIONS: usize = 8;

pub(super) fn open(
    url: &Url,
    shown: &str,
    limits: &Limits,
    interrupt: &Interrupt,
) -> Result<Arc<dyn RangeSource>, CommandError> {
    let agent = agent(url.scheme() == "https");
    let file = http::open(&agent, url.as_str())
        .map_err(|cause| CommandError::Video(format!("{shown}: {cause}")))?;
    match file {
        HttpFile::Ranges(source) => Ok(Arc::new(source)),
        HttpFile::Whole(mut whole) => {
            let most = Budget::CopiedBytes.of(limits);
            console::note(&format!(
                "{shown}: the server gives no ranges, so the whole file is copied, up to {most} bytes (--limit copied-bytes=...)"
            ));
            let length = whole.length_bytes;
            copy::copied(shown, &mut whole.reader, length, limits, interrupt)
        }
    }
}

/// `https_only`: no redirect leads to where others can read along.
fn agent(https_only: bool) -> Agent {
    let tls = TlsConfig::builder().root_certs(roots()).build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .https_only(https_only)
        .user_agent(concat!("vod-snapshot/", env!("CARGO_PKG_VERSION")))
        .max_idle_connections_per_host(CONNECTIONS)
        .timeout_resolve(Some(QUIET))
        .timeout_connect(Some(QUIET))
        .timeout_per_read(Some(QUIET))
        .timeout_recv_response(Some(HEADERS_WITHIN))
        .timeout_recv_body(Some(BODY_WITHIN));
    config.build().into()
}

/// What this machine trusts, or what `SSL_CERT_FILE` names, as with curl; where there is nothing,
/// Mozilla's list.
fn roots() -> RootCerts {
    let trusted = load_native_certs().certs;
    if trusted.is_empty() {
        return RootCerts::WebPki;
    }
    let certificates = trusted
        .iter()
        .map(|der| Certificate::from_der(der).to_owned());
    RootCerts::from(certificates.collect::<Vec<_>>())
}
