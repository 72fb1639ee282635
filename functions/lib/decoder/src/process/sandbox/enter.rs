//! The steps between fork and exec.
//!
//! Only system calls are made there, on values prepared before the fork: another thread may have
//! held the allocator's lock when the process was copied.
#![allow(unsafe_code)]

use super::calls::ExecArguments;
use super::listener;
use super::resources::ResourceLimits;
use super::user::DecoderUser;
use rustix::process::{Pid, Resource, Rlimit, Signal};
use rustix::thread::{CapabilitySet, CapabilitySets};
use seccompiler::BpfProgram;
use std::ffi::{CString, OsStr, c_char};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Enough for the input, the outputs and the libraries while they load.
const MOST_OPEN_FILES: u64 = 64;

/// libgcrypt locks 32 KB when it is loaded; nothing else does.
const MOST_LOCKED_BYTES: u64 = 1 << 20;

/// What surrounds the process.
pub(super) struct SandboxRules {
    pub(super) program: PreparedProgram,
    /// The one descriptor beside the standard ones that goes through exec.
    pub(super) input: Option<OwnedFd>,
    /// None: ours.
    pub(super) user: Option<DecoderUser>,
    pub(super) files: Option<OwnedFd>,
    pub(super) asks: Option<OpenRequests>,
    pub(super) calls: Option<BpfProgram>,
    pub(super) limits: [(Resource, Rlimit); 6],
}

/// What makes the kernel ask us, and the way to tell us where.
pub(super) struct OpenRequests {
    pub(super) filter: BpfProgram,
    pub(super) socket: OwnedFd,
}

/// A program and its arguments as the kernel takes them.
pub(super) struct PreparedProgram {
    path: CString,
    /// What `pointers` point to.
    _arguments: Vec<CString>,
    /// Addresses of the arguments, and of nothing at the end. As numbers, since they go to
    /// another process.
    pointers: Vec<usize>,
    /// Of no variables.
    environment: Box<[usize; 1]>,
}

impl PreparedProgram {
    pub(super) fn of(command: &Command) -> io::Result<Self> {
        let text = |text: &OsStr| CString::new(text.as_bytes()).map_err(io::Error::other);
        let path = text(command.get_program())?;
        let mut arguments = vec![path.clone()];
        for argument in command.get_args() {
            arguments.push(text(argument)?);
        }
        let pointers = arguments.iter().map(|text| text.as_ptr().addr());
        Ok(Self {
            path,
            pointers: pointers.chain([0]).collect(),
            _arguments: arguments,
            environment: Box::new([0]),
        })
    }

    /// Where it lies in this process.
    pub(super) fn start(&self) -> ExecArguments {
        ExecArguments {
            program: self.path.as_ptr().addr() as u64,
            arguments: self.pointers.as_ptr().addr() as u64,
            environment: self.environment.as_ptr().addr() as u64,
        }
    }

    /// Becomes this program, with an empty environment. Comes back only with an error.
    fn execute(&self) -> io::Error {
        // SAFETY: the path ends with NUL, both lists end with a null pointer, and all that they
        // point to belongs to `self`.
        unsafe {
            libc::execve(
                self.path.as_ptr(),
                self.pointers.as_ptr().cast::<*const c_char>(),
                self.environment.as_ptr().cast::<*const c_char>(),
            )
        };
        io::Error::last_os_error()
    }
}

pub(super) fn resource_limits(limits: ResourceLimits) -> [(Resource, Rlimit); 6] {
    let limit = |current: u64, maximum: u64| Rlimit {
        current: Some(current),
        maximum: Some(maximum),
    };
    let cpu = limits.cpu.as_secs().max(1);
    [
        (Resource::Fsize, limit(0, 0)),
        (Resource::Core, limit(0, 0)),
        (
            Resource::Memlock,
            limit(MOST_LOCKED_BYTES, MOST_LOCKED_BYTES),
        ),
        (Resource::Nofile, limit(MOST_OPEN_FILES, MOST_OPEN_FILES)),
        (
            Resource::As,
            limit(limits.memory_bytes, limits.memory_bytes),
        ),
        // A signal at the first that says why; one that cannot be ignored at the second.
        (Resource::Cpu, limit(cpu, cpu + 2)),
    ]
}

/// Has `command` raise the rules and become its program.
pub(super) fn before_exec(command: &mut Command, rules: SandboxRules) {
    let parent = rustix::process::getpid();
    // SAFETY: `enter` makes system calls only; it neither allocates nor takes a lock.
    unsafe {
        command.pre_exec(move || {
            enter(&rules, parent)?;
            Err(rules.program.execute())
        });
    }
}

fn enter(rules: &SandboxRules, parent: Pid) -> io::Result<()> {
    keep_standard_files_only();
    if let Some(input) = &rules.input {
        rustix::io::fcntl_setfd(input, rustix::io::FdFlags::empty())?;
    }
    // First of all: who becomes another user is asked about the parent's death anew.
    match rules.user {
        Some(own) => own.become_it()?,
        None => give_up_capabilities()?,
    }
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    // It may have died before it could be asked for.
    if rustix::process::getppid() != Some(parent) {
        return Err(io::Error::from_raw_os_error(libc::ESRCH));
    }
    for &(resource, limit) in &rules.limits {
        lower(resource, limit)?;
    }
    if let Some(most) = rules.user.and_then(DecoderUser::most_threads) {
        let most = Some(most);
        let limit = Rlimit {
            current: most,
            maximum: most,
        };
        lower(Resource::Nproc, limit)?;
    }
    // Without it an unprivileged process may set neither rules nor filters.
    rustix::thread::set_no_new_privs(true)?;
    if let Some(rules) = &rules.files {
        restrict(rules)?;
    }
    if let Some(asks) = &rules.asks {
        listener::install(&asks.filter, asks.socket.as_fd())?;
    }
    // The last: it refuses what raises rules.
    if let Some(filter) = &rules.calls {
        seccompiler::apply_filter(filter)
            .map_err(|_| io::Error::from_raw_os_error(libc::ENOSYS))?;
    }
    Ok(())
}

/// Where less is allowed already, that stays.
fn lower(resource: Resource, limit: Rlimit) -> io::Result<()> {
    let now = rustix::process::getrlimit(resource).maximum;
    let at_most = |value: Option<u64>| value.map(|value| now.map_or(value, |now| now.min(value)));
    let lowered = Rlimit {
        current: at_most(limit.current),
        maximum: at_most(limit.maximum),
    };
    Ok(rustix::process::setrlimit(resource, lowered)?)
}

/// Closes at exec whatever else this process has open; a kernel before 5.11 leaves what was
/// opened to be inherited.
fn keep_standard_files_only() {
    // SAFETY: no memory is passed.
    unsafe {
        libc::syscall(
            libc::SYS_close_range,
            3,
            libc::c_uint::MAX,
            libc::CLOSE_RANGE_CLOEXEC,
        )
    };
}

/// Those of root but for reading files of any owner: the video may be anybody's. Without the rest
/// root's processes are as closed to a decoder as those of other users, what is known of their
/// environment and memory under `/proc` included (capabilities(7), ptrace(2)). With no new
/// privileges to be had, exec gives none of them back.
fn give_up_capabilities() -> io::Result<()> {
    let now = rustix::thread::capabilities(None)?.permitted;
    let kept = now & CapabilitySet::DAC_READ_SEARCH;
    let sets = CapabilitySets {
        effective: kept,
        permitted: kept,
        inheritable: CapabilitySet::empty(),
    };
    Ok(rustix::thread::set_capabilities(None, sets)?)
}

fn restrict(rules: &OwnedFd) -> io::Result<()> {
    const LANDLOCK_RESTRICT_SELF: libc::c_long = 446;
    // SAFETY: the descriptor is open as long as `rules` is borrowed; no memory is passed.
    succeeded(unsafe { libc::syscall(LANDLOCK_RESTRICT_SELF, rules.as_raw_fd(), 0) })
}

fn succeeded(result: libc::c_long) -> io::Result<()> {
    match result {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
