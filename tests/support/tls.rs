//! A certificate authority of a test's own, made by openssl.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

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
                .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"])
                .arg("-keyout")
                .arg(&identity.key)
                .arg("-out")
                .arg(&identity.certificate),
        );
        identity
    }
}

const REQUEST: [&str; 10] = [
    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
    "2", "-sha256",
];

fn openssl(command: &mut Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}
