//! Colours come out as they went in, whatever numbers the codec stores them as.

use media::{Ffmpeg, Limits, Video};
use plan::Size;
use std::path::Path;
use std::process::{Command, Stdio};
use support::clips::ffmpegs;

const PAINTED: [u8; 3] = [50, 100, 200];

/// A clip in one colour, stored by `matrix` and `range`; `tags` say so, or don't.
fn clip(ffmpeg: &Ffmpeg, size: &str, matrix: &str, range: &str, tags: &[&str], out: &Path) -> bool {
    let colour = format!("color=c=0x3264C8:size={size}:duration=0.4:rate=25,format=rgb24");
    let store = format!("scale=out_color_matrix={matrix}:out_range={range},format=yuv420p");
    Command::new(&ffmpeg.path)
        .args([
            "-nostdin",
            "-loglevel",
            "error",
            "-y",
            "-f",
            "lavfi",
            "-i",
            &colour,
        ])
        .args(["-vf", &store, "-c:v", "libx264", "-qp", "4"])
        .args(tags)
        .arg(out)
        .stdin(Stdio::null())
        .status()
        .unwrap()
        .success()
}

/// The middle pixel of the first picture.
fn pixel(ffmpeg: &Ffmpeg, clip: &Path) -> [u8; 3] {
    let video = Video::open(ffmpeg, clip, &Limits::default()).unwrap();
    let size = Size {
        width: 320,
        height: 180,
    };
    let mut found = None;
    let missing = video.extract(ffmpeg, &[0], size, &Limits::default(), &mut |picture| {
        let at = 3 * (90 * 320 + 160);
        found = picture.pixels[at..at + 3].try_into().ok();
        Ok(())
    });
    assert_eq!(missing.unwrap(), [] as [usize; 0]);
    found.unwrap()
}

#[test]
fn every_matrix_and_range_gives_the_colour_that_was_painted() {
    let bt709 = [
        "-colorspace",
        "bt709",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
    ];
    let bt601 = ["-colorspace", "smpte170m"];
    let full = [&bt709[..], &["-color_range", "pc"]].concat();
    let cases: [(&str, &str, &str, &[&str]); 6] = [
        ("1280x720", "bt709", "tv", &bt709),
        ("640x360", "bt709", "tv", &bt709),
        ("1280x720", "bt601", "tv", &bt601),
        ("1280x720", "bt709", "pc", &full),
        ("1280x720", "bt709", "tv", &[]),
        ("640x360", "bt601", "tv", &[]),
    ];
    let folder = tempfile::tempdir().unwrap();
    for ffmpeg in &ffmpegs() {
        for (nth, (size, matrix, range, tags)) in cases.into_iter().enumerate() {
            let path = folder.path().join(format!("{nth}.mp4"));
            assert!(clip(ffmpeg, size, matrix, range, tags, &path));
            let seen = pixel(ffmpeg, &path);
            let near = seen.iter().zip(PAINTED).all(|(a, b)| a.abs_diff(b) <= 4);
            assert!(
                near,
                "{seen:?} for {size} {matrix} {range} {tags:?} with {ffmpeg}"
            );
        }
    }
}
