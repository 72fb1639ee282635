//! Which of several video tracks is taken.

use super::by_hand::listed_track;
use super::rewrite::{boxed, table, words};

const STBL: &str = "moov trak mdia minf stbl";

/// A job on such a file ended with "no frame of the video can be decoded: it holds none".
#[test]
fn a_track_that_nothing_was_written_to_is_passed_over() {
    let empty = |kind| boxed(kind, &table(&[]));
    let track = listed_track("two_videos.mp4", &|path, number, _| {
        if number != 0 {
            return None;
        }
        match path.strip_prefix(STBL).map(str::trim) {
            Some("stts") => Some(empty(b"stts")),
            Some("stsc") => Some(empty(b"stsc")),
            Some("stco") => Some(empty(b"stco")),
            Some("ctts" | "stss") => Some(Vec::new()),
            Some("stsz") => Some(boxed(b"stsz", &words(&[0, 0, 0]))),
            _ => None,
        }
    });
    assert_eq!(track.stream, 1);
}

#[test]
fn a_track_that_no_fragment_is_of_is_passed_over() {
    let track = listed_track("two_videos_fragments.mp4", &|path, _, body| {
        (path == "moof").then(|| {
            // The places of other tracks' data must not move.
            let mut body = body.to_vec();
            let first = body.windows(4).position(|kind| kind == b"traf").unwrap();
            body[first..first + 4].copy_from_slice(b"free");
            boxed(b"moof", &body)
        })
    });
    assert_eq!(track.stream, 1);
}

/// The thumbnail was taken for the video, which then seemed to last one frame.
#[test]
fn a_thumbnail_is_passed_over() {
    for clip in ["thumbnail.mp4", "thumbnail_fragments.mp4"] {
        let track = listed_track(clip, &|path, number, body| {
            // What only makes the file another one.
            (path == "moov mvhd" && number == 0)
                .then(|| boxed(b"mvhd", &[&body[..4], &[1; 4], &body[8..]].concat()))
        });
        assert_eq!(track.stream, 1, "{clip}");
        assert!(track.samples.len() > 50, "{clip}");
    }
}

#[test]
fn a_video_of_one_picture_is_taken_where_there_is_no_other() {
    let track = listed_track("one_picture.mp4", &|path, number, body| {
        (path == "moov mvhd" && number == 0)
            .then(|| boxed(b"mvhd", &[&body[..4], &[1; 4], &body[8..]].concat()))
    });
    assert_eq!((track.stream, track.samples.len()), (0, 1));
}
