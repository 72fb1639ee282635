//! What a decoder may do: read its own program, the system's libraries and one file, compute,
//! and write to the pipes it was given.
//!
//! | | held by |
//! |---|---|
//! | memory, processor time, files written, files open, core dumps | resource limits |
//! | system calls: those of a list, with the arguments that a decoder needs; a shorter one for a static program, which loads no code | seccomp ([`calls`]) |
//! | files opened, programs executed, TCP | Landlock ([`files`]) |
//! | files opened, where there is no Landlock | we open them ([`opens`]), asked by seccomp |
//! | processes, memory and queues of others, number of threads | a user of its own ([`user`]) |
//! | number of threads, where the kernel does not count them | the [`guard`](super::thread_guard) |
//! | outliving us | the parent-death signal |
//! | our environment and memory, where nothing else holds | no capabilities, and [`make_undumpable`] |
//!
//! Everything is allocated before the fork; what runs between fork and exec ([`enter`]) makes
//! system calls and nothing else.

mod calls;
mod enter;
mod files;
mod level;
mod listener;
mod opens;
mod reach;
mod resources;
#[cfg(test)]
mod tests;
mod user;

pub use level::{FileAccess, InvalidLevel, Sandbox, SandboxLevel, Unconfined};
pub(crate) use resources::ResourceLimits;

use listener::SeccompListener;
use opens::FileBroker;
use reach::NeededFiles;
use rustix::process::DumpableBehavior;
use std::collections::BTreeSet;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Command;

/// Closes this process to others of the same user, decoders among them: its environment and its
/// memory, with whatever secrets are in there. It leaves no core dumps then. For programs to call
/// when they start; where Landlock holds it is one wall more.
///
/// # Errors
/// The system refuses.
pub fn make_undumpable() -> io::Result<()> {
    Ok(rustix::process::set_dumpable_behavior(
        DumpableBehavior::NotDumpable,
    )?)
}

/// What has to be done for a decoder once it has started.
#[derive(Debug)]
#[must_use]
pub(crate) struct ParentDuty(Option<(OwnedFd, FileBroker)>);

impl ParentDuty {
    /// None at all.
    pub(crate) const NONE: Self = Self(None);

    /// To be called as soon as the decoder has been started, which waits for it.
    pub(crate) fn begin(self) -> io::Result<()> {
        let Some((socket, opens)) = self.0 else {
            return Ok(());
        };
        let listener = SeccompListener::receive(&socket)?;
        std::thread::Builder::new().spawn(move || opens.answer(&listener))?;
        Ok(())
    }
}

/// Puts what `command` will start into the sandbox. To be called when its arguments are
/// complete. `input` is the one file it may read; it inherits this very descriptor.
pub(crate) fn confine(
    command: &mut Command,
    sandbox: Sandbox,
    input: Option<OwnedFd>,
    resources: ResourceLimits,
) -> io::Result<ParentDuty> {
    let program = enter::PreparedProgram::of(command)?;
    let own = Path::new(command.get_program()).to_owned();
    let reach = NeededFiles::of(&own, input.as_ref());
    let (mut files, mut asks, mut duty) = (None, None, ParentDuty::NONE);
    match sandbox.files {
        FileAccess::Landlock => files = Some(files::rules(&reach)?),
        FileAccess::Answered => {
            let (ours, socket) = listener::pair()?;
            let filter = calls::asking_to_open();
            asks = Some(enter::OpenRequests { filter, socket });
            duty = ParentDuty(Some((ours, FileBroker::of(&reach)?)));
        }
        FileAccess::Open => {}
    }
    let calls = match sandbox.calls {
        true => Some(calls::filter(program.start(), reach::loads_code(&own))?),
        false => None,
    };
    let user = match sandbox.user {
        true => Some(user::DecoderUser::here()?),
        false => None,
    };
    let rules = enter::SandboxRules {
        program,
        input,
        user,
        files,
        asks,
        calls,
        limits: enter::resource_limits(resources),
    };
    enter::before_exec(command, rules);
    Ok(duty)
}

/// Collects which calls off the list a program makes.
#[derive(Debug)]
pub(crate) struct RefusedCalls(OwnedFd);

impl RefusedCalls {
    /// As [`confine`], but for files.
    pub(crate) fn of(command: &mut Command) -> io::Result<Self> {
        let program = enter::PreparedProgram::of(command)?;
        let (ours, socket) = listener::pair()?;
        let loads = reach::loads_code(Path::new(command.get_program()));
        let filter = calls::asking_filter(program.start(), loads)?;
        let rules = enter::SandboxRules {
            program,
            input: None,
            user: None,
            files: None,
            asks: Some(enter::OpenRequests { filter, socket }),
            calls: None,
            limits: enter::resource_limits(ResourceLimits::FOR_QUESTIONS),
        };
        enter::before_exec(command, rules);
        Ok(Self(ours))
    }

    /// Once it has been started: the numbers of the calls that it was refused until its end.
    pub(crate) fn collect(self) -> io::Result<BTreeSet<i64>> {
        let listener = SeccompListener::receive(&self.0)?;
        let mut numbers = BTreeSet::new();
        while let Some(question) = listener.next()? {
            numbers.insert(question.number);
            // It may have been killed meanwhile.
            let _ = listener.refuse(&question, libc::EPERM);
        }
        Ok(numbers)
    }
}
