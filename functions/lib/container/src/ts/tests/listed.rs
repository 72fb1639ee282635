//! ffmpeg's list of packets is the truth: times, sync samples, ends.

use crate::IndexError;
use crate::test_support::{SMALL, Trust, all_media, compare, ffmpegs, index, made_clip, media};
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

pub(super) const TRUST: Trust = Trust {
    hidden: false,
    last_tick: false,
    last_is_whole: true,
};

const H264: &str = "-c:v libx264 -preset ultrafast -g 15";

/// Clips of four seconds, each with its options.
const CLIPS: [(&str, &str); 11] = [
    ("plain.ts", "-c:v libx264 -preset ultrafast -g 15 -c:a aac"),
    (
        "pyramid.ts",
        "-c:v libx264 -g 30 -bf 4 -b_strategy 0 -b-pyramid normal -c:a mp2",
    ),
    (
        "open.ts",
        "-c:v libx264 -g 15 -bf 3 -flags -cgop -x264-params open-gop=1 -c:a ac3",
    ),
    (
        "blu_ray.m2ts",
        "-c:v libx264 -preset ultrafast -g 15 -bf 2 -c:a ac3",
    ),
    (
        "late.ts",
        "-c:v libx264 -preset ultrafast -g 15 -output_ts_offset 3000 -c:a aac",
    ),
    (
        "wrap.ts",
        "-c:v libx264 -preset ultrafast -g 15 -bf 2 -output_ts_offset 95441.7 -c:a aac",
    ),
    ("mute.ts", "-c:v libx264 -preset ultrafast -g 15 -an"),
    (
        "mp3.ts",
        "-c:v libx264 -preset ultrafast -g 15 -c:a libmp3lame -ar 44100",
    ),
    (
        "interlaced.ts",
        "-c:v libx264 -flags +ildct+ilme -x264-params tff=1 -g 15 -vf scale=160:96 -c:a aac",
    ),
    (
        "hevc.ts",
        "-c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=15:bframes=3 -c:a aac",
    ),
    ("mpeg2.ts", "-c:v mpeg2video -g 15 -bf 2 -c:a mp2"),
];

pub(super) fn make(name: &str, options: &str) -> (TempDir, PathBuf) {
    made_clip(&ffmpegs()[0], name, SMALL, options)
}

#[test]
fn made_clips_are_listed_as_ffmpeg_lists_them() {
    let mut differences = Vec::new();
    for (name, options) in CLIPS {
        let (_folder, path) = make(name, options);
        let track = index(&path);
        assert!(track.is_ok(), "{name}: {:?}", track.err());
        differences.extend(compare(&path, &track, TRUST));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

/// All of them but the first become units that say nothing.
fn send_sets_once(file: &mut [u8]) {
    const FILLER: u8 = 12;
    let starts: Vec<usize> = (0..file.len() - 3)
        .filter(|&at| file[at..at + 3] == [0, 0, 1] && matches!(file[at + 3], 0x67 | 0x68))
        .collect();
    assert!(starts.len() > 4);
    starts[2..].iter().for_each(|at| file[at + 3] = FILLER);
}

#[test]
fn parameter_sets_that_are_sent_once_are_those_of_all_groups() {
    let (_folder, path) = make("once.ts", H264);
    let mut file = std::fs::read(&path).unwrap();
    let before = index(&path).unwrap().entry;
    send_sets_once(&mut file);
    std::fs::write(&path, &file).unwrap();
    let track = index(&path);
    assert_eq!(track.as_ref().unwrap().entry, before);
    let differences = compare(&path, &track, TRUST);
    assert!(differences.is_empty(), "{differences:#?}");
}

/// A recording begins with the packet that came when somebody pressed a button.
#[test]
fn what_begins_amid_a_group_is_listed_from_its_first_keyframe_on() {
    let mut differences = Vec::new();
    for options in [
        &format!("{H264} -bf 2 -an"),
        "-c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=15:bframes=2:open-gop=0",
    ] {
        let (_folder, path) = make("whole.ts", options);
        let whole = std::fs::read(&path).unwrap();
        let packets = whole.len() / 188;
        let cut = packets / 5 * 188;
        // The tables, and then what is left.
        std::fs::write(&path, [&whole[..3 * 188], &whole[cut..]].concat()).unwrap();
        let track = index(&path);
        assert!(track.is_ok(), "{options}: {:?}", track.err());
        differences.extend(compare(&path, &track, TRUST));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn what_breaks_off_is_listed_up_to_there() {
    let mut differences = Vec::new();
    for options in [&format!("{H264} -an"), "-c:v mpeg2video -g 15 -an"] {
        let (_folder, path) = make("whole.ts", options);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() * 7 / 10]).unwrap();
        let track = index(&path);
        assert!(track.is_ok(), "{options}: {:?}", track.err());
        differences.extend(compare(&path, &track, TRUST));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

/// It lasted a tick, and nothing was shown a moment later.
#[test]
fn how_long_the_only_picture_is_shown_is_left_to_ffmpeg() {
    let list = |frames: u8| {
        let (_folder, path) = make("few.ts", &format!("{H264} -an -frames:v {frames}"));
        index(&path)
    };
    assert!(matches!(list(1), Err(IndexError::Unsupported(_))));
    let two = list(2).unwrap();
    assert_eq!(two.end_pts - two.samples[0].pts, 2 * 90_000 / 15);
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn files_of_others_are_listed_alike_or_not_at_all() {
    let mut differences = Vec::new();
    for path in all_media(&["ts", "m2ts", "mts"]) {
        differences.extend(compare(&path, &index(&path), TRUST));
    }
    // ffmpeg sees nothing of this sound in what it probes, and lists its frames without durations.
    differences.retain(|difference| {
        let is_late_sound = difference.starts_with(LATE_SOUND);
        !(is_late_sound && difference.contains("sounds end"))
    });
    assert!(differences.is_empty(), "{differences:#?}");
}

const LATE_SOUND: &str = "ts_audio_begins_at_12s.ts";

/// It was said to end with the beginning of its last packet.
#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn a_sound_that_begins_late_ends_where_ffmpeg_says_that_probes_up_to_it() {
    let all = media("reported", &["ts"]);
    let path = all.iter().find(|path| path.ends_with(LATE_SOUND)).unwrap();
    let track = index(path).unwrap();
    for ffmpeg in ffmpegs() {
        let mut command = Command::new(&ffmpeg.path);
        command.args(["-nostdin", "-loglevel", "error", "-copyts"]);
        command.args(["-probesize", "100M", "-analyzeduration", "100M", "-i"]);
        command.arg(path);
        command.args(["-map", "0:a", "-c", "copy", "-f", "framecrc", "-"]);
        let listed = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let last = listed.lines().last().unwrap();
        let fields: Vec<i64> = last
            .split(',')
            .filter_map(|field| field.trim().parse().ok())
            .collect();
        // Stream, decoding and presentation time, duration.
        let end = fields[2] + fields[3];
        let ours: Vec<i64> = track.sounds.iter().map(|sound| sound.end_pts).collect();
        assert!((ours[0] - end).abs() <= 1, "{ours:?} for {end}");
        assert!(track.end_pts > end + 23 * 90_000);
    }
}
