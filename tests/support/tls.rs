//! A certificate authority of a test's own, made by openssl.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Trusted by the clients that are told of it.
#[derive(Debug)]
pub struct Authority {
    folder: TempDir,
}

/// A certificate for loopback names and its key, as `serve` takes them.
#[derive(Debug, Clone)]
pub struct Identity {
    /// PEM.
    pub certificate: PathBuf,
    /// PEM.
    pub key: PathBuf,
}

impl Identity {
    /// The arguments of `serve`.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let (certificate, key) = (text(&self.certificate), text(&self.key));
        vec!["--tls-cert".into(), certificate, "--tls-key".into(), key]
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Authority {
    /// Another one each time.
    #[must_use]
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        openssl(
            Command::new("openssl")
                .args(REQUEST)
                .args(["-subj", "/CN=Authority of a test"])
                .args(["-addext", "keyUsage=critical,keyCertSign"])
                .arg("-keyout")
                .arg(path("authority.key"))
                .arg("-out")
                .arg(path("authority.pem")),
        );
        Self { folder }
    }

    /// Its own certificate, PEM.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// A certificate for localhost, 127.0.0.1 and ::1, in files of this name.
    #[must_use]
    pub fn issue(&self, name: &str) -> Identity {
        self.issue_with(name, "")
    }

    /// The same for more names, such as `,DNS:*.example.com`.
    #[must_use]
    pub fn issue_with(&self, name: &str, more: &str) -> Identity {
        let path = |extension: &str| self.folder.path().join(format!("{name}.{extension}"));
        let identity = Identity {
            certificate: path("pem"),
            key: path("key"),
        };
        openssl(
            Command::new("openssl")
                .args(REQUEST)
                .arg("-CA")
                .arg(self.certificate())
                .arg("-CAkey")
                .arg(self.folder.path().join("authority.key"))
                .args(["-subj", &format!("/CN={name}")])
                .args(["-addext", "basicConstraints=critical,CA:FALSE"])
                .arg("-addext")
                .arg(format!(
                    "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1{more}"
                ))
                .arg("-keyout")
                .arg(&identity.key)
                .arg("-out")
                .arg(&identity.certificate),
        );
        identity
    }
}

const REQUEST: [&str; 10] = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "2",
    "-sha256",
];

fn openssl(command: &mut Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

/// A client that trusts this authority alone.
#[must_use]
pub fn trusting(authority: &Path) -> TlsConfig {
    let pem = std::fs::read(authority).unwrap();
    let certificate = Certificate::from_pem(&pem).unwrap();
    let roots = RootCerts::new_with_certs(&[certificate]);
    TlsConfig::builder().root_certs(roots).build()
}

/// The status of one GET on a connection of its own.
///
/// # Errors
/// No answer came.
pub fn get(authority: &Path, url: &str) -> Result<u16, ureq::Error> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(30)))
        .tls_config(trusting(authority))
        .http_status_as_error(false);
    let agent: ureq::Agent = config.build().into();
    Ok(agent.get(url).call()?.status().as_u16())
}
