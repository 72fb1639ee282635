//! The arguments of the command line.

mod decoder;
mod snapshot;

pub(crate) use self::decoder::{DecoderArgs, FfmpegDownload};
pub(crate) use snapshot::{CoverArg, FrameTypeArg, PictureFormatArg, SnapshotArgs};

use crate::listen_address::ListenAddress;
use crate::server::AllowedHost;
use clap::{Args, Parser, Subcommand, ValueEnum};
use service::picture_access::PictureAccess;
use std::path::PathBuf;
use std::time::Duration;
use webhook::AllowedDestination;

/// Video snapshots and sprites, compatible with ApsaraVideo VOD's SubmitSnapshotJob.
#[derive(Debug, Parser)]
#[command(name = "vod-snapshot", version)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    pub(crate) command: CliCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CliCommand {
    /// Run a server and two jobs on a video, and show the results as a web page.
    Demo(DemoArgs),
    /// Serve the HTTP API and run its jobs.
    Serve(Box<ServeArgs>),
    /// Take snapshots of videos without a server.
    Snapshot(SnapshotArgs),
    /// Print the events of a data folder, one JSON object per line.
    Events(EventsArgs),
    /// Sign the requests in recorded API Gateway events again, in place.
    Sign(SignArgs),
    /// Print a script that completes this program's arguments in a shell.
    Completions(CompletionsArgs),
    /// Print the manual page of this program or of one of its commands, for man(1).
    Man(ManArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command, such as snapshot. Default: the program itself.
    pub(crate) command: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// The video. Default: a generated 60-second clip that shows a running clock.
    pub(crate) video: Option<PathBuf>,
    /// Folder for the database and the pictures. Default: a new temporary folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Whether the console is opened in a browser and served until Ctrl-C.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) console: ConsoleMode,
    #[command(flatten)]
    pub(crate) decoder: DecoderArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConsoleMode {
    /// Where the demo runs in a terminal and there is a screen.
    Auto,
    /// It is served, and opened where there is a screen.
    On,
    /// The demo ends after its table.
    Off,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LogFormatArg {
    /// Plain text.
    Text,
    /// One JSON object per line.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuthMode {
    /// Requests must be signed with an access key.
    Keys,
    /// Unsigned requests are accepted; the server then binds to loopback addresses only.
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnOff {
    /// They are.
    On,
    /// They are not.
    Off,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address or host name and port to listen on. A port alone, such as :8080, means all addresses, with
    /// --auth none loopback. Port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "[HOST]:PORT")]
    pub(crate) listen: ListenAddress,
    /// Address and port that serves /metrics, /healthz and /readyz, and nothing else. A port alone means
    /// loopback. Default: /metrics is at the address of --listen, if that is a loopback one.
    #[arg(long, value_name = "[HOST]:PORT")]
    pub(crate) metrics_listen: Option<ListenAddress>,
    /// Serve https: PEM file with the server's certificate, followed by those of its authorities.
    /// Read again on SIGHUP, as is the key.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Serve https: PEM file with the private key of the certificate, without a passphrase.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// File with the access keys: a JSON object that maps each access key id to its secret or to
    /// {"secret": .., "active": ..}. Default: the JSON object in VOD_SNAPSHOT_KEYS.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// Authentication mode.
    #[arg(long, value_name = "MODE", default_value = "keys")]
    pub(crate) auth: AuthMode,
    /// With --auth none: a host name, besides localhost and loopback addresses, that requests may
    /// use for this server. Can be given more than once.
    #[arg(long = "allow-host", value_name = "HOST")]
    pub(crate) allowed_hosts: Vec<AllowedHost>,
    /// Rate limit in requests per second for each access key. 0 disables it.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub(crate) qps: u32,
    /// Folder for the database and the pictures.
    #[arg(long, default_value = "vod-snapshot-data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Number of jobs to run in parallel. Above 1, one more takes only jobs of at most 32 pictures. All
    /// share as many decoders as there are processors. Default: 4, with fewer than 256 descriptors 1.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) workers: Option<u16>,
    /// About the most work of one run of a job, in seconds of one processor: a job of more is divided into
    /// parts, and at most as many as there are processors run at once. With several workers only. 0: never.
    #[arg(long, value_name = "N", default_value = "15", value_parser = seconds)]
    pub(crate) part_seconds: Duration,
    /// Base URL under which clients reach this server; picture URLs start with it. Default:
    /// http://ADDRESS:PORT, with --tls-cert https://ADDRESS:PORT.
    #[arg(long, env = "VOD_SNAPSHOT_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Who gets pictures. public: whoever knows their address, which cannot be guessed. signed: whoever
    /// has an address that this server has signed, until it expires.
    #[arg(long, value_name = "public|signed", default_value = "public")]
    pub(crate) pictures: PictureAccess,
    /// Folder whose files may be registered as videos. Can be given more than once.
    #[arg(long = "media-root", value_name = "DIR")]
    pub(crate) media_roots: Vec<PathBuf>,
    /// Host or network whose http and https URLs may be registered as videos. Can be given more than once.
    #[arg(long = "source-allow", value_name = "HOST[:PORT]|CIDR")]
    pub(crate) source_allow: Vec<AllowedDestination>,
    /// URL that receives every SnapshotComplete event by POST. Can be given more than once.
    #[arg(long = "notify", value_name = "URL")]
    pub(crate) subscribers: Vec<String>,
    /// Host or network that callback URLs of API clients may reach besides public addresses. Can be
    /// given more than once.
    #[arg(long = "callback-allow", value_name = "HOST[:PORT]|CIDR")]
    pub(crate) callback_allow: Vec<AllowedDestination>,
    /// Largest file that UploadMediaByURL downloads or the console takes, MB.
    #[arg(long, value_name = "N", default_value_t = 10_240, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(crate) upload_max_mb: u64,
    /// Size of all uploaded files, MB. 0 switches uploads off, by URL and on the console.
    #[arg(long, value_name = "N", default_value_t = 102_400, value_parser = clap::value_parser!(u64).range(0..=1_000_000_000))]
    pub(crate) upload_quota_mb: u64,
    /// Host or network that UploadMediaByURL may download from besides public addresses. Can be given
    /// more than once.
    #[arg(long = "upload-allow", value_name = "HOST[:PORT]|CIDR")]
    pub(crate) upload_allow: Vec<AllowedDestination>,
    /// Whether up to 8 keyframes of each new video are taken as its covers.
    #[arg(long, value_name = "WHETHER", default_value = "on")]
    pub(crate) covers: OnOff,
    /// JSON file with templates whose ids are given: an array of objects with VodTemplateId, Name and
    /// TemplateConfig, or an answer of ListVodTemplate.
    #[arg(long, value_name = "FILE")]
    pub(crate) templates: Option<PathBuf>,
    /// Seconds that a job waits for a missing file before it fails. A missing media root is always
    /// waited for.
    #[arg(long = "missing-file-seconds", value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u32).range(0..=86_400))]
    pub(crate) missing_file_s: u32,
    /// Maximum number of snapshots per job.
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) max_snapshots: u32,
    /// Days to keep pictures and manifests after their job has ended. Default: forever.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) picture_days: Option<u32>,
    /// Days to keep ended jobs with their pictures and events. Default: jobs forever, events for 30
    /// days after their delivery.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) job_days: Option<u32>,
    /// Format of the log on stderr. Default: text on a terminal, else json.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) log_format: Option<LogFormatArg>,
    #[command(flatten)]
    pub(crate) decoder: DecoderArgs,
}

#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    /// Data folder of a server. The server need not be running.
    #[arg(long, default_value = "vod-snapshot-data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Keep printing new events as they occur.
    #[arg(long)]
    pub(crate) follow: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// Event files to sign, such as events/http-submit-normal.json.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) events: Vec<PathBuf>,
    /// File with the access keys, as for `serve`. Default: the JSON object in VOD_SNAPSHOT_KEYS.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// Id of the access key to sign with.
    #[arg(long, value_name = "ID", default_value = "vod-snapshot")]
    pub(crate) key_id: String,
    /// Replaces the value of a parameter in the event. Can be given more than once.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = name_and_value)]
    pub(crate) parameters: Vec<(String, String)>,
    /// Sign with a wrong secret, to test that the request is refused.
    #[arg(long)]
    pub(crate) wrongly: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    const MOST: f64 = 3600.0;
    let seconds: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    match (0.0..=MOST).contains(&seconds) {
        true => Ok(Duration::from_secs_f64(seconds)),
        false => Err(format!("not in 0..={MOST}")),
    }
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let (name, value) = pair.ok_or_else(|| "expected NAME=VALUE".to_owned())?;
    Ok((name.to_owned(), value.to_owned()))
}
