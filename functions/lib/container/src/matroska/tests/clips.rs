//! Clips made by ffmpeg, one for each way of writing a Matroska.

use decoder::{Ffmpeg, Search, locate};
use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// One clip.
pub(super) struct Clip {
    pub(super) name: &'static str,
    /// Options of ffmpeg that come after the inputs.
    options: &'static str,
    /// Written to a pipe: sizes stay unknown.
    is_live: bool,
}

/// A clip in a folder that goes with it.
pub(super) struct Made {
    _folder: TempDir,
    pub(super) path: PathBuf,
}

const H264: &str = "-c:v libx264 -preset ultrafast -bf 2 -g 15 -b_strategy 0 -c:a aac";

impl Clip {
    pub(super) fn all() -> Vec<Self> {
        let clip = |name, options| Self {
            name,
            options,
            is_live: false,
        };
        let live = |name, options| Self {
            name,
            options,
            is_live: true,
        };
        vec![
            clip("plain.mkv", ""),
            clip("cues_in_front.mkv", "-cues_to_front 1"),
            clip("small_clusters.mkv", "-cluster_time_limit 100"),
            clip("video_only.mkv", "-an"),
            clip("late.mkv", "-output_ts_offset 2"),
            clip("ntsc.mkv", "-r 30000/1001"),
            clip("wide.mkv", "-vf setsar=4/3"),
            clip(
                "coloured.mkv",
                "-colorspace bt709 -color_trc bt709 -color_primaries bt709",
            ),
            clip(
                "two_videos.mkv",
                "-map 0:v -map 1:a -map 0:v -r:v:1 10 -disposition:v:0 0 -disposition:v:1 default",
            ),
            clip(
                "vfr.mkv",
                "-vf select='not(eq(mod(n\\,7)\\,3))' -fps_mode vfr",
            ),
            live("live.mkv", ""),
            live("live_small_clusters.mkv", "-live 1 -cluster_time_limit 100"),
            clip(
                "hevc.mkv",
                "-c:v libx265 -x265-params log-level=none:keyint=15",
            ),
            clip(
                "vp8.webm",
                "-c:v libvpx -deadline realtime -cpu-used 8 -g 15 -c:a libopus",
            ),
            clip(
                "vp8_altref.webm",
                "-c:v libvpx -auto-alt-ref 1 -lag-in-frames 16 -cpu-used 8 -g 30 -b:v 200k -an",
            ),
            clip(
                "vp9.webm",
                "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 15 -c:a libopus",
            ),
            clip(
                "vp9_altref.webm",
                "-c:v libvpx-vp9 -auto-alt-ref 1 -lag-in-frames 16 -cpu-used 8 -g 30 -an",
            ),
            clip(
                "vp9_deep.webm",
                "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 15 -pix_fmt yuv420p10le -an",
            ),
            clip("av1.mkv", "-c:v libsvtav1 -preset 12 -g 15"),
            clip("mpeg4.mkv", "-c:v mpeg4 -bf 2 -g 12"),
            clip("mpeg2.mkv", "-c:v mpeg2video -bf 2 -g 12"),
            clip("mjpeg.mkv", "-c:v mjpeg -pix_fmt yuvj420p -bf 0"),
            clip("open.mkv", "-x264-params open-gop=1:keyint=15:bframes=3"),
        ]
    }

    /// Makes it; none where this ffmpeg lacks an encoder or an option.
    pub(super) fn make(&self) -> Option<Made> {
        self.make_with("")
    }

    /// Makes it with further options of ffmpeg.
    pub(super) fn make_with(&self, options: &str) -> Option<Made> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(self.name);
        let mut command = Command::new(&ffmpegs().first()?.path);
        command.args(["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i"]);
        command.args(["testsrc=size=160x90:rate=15:duration=4", "-f", "lavfi"]);
        command.args(["-i", "sine=duration=4.3", "-pix_fmt", "yuv420p"]);
        command.args(H264.split(' '));
        command.args(self.options.split_whitespace());
        command.args(options.split_whitespace());
        if self.is_live {
            command.args(["-f", "matroska", "pipe:1"]);
            let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
            let mut written = child.stdout.take().unwrap();
            std::io::copy(&mut written, &mut File::create(&path).unwrap()).unwrap();
            child.wait().unwrap().success().then_some(())?;
        } else {
            command
                .arg(&path)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command.status().unwrap().success().then_some(())?;
        }
        Some(Made {
            _folder: folder,
            path,
        })
    }
}

/// The one that would be used, and the newest.
pub(super) fn ffmpegs() -> Vec<Ffmpeg> {
    static FOUND: OnceLock<Vec<Ffmpeg>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let usual = Search {
            may_download: false,
            ..Search::new(None)
        };
        let newest = Search {
            path: None,
            ..usual.clone()
        };
        let both = [usual, newest].map(|search| locate(&search, &mut |_| {}));
        let mut found: Vec<Ffmpeg> = both.into_iter().filter_map(Result::ok).collect();
        found.dedup_by_key(|ffmpeg| ffmpeg.path.clone());
        assert!(!found.is_empty(), "there is no ffmpeg");
        found
    });
    found.clone()
}
