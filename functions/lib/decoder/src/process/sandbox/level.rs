//! What of the sandbox holds, and what must.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// What of the sandbox holds on this machine, beside the resource limits, which always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sandbox {
    /// What keeps files closed but those needed.
    pub files: FileAccess,
    /// seccomp: no system calls but those of a list.
    pub calls: bool,
    /// It runs as a user of its own, or in a user namespace of its own.
    pub user: bool,
}

/// What keeps files closed to a decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileAccess {
    /// Landlock: the kernel.
    Landlock,
    /// We open them for it, asked by the kernel for each.
    Answered,
    /// Nothing.
    Open,
}

/// How much of the sandbox must hold. Each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum SandboxLevel {
    /// Memory, processor time, threads, open and written files of a decoder are bounded. Always
    /// holds.
    #[default]
    Limits,
    /// It makes no system calls but those that decoding needs: no sockets, no processes, no
    /// signals, nothing written but to its pipes.
    Syscalls,
    /// It opens its own program, libraries and its input, and no other file.
    Files,
    /// It runs as a user, or in a user namespace, of its own.
    Full,
}

impl SandboxLevel {
    /// From the lowest to the highest.
    pub const ALL: [Self; 4] = [Self::Limits, Self::Syscalls, Self::Files, Self::Full];

    /// As it is set.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Limits => "limits",
            Self::Syscalls => "syscalls",
            Self::Files => "files",
            Self::Full => "full",
        }
    }
}

/// What is no [`SandboxLevel`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("invalid sandbox level {0:?}: expected limits, syscalls, files or full")]
pub struct InvalidLevel(String);

impl FromStr for SandboxLevel {
    type Err = InvalidLevel;

    fn from_str(said: &str) -> Result<Self, InvalidLevel> {
        let mut all = Self::ALL.into_iter();
        all.find(|level| level.name() == said)
            .ok_or_else(|| InvalidLevel(said.to_owned()))
    }
}

impl fmt::Display for SandboxLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Less of the sandbox holds than must.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "decoders would be confined at the level {has}, but {required} is required: {}",
    missing.join("; ")
)]
pub struct Unconfined {
    has: SandboxLevel,
    required: SandboxLevel,
    missing: Vec<&'static str>,
}

impl Sandbox {
    /// All of it, by the kernel alone.
    pub const FULL: Self = Self {
        files: FileAccess::Landlock,
        calls: true,
        user: true,
    };

    /// From the best to the worst. A list of calls without closed files still keeps files from
    /// being changed; without a list, files can't be answered for.
    pub(crate) const LEVELS: [Self; 8] = {
        const fn level(files: FileAccess, calls: bool, user: bool) -> Sandbox {
            Sandbox { files, calls, user }
        }
        [
            Self::FULL,
            level(FileAccess::Landlock, true, false),
            level(FileAccess::Answered, true, true),
            level(FileAccess::Answered, true, false),
            level(FileAccess::Open, true, true),
            level(FileAccess::Open, true, false),
            level(FileAccess::Landlock, false, false),
            level(FileAccess::Open, false, false),
        ]
    };

    /// The highest level all of which holds.
    #[must_use]
    pub fn level(self) -> SandboxLevel {
        match (self.calls, self.files, self.user) {
            (false, ..) => SandboxLevel::Limits,
            (true, FileAccess::Open, _) => SandboxLevel::Syscalls,
            (true, _, false) => SandboxLevel::Files,
            (true, _, true) => SandboxLevel::Full,
        }
    }

    /// What does not hold, each as a sentence's part; empty at the highest level.
    #[must_use]
    pub fn missing(self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if !self.calls {
            missing.push(
                "no system call is refused (seccomp): it can open sockets and start programs",
            );
        }
        if self.files == FileAccess::Open {
            missing.push("files are not closed (Landlock or seccomp notifications): it can read any file that it may");
        }
        if !self.user {
            missing.push("it runs as this user (needs root's capabilities or user namespaces)");
        }
        missing
    }

    /// Whether at least `required` holds.
    ///
    /// # Errors
    /// It does not.
    pub fn require(self, required: SandboxLevel) -> Result<(), Unconfined> {
        let has = self.level();
        if has >= required {
            return Ok(());
        }
        let missing = self.missing();
        Err(Unconfined {
            has,
            required,
            missing,
        })
    }
}

impl fmt::Display for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing = self.missing();
        match self.level() {
            SandboxLevel::Full => f.write_str("confined at the level full"),
            SandboxLevel::Limits => write!(
                f,
                "NOT confined but for resource limits: {}",
                missing.join("; ")
            ),
            level => write!(
                f,
                "confined at the level {level} only: {}",
                missing.join("; ")
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_and_nothing_starts_below_what_is_required() {
        Sandbox::FULL.require(SandboxLevel::Full).unwrap();
        let open = Sandbox {
            files: FileAccess::Open,
            ..Sandbox::FULL
        };
        open.require(SandboxLevel::Syscalls).unwrap();
        let refused = open.require(SandboxLevel::Files).unwrap_err().to_string();
        assert!(refused.contains("level syscalls, but files is required"));
        assert!(refused.contains("files are not closed"), "{refused}");
        for level in SandboxLevel::ALL {
            assert_eq!(level.name().parse(), Ok(level));
        }
        let wrong = "most".parse::<SandboxLevel>().unwrap_err().to_string();
        assert!(wrong.contains("limits, syscalls, files or full"), "{wrong}");
    }
}
