//! Every system call number there is, each tried by a process of its own.

use super::list::{self, AllowedCall, ArgumentCheck, LoadsCode};
use super::{first_newer, number};
use crate::process::sandbox::Sandbox;
use crate::process::sandbox::{FileAccess, ResourceLimits, confine};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What no call on the list does when it is asked for nonsense.
const EPERM: i32 = libc::EPERM;
const ENOSYS: i32 = libc::ENOSYS;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Error(i32),
    /// It was killed, by us where it never came back, or did not say.
    None,
}

/// A program that makes one call.
fn built(folder: &TempDir, linked: &[&str]) -> std::path::PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/process/sandbox/calls/every.c");
    let program = folder.path().join("every");
    let mut cc = Command::new("cc");
    cc.args(linked)
        .args(["-O1", "-w", "-o"])
        .args([&program, &source]);
    assert!(cc.status().unwrap().success());
    program
}

fn answer(program: &Path, call: i64, argument: i64) -> Answer {
    // Files stay open, so that the list alone answers.
    let list_alone = Sandbox {
        files: FileAccess::Open,
        calls: true,
        user: false,
    };
    let mut command = Command::new(program);
    command.args([call.to_string(), argument.to_string()]);
    command.env_clear().current_dir("/").stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let resources = ResourceLimits::FOR_QUESTIONS;
    confine(&mut command, list_alone, None, resources)
        .unwrap()
        .begin()
        .unwrap();
    let mut child = command.spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(5);
    while child.try_wait().unwrap().is_none() {
        // Only what is on the list can wait for ever.
        let waits_by_nature = list::of(LoadsCode::Libraries).any(|on_list| on_list.number == call);
        let patience = if waits_by_nature { 300 } else { 5000 };
        if Instant::now() + Duration::from_millis(5000 - patience) > until {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let said = child.wait_with_output().unwrap().stdout;
    let said = String::from_utf8_lossy(&said).parse();
    said.map_or(Answer::None, Answer::Error)
}

/// Whether the list lets it through when all arguments are `argument`.
fn allows(call: &AllowedCall, argument: i64) -> bool {
    let low = argument as u32;
    let holds = |check: &ArgumentCheck| match *check {
        ArgumentCheck::Is(_, value) => low == value,
        ArgumentCheck::Bits(_, mask, value) => low & mask == value,
        ArgumentCheck::Null(_) => argument == 0,
    };
    call.if_any.is_empty() || call.if_any.iter().any(|row| row.iter().all(holds))
}

/// `uretprobe` and `uprobe` of x86_64: the kernel makes them for whoever traces a program, and
/// shows them to no filter. Made by the program itself they end it or fail.
fn never_filtered(call: i64) -> bool {
    cfg!(target_arch = "x86_64") && (335..=336).contains(&call)
}

/// What the list says of it. None: it is let through, and the kernel answers.
fn expected(call: i64, argument: i64) -> Option<i32> {
    let unknown = call == libc::SYS_clone3 || u32::try_from(call).unwrap() >= first_newer();
    match list::of(LoadsCode::Libraries).find(|on_list| on_list.number == call) {
        Some(on_list) if allows(on_list, argument) => None,
        None if unknown => Some(ENOSYS),
        _ => Some(EPERM),
    }
}

/// Numbers of the kernel's own calls, some that it does not have yet, and those of the x32 ABI.
fn numbers() -> impl Iterator<Item = i64> {
    const X32: i64 = 1 << 30;
    let newest = 480;
    let x32 = (0..newest)
        .step_by(7)
        .chain(512..548)
        .map(|call| X32 + call);
    (0..newest).chain([512, 547, 1000, X32 - 1]).chain(x32)
}

#[test]
fn every_system_call_is_answered_as_the_list_says() {
    let folder = tempfile::tempdir().unwrap();
    let program = built(&folder, &[]);
    let tried: Vec<_> = numbers().flat_map(|call| [(call, -1), (call, 0)]).collect();
    let (mut wrong, mut passed) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        let halves = tried.chunks(tried.len().div_ceil(4)).map(|part| {
            scope.spawn(|| {
                let answers = part.iter().map(|&(call, argument)| {
                    let expected = expected(call, argument);
                    (call, argument, expected, answer(&program, call, argument))
                });
                answers.collect::<Vec<_>>()
            })
        });
        for half in halves.collect::<Vec<_>>() {
            for (call, argument, expected, answer) in half.join().unwrap() {
                let right = match expected {
                    _ if never_filtered(call) => answer != Answer::Error(0),
                    Some(error) => answer == Answer::Error(error),
                    // The kernel's own word for an operation that there is none.
                    None if call == libc::SYS_futex => answer != Answer::Error(EPERM),
                    None => !matches!(answer, Answer::Error(EPERM | ENOSYS)),
                };
                passed += usize::from(expected.is_none());
                if !right {
                    wrong.push(format!("{call}({argument}): {answer:?}, not {expected:?}"));
                }
            }
        }
    });
    assert_eq!(wrong, [] as [String; 0]);
    // Both ways were seen.
    assert!(
        passed > list::of(LoadsCode::Libraries).count() && passed < tried.len() / 4,
        "{passed}"
    );
}

/// Each with an argument that those of the longer list are let through with: for mmap it is that
/// a file is executable.
#[test]
fn a_static_program_loads_no_code_and_makes_no_call_of_a_loader() {
    let folder = tempfile::tempdir().unwrap();
    let program = built(&folder, &["-static"]);
    let (read, execute) = (1, libc::PROT_EXEC.into());
    assert_ne!(answer(&program, libc::SYS_mmap, read), Answer::Error(EPERM));
    let all = list::of(LoadsCode::Libraries).map(|call| call.number);
    let kept: Vec<_> = list::of(LoadsCode::Nothing)
        .map(|call| call.number)
        .collect();
    let left_out: Vec<_> = all.filter(|call| !kept.contains(call)).collect();
    assert!(left_out.contains(&libc::SYS_pread64), "{left_out:?}");
    for call in left_out.into_iter().chain([libc::SYS_mmap]) {
        assert_eq!(
            answer(&program, call, execute),
            Answer::Error(EPERM),
            "{call}"
        );
    }
    let program = built(&folder, &[]);
    for call in [libc::SYS_mmap, libc::SYS_pread64] {
        assert_ne!(
            answer(&program, call, execute),
            Answer::Error(EPERM),
            "{call}"
        );
    }
}

#[test]
fn no_call_is_listed_twice_and_the_list_can_be_read() {
    for loads in [LoadsCode::Libraries, LoadsCode::Nothing] {
        let mut all: Vec<_> = list::of(loads)
            .map(|call| (number(call.number), call.name))
            .collect();
        all.sort_unstable();
        let before = all.len();
        all.dedup_by_key(|call| call.0);
        assert_eq!(all.len(), before);
        eprintln!("{loads:?}: {all:?}; from {} on: ENOSYS", first_newer());
    }
}
