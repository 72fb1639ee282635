//! Connections to addresses that were checked for them, for what clients of the API name.
//!
//! The rules are those of one machine (`webhook`). The client there brings a TLS stack that the
//! SDK's own does not need; what is here is made of what the SDK brings.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};
use url::{Host, Url};
use webhook::{AddressRules, ForbiddenUrl};

/// A connection, with or without TLS.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Connects to what its rules allow, and trusts whom the machine trusts.
pub(crate) struct CheckedConnector {
    rules: AddressRules,
    tls: TlsConnector,
}

/// Why there is no connection.
#[derive(Debug, Error)]
pub(crate) enum ConnectError {
    #[error(transparent)]
    Forbidden(#[from] ForbiddenUrl),
    #[error("the URL has no valid host")]
    NoHost,
    #[error("the host has no address")]
    NoAddress,
    #[error("the host can't be found: {0}")]
    HostUnknown(#[source] io::Error),
    #[error("{0}")]
    NoConnection(#[source] io::Error),
    #[error("there is no TLS connection: {0}")]
    NoTls(#[source] io::Error),
}

impl CheckedConnector {
    pub(crate) fn new(rules: AddressRules) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore::empty();
        let trusted = rustls_native_certs::load_native_certs();
        roots.add_parsable_certificates(trusted.certs);
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            rules,
            tls: Arc::new(config).into(),
        })
    }

    /// Takes as long as it takes: whoever calls has a time-out.
    pub(crate) async fn connect(&self, url: &Url) -> Result<Box<dyn Stream>, ConnectError> {
        let addresses = addresses(url).await?;
        let host = url.host_str().unwrap_or_default();
        self.rules.check(host, addresses.iter().copied())?;
        // To nothing but what was checked.
        let stream = TcpStream::connect(&addresses[..]).await;
        let stream = stream.map_err(ConnectError::NoConnection)?;
        if url.scheme() != "https" {
            return Ok(Box::new(stream));
        }
        let name = match url.host() {
            Some(Host::Ipv4(address)) => ServerName::from(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => ServerName::from(IpAddr::V6(address)),
            _ => ServerName::try_from(host.to_owned()).map_err(|_| ConnectError::NoHost)?,
        };
        let secure = self.tls.connect(name, stream).await;
        Ok(Box::new(secure.map_err(ConnectError::NoTls)?))
    }
}

async fn addresses(url: &Url) -> Result<Vec<SocketAddr>, ConnectError> {
    let port = url.port_or_known_default().unwrap_or_default();
    let found = match url.host() {
        Some(Host::Ipv4(address)) => vec![(address, port).into()],
        Some(Host::Ipv6(address)) => vec![(address, port).into()],
        Some(Host::Domain(name)) => lookup_host((name, port))
            .await
            .map_err(ConnectError::HostUnknown)?
            .collect(),
        None => Vec::new(),
    };
    match found.is_empty() {
        true => Err(ConnectError::NoAddress),
        false => Ok(found),
    }
}

/// The path and query that a request line names.
pub(crate) fn request_target(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}"));
    format!("{}{}", url.path(), query.unwrap_or_default())
}

/// The value of the header `Host`.
pub(crate) fn host_header(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
