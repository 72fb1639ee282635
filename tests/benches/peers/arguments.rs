//! What is to be measured.

use clap::{Parser, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Parser)]
#[command(about = "Our engine beside others, as ratios", bin_name = "peers")]
pub(crate) struct Arguments {
    /// The video; without it numbered clips are made.
    pub(crate) video: Option<PathBuf>,
    /// What to do; may be given more than once. All but memory, bytes and http without it.
    #[arg(long = "job", value_name = "NAME")]
    named: Vec<JobName>,
    /// Turns of each peer; long ones get fewer, as the table says.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) rounds: u16,
    /// The ffmpeg for all; without it the one our engine finds.
    #[arg(long, value_name = "FILE")]
    pub(crate) ffmpeg: Option<PathBuf>,
    /// Said by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum JobName {
    /// 1 picture of 10 minutes.
    One,
    /// 20 pictures of 10 minutes.
    Count20,
    /// 60 keyframes of 10 minutes.
    Intra60,
    /// A sheet of 10 x 10 cells of 160x90 px, of 10 minutes.
    Sprite,
    /// 60 pictures of 10 minutes on two cores and on one.
    Cores,
    /// 600 pictures of 10 minutes.
    EverySecond,
    /// 360 pictures of 60 minutes.
    Hour360,
    /// Peak memory by number of pictures and length of the clip.
    Memory,
    /// Bytes read of the clips.
    Bytes,
    /// 20 pictures of a clip over HTTP with 30 ms before each answer.
    Http,
}

impl Arguments {
    pub(crate) fn jobs(&self) -> Vec<JobName> {
        if !self.named.is_empty() {
            return self.named.clone();
        }
        let all = JobName::value_variants().iter().copied();
        all.filter(|name| name.has_peers()).collect()
    }
}

impl JobName {
    pub(crate) fn has_peers(self) -> bool {
        !matches!(self, Self::Memory | Self::Bytes | Self::Http)
    }
}
