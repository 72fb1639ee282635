//! A static ffmpeg out of a Python wheel with a known checksum: reachable wherever a package
//! index is, even where the builders' own servers are not.

use super::cache::FfmpegCache;
use super::checksum::expect_sha256;
use super::{Ffmpeg, Origin, pip};
use crate::process::query;
use std::fs::{self, File};
use std::io::{self, Seek};
use std::path::{Path, PathBuf};
use std::time::Duration;
use zip::ZipArchive;

/// One build of `imageio-ffmpeg`, the package that carries ffmpeg.
struct PinnedWheel {
    platform: &'static str,
    sha256: &'static str,
    member: &'static str,
    /// Of the program itself.
    program_sha256: &'static str,
}

const PACKAGE: &str = "imageio-ffmpeg==0.8.1";

/// Its folder in the cache.
const KEPT_AS: &str = "ffmpeg-9.0.2";

const X86_64: PinnedWheel = PinnedWheel {
    platform: "manylinux_2_28_x86_64",
    sha256: "050d6850601c3b3890bd2b28306f3b842b3daea390a561101174375a1c460bda",
    member: "imageio_ffmpeg/binaries/ffmpeg-linux-x86_64-v9.0.2",
    program_sha256: "0d709a0bed1a43f24cd2c420878c63afea4580671b6949ad19ed124572f3bc3d",
};

const AARCH64: PinnedWheel = PinnedWheel {
    platform: "manylinux_2_28_aarch64",
    sha256: "fad3176f859b25869e60a8ed79957d4e3ed74a97a95e5f0cdcb91455f6c6d00e",
    member: "imageio_ffmpeg/binaries/ffmpeg-linux-aarch64-v9.0.2",
    program_sha256: "0b0b5ac30495b4e07ce1321b8d58200f901f57782884a8b6b264c7528c2c9e77",
};

/// A slow line takes minutes for 30 MB.
const PATIENCE: Duration = Duration::from_secs(600);

/// The pinned ffmpeg in the cache, every byte of it as it was when it was pinned; none where there
/// is none. An error says why the one there can't be trusted.
pub(super) fn kept(cache: &FfmpegCache) -> Result<Option<Ffmpeg>, String> {
    cache.find(KEPT_AS, for_this_machine()?.program_sha256)
}

/// Downloads, checks and keeps the pinned ffmpeg, or says why not.
pub(super) fn unpack(cache: &FfmpegCache, say: &mut dyn FnMut(&str)) -> Result<Ffmpeg, String> {
    let wheel = for_this_machine()?;
    let scratch = cache.scratch()?;
    say(&format!("fetching a pinned ffmpeg by pip: {PACKAGE}"));
    let archive = fetch(wheel, scratch.path())?;
    say("checking and unpacking it");
    let program = scratch.path().join("ffmpeg");
    open(wheel, &archive, &program).map_err(|error| error.to_string())?;
    cache.keep(&program, Origin::Wheel, |_| KEPT_AS.to_owned())
}

fn for_this_machine() -> Result<&'static PinnedWheel, String> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Ok(&X86_64),
        ("linux", "aarch64") => Ok(&AARCH64),
        (os, arch) => Err(format!("none is pinned for {arch} {os}")),
    }
}

fn fetch(wheel: &PinnedWheel, folder: &Path) -> Result<PathBuf, String> {
    let empty = folder.join("empty");
    fs::create_dir(&empty).map_err(|error| error.to_string())?;
    let mut pip = pip::command(&empty);
    pip.args(["download", "--quiet", "--disable-pip-version-check"])
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
    let said = query::output(&mut pip, PATIENCE).map_err(|error| format!("python3: {error}"))?;
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
fn open(wheel: &PinnedWheel, archive: &Path, program: &Path) -> io::Result<()> {
    let mut file = File::open(archive)?;
    expect_sha256(&mut file, wheel.sha256, "the wheel")?;
    file.rewind()?;
    let mut members = ZipArchive::new(file).map_err(io::Error::other)?;
    let mut member = members.by_name(wheel.member).map_err(io::Error::other)?;
    let mut out = File::create_new(program)?;
    io::copy(&mut member, &mut out)?;
    out.sync_all()?;
    drop(out);
    expect_sha256(
        &mut File::open(program)?,
        wheel.program_sha256,
        "the program",
    )
}
