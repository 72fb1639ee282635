//! Tells the compiler whether there is the media corpus: `corpus` is set where the variable
//! `VOD_SNAPSHOT_CORPUS` names its folder. Tests that need it are listed as ignored, each with this
//! reason, elsewhere. It is the build script of library crates with such tests; the suites have
//! [`machine.rs`](machine.rs).
#![allow(
    clippy::print_stdout,
    reason = "that is how a build script tells cargo"
)]

const CORPUS: &str = "VOD_SNAPSHOT_CORPUS";

/// Sets `corpus`; `machine.rs` calls it, too.
pub fn main() {
    println!("cargo::rerun-if-env-changed={CORPUS}");
    println!("cargo::rustc-check-cfg=cfg(corpus)");
    if std::env::var_os(CORPUS).is_some_and(|folder| !folder.is_empty()) {
        println!("cargo::rustc-cfg=corpus");
    }
}
