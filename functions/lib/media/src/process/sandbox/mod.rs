//! What a decoder may do: read its own program, the system's libraries and one file, compute,
//! and write to the pipes it was given.
//!
//! | | held by |
//! |---|---|
//! | memory, processor time, files written, files open, core dumps | resource limits |
//! | files opened, programs executed, TCP | Landlock ([`files`]) |
//! | sockets, processes, signals, mounts, leaving its group | seccomp ([`calls`]) |
//! | outliving us | the parent-death signal |
//! | our environment and memory, where there is no Landlock | no capabilities, and [`close_to_others`] |
//!
//! Everything is allocated before the fork; what runs between fork and exec ([`enter`]) makes
//! system calls and nothing else.

mod calls;
mod enter;
mod files;

use rustix::process::DumpableBehavior;
use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// What of the sandbox holds on this machine, beside the resource limits, which always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confinement {
    /// Landlock: no file is opened but those needed, no other program is executed.
    pub files: bool,
    /// seccomp: no sockets, no processes, no signals to others.
    pub calls: bool,
}

impl Confinement {
    /// All of it.
    pub const FULL: Self = Self {
        files: true,
        calls: true,
    };

    /// From the best to the worst.
    pub(crate) const LEVELS: [Self; 4] = [
        Self::FULL,
        Self {
            files: false,
            calls: true,
        },
        Self {
            files: true,
            calls: false,
        },
        Self {
            files: false,
            calls: false,
        },
    ];
}

impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.files, self.calls) {
            (true, true) => "confined by Landlock and seccomp",
            (false, true) => "confined by seccomp alone: it can open any file this user can",
            (true, false) => "confined by Landlock alone: it can start processes and use UDP",
            (false, false) => "NOT confined but for resource limits: it can open files and sockets",
        })
    }
}

/// Closes this process to others of the same user, decoders among them: its environment and its
/// memory, with whatever secrets are in there. It leaves no core dumps then. For programs to call
/// when they start; where Landlock holds it is one wall more.
///
/// # Errors
/// The system refuses.
pub fn close_to_others() -> io::Result<()> {
    Ok(rustix::process::set_dumpable_behavior(
        DumpableBehavior::NotDumpable,
    )?)
}

/// What one process may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resources {
    /// Whole seconds.
    pub(crate) cpu: Duration,
    /// Of address space.
    pub(crate) memory_bytes: u64,
}

impl Resources {
    /// For a program that is asked about itself.
    pub(crate) const FOR_QUESTIONS: Self = Self {
        cpu: Duration::from_secs(60),
        memory_bytes: 8 << 30,
    };
}

/// Puts what `command` will start into the sandbox. To be called when its arguments are
/// complete. `input` is the one file it may read; it inherits this very descriptor.
pub(crate) fn confine(
    command: &mut Command,
    confinement: Confinement,
    input: Option<OwnedFd>,
    resources: Resources,
) -> io::Result<()> {
    let program = enter::Program::of(command)?;
    let files = match confinement.files {
        true => Some(files::rules(
            Path::new(command.get_program()),
            input.as_ref(),
        )?),
        false => None,
    };
    let calls = match confinement.calls {
        true => calls::filters(program.address())?,
        false => Vec::new(),
    };
    enter::before_exec(
        command,
        enter::Walls {
            program,
            input,
            files,
            calls,
            limits: enter::resource_limits(resources),
        },
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[ignore = "prints what a start costs with and without"]
    fn cost() {
        for program in ["/bin/true", "/usr/bin/ffmpeg"] {
            let mut medians = Vec::new();
            for level in [None, Some(Confinement::FULL)] {
                let mut times: Vec<_> = (0..31)
                    .map(|_| {
                        let begun = std::time::Instant::now();
                        let mut command = Command::new(program);
                        command.arg("-version").env_clear();
                        command.stdout(std::process::Stdio::null());
                        if let Some(level) = level {
                            confine(&mut command, level, None, Resources::FOR_QUESTIONS).unwrap();
                        }
                        assert!(command.status().unwrap().success());
                        begun.elapsed()
                    })
                    .collect();
                times.sort();
                medians.push(times[15]);
            }
            eprintln!("{program}: {:?} without, {:?} with", medians[0], medians[1]);
        }
    }
}
