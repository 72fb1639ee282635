//! The system calls a decoder may make: seccomp.
//!
//! A list of what is allowed ([`list`]). All else is refused with an error, not with death, since
//! libraries try things while they load: with EPERM, but with ENOSYS where C libraries fall back
//! on an older call only if the kernel does not know the newer one.

mod list;
#[cfg(test)]
mod tests;

pub(super) use list::LoadsCode;
use list::{AllowedCall, ArgumentCheck};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch, sock_filter,
};
use std::collections::BTreeMap;
use std::io;

/// What starts the decoder: this one `execve`, by the addresses of its three arguments, which lie
/// in our memory. They mean nothing in the program that it becomes, which is not told them either.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExecArguments {
    pub(super) program: u64,
    pub(super) arguments: u64,
    pub(super) environment: u64,
}

/// The filter that lets through what is on the list of a program that loads such code.
pub(super) fn filter(start: ExecArguments, loads: LoadsCode) -> io::Result<BpfProgram> {
    let compiled = compile(start, loads).map_err(|error: BackendError| io::Error::other(error))?;
    Ok([&unknown()[..], &compiled].concat())
}

/// The same, but for what is refused with EPERM, which is asked about instead. `socket` sends the
/// descriptor over which answers are given, which comes to be with the filter.
pub(super) fn asking_filter(start: ExecArguments, loads: LoadsCode) -> io::Result<BpfProgram> {
    let mut program = vec![
        step(LOAD, 0, 0, 0),
        step(IF_EQUAL, 0, 1, number(libc::SYS_sendmsg)),
        step(RETURN, 0, 0, ALLOW),
    ];
    program.extend(filter(start, loads)?);
    for step in &mut program {
        if step.code == RETURN && step.k == ERRNO | libc::EPERM.unsigned_abs() {
            step.k = ASK;
        }
    }
    Ok(program)
}

/// Asks about every opening of a file, and about nothing else.
pub(super) fn asking_to_open() -> BpfProgram {
    #[cfg(target_arch = "x86_64")]
    let older = number(libc::SYS_open);
    #[cfg(not(target_arch = "x86_64"))]
    let older = number(libc::SYS_openat);
    vec![
        step(LOAD, 0, 0, 0),
        step(IF_EQUAL, 1, 0, number(libc::SYS_openat)),
        step(IF_EQUAL, 0, 1, older),
        step(RETURN, 0, 0, ASK),
        step(RETURN, 0, 0, ALLOW),
    ]
}

fn compile(start: ExecArguments, loads: LoadsCode) -> Result<BpfProgram, BackendError> {
    let mut rules: BTreeMap<_, _> = list::of(loads).map(rule).collect::<Result<_, _>>()?;
    let addresses = [start.program, start.arguments, start.environment];
    let conditions = (0..).zip(addresses).map(|(place, address)| {
        SeccompCondition::new(place, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, address)
    });
    let once = SeccompRule::new(conditions.collect::<Result<_, _>>()?)?;
    rules.insert(libc::SYS_execve, vec![once]);
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(rules, refuse, SeccompAction::Allow, arch)?.try_into()
}

fn rule(call: &AllowedCall) -> Result<(i64, Vec<SeccompRule>), BackendError> {
    let rows = call.if_any.iter().map(|row| {
        let conditions = row.iter().map(condition).collect::<Result<_, _>>()?;
        SeccompRule::new(conditions)
    });
    Ok((call.number, rows.collect::<Result<_, _>>()?))
}

fn condition(check: &ArgumentCheck) -> Result<SeccompCondition, BackendError> {
    use SeccompCmpArgLen::{Dword, Qword};
    match *check {
        ArgumentCheck::Is(place, value) => {
            SeccompCondition::new(place, Dword, SeccompCmpOp::Eq, value.into())
        }
        ArgumentCheck::Bits(place, mask, value) => {
            let operator = SeccompCmpOp::MaskedEq(mask.into());
            SeccompCondition::new(place, Dword, operator, value.into())
        }
        ArgumentCheck::Null(place) => SeccompCondition::new(place, Qword, SeccompCmpOp::Eq, 0),
    }
}

const LOAD: u16 = 0x20;
const IF_EQUAL: u16 = 0x15;
const IF_AT_LEAST: u16 = 0x35;
const RETURN: u16 = 0x06;
const ALLOW: u32 = 0x7fff_0000;
const ASK: u32 = 0x7fc0_0000;
const ERRNO: u32 = 0x0005_0000;

fn step(code: u16, jt: u8, jf: u8, k: u32) -> sock_filter {
    sock_filter { code, jt, jf, k }
}

fn number(call: libc::c_long) -> u32 {
    u32::try_from(call).unwrap_or(u32::MAX)
}

/// The first number that is newer than the longer list.
fn first_newer() -> u32 {
    let newest = list::of(LoadsCode::Libraries)
        .map(|call| number(call.number))
        .max();
    newest.map_or(0, |newest| newest + 1)
}

/// Comes before the list: one filter, since of two that refuse a call the later one says how.
/// `clone3` hides its flags in memory; without it the C library uses `clone`. Of numbers newer
/// than the list it tries some and takes an older one for each. Numbers from 2^30 are the same
/// calls once more, for the x32 ABI.
fn unknown() -> [sock_filter; 4] {
    [
        // The number comes first in the record that a filter sees.
        step(LOAD, 0, 0, 0),
        step(IF_EQUAL, 1, 0, number(libc::SYS_clone3)),
        step(IF_AT_LEAST, 0, 1, first_newer()),
        step(RETURN, 0, 0, ERRNO | libc::ENOSYS.unsigned_abs()),
    ]
}
