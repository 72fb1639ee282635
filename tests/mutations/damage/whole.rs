//! Clips with nothing wrong, in all the ways that encoders order and refer to frames.

use crate::job::{self, Ending};
use decoder::Ffmpeg;
use std::path::Path;
use support::clips::Recipe;

/// The encoder, its options, and the container.
pub(super) struct Setting {
    encoder: &'static str,
    options: String,
    extension: &'static str,
}

/// At keyframes, next to them, and between.
const TIMES_MS: [u64; 6] = [0, 40, 440, 480, 640, 1160];

/// 200 and some.
pub(super) fn settings() -> Vec<Setting> {
    let mut settings = Vec::new();
    let mut add = |encoder, options: String, extension| {
        settings.push(Setting {
            encoder,
            options,
            extension,
        });
    };
    for frames in [0, 1, 3, 5, 8] {
        for open in [0, 1] {
            for more in [
                "b-pyramid=none",
                "b-pyramid=strict:ref=2",
                "cabac=0:ref=6",
                "interlaced=1",
            ] {
                for extension in [".mp4", ".ts", ".mkv"] {
                    let parameters = format!(
                        "bframes={frames}:open-gop={open}:keyint=12:min-keyint=12:scenecut=0:{more}"
                    );
                    add(
                        "libx264",
                        format!("-preset veryfast -x264-params {parameters}"),
                        extension,
                    );
                }
            }
        }
    }
    for frames in [0, 2, 4] {
        for open in [0, 1] {
            for layers in [0, 1] {
                for (more, extension) in
                    [("ref=3", ".mp4"), ("slices=2", ".ts"), ("radl=1", ".mkv")]
                {
                    let parameters = format!(
                        "bframes={frames}:open-gop={open}:temporal-layers={layers}:keyint=12:min-keyint=12:scenecut=0:log-level=none:{more}"
                    );
                    // Such leading pictures are B-frames of closed groups.
                    let parameters = match open == 1 || frames == 0 {
                        true => parameters.replace(":radl=1", ""),
                        false => parameters,
                    };
                    add(
                        "libx265",
                        format!("-preset ultrafast -x265-params {parameters}"),
                        extension,
                    );
                }
            }
        }
    }
    for (encoder, extension) in [
        ("mpeg2video", ".ts"),
        ("mpeg2video", ".mpg"),
        ("mpeg2video", ".mkv"),
        ("mpeg4", ".avi"),
        ("mpeg4", ".mp4"),
        ("mpeg4", ".mkv"),
    ] {
        for frames in [0, 1, 2] {
            for flags in ["", "-flags +ildct+ilme", "-flags +mv4"] {
                if flags != "-flags +mv4" || encoder == "mpeg4" {
                    add(
                        encoder,
                        format!("-q:v 5 -g 12 -bf {frames} {flags}"),
                        extension,
                    );
                }
            }
        }
    }
    for options in [
        "-auto-alt-ref 1 -lag-in-frames 16",
        "-error-resilient 1",
        "-deadline realtime -cpu-used 8",
    ] {
        add("libvpx", format!("-b:v 100k -g 12 {options}"), ".webm");
        for extension in [".webm", ".mp4"] {
            add(
                "libvpx-vp9",
                format!("-b:v 100k -g 12 {options}"),
                extension,
            );
        }
    }
    for options in ["-cpu-used 8", "-cpu-used 8 -lag-in-frames 25"] {
        add("libaom-av1", format!("-b:v 100k -g 12 {options}"), ".mp4");
    }
    for (encoder, options, extension) in [
        ("mjpeg", "-q:v 5 -pix_fmt yuvj420p", ".avi"),
        ("prores_ks", "-pix_fmt yuv422p10le", ".mov"),
        ("libtheora", "-q:v 5 -g 12", ".ogv"),
        ("flv", "-q:v 6 -g 12", ".flv"),
        ("wmv2", "-q:v 6 -g 12", ".wmv"),
        ("msmpeg4", "-q:v 6 -g 12", ".avi"),
        ("h263p", "-q:v 6 -g 12", ".mkv"),
        ("svq1", "-q:v 6 -g 12", ".mov"),
    ] {
        add(encoder, options.to_owned(), extension);
    }
    settings
}

/// What is wrong with the pictures of a clip of `setting`, made by `maker`.
pub(super) fn wrong(setting: &Setting, maker: &Ffmpeg, ffmpeg: &Ffmpeg) -> Option<String> {
    let recipe = Recipe {
        width: 160,
        height: 120,
        frames: 30,
        ..Recipe::h264("whole_setting")
    };
    let recipe = recipe.encoded(setting.encoder, &setting.options);
    let clip = recipe.inside(setting.extension, 90_000).clip(&maker.path);
    let found = complaint(ffmpeg, &clip)?;
    let Setting {
        encoder,
        options,
        extension,
    } = setting;
    Some(format!(
        "{encoder} {options} {extension}, ffmpeg {}: {found}",
        ffmpeg.version
    ))
}

fn complaint(ffmpeg: &Ffmpeg, clip: &Path) -> Option<String> {
    let pictures = match job::at(ffmpeg, clip, &TIMES_MS) {
        Ending::Pictures(pictures) => pictures,
        Ending::Code(failure) => return Some(failure.message),
        Ending::Wrong(what) => return Some(what),
    };
    let marked = pictures.iter().filter(|picture| picture.is_damaged);
    let times: Vec<u64> = marked.map(|picture| picture.at_us).collect();
    (!times.is_empty()).then(|| format!("marked at {times:?} us"))
}
