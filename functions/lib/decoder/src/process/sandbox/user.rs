//! Whose process a decoder is: a user's of its own, where the kernel lets us make it so.
//!
//! Root gives it a number that no other process has. Anybody else gives it a user namespace,
//! where the kernel lets ordinary users have one. Either way it has no rights over processes,
//! shared memory or queues of others, and the kernel bounds the number of its threads without
//! counting ours.

use plan::MOST_DECODER_THREADS;
use rustix::process::{Gid, Uid};
use rustix::thread::{CapabilitySet, CapabilitySets, UnshareFlags};
use std::fs;
use std::io;

/// Users of decoders are numbered from here by process. No distribution gives these numbers out,
/// nor does systemd.
const FIRST: u32 = 0x7f00_0000;
/// What the number of a process is below.
const MOST_PROCESSES: u32 = 1 << 22;
/// nobody
const NOBODY: u32 = 65534;

/// The namespace beside that of users. None of the network or of mounts: no socket and no mount is
/// to be had anyhow, and each takes longer to make than all the rest. None of processes: it would
/// have to be another process in between, and there is no call left that names one.
const SPACES: UnshareFlags = UnshareFlags::NEWIPC;

/// How a decoder gets a user of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum DecoderUser {
    /// Another number.
    Number {
        /// One for all, where numbers are scarce, as they are in a container.
        shared: bool,
        /// What is left to it of root's powers, so that it can read the videos of anybody.
        reads: CapabilitySet,
    },
    /// The same number in a user namespace.
    Namespace {
        /// Whether the kernel counts processes by namespace.
        counted: bool,
    },
}

impl DecoderUser {
    /// What this process can give.
    pub(super) fn here() -> io::Result<Self> {
        let have = rustix::thread::capabilities(None)?.effective;
        let change = CapabilitySet::SETUID | CapabilitySet::SETGID | CapabilitySet::KILL;
        let read = [CapabilitySet::DAC_READ_SEARCH, CapabilitySet::DAC_OVERRIDE];
        let reads = read.into_iter().find(|&read| have.contains(read));
        match reads {
            Some(reads) if have.contains(change) => Ok(Self::Number {
                shared: !(is_mapped("uid_map")? && is_mapped("gid_map")?),
                reads,
            }),
            _ => Ok(Self::Namespace {
                counted: counts_by_namespace(),
            }),
        }
    }

    /// Between fork and exec: system calls only.
    pub(super) fn become_it(self) -> io::Result<()> {
        match self {
            Self::Number { shared, reads } => number(shared, reads),
            Self::Namespace { .. } => namespace(),
        }
    }

    /// How many threads the kernel is to let it have; none where it would count those of others.
    /// Computes only, as what is made between fork and exec must.
    pub(super) fn most_threads(self) -> Option<u64> {
        match self {
            Self::Number { shared: false, .. } => Some(MOST_DECODER_THREADS),
            Self::Number { shared: true, .. } => None,
            Self::Namespace { counted } => counted.then_some(MOST_DECODER_THREADS),
        }
    }
}

fn number(shared: bool, reads: CapabilitySet) -> io::Result<()> {
    // One wall more, where we may.
    let _ = unshare(SPACES);
    let process = rustix::process::getpid().as_raw_nonzero().get();
    let number = match shared {
        true => NOBODY,
        false => FIRST + process.unsigned_abs() % MOST_PROCESSES,
    };
    rustix::thread::set_keep_capabilities(true)?;
    rustix::thread::set_thread_groups(&[])?;
    let (user, group) = (Uid::from_raw(number), Gid::from_raw(number));
    rustix::thread::set_thread_res_gid(group, group, group)?;
    rustix::thread::set_thread_res_uid(user, user, user)?;
    let only = CapabilitySets {
        effective: reads,
        permitted: reads,
        inheritable: reads,
    };
    rustix::thread::set_capabilities(None, only)?;
    rustix::thread::configure_capability_in_ambient_set(reads, true)?;
    Ok(())
}

/// No number is mapped there: it is nobody to itself, and who it was to all files.
fn namespace() -> io::Result<()> {
    unshare(UnshareFlags::NEWUSER | SPACES).or_else(|_| unshare(UnshareFlags::NEWUSER))?;
    let none = CapabilitySets {
        effective: CapabilitySet::empty(),
        permitted: CapabilitySet::empty(),
        inheritable: CapabilitySet::empty(),
    };
    Ok(rustix::thread::set_capabilities(None, none)?)
}

#[allow(unsafe_code)]
fn unshare(flags: UnshareFlags) -> io::Result<()> {
    // SAFETY: descriptors stay shared as they are; this process has one thread, as after every
    // fork.
    Ok(unsafe { rustix::thread::unshare_unsafe(flags) }?)
}

/// Whether the numbers of decoders exist in the user namespace of this process: lines of first
/// number inside, first number outside, count.
fn is_mapped(map: &str) -> io::Result<bool> {
    let map = fs::read_to_string(format!("/proc/self/{map}"))?;
    Ok(map.lines().any(|line| {
        let mut numbers = line.split_whitespace().map(str::parse::<u64>);
        let (Some(Ok(first)), Some(_), Some(Ok(count))) =
            (numbers.next(), numbers.next(), numbers.next())
        else {
            return false;
        };
        first <= FIRST.into() && u64::from(FIRST + MOST_PROCESSES) <= first.saturating_add(count)
    }))
}

/// Since Linux 5.14; before, all processes of the user counted, wherever they were.
fn counts_by_namespace() -> bool {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut parts = release.split(|c: char| !c.is_ascii_digit());
    let mut next = || parts.next().and_then(|part| part.parse::<u32>().ok());
    let version = (next().unwrap_or(0), next().unwrap_or(0));
    version >= (5, 14)
}
