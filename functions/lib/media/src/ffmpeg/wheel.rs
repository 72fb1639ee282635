//! A static ffmpeg out of a Python wheel with a known checksum: reachable wherever a package
//! index is, even where the builders' own servers are not.

use super::cache::Cache;
use super::{Ffmpeg, Origin};
use crate::process::brief;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use zip::ZipArchive;

/// One build of `imageio-ffmpeg`, the package that carries ffmpeg.
struct Wheel {
    platform: &'static str,
    sha256: &'static str,
    member: &'static str,
    /// Of the program itself, where it was recorded.
    program_sha256: Option<&'static str>,
}

const PACKAGE: &str = "imageio-ffmpeg==0.8.1";

const X86_64: Wheel = Wheel {
    platform: "manylinux_2_28_x86_64",
    sha256: "050d6850601c3b3890bd2b28306f3b842b3daea390a561101174375a1c460bda",
    member: "imageio_ffmpeg/binaries/ffmpeg-linux-x86_64-v9.0.2",
    program_sha256: Some("0d709a0bed1a43f24cd2c420878c63afea4580671b6949ad19ed124572f3bc3d"),
};

const AARCH64: Wheel = Wheel {
    platform: "manylinux_2_28_aarch64",
    sha256: "fad3176f859b25869e60a8ed79957d4e3ed74a97a95e5f0cdcb91455f6c6d00e",
    member: "imageio_ffmpeg/binaries/ffmpeg-linux-aarch64-v9.0.2",
    program_sha256: None,
};

/// A slow line takes minutes for 30 MB.
const PATIENCE: Duration = Duration::from_secs(600);

/// Downloads, checks and keeps the pinned ffmpeg, or says why not.
pub(super) fn unpack(cache: &Cache, say: &mut dyn FnMut(&str)) -> Result<Ffmpeg, String> {
    let wheel = for_this_machine()?;
    let scratch = cache.scratch().map_err(|error| error.to_string())?;
    say(&format!("fetching a pinned ffmpeg by pip: {PACKAGE}"));
    let archive = fetch(wheel, scratch.path())?;
    say("checking and unpacking it");
    let program = scratch.path().join("ffmpeg");
    open(wheel, &archive, &program).map_err(|error| error.to_string())?;
    cache.keep(&program, Origin::Wheel)
}

fn for_this_machine() -> Result<&'static Wheel, String> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Ok(&X86_64),
        ("linux", "aarch64") => Ok(&AARCH64),
        (os, arch) => Err(format!("none is pinned for {arch} {os}")),
    }
}

fn fetch(wheel: &Wheel, folder: &Path) -> Result<PathBuf, String> {
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
    ])
    .args([
        "--timeout",
        "15",
        "--retries",
        "1",
        "--no-deps",
        "--only-binary=:all:",
    ])
    .args(["--platform", wheel.platform, "--dest"])
    .arg(folder)
    .arg(PACKAGE);
    let said = brief::output(&mut pip, PATIENCE).map_err(|error| format!("python3: {error}"))?;
    if !said.success {
        let last = said
            .stderr
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty());
        return Err(format!("pip: {}", last.unwrap_or("no word").trim()));
    }
    let mut files = fs::read_dir(folder)
        .map_err(|error| error.to_string())?
        .flatten();
    let wheel = files.find(|file| file.path().extension().is_some_and(|kind| kind == "whl"));
    wheel
        .map(|file| file.path())
        .ok_or_else(|| "pip wrote no wheel".to_owned())
}

/// Checks before it unpacks anything.
fn open(wheel: &Wheel, archive: &Path, program: &Path) -> io::Result<()> {
    let mut file = File::open(archive)?;
    expect_sha256(&mut file, wheel.sha256, "the wheel")?;
    file.rewind()?;
    let mut members = ZipArchive::new(file).map_err(io::Error::other)?;
    let mut member = members.by_name(wheel.member).map_err(io::Error::other)?;
    let mut out = File::create_new(program)?;
    io::copy(&mut member, &mut out)?;
    out.sync_all()?;
    drop(out);
    match wheel.program_sha256 {
        Some(sha256) => expect_sha256(&mut File::open(program)?, sha256, "the program"),
        None => Ok(()),
    }
}

fn expect_sha256(file: &mut impl Read, expected: &str, what: &str) -> io::Result<()> {
    let mut sum = Sha256::new();
    let mut block = vec![0; 1 << 16];
    loop {
        match file.read(&mut block)? {
            0 => break,
            read => sum.update(&block[..read]),
        }
    }
    let found: String = sum
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if found == expected {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{what} has the checksum {found}, not {expected}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_is_refused() {
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        expect_sha256(&mut &b"abc"[..], sum, "x").unwrap();
        let error = expect_sha256(&mut &b"abd"[..], sum, "the wheel").unwrap_err();
        assert!(
            error.to_string().contains("the wheel has the checksum"),
            "{error}"
        );
    }
}
