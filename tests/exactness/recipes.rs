//! The clips to be exact on.

use support::clips::{After, Recipe, Timing};

pub(crate) fn all() -> Vec<Recipe> {
    [mp4(), other_containers(), other_codecs(), hard_seeks()].concat()
}

fn mp4() -> Vec<Recipe> {
    let slowing = Recipe {
        timing: Timing::Slowing,
        frames: 90,
        ..Recipe::h264("vfr")
    };
    vec![
        Recipe {
            width: 1280,
            height: 720,
            frames: 150,
            ..Recipe::h264("h264")
        },
        slowing.clone().with("-video_track_timescale 90000"),
        Recipe {
            name: "vfr_mkv",
            ..slowing.inside(".mkv", 1000)
        },
        Recipe {
            rate: (30_000, 1001),
            ..Recipe::h264("ntsc")
        }
        .with("-video_track_timescale 30000"),
        Recipe::h264("late_start").with("-output_ts_offset 10"),
        Recipe {
            after: After::CutAt(3300),
            ..Recipe::h264("edit_list")
        },
        Recipe {
            sound_ms: Some(8000),
            frames: 125,
            ..Recipe::h264("long_sound")
        }
        .with("-c:a aac"),
        Recipe {
            sound_ms: Some(3000),
            ..Recipe::h264("short_sound")
        }
        .with("-c:a aac"),
        Recipe::h264("fragmented").with("-movflags frag_keyframe+empty_moov+default_base_moof"),
        Recipe::h264("delayed_moov").with("-movflags frag_keyframe+delay_moov"),
    ]
}

fn other_containers() -> Vec<Recipe> {
    vec![
        Recipe::h264("mkv").inside(".mkv", 1000),
        Recipe::h264("mkv_late")
            .inside(".mkv", 1000)
            .with("-output_ts_offset 5"),
        Recipe::h264("mkv_sound")
            .inside(".mkv", 1000)
            .with("-c:a aac"),
        Recipe {
            after: After::Truncate(70),
            frames: 150,
            ..Recipe::h264("mkv_cut")
        }
        .inside(".mkv", 1000),
        Recipe {
            sound_ms: Some(10_000),
            ..Recipe::h264("ts")
        }
        .inside(".ts", 90_000)
        .with("-c:a aac"),
        Recipe::h264("flv").inside(".flv", 1000),
        Recipe::h264("avi_h264").inside(".avi", 90_000),
        Recipe::h264("mov").inside(".mov", 90_000),
        Recipe::h264("raw").inside(".h264", 90_000),
        Recipe::h264("wtv")
            .encoded("mpeg2video", "-q:v 3 -g 25 -bf 2")
            .inside(".wtv", 90_000),
        Recipe::h264("swf")
            .encoded("flv", "-q:v 3 -g 25")
            .inside(".swf", 25),
    ]
}

fn other_codecs() -> Vec<Recipe> {
    let avi = |name, options| {
        Recipe::h264(name)
            .inside(".avi", 90_000)
            .encoded("mpeg4", options)
    };
    let mpeg2 = |name| Recipe::h264(name).encoded("mpeg2video", "-q:v 3 -g 25 -bf 2");
    let webm = |name| Recipe {
        frames: 150,
        ..Recipe::h264(name).inside(".webm", 1000)
    };
    vec![
        avi("avi", "-q:v 3 -g 50"),
        avi("avi_b", "-q:v 3 -g 50 -bf 2"),
        mpeg2("mpeg2_ts").inside(".ts", 90_000),
        mpeg2("mpeg2_ps").inside(".mpg", 90_000),
        webm("vp9").encoded("libvpx-vp9", "-b:v 1M -deadline realtime -cpu-used 8 -g 50"),
        webm("vp9_altref").encoded(
            "libvpx-vp9",
            "-b:v 1M -cpu-used 8 -g 50 -auto-alt-ref 1 -lag-in-frames 16",
        ),
        webm("vp8_altref").encoded(
            "libvpx",
            "-b:v 1M -cpu-used 8 -g 50 -auto-alt-ref 1 -lag-in-frames 16",
        ),
        Recipe {
            frames: 100,
            ..Recipe::h264("hevc")
        }
        .encoded(
            "libx265",
            "-preset ultrafast -x265-params keyint=25:bframes=3:log-level=none",
        ),
        Recipe {
            frames: 100,
            ..Recipe::h264("av1")
        }
        .encoded(
            "libsvtav1",
            "-preset 10 -g 50 -svtav1-params enable-overlays=0",
        ),
        Recipe {
            frames: 60,
            ..Recipe::h264("prores")
        }
        .encoded("prores_ks", "-pix_fmt yuv422p10le")
        .inside(".mov", 90_000),
    ]
}

fn hard_seeks() -> Vec<Recipe> {
    let open = |name| {
        Recipe::h264(name).encoded(
            "libx264",
            "-preset veryfast -x264-params open-gop=1:keyint=25:min-keyint=25:bframes=3:scenecut=0",
        )
    };
    let refresh = |name| {
        Recipe::h264(name).encoded(
            "libx264",
            "-preset veryfast -x264-params intra-refresh=1:keyint=50:bframes=0",
        )
    };
    vec![
        Recipe::h264("one_keyframe")
            .encoded("libx264", "-preset veryfast -g 9999 -sc_threshold 0 -bf 3"),
        open("open_gop"),
        open("open_gop_ts").inside(".ts", 90_000),
        open("open_gop_mkv").inside(".mkv", 1000),
        refresh("intra_refresh"),
        refresh("intra_refresh_ts").inside(".ts", 90_000),
        Recipe::h264("interlaced").with("-flags +ildct+ilme -x264-params tff=1"),
        Recipe::h264("pyramid").with("-x264-params b-pyramid=normal:ref=5:bframes=7"),
    ]
}
