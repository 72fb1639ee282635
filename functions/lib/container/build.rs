//! Tells the tests whether there is a media corpus: those that need it are listed as ignored where
//! `VOD_SNAPSHOT_CORPUS` does not name one.
#![allow(
    clippy::print_stdout,
    reason = "that is how a build script tells cargo"
)]

const CORPUS: &str = "VOD_SNAPSHOT_CORPUS";

fn main() {
    println!("cargo::rerun-if-env-changed={CORPUS}");
    println!("cargo::rustc-check-cfg=cfg(corpus)");
    if std::env::var_os(CORPUS).is_some() {
        println!("cargo::rustc-cfg=corpus");
    }
}
