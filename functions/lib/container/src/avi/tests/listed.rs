//! The frames that come out of ffmpeg are the truth: times, sync samples, the end.

use super::rewrite::{Chunks, Table, avi, packed, taken_apart};
use crate::test_support::{SMALL, all_media, differences_of_frames, ffmpegs, index, made_clip};
use std::path::PathBuf;
use tempfile::TempDir;

/// Clips of four seconds, each with its options.
const CLIPS: [(&str, &str); 11] = [
    (
        "plain",
        "-c:v mpeg4 -g 12 -vtag XVID -c:a libmp3lame -ar 44100",
    ),
    (
        "between",
        "-c:v mpeg4 -bf 2 -g 12 -vtag XVID -c:a libmp3lame -b:a 128k",
    ),
    (
        "one_between",
        "-c:v mpeg4 -bf 1 -b_strategy 0 -g 15 -vtag DX50 -c:a ac3",
    ),
    (
        "field",
        "-c:v mpeg4 -flags +ildct+ilme -bf 1 -g 12 -c:a pcm_s16le",
    ),
    ("own_shape", "-c:v mpeg4 -bf 2 -g 12 -vf setsar=16/11 -an"),
    ("odd_rate", "-c:v mpeg4 -bf 2 -g 12 -r 30000/1001 -an"),
    ("motion_jpeg", "-c:v mjpeg -pix_fmt yuvj420p -c:a pcm_u8"),
    ("huffyuv", "-c:v huffyuv -pix_fmt yuv422p -an"),
    ("msmpeg4v3", "-c:v msmpeg4 -q:v 3 -g 15 -vtag DIV3 -an"),
    ("wmv2", "-c:v wmv2 -q:v 3 -g 15 -c:a libmp3lame"),
    ("utvideo", "-c:v utvideo -pix_fmt yuv422p -an"),
];

pub(super) fn make(options: &str) -> (TempDir, PathBuf) {
    made_clip(&ffmpegs()[0], "clip.avi", SMALL, options)
}

/// Video alone, as a head and chunks.
pub(super) fn video(options: &str) -> (Vec<u8>, Chunks) {
    let (_folder, path) = make(&format!("{options} -an"));
    taken_apart(&std::fs::read(&path).unwrap())
}

pub(super) const BETWEEN: &str = "-c:v mpeg4 -bf 2 -g 12 -vtag XVID";

fn written(file: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.avi");
    std::fs::write(&path, file).unwrap();
    (folder, path)
}

fn differences(name: &str, file: &[u8]) -> Vec<String> {
    let (_folder, path) = written(file);
    let track = index(&path);
    assert!(track.is_ok(), "{name}: {:?}", track.err());
    differences_of_frames(name, &path, &track.unwrap())
}

#[test]
fn made_clips_are_listed_as_they_come_out_of_ffmpeg() {
    let mut found = Vec::new();
    for (name, options) in CLIPS {
        let (_folder, path) = make(options);
        let track = index(&path);
        assert!(track.is_ok(), "{name}: {:?}", track.err());
        found.extend(differences_of_frames(name, &path, &track.unwrap()));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn tables_of_every_kind_and_none_tell_the_same() {
    let (head, chunks) = video(BETWEEN);
    let mut found = Vec::new();
    for table in [Table::FromList, Table::FromFile, Table::None, Table::Super] {
        found.extend(differences(
            &format!("{table:?}"),
            &avi(&head, &chunks, table),
        ));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn packed_pictures_are_taken_out_and_shown_when_they_are_to_be() {
    let mut found = Vec::new();
    for options in [BETWEEN, "-c:v mpeg4 -bf 1 -b_strategy 0 -g 10 -vtag DX50"] {
        let (head, chunks) = video(options);
        let together = packed(&chunks);
        let file = avi(&head, &together, Table::FromList);
        let (_folder, path) = written(&file);
        let track = index(&path).unwrap();
        assert_eq!(track.samples.len(), chunks.len());
        for (sample, (_, body)) in track.samples.iter().zip(&chunks).skip(1) {
            let at = usize::try_from(sample.offset).unwrap();
            let stored = &file[at..at + sample.size as usize];
            assert!(body.ends_with(&stored[stored.len() - 8..]));
        }
        found.extend(differences(options, &file));
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// As the Xvid library ends a video, and as it marks an empty picture where a keyframe was to be.
#[test]
fn a_packed_picture_that_no_chunk_follows_never_comes() {
    let mut found = Vec::new();
    for options in [BETWEEN, "-c:v mpeg4 -bf 1 -b_strategy 0 -g 9 -vtag XVID"] {
        let (head, chunks) = video(options);
        let mut together = packed(&chunks);
        let is_empty = |(_, body): &([u8; 4], Vec<u8>)| body.len() == 7;
        let last = together.iter().rposition(is_empty).unwrap();
        together.truncate(last);
        let empty = together.iter_mut().filter(|chunk| is_empty(chunk));
        empty
            .skip(3)
            .for_each(|(_, body)| *body = vec![0, 0, 1, 0xb6, 0x13, 0x2f]);
        found.extend(differences(
            options,
            &avi(&head, &together, Table::FromList),
        ));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn an_empty_chunk_has_the_picture_before_it_shown_on() {
    let mut found = Vec::new();
    for options in [BETWEEN, "-c:v mpeg4 -g 12", "-c:v mjpeg -pix_fmt yuvj420p"] {
        let (head, mut chunks) = video(options);
        for at in [4, 5, 20, 31] {
            chunks.insert(at, (*b"00dc", Vec::new()));
        }
        let file = avi(&head, &chunks, Table::FromList);
        found.extend(differences(options, &file));
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// As ffmpeg writes it where pictures come at half the rate that the file is said to have.
#[test]
fn empty_chunks_may_come_last() {
    let mut found = Vec::new();
    for options in [BETWEEN, "-c:v mpeg4 -g 12", "-c:v mpeg4 -bf 1 -g 9"] {
        let (head, chunks) = video(options);
        let empty = || (*b"00dc", Vec::new());
        let mut with_one = chunks.clone();
        with_one.push(empty());
        let halves: Chunks = chunks
            .into_iter()
            .flat_map(|chunk| [chunk, empty()])
            .collect();
        let mut with_three = with_one.clone();
        with_three.extend([empty(), empty()]);
        for chunks in [with_one, with_three, halves] {
            let file = avi(&head, &chunks, Table::FromList);
            found.extend(differences(options, &file));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn files_of_others_are_listed_alike_or_not_at_all() {
    let mut found = Vec::new();
    for path in all_media(&["avi", "divx"]) {
        let name = path.display().to_string();
        match index(&path) {
            Ok(track) => found.extend(differences_of_frames(&name, &path, &track)),
            Err(error) => eprintln!("{name}: no index: {error}"),
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

fn why_not(file: &[u8]) -> String {
    let (_folder, path) = written(file);
    index(&path).unwrap_err().to_string()
}

#[test]
fn what_is_odd_is_left_to_ffmpeg() {
    let (head, chunks) = video(BETWEEN);
    let change = |change: &dyn Fn(&mut Chunks)| {
        let mut chunks = chunks.clone();
        change(&mut chunks);
        why_not(&avi(&head, &chunks, Table::FromList))
    };
    let late = change(&|chunks| {
        chunks.remove(0);
    });
    assert_eq!(late, "its decoder configuration is damaged");
    // Of the kind that is predicted, and not coded.
    let none = vec![0, 0, 1, 0xb6, 0x50, 0xbf, 0x7f];
    let open = change(&|chunks| chunks.push((*b"00dc", none.clone())));
    assert_eq!(open, "it does not end with a picture");
    let palette = change(&|chunks| chunks.insert(3, (*b"00pc", vec![0; 8])));
    assert_eq!(palette, "a chunk of it is of an unusual kind");
    let whole = avi(&head, &chunks, Table::FromList);
    assert_eq!(why_not(&whole[..whole.len() * 2 / 3]), "it breaks off");
    let mut false_table = whole.clone();
    let table = whole.windows(4).position(|kind| kind == b"idx1").unwrap();
    false_table[table + 8 + 5 * 16 + 8] ^= 2;
    assert_eq!(why_not(&false_table), "its table of chunks is not true");
    let h264 = make("-c:v libx264 -an");
    assert_eq!(
        index(&h264.1).unwrap_err().to_string(),
        "its codec is not one of the usual"
    );
}
