//! What is to be measured.

use clap::{Parser, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Parser)]
#[command(about = "Our engine beside others, as ratios", bin_name = "peers")]
pub(crate) struct Arguments {
    /// The video; without it numbered clips are made.
    pub(crate) video: Option<PathBuf>,
    /// What to do; may be given more than once. All but memory, bytes, http and containers without it.
    #[arg(long = "job", value_name = "NAME")]
    named: Vec<JobName>,
    /// Only rows with this text in their first two cells, such as PyAV or "keyframes every 2 s"; may
    /// be given more than once.
    #[arg(long = "row", value_name = "TEXT")]
    rows: Vec<String>,
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
    /// 20 pictures of 10 minutes of SVT-AV1, preset 10.
    SvtFast,
    /// 20 pictures of 10 minutes of SVT-AV1, preset 6.
    SvtSlow,
    /// 20 pictures of 10 minutes of libaom's AV1.
    Libaom,
    /// 20 pictures of 10 minutes of HEVC with four temporal layers.
    HevcLayers,
    /// 10 covers by the command line, a process for each, with the ffmpeg for all and the system's.
    Cover,
    /// The same of keyframes.
    CoverAtKeyframe,
    /// 5 pictures of 10 minutes of a transport stream.
    MpegTs,
    /// 5 pictures of 10 minutes of H.264 4:4:4.
    FullChroma,
    /// 5 pictures of 10 minutes of a Matroska file that has a time twice.
    RepeatedTime,
    /// 5 pictures of 10 minutes of an AVI with B-frames.
    Xvid,
    /// 5 pictures of 10 minutes of an MP4 with an edit list of two parts.
    TwoEdits,
    /// 5 pictures of 10 minutes of an FLV.
    Flv,
    /// Peak memory by number of pictures and length of the clip.
    Memory,
    /// Bytes read of the clips.
    Bytes,
    /// 20 pictures of a clip over HTTP with 30 ms before each answer.
    Http,
    /// 5 pictures of each kind of container in the same way.
    Containers,
}

impl Arguments {
    pub(crate) fn jobs(&self) -> Vec<JobName> {
        if !self.named.is_empty() {
            return self.named.clone();
        }
        let all = JobName::value_variants().iter().copied();
        all.filter(|name| name.has_peers()).collect()
    }

    /// Whether the row that begins with these cells is wanted.
    pub(crate) fn wants(&self, job: &str, peer: &str) -> bool {
        let cells = format!("{job} | {peer}");
        let mut rows = self.rows.iter();
        self.rows.is_empty() || rows.any(|text| cells.contains(text.as_str()))
    }
}

impl JobName {
    /// By the command line: with each ffmpeg that is here, since most of it is starting one.
    pub(crate) fn is_cover(self) -> bool {
        matches!(self, Self::Cover | Self::CoverAtKeyframe)
    }

    pub(crate) fn has_peers(self) -> bool {
        !matches!(
            self,
            Self::Memory | Self::Bytes | Self::Http | Self::Containers
        )
    }
}
