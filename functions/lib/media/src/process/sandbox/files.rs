//! The files a decoder may open: Landlock, since Linux 5.13.

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetError, Scope,
};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Where systems keep shared libraries, and the list of them. Nothing in there is secret.
const LIBRARIES: [&str; 7] = [
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/nix/store",
    "/etc/ld.so.cache",
];

/// Rules that let `program` start and read `input`, and nothing else.
pub(super) fn rules(program: &Path, input: Option<&OwnedFd>) -> io::Result<OwnedFd> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let start = AccessFs::ReadFile | AccessFs::Execute;
    let mut rules = empty().map_err(io::Error::other)?;
    for folder in LIBRARIES {
        rules = allow(rules, Path::new(folder), read)?;
    }
    // Builds that bring their libraries keep them beside the program's folder.
    if let Some(own) = program.parent().and_then(Path::parent) {
        rules = allow(rules, &own.join("lib"), read)?;
    }
    rules = allow(rules, program, start)?;
    if let Some(loader) = interpreter(program) {
        rules = allow(rules, &loader, start)?;
    }
    if let Some(input) = input {
        let rule = PathBeneath::new(input, AccessFs::ReadFile);
        rules = rules.add_rule(rule).map_err(io::Error::other)?;
    }
    let handle: Option<OwnedFd> = rules.into();
    handle.ok_or_else(|| io::Error::other("this system has no Landlock"))
}

/// Newer kernels can refuse more; what this one does not know is left out.
fn empty() -> Result<RulesetCreated, RulesetError> {
    Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V4))?
        .scope(Scope::from_all(ABI::V6))?
        .create()
}

/// What is not there needs no rule.
fn allow(
    rules: RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
) -> io::Result<RulesetCreated> {
    let Ok(opened) = PathFd::new(path) else {
        return Ok(rules);
    };
    let access = match path.is_dir() {
        true => access,
        false => access & AccessFs::from_file(ABI::V5),
    };
    rules
        .add_rule(PathBeneath::new(opened, access))
        .map_err(io::Error::other)
}

/// The loader that a dynamic program names: its segment of type `PT_INTERP` (System V ABI,
/// chapter 5).
fn interpreter(program: &Path) -> Option<PathBuf> {
    const INTERP: u64 = 3;
    let mut head = Vec::new();
    let file = File::open(program).ok()?;
    file.take(1 << 16).read_to_end(&mut head).ok()?;
    if !head.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let number = |at: usize, bytes: usize| -> Option<u64> {
        let field = head.get(at..at.checked_add(bytes)?)?;
        Some(field.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b)))
    };
    let (table, size, count) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
    let mut segments =
        (0..count).filter_map(|nth| usize::try_from(table.checked_add(nth * size)?).ok());
    let segment = segments.find(|&at| number(at, 4) == Some(INTERP))?;
    let at = usize::try_from(number(segment + 8, 8)?).ok()?;
    let name = head.get(at..)?.split(|&byte| byte == 0).next()?;
    Some(PathBuf::from(OsStr::from_bytes(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_of_a_dynamic_program_is_found() {
        let loader = interpreter(&std::env::current_exe().unwrap()).unwrap();
        assert!(loader.is_file(), "{}", loader.display());
        assert_eq!(interpreter(Path::new("/etc/passwd")), None);
    }
}
