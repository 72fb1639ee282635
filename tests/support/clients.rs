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
    /// drive.py
    Python,
    /// drive.js
    Node,
}

impl Runtime {
    /// Runs the driver in one of its modes; it ends with 0 or says what is wrong.
    pub fn drive(self, mode: &str, setup: &Value) {
        let output = self
            .command()
            .args([mode, &setup.to_string()])
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{mode}: {told}");
    }

    /// The driver in an interpreter that finds the clients.
    fn command(self) -> Command {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
        let mut command;
        match self {
            Self::Python => {
                command = Command::new("python3");
                command.env("PYTHONDONTWRITEBYTECODE", "1");
                command.env("PYTHONPATH", PYTHON.installed());
                command.arg(here.join("drive.py"));
            }
            Self::Node => {
                command = Command::new("node");
                command.env("NODE_PATH", NODE.installed().join("node_modules"));
                command.arg(here.join("drive.js"));
            }
        }
        command
    }
}
