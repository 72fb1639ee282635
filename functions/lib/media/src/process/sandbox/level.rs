//! What of the sandbox holds, and what must.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// What of the sandbox holds on this machine, beside the resource limits, which always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// What keeps files closed but those needed.
    pub files: Files,
    /// seccomp: no system calls but those of a list.
    pub calls: bool,
    /// It runs as a user of its own, or in a user namespace of its own.
    pub user: bool,
}

/// What keeps files closed to a decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Files {
    /// Landlock: the kernel.
    Landlock,
    /// We open them for it, asked by the kernel for each.
    Answered,
    /// Nothing.
    Open,
}

/// How much of the sandbox must hold. Each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Level {
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

impl Level {
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

/// What is no [`Level`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("invalid confinement level {0:?}: expected limits, syscalls, files or full")]
pub struct NoLevel(String);

impl FromStr for Level {
    type Err = NoLevel;

    fn from_str(said: &str) -> Result<Self, NoLevel> {
        let mut all = Self::ALL.into_iter();
        all.find(|level| level.name() == said)
            .ok_or_else(|| NoLevel(said.to_owned()))
    }
}

impl fmt::Display for Level {
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
    has: Level,
    required: Level,
    missing: Vec<&'static str>,
}

impl Confinement {
    /// All of it, by the kernel alone.
    pub const FULL: Self = Self {
        files: Files::Landlock,
        calls: true,
        user: true,
    };

    /// From the best to the worst. A list of calls without closed files still keeps files from
    /// being changed; without a list, files can't be answered for.
    pub(crate) const LEVELS: [Self; 8] = {
        const fn level(files: Files, calls: bool, user: bool) -> Confinement {
            Confinement { files, calls, user }
        }
        [
            Self::FULL,
            level(Files::Landlock, true, false),
            level(Files::Answered, true, true),
            level(Files::Answered, true, false),
            level(Files::Open, true, true),
            level(Files::Open, true, false),
            level(Files::Landlock, false, false),
            level(Files::Open, false, false),
        ]
    };

    /// The highest level all of which holds.
    #[must_use]
    pub fn level(self) -> Level {
        match (self.calls, self.files, self.user) {
            (false, ..) => Level::Limits,
            (true, Files::Open, _) => Level::Syscalls,
            (true, _, false) => Level::Files,
            (true, _, true) => Level::Full,
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
        if self.files == Files::Open {
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
    pub fn require(self, required: Level) -> Result<(), Unconfined> {
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

impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing = self.missing();
        match self.level() {
            Level::Full => f.write_str("confined at the level full"),
            Level::Limits => write!(
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
        Confinement::FULL.require(Level::Full).unwrap();
        let open = Confinement {
            files: Files::Open,
            ..Confinement::FULL
        };
        open.require(Level::Syscalls).unwrap();
        let refused = open.require(Level::Files).unwrap_err().to_string();
        assert!(refused.contains("level syscalls, but files is required"));
        assert!(refused.contains("files are not closed"), "{refused}");
        for level in Level::ALL {
            assert_eq!(level.name().parse(), Ok(level));
        }
        let wrong = "most".parse::<Level>().unwrap_err().to_string();
        assert!(wrong.contains("limits, syscalls, files or full"), "{wrong}");
    }
}
