//! Reads the certificate and the private key that the server proves its name with.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, InconsistentKeys, ServerConfig};
use tracing::warn;

/// More than any chain of certificates has.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// What this server speaks inside of TLS.
const HTTP_1_1: &[u8] = b"http/1.1";

/// The files of a server that serves https.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// PEM: the server's certificate, then those that lead from it to its authority.
    pub certificate: PathBuf,
    /// PEM: the private key of the first certificate, without a passphrase.
    pub key: PathBuf,
}

/// Why https cannot be served with these files. No message contains a part of a file.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{option} {path}: {cause}")]
    File {
        /// Which of the two.
        option: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A file has another content than its option needs.
    #[error("{option} {path}: {fault}")]
    Content {
        /// Which of the two.
        option: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do.
        fault: &'static str,
    },
    /// The key is not that of the certificate.
    #[error(
        "--tls-key {key} does not belong to the first certificate in --tls-cert {certificate}; \
         that one must be the server's own, followed by those of its authorities"
    )]
    Mismatch {
        /// The file with the certificates.
        certificate: PathBuf,
        /// The file with the key.
        key: PathBuf,
    },
    /// The TLS library accepts neither.
    #[error("--tls-cert {certificate}, --tls-key {key}: {cause}")]
    Unusable {
        /// The file with the certificates.
        certificate: PathBuf,
        /// The file with the key.
        key: PathBuf,
        /// Why.
        cause: rustls::Error,
    },
}

impl TlsFiles {
    /// Reads both files.
    pub(crate) fn load(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let certificates = self.certificates()?;
        let key = self.private_key()?;
        // Said by name: the build may hold a second one, which then would be nobody's default.
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
        let configured = builder
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                let builder = builder.with_no_client_auth();
                builder.with_single_cert(certificates, key)
            });
        let mut config = configured.map_err(|cause| self.refused(cause))?;
        config.alpn_protocols = vec![HTTP_1_1.to_vec()];
        Ok(Arc::new(config))
    }

    fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let file = PemFile::read("--tls-cert", &self.certificate)?;
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&file.bytes).collect();
        let certificates = certificates.map_err(|cause| file.broken(&cause))?;
        if !certificates.is_empty() {
            return Ok(certificates);
        }
        let has_key = PrivateKeyDer::from_pem_slice(&file.bytes).is_ok();
        Err(file.content(match has_key {
            true => "it has no certificate, but a private key: that belongs to --tls-key",
            false => "it has no certificate: expected PEM, \"-----BEGIN CERTIFICATE-----\"",
        }))
    }

    fn private_key(&self) -> Result<PrivateKeyDer<'static>, TlsError> {
        let file = PemFile::read("--tls-key", &self.key)?;
        if file.mode & 0o007 != 0 {
            let path = self.key.display();
            warn!(%path, "the TLS key is accessible to all users of this machine; run chmod 600");
        }
        match PrivateKeyDer::from_pem_slice(&file.bytes) {
            Ok(key) => Ok(key),
            Err(pem::Error::NoItemsFound) => Err(file.content(match file.is_encrypted() {
                true => {
                    "the private key has a passphrase, which a service cannot enter: write it \
                     without one, with openssl pkey -in FILE -out FILE"
                }
                false => "it has no private key: expected PEM, \"-----BEGIN PRIVATE KEY-----\"",
            })),
            Err(cause) => Err(file.broken(&cause)),
        }
    }

    fn refused(&self, cause: rustls::Error) -> TlsError {
        let (certificate, key) = (self.certificate.clone(), self.key.clone());
        match cause {
            rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                TlsError::Mismatch { certificate, key }
            }
            cause => TlsError::Unusable {
                certificate,
                key,
                cause,
            },
        }
    }
}

/// One of the files, as read.
struct PemFile<'a> {
    option: &'static str,
    path: &'a Path,
    mode: u32,
    bytes: Vec<u8>,
}

impl<'a> PemFile<'a> {
    fn read(option: &'static str, path: &'a Path) -> Result<Self, TlsError> {
        let failed = |cause| TlsError::File {
            option,
            path: path.to_owned(),
            cause,
        };
        // Looked at before it is opened, which would wait for the writer of a pipe.
        let metadata = std::fs::metadata(path).map_err(failed)?;
        if !metadata.is_file() {
            return Err(failed(io::Error::other("it is not a regular file")));
        }
        if metadata.len() > MAX_FILE_BYTES {
            return Err(failed(io::Error::other("it has more than 1 MiB")));
        }
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(failed)?;
        let read = file.take(MAX_FILE_BYTES).read_to_end(&mut bytes);
        read.map_err(failed)?;
        Ok(Self {
            option,
            path,
            mode: metadata.permissions().mode(),
            bytes,
        })
    }

    fn is_encrypted(&self) -> bool {
        let marks: [&[u8]; 2] = [b"BEGIN ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED"];
        marks
            .iter()
            .any(|mark| self.bytes.windows(mark.len()).any(|bytes| bytes == *mark))
    }

    /// The cause itself quotes the file, which may be a key even where a certificate was expected.
    fn broken(&self, _: &pem::Error) -> TlsError {
        self.content(match self.is_encrypted() {
            true => {
                "the private key has a passphrase, which a service cannot enter: write it \
                 without one, with openssl pkey -in FILE -out FILE"
            }
            false => "it is not well-formed PEM",
        })
    }

    fn content(&self, fault: &'static str) -> TlsError {
        TlsError::Content {
            option: self.option,
            path: self.path.to_owned(),
            fault,
        }
    }
}
