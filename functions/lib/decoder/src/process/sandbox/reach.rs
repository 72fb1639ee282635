//! The files that a decoder needs.

use super::calls::LoadsCode;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
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
        let (loader, libraries) = match linking(program) {
            Linking::Static => (None, Vec::new()),
            Linking::Dynamic { loader } => (Some(loader), libraries(program)),
            // A script, say: what it starts may need them.
            Linking::Unknown => (None, libraries(program)),
        };
        Self {
            program,
            loader,
            libraries,
            input,
        }
    }
}

/// What code `program` loads once it runs.
pub(super) fn loads_code(program: &Path) -> LoadsCode {
    match linking(program) {
        Linking::Static => LoadsCode::Nothing,
        Linking::Dynamic { .. } | Linking::Unknown => LoadsCode::Libraries,
    }
}

fn libraries(program: &Path) -> Vec<PathBuf> {
    let mut libraries: Vec<_> = LIBRARIES.iter().map(PathBuf::from).collect();
    // Builds that bring their libraries keep them beside the program's folder.
    if let Some(own) = program.parent().and_then(Path::parent) {
        libraries.push(own.join("lib"));
    }
    libraries
}

/// How a program gets the code that is not in its file.
#[derive(Debug, PartialEq, Eq)]
enum Linking {
    /// It has all of it.
    Static,
    /// The loader that it names opens shared libraries.
    Dynamic { loader: PathBuf },
    /// It is no program of 64 bits, or a damaged one.
    Unknown,
}

fn linking(program: &Path) -> Linking {
    let mut head = Vec::new();
    let read = File::open(program).and_then(|file| file.take(1 << 16).read_to_end(&mut head));
    match read {
        Ok(_) => linking_of(&head).unwrap_or(Linking::Unknown),
        Err(_) => Linking::Unknown,
    }
}

/// By its segment of type `PT_INTERP`, which names the loader (System V ABI, chapter 5).
fn linking_of(head: &[u8]) -> Option<Linking> {
    const INTERP: u64 = 3;
    if !head.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let number = |at: usize, bytes: usize| -> Option<u64> {
        let field = head.get(at..at.checked_add(bytes)?)?;
        Some(field.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b)))
    };
    let (table, size, count) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
    for nth in 0..count {
        let at = usize::try_from(table.checked_add(nth.checked_mul(size)?)?).ok()?;
        if number(at, 4)? == INTERP {
            let at = usize::try_from(number(at.checked_add(8)?, 8)?).ok()?;
            let name = head.get(at..)?.split(|&byte| byte == 0).next()?;
            let loader = PathBuf::from(OsStr::from_bytes(name));
            return Some(Linking::Dynamic { loader });
        }
    }
    // A relocatable object has no segments at all.
    (count > 0).then_some(Linking::Static)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_of_a_dynamic_program_is_found() {
        let this = std::env::current_exe().unwrap();
        let Linking::Dynamic { loader } = linking(&this) else {
            panic!("{:?}", linking(&this));
        };
        assert!(loader.is_file(), "{}", loader.display());
        let reach = NeededFiles::of(&this, None);
        assert!(reach.libraries.contains(&PathBuf::from("/usr/lib")));
        let script = NeededFiles::of(Path::new("/etc/passwd"), None);
        assert_eq!(script.libraries, libraries(Path::new("/etc/passwd")));
        assert_eq!(linking(Path::new("/nowhere")), Linking::Unknown);
    }

    #[test]
    fn a_static_program_may_open_no_library() {
        let folder = tempfile::tempdir().unwrap();
        let (source, program) = (folder.path().join("p.c"), folder.path().join("p"));
        std::fs::write(&source, "int main(void) { return 0; }").unwrap();
        let mut cc = std::process::Command::new("cc");
        cc.arg("-static").arg("-o").args([&program, &source]);
        assert!(cc.status().unwrap().success());
        assert_eq!(linking(&program), Linking::Static);
        let reach = NeededFiles::of(&program, None);
        assert_eq!((reach.loader, reach.libraries.len()), (None, 0));
    }

    /// A damaged one is not taken for static: its loader may still find its way.
    #[test]
    fn a_program_that_cannot_be_read_to_its_end_may_open_libraries() {
        let whole = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert_eq!(linking_of(&whole[..80]), None);
        assert_eq!(linking_of(b"#!/bin/sh"), None);
    }
}
