//! The arguments of `snapshot`.

use super::decoder::DecoderArgs;
use crate::time_argument::{self, DURATION_HELP, StepArgument, TimeArgument};
use clap::{ArgGroup, Args, ValueEnum};
use contract::snapshot::ImageFormat;
use contract::storyboard::StoryboardFormat;
use std::path::PathBuf;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FrameTypeArg {
    /// The frame that a player shows at that time.
    Normal,
    /// The keyframe nearest to that time.
    Intra,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CoverArg {
    /// The best of up to 8 keyframes.
    Auto,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PictureFormatArg {
    /// JPEG.
    #[value(alias = "jpeg")]
    Jpg,
    /// WebP: smaller than a JPEG that looks the same, for more processor time.
    Webp,
    /// PNG, without loss.
    Png,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoryboardFormatArg {
    /// WebVTT.
    Vtt,
    /// HLS: an image media playlist.
    Hls,
    /// DASH: an MPD and its adaptation set.
    Dash,
    /// JSON as of Mux.
    Json,
    /// BIF of Roku.
    Bif,
    /// The trickplay folder of Jellyfin.
    Jellyfin,
}

impl From<StoryboardFormatArg> for StoryboardFormat {
    fn from(format: StoryboardFormatArg) -> Self {
        match format {
            StoryboardFormatArg::Vtt => Self::Vtt,
            StoryboardFormatArg::Hls => Self::Hls,
            StoryboardFormatArg::Dash => Self::Dash,
            StoryboardFormatArg::Json => Self::Json,
            StoryboardFormatArg::Bif => Self::Bif,
            StoryboardFormatArg::Jellyfin => Self::Jellyfin,
        }
    }
}

impl From<PictureFormatArg> for ImageFormat {
    fn from(format: PictureFormatArg) -> Self {
        match format {
            PictureFormatArg::Jpg => Self::Jpeg,
            PictureFormatArg::Webp => Self::Webp,
            PictureFormatArg::Png => Self::Png,
        }
    }
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("times").args(["count", "interval", "at", "cover"]).required(true).multiple(true))]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{DURATION_HELP}\n\n{EXIT_CODES}"))]
pub(crate) struct SnapshotArgs {
    /// The videos: files, http:// or https:// URLs, or - for standard input.
    #[arg(required = true, value_name = "VIDEO")]
    pub(crate) videos: Vec<PathBuf>,
    /// Maximum number of pictures of each video (Count in the API).
    #[arg(long, value_name = "N")]
    pub(crate) count: Option<u32>,
    /// Time between pictures, such as 5, 5s, 500ms or 10%; 0 spreads them evenly over the video, auto
    /// chooses it from the duration (Interval in the API). A number alone is seconds.
    #[arg(long, value_name = "TIME", value_parser = time_argument::step)]
    pub(crate) interval: Option<StepArgument>,
    /// Time of the first picture, such as 1500, 1.5s, 00:01:30.5 or 10% (SpecifiedOffsetTime in the
    /// API). A number alone is milliseconds.
    #[arg(long, value_name = "TIME", default_value = "0", value_parser = time_argument::milliseconds)]
    pub(crate) offset: TimeArgument,
    /// Exact times in place of --count, --interval and --offset, such as 0,1500,2s,00:01:30.5,50%
    /// (SpecifiedOffsetTimes in the API). A number alone is milliseconds.
    #[arg(long, value_name = "TIME,TIME", value_delimiter = ',', value_parser = time_argument::milliseconds,
        conflicts_with_all = ["count", "interval", "offset"])]
    pub(crate) at: Vec<TimeArgument>,
    /// Choose the picture by its look: of up to 8 keyframes spread over the video the one that is not
    /// black, empty, dark, blurred or faded. With --count 2 to 8 the best ones, the best first.
    #[arg(long, value_name = "auto",
        conflicts_with_all = ["interval", "offset", "at", "frame_type", "sprite", "vtt"])]
    pub(crate) cover: Option<CoverArg>,
    /// Picture width, px. Without --height the aspect ratio is kept.
    #[arg(long, value_name = "PX", value_parser = clap::value_parser!(u32).range(8..=4096))]
    pub(crate) width: Option<u32>,
    /// Picture height, px. Without --width the aspect ratio is kept.
    #[arg(long, value_name = "PX", value_parser = clap::value_parser!(u32).range(8..=4096))]
    pub(crate) height: Option<u32>,
    /// Which frame to take for a time.
    #[arg(long, value_name = "TYPE", default_value = "normal")]
    pub(crate) frame_type: FrameTypeArg,
    /// Make sprite sheets as well: JSON as in SpriteSnapshotConfig of the API; `{}` uses the defaults.
    #[arg(long, value_name = "JSON")]
    pub(crate) sprite: Option<String>,
    /// Write a WebVTT file for a player's seek bar, which names the pictures, with --sprite their places
    /// on the sheets.
    #[arg(long)]
    pub(crate) vtt: bool,
    /// What players read of the sheets of --sprite, beside these: vtt, hls, dash, json, bif, jellyfin.
    #[arg(
        long,
        value_name = "FORMAT,FORMAT",
        value_delimiter = ',',
        requires = "sprite"
    )]
    pub(crate) formats: Vec<StoryboardFormatArg>,
    /// Where to write: a folder, created if missing (with several videos, a folder in it for each); a file
    /// name that ends in .jpg, .webp or .png, for one picture; or - for one picture on standard output.
    #[arg(long, value_name = "DIR|FILE|-")]
    pub(crate) out: PathBuf,
    /// Format of the pictures. Default: what --out ends in, else jpg.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<PictureFormatArg>,
    /// Replace files that are in the way and were not made by an earlier run.
    #[arg(long)]
    pub(crate) force: bool,
    /// Maximum number of pictures of one video.
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) max_snapshots: u32,
    /// Print one JSON object per picture, sheet and WebVTT file instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) decoder: DecoderArgs,
}

const EXAMPLES: &str = "\
Examples:
  vod-snapshot snapshot clip.mp4 --count 5 --interval 0 --out pictures
  vod-snapshot snapshot clip.mp4 --at 1.5s --width 640 --out cover.jpg
  vod-snapshot snapshot clip.mp4 --cover auto --out cover.jpg
  vod-snapshot snapshot https://example.com/clip.mp4 --at 50% --out - > cover.jpg
  vod-snapshot snapshot clip.mp4 --interval 10% --sprite '{\"CellWidth\":160}' --vtt --out sprite
  vod-snapshot snapshot a.mp4 b.mkv --count 1 --out covers --json
  cat clip.mp4 | vod-snapshot snapshot - --at 00:00:02.5 --format png --out pictures";

const EXIT_CODES: &str = "\
Exit status:
  0    every picture was taken
  1    nothing could be taken of the only video, or of any: nothing of this run is left
  2    the arguments are wrong, or a file is in the way
  3    some pictures are missing, or some of the videos gave none
  4    there is no video to take pictures of in the file
  129, 130, 143
       ended by SIGHUP, SIGINT (Ctrl-C) or SIGTERM; finished pictures are kept";
