//! TLS and HTTP/2 before a server of plain HTTP.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use support::tls::Authority;

/// Ends with this.
#[derive(Debug)]
pub struct Front {
    process: Child,
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    authority: Authority,
}

impl Front {
    /// Before the server at this URL, with a certificate of this name, and of more names such as
    /// `,DNS:*.example.com`.
    #[must_use]
    pub fn before(url: &str, name: &str, more_names: &str) -> Self {
        let authority = Authority::new();
        let identity = authority.issue_with(name, more_names);
        let mut process = Command::new("node")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/support/front.js"))
            .args([&identity.certificate, &identity.key])
            .arg(url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        said.read_line(&mut port).unwrap();
        Self {
            process,
            port: port.trim().parse().unwrap(),
            authority,
        }
    }

    /// Host and port.
    #[must_use]
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What clients have to trust.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.authority.certificate()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
