//! The arguments of commands that take pictures.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct DecoderArgs {
    /// The ffmpeg binary to use. Default: the first usable one in PATH, else in the user's cache,
    /// else a download.
    #[arg(long, env = "VOD_SNAPSHOT_FFMPEG", value_name = "FILE")]
    pub(crate) ffmpeg: Option<PathBuf>,
    /// Which ffmpeg build to download if none is found.
    #[arg(
        long,
        env = "VOD_SNAPSHOT_FFMPEG_DOWNLOAD",
        value_name = "BUILD",
        default_value = "pinned"
    )]
    pub(crate) ffmpeg_download: FfmpegDownload,
    /// JPEG quality of the pictures, 1 to 100.
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) quality: u8,
    /// Overrides a resource limit. Can be given more than once. A limit of bytes may have a unit, such as
    /// 500MB, 1GB (1000 MB) or 1GiB (1024 MiB). docs/operations.md lists the limits.
    #[arg(long = "limit", value_name = "NAME=VALUE")]
    pub(crate) limits: Vec<plan::LimitSetting>,
    /// The least sandbox of decoder processes to start with: limits, syscalls, files or full.
    #[arg(
        long,
        env = "VOD_SNAPSHOT_REQUIRE_CONFINEMENT",
        value_name = "LEVEL",
        default_value = "limits"
    )]
    pub(crate) require_confinement: ::decoder::SandboxLevel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FfmpegDownload {
    /// A pinned version with a known checksum, from PyPI.
    Pinned,
    /// The newest upstream build. Its checksum is not known in advance.
    Latest,
    /// Do not download.
    Off,
}

impl DecoderArgs {
    pub(crate) fn limits(&self) -> plan::Limits {
        plan::Limits::default().with(self.limits.iter().copied())
    }
}
