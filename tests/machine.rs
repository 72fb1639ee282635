//! Tells the compiler what this machine has that some tests need, so that those that can't run
//! here are listed as ignored, each with its reason, rather than pass.
//!
//! It is the build script of the suites. Each need is a `cfg`:
//!
//! | | is there where |
//! |---|---|
//! | `browser` | there is Chromium, as Debian's package has it |
//! | `corpus` | `VOD_SNAPSHOT_CORPUS` is set (see `corpus.rs`) |
//! | `layer` | `VOD_SNAPSHOT_LAYER` names the folder of a built layer |
//! | `jq` | there are jq and curl |
//! | `node` | there are node and npm |
//! | `promtool` | there is Prometheus' promtool |
//! | `root` | the build runs as root |
//! | `mounts` | the build may mount file systems |
//! | `sandbox` | the kernel can confine a decoder at the level `full` |
//!
//! `VOD_SNAPSHOT_TESTS_WITHOUT`, a list such as `node,mounts`, takes needs other than
//! `corpus` away. What is there
//! and does not work fails the tests that need it.
#![allow(
    clippy::print_stdout,
    reason = "that is how a build script tells cargo"
)]

mod corpus;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

const WITHOUT: &str = "VOD_SNAPSHOT_TESTS_WITHOUT";
const LAYER: &str = "VOD_SNAPSHOT_LAYER";

/// From `linux/capability.h`.
const CAP_SYS_ADMIN: u32 = 21;

fn main() {
    corpus::main();
    let without = std::env::var(WITHOUT).unwrap_or_default();
    let without: Vec<&str> = without.split(',').map(str::trim).collect();
    let needs = [
        ("browser", answers("chromium")),
        ("layer", std::env::var_os(LAYER).is_some()),
        ("jq", answers("jq") && answers("curl")),
        ("node", answers("node") && answers("npm")),
        ("promtool", answers("promtool")),
        ("root", is_root()),
        ("mounts", may_mount()),
        ("sandbox", can_confine()),
    ];
    // What a user may, and finds, goes with these.
    for variable in [WITHOUT, LAYER, "USER", "HOME", "PATH"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    for (need, is_there) in needs {
        println!("cargo::rustc-check-cfg=cfg({need})");
        if is_there && !without.contains(&need) {
            println!("cargo::rustc-cfg={need}");
        }
    }
}

fn answers(program: &str) -> bool {
    let said = Command::new(program).arg("--version").output();
    said.is_ok_and(|said| said.status.success())
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn may_mount() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let effective = effective.and_then(|set| u64::from_str_radix(set.trim(), 16).ok());
    effective.is_some_and(|set| set >> CAP_SYS_ADMIN & 1 == 1)
}

/// Landlock, and a user of its own for each decoder: root's, or one of a user namespace. Where the
/// list of security modules can't be read it is taken to be whole.
fn can_confine() -> bool {
    let modules = fs::read_to_string("/sys/kernel/security/lsm");
    let has_landlock = modules.map_or(true, |modules| modules.contains("landlock"));
    let mut namespace = Command::new("unshare");
    namespace.args(["--user", "true"]);
    has_landlock && (is_root() || namespace.status().is_ok_and(|status| status.success()))
}
