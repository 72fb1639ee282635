//! The TLS of one listener: handshakes, and the certificate in use.

use super::log_limit::LogLimit;
use crate::tls::{TlsError, TlsFiles};
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;
use tracing::info;

/// The part of an answer that is buffered encrypted, besides what is buffered plain. A record has
/// 16 KiB.
const BUFFER_BYTES: usize = 32 * 1024;

/// Ends the TLS of clients. Clones share the certificate.
#[derive(Debug, Clone)]
pub(crate) struct TlsTerminator(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    files: TlsFiles,
    /// Replaced as a whole, with its sessions: none of them resumes with another certificate.
    config: RwLock<Arc<ServerConfig>>,
    failures: Mutex<LogLimit>,
}

impl TlsTerminator {
    pub(crate) fn load(files: TlsFiles) -> Result<Self, TlsError> {
        let config = RwLock::new(files.load()?);
        Ok(Self(Arc::new(Shared {
            files,
            config,
            failures: Mutex::default(),
        })))
    }

    /// Reads the files again, for the connections to come. On an error the current certificate
    /// stays.
    pub(crate) fn reload(&self) -> Result<(), TlsError> {
        let config = self.0.files.load()?;
        let mut current = self
            .0
            .config
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *current = config;
        Ok(())
    }

    /// The handshake; none if it failed. Its deadline is that of the connection below.
    pub(super) async fn accept<S>(&self, stream: S) -> Option<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let acceptor = TlsAcceptor::from(self.config());
        let accepted = acceptor.accept_with(stream, |tls| tls.set_buffer_limit(Some(BUFFER_BYTES)));
        match accepted.await {
            Ok(stream) => Some(stream),
            // What breaks TLS itself says why a client cannot connect: it may not know our
            // authority, or speak plain http. Of those that just leave there is nothing to say.
            Err(cause) => {
                if cause.kind() == ErrorKind::InvalidData {
                    let mut failures = self
                        .0
                        .failures
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner);
                    if let Some(times) = failures.count() {
                        info!(%cause, times, "TLS handshakes failed");
                    }
                }
                None
            }
        }
    }

    fn config(&self) -> Arc<ServerConfig> {
        let config = self.0.config.read();
        config.unwrap_or_else(PoisonError::into_inner).clone()
    }
}
