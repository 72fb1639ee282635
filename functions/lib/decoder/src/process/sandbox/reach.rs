//! The files that a decoder needs.

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

/// What `program` may open to start and to read its input.
#[derive(Debug)]
pub(super) struct NeededFiles<'a> {
    pub(super) program: &'a Path,
    /// The one that a dynamic program names.
    pub(super) loader: Option<PathBuf>,
    /// Folders, and files where it is one.
    pub(super) libraries: Vec<PathBuf>,
    /// The descriptor that it inherits.
    pub(super) input: Option<&'a OwnedFd>,
}

impl<'a> NeededFiles<'a> {
    pub(super) fn of(program: &'a Path, input: Option<&'a OwnedFd>) -> Self {
        let mut libraries: Vec<_> = LIBRARIES.iter().map(PathBuf::from).collect();
        // Builds that bring their libraries keep them beside the program's folder.
        if let Some(own) = program.parent().and_then(Path::parent) {
            libraries.push(own.join("lib"));
        }
        Self {
            program,
            loader: interpreter(program).unwrap_or_default(),
            libraries,
            input,
        }
    }
}

/// The loader that a dynamic program names: its segment of type `PT_INTERP` (System V ABI,
/// chapter 5).
fn interpreter(program: &Path) -> io::Result<Option<PathBuf>> {
    let mut head = Vec::new();
    File::open(program)?.take(1 << 16).read_to_end(&mut head)?;
    Ok(named_in(&head))
}

fn named_in(head: &[u8]) -> Option<PathBuf> {
    const INTERP: u64 = 3;
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
    let at = usize::try_from(number(segment.checked_add(8)?, 8)?).ok()?;
    let name = head.get(at..)?.split(|&byte| byte == 0).next()?;
    Some(PathBuf::from(OsStr::from_bytes(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_of_a_dynamic_program_is_found() {
        let this = std::env::current_exe().unwrap();
        let loader = interpreter(&this).unwrap().unwrap();
        assert!(loader.is_file(), "{}", loader.display());
        assert_eq!(interpreter(Path::new("/etc/passwd")).unwrap(), None);
    }
}
