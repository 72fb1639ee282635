//! The command line, as said.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Video snapshots and sprites, compatible with ApsaraVideo VOD's SubmitSnapshotJob.
#[derive(Debug, Parser)]
#[command(name = "vod-snapshot", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the main job from request to pictures on a video of yours, or on one made here.
    Demo(Demo),
    /// Serve the HTTP API and run its jobs.
    Serve(Serve),
    /// Take pictures of a video without a server.
    Snapshot(Snapshot),
    /// Print the events of a data folder, one JSON line each.
    Events(Events),
    /// Sign calls anew that were recorded as events of an HTTP API, in their files.
    Sign(Sign),
}

#[derive(Debug, Args)]
pub(crate) struct Decoder {
    /// The ffmpeg to use; without it: PATH, then the user's cache, then a download.
    #[arg(long, env = "VOD_SNAPSHOT_FFMPEG", value_name = "FILE")]
    pub(crate) ffmpeg: Option<PathBuf>,
    /// Which build a missing ffmpeg is downloaded as.
    #[arg(long, env = "VOD_SNAPSHOT_FFMPEG_DOWNLOAD", default_value = "pinned")]
    pub(crate) ffmpeg_download: FfmpegDownload,
    /// JPEG quality of every picture.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) quality: u8,
    /// Sets one limit of what a video may cost; may be given more than once. See the README.
    #[arg(long = "limit", value_name = "NAME=VALUE")]
    pub(crate) limits: Vec<plan::LimitSetting>,
    /// Refuse to start unless decoders are confined at least this much: limits, syscalls, files
    /// or full.
    #[arg(
        long,
        env = "VOD_SNAPSHOT_REQUIRE_CONFINEMENT",
        value_name = "LEVEL",
        default_value = "limits"
    )]
    pub(crate) require_confinement: decoder::SandboxLevel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FfmpegDownload {
    /// A build of a known version and checksum, from PyPI.
    Pinned,
    /// The newest build of ffmpeg's builders. No checksum is known for it.
    Latest,
    /// None.
    Off,
}

impl Decoder {
    pub(crate) fn limits(&self) -> plan::Limits {
        plan::Limits::default().with(self.limits.iter().copied())
    }
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The video; without it a 60-second clip with a running clock is made.
    pub(crate) video: Option<PathBuf>,
    /// Where to keep everything; without it a new temporary folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) decoder: Decoder,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuthMode {
    /// Calls signed with an access key.
    Keys,
    /// Whoever calls; on loopback addresses only.
    None,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub(crate) listen: SocketAddr,
    /// Access keys: a JSON object, access key id to secret or to {"secret": .., "active": ..}.
    /// Without it, VOD_SNAPSHOT_KEYS holds such an object.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// Whose calls are answered.
    #[arg(long, default_value = "keys")]
    pub(crate) auth: AuthMode,
    /// With --auth none, a host by which the server may be called beside localhost and loopback
    /// addresses; may be given more than once.
    #[arg(long = "allow-host", value_name = "HOST")]
    pub(crate) allowed_hosts: Vec<crate::AllowedHost>,
    /// Calls a second of one access key; 0: no limit.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub(crate) qps: u32,
    /// The folder with the database and the pictures.
    #[arg(long, default_value = "vod-snapshot-data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Jobs at a time.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) workers: u16,
    /// How clients reach this server; pictures' URLs begin with it. Default: http://ADDRESS:PORT.
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// A folder whose files may be registered; may be given more than once.
    #[arg(long = "media-root", value_name = "DIR")]
    pub(crate) media_roots: Vec<PathBuf>,
    /// Where SnapshotComplete is sent by POST; may be given more than once.
    #[arg(long = "notify", value_name = "URL")]
    pub(crate) subscribers: Vec<String>,
    /// What callback URLs of the API's clients may reach beside the public internet; may be
    /// given more than once.
    #[arg(long = "callback-allow", value_name = "HOST[:PORT]|CIDR")]
    pub(crate) callback_allow: Vec<crate::CallbackAllow>,
    /// How long a job waits for a file that is missing under a media root that is there; then it
    /// fails. A media root that is away is waited for in any case.
    #[arg(long = "missing-file-seconds", value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u32).range(0..=86_400))]
    pub(crate) missing_file_s: u32,
    /// The most snapshots of one job.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) max_snapshots: u32,
    /// Days to keep pictures and manifests after their job has ended. Without it: for ever.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) picture_days: Option<u32>,
    /// Days to keep jobs after they have ended, with their pictures and events. Without it: jobs
    /// for ever, events for 30 days after their delivery.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) job_days: Option<u32>,
    /// How to log, on stderr.
    #[arg(long, default_value = "json")]
    pub(crate) log_format: LogFormat,
    #[command(flatten)]
    pub(crate) decoder: Decoder,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FrameKind {
    /// The frame a player shows at that time.
    Normal,
    /// The keyframe nearest to that time.
    Intra,
}

#[derive(Debug, Args)]
pub(crate) struct Snapshot {
    /// The video.
    pub(crate) video: PathBuf,
    /// The most pictures (the API's Count).
    #[arg(long)]
    pub(crate) count: Option<u32>,
    /// Seconds between pictures; 0 spreads them evenly (the API's Interval).
    #[arg(long, value_name = "S")]
    pub(crate) interval: Option<u64>,
    /// Where to begin, ms (the API's SpecifiedOffsetTime).
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub(crate) offset: u64,
    /// Exactly these times, ms, instead (the API's SpecifiedOffsetTimes).
    #[arg(long, value_name = "MS,MS", value_delimiter = ',', conflicts_with_all = ["count", "interval", "offset"])]
    pub(crate) at: Vec<u64>,
    /// Picture width, px; alone it keeps the aspect.
    #[arg(long, value_name = "PX", value_parser = clap::value_parser!(u32).range(8..=4096))]
    pub(crate) width: Option<u32>,
    /// Picture height, px; alone it keeps the aspect.
    #[arg(long, value_name = "PX", value_parser = clap::value_parser!(u32).range(8..=4096))]
    pub(crate) height: Option<u32>,
    /// Which frame stands for a time.
    #[arg(long, default_value = "normal")]
    pub(crate) frame_type: FrameKind,
    /// Make sprite sheets too: the API's SpriteSnapshotConfig, `{}` for all defaults.
    #[arg(long, value_name = "JSON")]
    pub(crate) sprite: Option<String>,
    /// Where the pictures go; made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The most pictures of one run, asked for or planned by an interval.
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) max_snapshots: u32,
    /// Print one JSON line per picture.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) decoder: Decoder,
}

#[derive(Debug, Args)]
pub(crate) struct Events {
    /// The data folder of a server, running or not.
    #[arg(long, default_value = "vod-snapshot-data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Go on with new events as they come.
    #[arg(long)]
    pub(crate) follow: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The events, such as events/http-submit-normal.json.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) events: Vec<PathBuf>,
    /// Access keys as `serve` takes them. Without it, VOD_SNAPSHOT_KEYS holds them.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// The access key to sign with.
    #[arg(long, value_name = "ID", default_value = "vod-snapshot")]
    pub(crate) key_id: String,
    /// A parameter's value in place of the event's; may be given more than once.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) parameters: Vec<(String, String)>,
    /// Sign as somebody would who does not know the secret.
    #[arg(long)]
    pub(crate) wrongly: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let (name, value) = pair.ok_or_else(|| "not NAME=VALUE".to_owned())?;
    Ok((name.to_owned(), value.to_owned()))
}
