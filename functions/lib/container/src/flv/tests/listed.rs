//! ffmpeg's list of packets is the truth: times, sync samples, ends.

use super::rewrite::{Tags, VIDEO, flv, taken_apart};
use crate::VideoTrack;
use crate::test_support::{SMALL, Trust, all_media, compare, ffmpegs, index, made_clip};
use decoder::Ffmpeg;
use std::path::PathBuf;
use tempfile::TempDir;

const TRUST: Trust = Trust {
    hidden: false,
    last_tick: false,
    last_is_whole: true,
};

pub(super) const H264: &str = "-c:v libx264 -preset ultrafast -g 15 -bf 2 -b_strategy 0";

/// Clips of four seconds, each with its options.
const CLIPS: [(&str, &str); 6] = [
    ("plain", "-c:v libx264 -preset ultrafast -g 15 -c:a aac"),
    (
        "between",
        "-c:v libx264 -g 15 -bf 3 -b_strategy 0 -c:a libmp3lame -ar 44100",
    ),
    (
        "open",
        "-c:v libx264 -g 15 -bf 3 -flags -cgop -x264-params open-gop=1 -c:a aac -ar 22050",
    ),
    ("mute", "-c:v libx264 -preset ultrafast -g 15 -an"),
    (
        "odd_rate",
        "-vf fps=30000/1001 -c:v libx264 -preset ultrafast -g 15 -an",
    ),
    (
        "keyframes",
        "-c:v libx264 -g 15 -flvflags add_keyframe_index -c:a aac",
    ),
];

pub(super) fn make(options: &str) -> (TempDir, PathBuf) {
    made_clip(&ffmpegs()[0], "clip.flv", SMALL, options)
}

pub(super) fn tags(options: &str) -> Tags {
    let (_folder, path) = make(options);
    taken_apart(&std::fs::read(path).unwrap())
}

fn written(tags: &Tags) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.flv");
    std::fs::write(&path, flv(tags).0).unwrap();
    (folder, path)
}

#[test]
fn made_clips_are_listed_as_ffmpeg_lists_them() {
    let mut differences = Vec::new();
    for (name, options) in CLIPS {
        let (_folder, path) = make(options);
        let track = index(&path);
        assert!(track.is_ok(), "{name}: {:?}", track.err());
        differences.extend(
            compare(&path, &track, TRUST)
                .into_iter()
                .map(|d| format!("{name}: {d}")),
        );
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn files_of_others_are_listed_alike_or_not_at_all() {
    let mut differences = Vec::new();
    for path in all_media(&["flv"]) {
        differences.extend(compare(&path, &index(&path), TRUST));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

/// Codecs by names of four characters.
const NAMED: [(&str, [u8; 4], &str, &str); 2] = [
    (
        "hevc",
        *b"hvc1",
        "hvcC",
        "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=15:bframes=2 -an",
    ),
    (
        "av1",
        *b"av01",
        "av1C",
        "-c:v libaom-av1 -cpu-used 8 -usage realtime -g 15 -b:v 9M -c:a aac",
    ),
];

/// An MP4 as an FLV of 15 pictures a second, and when each is shown, ms.
fn named_flv(name: [u8; 4], record: &str, mp4: &[u8], track: &VideoTrack) -> (Tags, Vec<i64>) {
    const KEY: u8 = 0x90;
    const INTER: u8 = 0xa0;
    let ms = |frames: usize| i64::try_from(frames * 1000 / 15).unwrap();
    let find = |entry: &[u8]| entry.windows(4).position(|word| word == record.as_bytes());
    let at = find(&track.entry).unwrap();
    let (length, _) = track.entry[at - 4..].split_first_chunk().unwrap();
    let end = at - 4 + u32::from_be_bytes(*length) as usize;
    let begin = [&[KEY][..], &name, &track.entry[at + 4..end]].concat();
    let (mut tags, mut times) = (vec![(VIDEO, 0, begin)], Vec::new());
    let earlier = |pts: i64| track.samples.iter().filter(|other| other.pts < pts).count();
    for (nth, sample) in track.samples.iter().enumerate() {
        let kind = if sample.sync { KEY } else { INTER };
        // Two frames late, so that none is shown before it is decoded.
        let shown = if name == *b"av01" {
            ms(nth)
        } else {
            ms(earlier(sample.pts) + 2)
        };
        let delay = i32::try_from(shown - ms(nth)).unwrap().to_be_bytes();
        let delay = if name == *b"av01" {
            &[][..]
        } else {
            &delay[1..]
        };
        let at = usize::try_from(sample.offset).unwrap();
        let coded = &mp4[at..at + sample.size as usize];
        let body = [&[kind | 1][..], &name, delay, coded].concat();
        tags.push((VIDEO, u32::try_from(ms(nth)).unwrap(), body));
        times.push(shown);
    }
    (tags, times)
}

/// Four seconds with a keyframe in each.
fn check_named(codec: &str, track: &VideoTrack) {
    assert_eq!(track.codec.name(), codec);
    let syncs = track.samples.iter().filter(|sample| sample.sync).count();
    let told = (track.samples.len(), syncs, track.coded.width);
    assert_eq!(told, (60, 4, 160), "{codec}");
}

#[test]
fn codecs_with_names_are_listed_as_their_tags_say() {
    for (codec, name, record, options) in NAMED {
        let (_mp4, path) = made_clip(&ffmpegs()[0], "clip.mp4", SMALL, options);
        let (whole, file) = (index(&path).unwrap(), std::fs::read(&path).unwrap());
        let (tags, times) = named_flv(name, record, &file, &whole);
        let (_flv, path) = written(&tags);
        let track = index(&path).unwrap_or_else(|error| panic!("{codec}: {error}"));
        check_named(codec, &track);
        let seen = |track: &VideoTrack| {
            let samples = track.samples.iter();
            let seen = samples.map(|sample| (sample.size, sample.sync));
            seen.collect::<Vec<_>>()
        };
        assert_eq!(seen(&track), seen(&whole), "{codec}");
        let shown: Vec<i64> = track.samples.iter().map(|sample| sample.pts).collect();
        assert_eq!(shown, times, "{codec}");
        // No ffmpeg before 6.1 writes or reads them.
        let knows = |ffmpeg: &Ffmpeg| !ffmpeg.version.short().starts_with(['4', '5']);
        for newer in ffmpegs().into_iter().filter(knows) {
            let (_folder, path) = made_clip(&newer, "clip.flv", SMALL, options);
            let track = index(&path).unwrap_or_else(|error| panic!("{codec}: {error}"));
            check_named(codec, &track);
            let by = format!("ffmpeg {}", newer.version);
            let differences = compare(&path, &Ok(track), TRUST);
            let differences: Vec<_> = differences.iter().filter(|d| d.contains(&by)).collect();
            assert!(differences.is_empty(), "{differences:#?}");
        }
    }
}

/// Each group has a decoder of its own then.
#[test]
fn another_configuration_holds_from_its_keyframe_on() {
    let small = tags(&format!("{H264} -an"));
    let large = tags(&format!("{H264} -an -s 320x180"));
    let last = small.iter().rfind(|tag| tag.0 == VIDEO).unwrap().1;
    let later = large.iter().filter(|tag| tag.0 == VIDEO);
    let later = later.map(|(kind, time, body)| (*kind, time + last + 67, body.clone()));
    // The end of a sequence is no picture.
    let mut both: Tags = small
        .into_iter()
        .filter(|tag| !tag.2.starts_with(&[0x17, 2]))
        .collect();
    both.extend(later);
    let (_folder, path) = written(&both);
    let track = index(&path).unwrap();
    assert!(track.has_several_descriptions());
    assert_eq!(track.layout_at(0).coded.width, 160);
    assert_eq!(track.layout_at(track.samples.len() - 1).coded.width, 320);
    assert!(track.changes_description(59, 60));
    let differences = compare(&path, &Ok(track), TRUST);
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn what_is_odd_is_left_to_ffmpeg() {
    let whole = tags(&format!("{H264} -an"));
    let why_not = |change: &dyn Fn(&mut Tags)| {
        let mut tags = whole.clone();
        change(&mut tags);
        index(&written(&tags).1).unwrap_err().to_string()
    };
    let first = whole.iter().position(super::rewrite::is_key).unwrap();
    let late = why_not(&|tags| {
        tags.remove(first);
    });
    assert_eq!(late, "it does not begin with a keyframe");
    let unordered = why_not(&|tags| tags[first + 9].1 += 5000);
    assert_eq!(unordered, "its times are in no order");
    let unmarked = why_not(&|tags| tags[first + 3].2[0] = 0x17);
    assert_eq!(unmarked, "its keyframes are not marked as such");
    let encrypted = why_not(&|tags| tags[first + 3].0 |= 0x20);
    assert_eq!(encrypted, "a tag of it is encrypted");
    let (_folder, path) = written(&whole);
    let file = std::fs::read(&path).unwrap();
    std::fs::write(&path, &file[..file.len() * 2 / 3]).unwrap();
    assert_eq!(index(&path).unwrap_err().to_string(), "it breaks off");
    let sorenson = make("-c:v flv1 -an");
    assert_eq!(
        index(&sorenson.1).unwrap_err().to_string(),
        "its codec is not one of the usual"
    );
}
