//! What of PyPI the suites run.

use support::install::{Installer, Lock};

/// The emulator.
pub const EMULATOR: Lock = Lock {
    file: "aws/requirements.txt",
    name: "emulator",
    by: Installer::Pip,
};

/// The other emulator: with ranges of versions, which the first has not.
pub const MOTO: Lock = Lock {
    file: "aws/moto/requirements.txt",
    name: "moto",
    by: Installer::Pip,
};

/// AWS's command line.
pub const CLI: Lock = Lock {
    file: "aws/cli/requirements.txt",
    name: "awscli",
    by: Installer::Pip,
};

/// AWS's own tools: `sam`, `cfn-lint`, and the Runtime Interface Emulator among them.
pub const SAM: Lock = Lock {
    file: "aws/tools/requirements.txt",
    name: "sam",
    by: Installer::Pip,
};
