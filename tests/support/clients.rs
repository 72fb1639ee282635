//! The vendor's own clients, at the versions of the lock files.

#![allow(clippy::unwrap_used)]

use crate::install::{Installer, Lock};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Those for Python.
pub const PYTHON: Lock = Lock {
    file: "clients/requirements.txt",
    name: "python-clients",
    by: Installer::Pip,
};

/// Those for Node.
pub const NODE: Lock = Lock {
    file: "clients/package-lock.json",
    name: "node-clients",
    by: Installer::Npm,
};

/// What runs a client.
#[derive(Debug, Clone, Copy)]
pub enum Runtime {
    /// python3
    Python,
    /// node
    Node,
}

impl Runtime {
    /// Runs the driver in one of its modes; it ends with 0 or says what is wrong. With `ca` in the
    /// setup it trusts that authority.
    pub fn drive(self, mode: &str, setup: &Value) {
        self.run("drive", &[mode], setup);
    }

    /// The same for a script of this name.
    pub fn run(self, script: &str, arguments: &[&str], setup: &Value) {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
        let script = here.join(format!("{script}.{}", self.extension()));
        let mut command = self.interpreter(setup["ca"].as_str());
        command.arg(script).args(arguments).arg(setup.to_string());
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {told}");
    }

    /// An interpreter that finds the clients, and trusts the authority of this file.
    #[must_use]
    pub fn interpreter(self, authority: Option<&str>) -> Command {
        let mut command;
        match self {
            Self::Python => {
                command = Command::new("python3");
                command.env("PYTHONDONTWRITEBYTECODE", "1");
                command.env("PYTHONPATH", PYTHON.installed());
                if let Some(file) = authority {
                    command.env("ALIBABA_CLOUD_CA_BUNDLE", file);
                }
            }
            Self::Node => {
                command = Command::new("node");
                command.env("NODE_PATH", NODE.installed().join("node_modules"));
                if let Some(file) = authority {
                    command.env("NODE_EXTRA_CA_CERTS", file);
                }
            }
        }
        command
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Python => "py",
            Self::Node => "js",
        }
    }
}
