//! Clips made by ffmpeg, one for each way of writing an index.

use crate::test_support::Made;
use std::process::Stdio;

/// One clip.
pub(super) struct Clip {
    pub(super) name: &'static str,
    /// Options of ffmpeg that come after the inputs.
    options: &'static str,
    /// It is ordinary enough to be read.
    pub(super) has_index: bool,
}

impl Clip {
    pub(super) fn all() -> Vec<Self> {
        let clip = |name, options| Self {
            name,
            options,
            has_index: true,
        };
        vec![
            clip("plain.mp4", ""),
            clip("faststart.mp4", "-movflags faststart"),
            clip("no_b_frames.mp4", "-bf 0"),
            clip("video_only.mp4", "-an"),
            clip("plain.mov", ""),
            clip("pcm.mov", "-c:a pcm_s16le"),
            clip("plain.3gp", "-ar 44100"),
            clip("large.mp4", "-qp 0 -s 640x360 -movflags faststart"),
            clip(
                "large_pieces.mp4",
                "-qp 0 -s 640x360 -movflags frag_keyframe+empty_moov",
            ),
            clip("two_videos.mp4", "-map 0:v -map 0:v -map 1:a -r:v:1 10"),
            clip(
                "two_videos_fragments.mp4",
                "-map 0:v -map 0:v -movflags frag_keyframe+empty_moov+default_base_moof",
            ),
            clip(
                "thumbnail.mp4",
                "-map 0:v -map 0:v -map 1:a -c:v:0 mjpeg -bf:v:0 0 -pix_fmt:v:0 yuvj420p -filter:v:0 select=eq(n\\,0)",
            ),
            clip(
                "thumbnail_fragments.mp4",
                "-map 0:v -map 0:v -filter:v:0 select=eq(n\\,0) -movflags frag_keyframe+empty_moov+default_base_moof",
            ),
            clip("one_picture.mp4", "-frames:v 1"),
            clip("timescale.mp4", "-video_track_timescale 90000"),
            clip("ntsc.mp4", "-r 30000/1001"),
            clip("negative.mp4", "-movflags negative_cts_offsets"),
            clip("no_edit_list.mp4", "-use_editlist 0"),
            clip("late.mp4", "-output_ts_offset 2"),
            clip(
                "vfr.mp4",
                "-vf select='not(eq(mod(n\\,7)\\,3))' -fps_mode vfr",
            ),
            clip("keyframes.mp4", "-movflags frag_keyframe"),
            clip("empty.mp4", "-movflags frag_keyframe+empty_moov"),
            clip(
                "based.mp4",
                "-movflags frag_keyframe+empty_moov+default_base_moof",
            ),
            clip("delayed.mp4", "-movflags frag_keyframe+delay_moov"),
            clip(
                "delayed_based.mp4",
                "-movflags frag_keyframe+delay_moov+default_base_moof",
            ),
            clip("every_frame.mp4", "-movflags frag_every_frame+empty_moov"),
            clip("separate.mp4", "-movflags frag_keyframe+separate_moof"),
            clip(
                "dash.mp4",
                "-movflags dash+delay_moov -frag_duration 500000",
            ),
            clip("cmaf.mp4", "-movflags cmaf+frag_keyframe"),
            clip(
                "one_directory.mp4",
                "-movflags dash+frag_keyframe+delay_moov+global_sidx",
            ),
            clip(
                "negative_fragments.mp4",
                "-movflags frag_keyframe+delay_moov+negative_cts_offsets",
            ),
            clip(
                "negative_empty.mp4",
                "-movflags frag_keyframe+empty_moov+negative_cts_offsets",
            ),
            clip(
                "no_offsets.mp4",
                "-movflags frag_keyframe+empty_moov+omit_tfhd_offset",
            ),
            clip(
                "late_fragments.mp4",
                "-output_ts_offset 2 -movflags frag_keyframe+delay_moov",
            ),
            clip(
                "hevc.mp4",
                "-c:v libx265 -x265-params log-level=none:keyint=15",
            ),
            clip(
                "vp9.mp4",
                "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 15",
            ),
            clip("av1.mp4", "-c:v libsvtav1 -preset 12 -g 15"),
            clip("mpeg4.mp4", "-c:v mpeg4 -bf 2 -g 12"),
            clip("mpeg2.mp4", "-c:v mpeg2video -bf 2 -g 12"),
            clip("mpeg2.mov", "-c:v mpeg2video -bf 2 -g 12"),
            clip("mjpeg.mov", "-c:v mjpeg -pix_fmt yuvj420p -bf 0"),
            clip("prores.mov", "-c:v prores_ks -pix_fmt yuv422p10le -bf 0"),
            clip("open.mp4", "-x264-params open-gop=1:keyint=15:bframes=3"),
        ]
    }

    pub(super) fn make(&self) -> Made {
        let (made, mut command) = Made::begin(self.name);
        command
            .args(self.options.split_whitespace())
            .arg(&made.path);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let succeeded = command.status().unwrap().success();
        assert!(succeeded, "ffmpeg can't make {}", self.name);
        made
    }
}
