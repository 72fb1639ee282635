//! The frames that come out of ffmpeg are the truth: times, sync samples, the end.

use crate::VideoTrack;
use crate::test_support::{Bytes, all_media, differences_of_frames, ffmpegs, index, made_clip};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const LONG: &str = "-c:v mpeg2video -b:v 1M -g 12";
/// Where the newest ffmpeg alone can write them.
const NEW: &str = "prores";

/// Clips of four seconds, each with its options.
const CLIPS: [(&str, &str); 13] = [
    ("long", "-bf 2 -t 24 -s 96x64 -c:a pcm_s16le"),
    ("between", "-bf 2 -c:a pcm_s16le"),
    ("closed", "-bf 2 -flags +cgop -sc_threshold 1000000000 -an"),
    ("plain", "-r 30000/1001 -c:a pcm_s16le -t 3.7"),
    ("fields", "-bf 1 -flags +ildct+ilme -an"),
    (
        "h264",
        "-c:v libx264 -preset ultrafast -bf 0 -c:a pcm_s16le",
    ),
    ("avc_intra", "-c:v libx264 -preset ultrafast -g 1 -t 1 -an"),
    ("d10", D10),
    ("dv", "-c:v dvvideo -s 720x576 -an"),
    ("atom", "-c:v dvvideo -s 720x576 -an -f mxf_opatom"),
    (
        "vc3",
        "-c:v dnxhd -profile:v dnxhr_sq -s 256x120 -pix_fmt yuv422p -t 1 -an",
    ),
    ("jpeg2000", "-c:v jpeg2000 -format j2k -an"),
    (
        "prores",
        "-c:v prores_ks -profile:v 2 -pix_fmt yuv422p10le -an",
    ),
];

/// As SMPTE D-10 has it.
pub(super) const D10: &str = "-s 720x576 -pix_fmt yuv422p -g 1 -b:v 30M -minrate 30M -maxrate 30M \
    -bufsize 1200000 -rc_init_occupancy 1200000 -flags +ildct+low_delay -intra_vlc 1 \
    -non_linear_quant 1 -qmin 1 -qmax 12 -dc 10 -c:a pcm_s16le -ac 2 -f mxf_d10";

pub(super) fn make(name: &str, options: &str) -> Option<(TempDir, PathBuf)> {
    let ffmpegs = ffmpegs();
    let ffmpeg = match name == NEW {
        true => ffmpegs
            .iter()
            .find(|ffmpeg| !ffmpeg.version.short().starts_with('5'))?,
        false => &ffmpegs[0],
    };
    let sources = [
        "testsrc2=size=160x90:rate=25:duration=24",
        "sine=duration=24:sample_rate=48000",
    ];
    let options = format!("-t 4 {LONG} {options}");
    Some(made_clip(ffmpeg, "clip.mxf", sources, &options))
}

#[test]
fn made_clips_are_listed_as_they_come_out_of_ffmpeg() {
    let mut found = Vec::new();
    for (name, options) in CLIPS {
        let Some((_folder, path)) = make(name, options) else {
            continue;
        };
        let track = index(&path);
        assert!(track.is_ok(), "{name}: {:?}", track.err());
        found.extend(differences_of_frames(name, &path, &track.unwrap()));
    }
    assert!(found.is_empty(), "{found:#?}");
}

pub(super) fn written(file: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.mxf");
    std::fs::write(&path, file).unwrap();
    (folder, path)
}

pub(super) fn whole_and_bytes(path: &Path) -> (VideoTrack, Bytes) {
    (index(path).unwrap(), Bytes(std::fs::read(path).unwrap()))
}

/// As an editor cuts them: the first keyframe is shown after two pictures that refer to what is gone.
#[test]
fn pictures_that_lead_the_first_keyframe_are_no_frames() {
    let (folder, path) = make("between", "-bf 2 -an").unwrap();
    let cut = folder.path().join("cut.mxf");
    let mut command = Command::new(&ffmpegs()[0].path);
    command
        .args(["-nostdin", "-loglevel", "error", "-ss", "1", "-i"])
        .arg(&path);
    command.args(["-c", "copy", "-copyinkf"]).arg(&cut);
    assert!(command.status().unwrap().success());
    let track = index(&cut).unwrap();
    assert!(track.samples.iter().any(|sample| !sample.shown));
    let found = differences_of_frames("cut", &cut, &track);
    assert!(found.is_empty(), "{found:#?}");
}

/// Elements of sound lie between the pictures: nothing of them is among the samples.
#[test]
fn samples_are_the_bytes_of_the_video() {
    let (folder, path) = make("between", "-bf 2 -t 1 -c:a pcm_s16le").unwrap();
    let bare = folder.path().join("bare.m2v");
    let mut command = Command::new(&ffmpegs()[0].path);
    command
        .args(["-nostdin", "-loglevel", "error", "-i"])
        .arg(&path);
    command.args(["-map", "0:v", "-c", "copy", "-f", "mpeg2video"]);
    assert!(command.arg(&bare).status().unwrap().success());
    let (track, file) = whole_and_bytes(&path);
    let samples = track.samples.iter().flat_map(|sample| {
        let at = usize::try_from(sample.offset).unwrap();
        track.unpacked(file.0[at..at + sample.size as usize].to_vec())
    });
    assert!(samples.eq(std::fs::read(&bare).unwrap()));
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn files_of_others_are_listed_alike_or_not_at_all() {
    let mut found = Vec::new();
    for path in all_media(&["mxf"]) {
        match index(&path) {
            Ok(track) => found.extend(differences_of_frames("other", &path, &track)),
            Err(error) => eprintln!("{}: {error}", path.display()),
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
