//! Clips made by ffmpeg, one for each way of writing a Matroska.

use crate::test_support::Made;
use std::fs::File;
use std::process::Stdio;

/// One clip.
pub(super) struct Clip {
    pub(super) name: &'static str,
    /// Options of ffmpeg that come after the inputs.
    options: &'static str,
    /// Written to a pipe: sizes stay unknown.
    is_live: bool,
}

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
            clip("prores.mkv", "-c:v prores_ks -pix_fmt yuv422p10le -bf 0"),
            clip(
                "ffv1.mkv",
                "-c:v ffv1 -level 3 -g 10 -pix_fmt yuv422p10le -bf 0",
            ),
            clip(
                "fields.mkv",
                "-c:v ffv1 -level 3 -g 1 -bf 0 -vf setfield=bff -flags +ildct+ilme",
            ),
            clip("huffyuv.mkv", "-c:v huffyuv -pix_fmt rgb24 -bf 0"),
            clip("wmv2.mkv", "-c:v wmv2 -q:v 3 -g 15 -bf 0"),
            clip("msmpeg4v3.mkv", "-c:v msmpeg4 -q:v 3 -g 15 -bf 0"),
            clip(
                "dnxhr.mkv",
                "-c:v dnxhd -profile:v dnxhr_hqx -pix_fmt yuv422p10le -s 256x144 -bf 0",
            ),
            clip("open.mkv", "-x264-params open-gop=1:keyint=15:bframes=3"),
        ]
    }

    pub(super) fn make(&self) -> Made {
        self.make_with("")
    }

    /// Makes it with further options of ffmpeg.
    pub(super) fn make_with(&self, options: &str) -> Made {
        let (made, mut command) = Made::begin(self.name);
        command.args(self.options.split_whitespace());
        command.args(options.split_whitespace());
        if self.is_live {
            command.args(["-f", "matroska", "pipe:1"]);
            let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
            let mut written = child.stdout.take().unwrap();
            std::io::copy(&mut written, &mut File::create(&made.path).unwrap()).unwrap();
            assert!(child.wait().unwrap().success(), "{}", self.name);
        } else {
            command
                .arg(&made.path)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let succeeded = command.status().unwrap().success();
            assert!(succeeded, "ffmpeg can't make {}", self.name);
        }
        made
    }
}
