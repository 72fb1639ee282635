//! Small numbered clips, one for each container and more for what is odd about some.

use decoder::Ffmpeg;
use std::path::PathBuf;
use std::sync::Arc;
use support::clips::Recipe;

/// How long each frame is shown.
pub(crate) const FRAME_US: u64 = 40_000;

pub(crate) struct Clip {
    pub(crate) name: &'static str,
    pub(crate) extension: &'static str,
    pub(crate) bytes: Arc<Vec<u8>>,
}

fn small(name: &'static str) -> Recipe {
    Recipe {
        width: 160,
        height: 120,
        frames: 30,
        options: Vec::new(),
        ..Recipe::h264(name)
    }
    .with("-preset veryfast -g 12 -keyint_min 12 -sc_threshold 0 -bf 2 -crf 30")
}

fn recipes() -> Vec<Recipe> {
    let with_sound = |name| Recipe {
        sound_ms: Some(1200),
        ..small(name)
    };
    let mpeg4 = |name| small(name).encoded("mpeg4", "-q:v 8 -g 12 -bf 1");
    let webm = |name| small(name).inside(".webm", 1000);
    vec![
        with_sound("mutated_mp4").with("-c:a aac -b:a 32k"),
        small("mutated_mp4_first").with("-movflags +faststart"),
        small("mutated_fragmented").with("-movflags frag_keyframe+empty_moov+default_base_moof"),
        small("mutated_hevc").encoded(
            "libx265",
            "-preset ultrafast -crf 32 -x265-params keyint=12:bframes=2:log-level=none",
        ),
        small("mutated_mov").inside(".mov", 90_000),
        mpeg4("mutated_3gp").inside(".3gp", 90_000).with("-bf 0"),
        with_sound("mutated_mkv")
            .inside(".mkv", 1000)
            .with("-c:a aac -b:a 32k"),
        webm("mutated_vp9").encoded(
            "libvpx-vp9",
            "-b:v 80k -deadline realtime -cpu-used 8 -g 12",
        ),
        webm("mutated_vp8").encoded("libvpx", "-b:v 80k -deadline realtime -cpu-used 8 -g 12"),
        with_sound("mutated_ts")
            .inside(".ts", 90_000)
            .with("-c:a aac -b:a 32k"),
        small("mutated_ps")
            .inside(".mpg", 90_000)
            .encoded("mpeg2video", "-q:v 8 -g 12 -bf 2"),
        mpeg4("mutated_avi").inside(".avi", 90_000),
        small("mutated_flv").inside(".flv", 1000),
        small("mutated_ogg")
            .inside(".ogv", 90_000)
            .encoded("libtheora", "-q:v 4 -g 12"),
        small("mutated_asf")
            .inside(".wmv", 1000)
            .encoded("wmv2", "-q:v 8 -g 12"),
    ]
}

pub(crate) fn all(ffmpeg: &Ffmpeg) -> Vec<Clip> {
    let made = recipes().into_iter().map(|recipe| Clip {
        name: recipe.name.trim_start_matches("mutated_"),
        extension: recipe.extension,
        bytes: Arc::new(std::fs::read(recipe.clip(&ffmpeg.path)).unwrap()),
    });
    made.collect()
}

/// One that nobody has touched.
pub(crate) fn whole(ffmpeg: &Ffmpeg) -> PathBuf {
    let clip = small("mutated_whole").clip(&ffmpeg.path);
    clip.canonicalize().unwrap()
}
