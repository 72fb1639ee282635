//! What the suites share: numbered clips, the real program, a subscriber.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

pub mod barcode;
pub mod bench;
pub mod canary;
pub mod chromium;
pub mod clients;
pub mod clips;
pub mod hooked_ports;
pub mod impostor;
pub mod install;
pub mod judge;
pub mod locked;
pub mod long_clips;
pub mod plain;
pub mod refused;
pub mod server;
pub mod subscriber;
pub mod tls;
pub mod web_server;
pub mod work;

use std::path::PathBuf;

/// The folder of real, malformed and hostile files. Tests that need it are ignored where no
/// variable names it (see `machine.rs`).
///
/// # Panics
/// It is not there.
#[must_use]
pub fn corpus() -> PathBuf {
    const VARIABLE: &str = "VOD_SNAPSHOT_CORPUS";
    let folder = std::env::var_os(VARIABLE).map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| panic!("{VARIABLE} is not set"));
    assert!(folder.is_absolute(), "{VARIABLE} is to be an absolute path");
    let found = folder.canonicalize();
    found.unwrap_or_else(|cause| panic!("{VARIABLE}: {}: {cause}", folder.display()))
}

/// 250 numbered frames at 25 a second, H.264 with B-frames, 640x360.
#[must_use]
pub fn numbered_clip() -> PathBuf {
    let ffmpegs = clips::ffmpegs();
    let clip = clips::Recipe::h264("numbered").clip(&ffmpegs[0].path);
    clip.canonicalize().unwrap()
}

/// The pixels of a JPEG, PNG or WebP.
///
/// # Panics
/// It is none of these.
#[must_use]
pub fn decoded(file: &[u8]) -> image::RgbImage {
    if !file.starts_with(b"RIFF") {
        return image::load_from_memory(file).unwrap().to_rgb8();
    }
    let picture = webp::Decoder::new(file).decode().unwrap();
    image::RgbImage::from_raw(picture.width(), picture.height(), picture.to_vec()).unwrap()
}

/// The number a picture carries.
#[must_use]
pub fn number(picture: &image::RgbImage) -> Option<u64> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    barcode::read(picture.as_raw(), width, height).map(u64::from)
}
