//! Clips changed by hand, beside what ffmpeg lists of them.

use super::against_ffmpeg::TRUST;
use super::clips::Clip;
use super::index_file;
use super::rewrite::{Change, boxed, numbers, rewrite, table, words};
use crate::mp4::{index, settings};
use crate::test_support::{Bytes, LIMITS, Trust, compare};
use crate::{IndexError, VideoTrack};
use std::fs;

const STBL: &str = "moov trak mdia minf stbl";

/// Makes the clip, changes it and compares; gives the index.
fn index_of_changed(clip: &str, change: Change<'_>) -> Result<VideoTrack, IndexError> {
    index_compared(clip, change, TRUST)
}

pub(super) fn index_compared(
    clip: &str,
    change: Change<'_>,
    trust: Trust,
) -> Result<VideoTrack, IndexError> {
    let clip = Clip::all().into_iter().find(|known| known.name == clip);
    let made = clip.unwrap().make();
    let file = fs::read(&made.path).unwrap();
    let rewritten = rewrite(&file, change);
    assert_ne!(file, rewritten, "something is changed");
    fs::write(&made.path, rewritten).unwrap();
    let track = index_file(&made.path);
    let differences = compare(&made.path, &track, trust);
    assert!(differences.is_empty(), "{differences:#?}");
    track
}

/// Whether there is an index.
fn changed(clip: &str, change: Change<'_>) -> bool {
    index_of_changed(clip, change).is_ok()
}

/// The index, where there must be one.
pub(super) fn listed_track(clip: &str, change: Change<'_>) -> VideoTrack {
    index_of_changed(clip, change).unwrap()
}

fn listed(clip: &str, change: Change<'_>) {
    listed_track(clip, change);
}

fn in_stbl(path: &str, kind: &str) -> bool {
    path == format!("{STBL} {kind}")
}

#[test]
fn chunks_lie_beyond_four_gigabytes() {
    listed("plain.mp4", &|path, _, body| {
        let wide = |offset: u32| words(&[0, offset]);
        in_stbl(path, "stco").then(|| {
            let rows: Vec<_> = numbers(body, 8).into_iter().map(wide).collect();
            boxed(b"co64", &table(&rows))
        })
    });
}

#[test]
fn sizes_are_stored_in_two_bytes() {
    listed("plain.mp4", &|path, number, body| {
        (in_stbl(path, "stsz") && number == 0).then(|| {
            let sizes = numbers(body, 12);
            let count = u32::try_from(sizes.len()).unwrap();
            let mut stz2 = words(&[0, 16, count]);
            for size in sizes {
                stz2.extend(u16::try_from(size).unwrap().to_be_bytes());
            }
            boxed(b"stz2", &stz2)
        })
    });
}

// Of these codecs ffmpeg takes the file's word for sync samples; of others it looks for itself.

#[test]
fn without_a_table_of_sync_samples_all_are() {
    listed("mpeg4.mp4", &|path, _, _| {
        in_stbl(path, "stss").then(Vec::new)
    });
}

#[test]
fn partial_sync_samples_are_sync_samples() {
    listed("mpeg2.mov", &|path, _, _| {
        let partial = table(&[words(&[4]), words(&[22])]);
        in_stbl(path, "stps").then(|| boxed(b"stps", &partial))
    });
}

#[test]
fn random_access_points_are_sync_samples() {
    for version in [0, 1] {
        listed("mpeg4.mp4", &|path, _, body| {
            in_stbl(path, "stss").then(|| {
                let mut groups = words(&[version << 24]);
                groups.extend(b"rap ");
                groups.extend(words(&[0][..version as usize]));
                groups.extend(words(&[3, 5, 0, 1, 1, 10, 0]));
                [boxed(b"stss", body), boxed(b"sbgp", &groups)].concat()
            })
        });
    }
}

#[test]
fn negative_offsets_stand_in_a_table_of_version_0() {
    listed("negative.mp4", &|path, _, body| {
        in_stbl(path, "ctts").then(|| {
            assert!(numbers(body, 8).iter().any(|&offset| offset > 1 << 31));
            boxed(b"ctts", &[&[0; 4], &body[4..]].concat())
        })
    });
}

#[test]
fn the_last_chunks_are_not_listed() {
    listed("plain.mp4", &|path, number, body| {
        let cut = in_stbl(path, "stco") && number == 0;
        cut.then(|| {
            let mut rows: Vec<_> = numbers(body, 8).into_iter().map(|n| words(&[n])).collect();
            rows.truncate(rows.len() / 2);
            boxed(b"stco", &table(&rows))
        })
    });
}

#[test]
fn pictures_for_chapters_are_not_the_video() {
    for chapters in [1, 2] {
        listed("two_videos.mp4", &|path, number, body| {
            (path == "moov trak" && number == 2).then(|| {
                let chap = boxed(b"chap", &words(&[chapters]));
                boxed(b"trak", &[body, &boxed(b"tref", &chap)].concat())
            })
        });
    }
}

#[test]
fn pictures_in_a_track_of_another_kind_are_in_doubt() {
    let refused = changed("two_videos.mp4", &|path, number, body| {
        (path == "moov trak mdia hdlr" && number == 0)
            .then(|| boxed(b"hdlr", &[&body[..8], b"pict", &body[12..]].concat()))
    });
    assert!(!refused);
}

#[test]
fn the_enabled_video_comes_before_the_first() {
    listed("two_videos.mp4", &|path, number, body| {
        (path == "moov trak tkhd" && number < 2).then(|| {
            let enabled = u8::from(number == 1);
            boxed(b"tkhd", &[&body[..3], &[enabled], &body[4..]].concat())
        })
    });
}

#[test]
fn one_track_without_times_stops_the_cutting_of_those_after_it() {
    let empty = |kind| boxed(kind, &table(&[]));
    for place in [0, 1] {
        changed("two_videos.mp4", &|path, number, _| {
            if number != place {
                return None;
            }
            match path.strip_prefix(STBL).map(str::trim) {
                Some("stts") => Some(empty(b"stts")),
                Some("ctts") => Some(Vec::new()),
                Some("stsc") => Some(empty(b"stsc")),
                Some("stco") => Some(empty(b"stco")),
                Some("stss") => Some(Vec::new()),
                Some("stsz") => Some(boxed(b"stsz", &words(&[0, 0, 0]))),
                _ => None,
            }
        });
    }
}

/// An edit list of version 0 in place of the video's own.
fn edited(clip: &str, edits: &[(u32, u32)]) -> bool {
    edited_track(clip, edits).is_ok()
}

fn edited_track(clip: &str, edits: &[(u32, u32)]) -> Result<VideoTrack, IndexError> {
    let trust = Trust {
        last_is_whole: false,
        ..TRUST
    };
    let change: Change<'_> = &|path, number, _| {
        let rows = || {
            edits
                .iter()
                .map(|&(ticks, start)| words(&[ticks, start, 1 << 16]))
        };
        let first = path == "moov trak edts elst" && number == 0;
        first.then(|| boxed(b"elst", &table(&rows().collect::<Vec<_>>())))
    };
    index_compared(clip, change, trust)
}

#[test]
fn edits_begin_and_end_anywhere() {
    // Frames last 1024 ticks, or 66.7 ms; a group of pictures one second.
    for clip in ["plain.mp4", "no_b_frames.mp4"] {
        for start in [0, 1024, 1500, 2048, 15_360, 16_400, 17_408, 40_000] {
            for duration in [700, 2500] {
                let listed = edited(clip, &[(duration, start)]);
                assert!(listed, "{clip}: {duration} from {start}");
            }
        }
    }
    for (duration, start) in [(1000, 1500), (60, 2048), (9000, 17_408)] {
        let listed = edited("negative.mp4", &[(duration, start)]);
        assert!(listed, "{duration} from {start}");
    }
}

/// Times and places in the file of what is shown, in order of presentation, and the end.
fn shown(track: &VideoTrack) -> (Vec<(i64, u64)>, i64) {
    let shown = track.samples.iter().filter(|sample| sample.shown);
    let mut shown: Vec<_> = shown.map(|sample| (sample.pts, sample.offset)).collect();
    shown.sort_unstable();
    (shown, track.end_pts)
}

#[test]
fn the_frame_that_an_edit_cuts_is_shown_from_its_start() {
    // Presentation begins with the first frame: at 2048 of the clip with B-frames.
    for (clip, first_pts) in [("plain.mp4", 2048), ("no_b_frames.mp4", 0)] {
        let (all, _) = shown(&edited_track(clip, &[(4001, first_pts)]).unwrap());
        for frame in [1, 14, 15, 16, 31] {
            let begins = first_pts + 1024 * frame;
            for (start, first, first_lasts) in [
                (begins, frame, 1024),
                (begins + 1, frame, 1023),
                (begins + 500, frame, 524),
                // A millisecond, which is a tick of the movie, and less.
                (begins + 1008, frame, 16),
                (begins + 1009, frame + 1, 1024),
            ] {
                let (shown, end) = shown(&edited_track(clip, &[(1000, start)]).unwrap());
                let first = first as usize;
                assert_eq!(shown[0].1, all[first].1, "{clip} from {start}");
                assert_eq!(shown[1].1, all[first + 1].1, "{clip} from {start}");
                assert_eq!(shown[1].0 - shown[0].0, first_lasts, "{clip} from {start}");
                let is_cut = first_lasts < 1024;
                assert!(
                    !is_cut || (shown[0].0, end) == (0, 15_360),
                    "{clip} from {start}"
                );
            }
        }
    }
}

#[test]
fn the_frame_that_the_end_of_an_edit_cuts_ends_there() {
    for (ticks, lasts) in [
        (1030, 15_821),
        (1066, 16_384),
        (1067, 16_389),
        (1068, 16_404),
    ] {
        let track = edited_track("no_b_frames.mp4", &[(ticks, 0)]).unwrap();
        assert_eq!(track.end_pts, lasts, "{ticks} ms");
    }
}

#[test]
fn settings_are_told_of_codecs_without_an_index() {
    let made = |name: &str| {
        let clip = Clip::all().into_iter().find(|clip| clip.name == name);
        let made = clip.unwrap().make();
        fs::read(&made.path).unwrap()
    };
    for (name, first_pts, is_fragmented) in [
        ("plain.mp4", 2048, false),
        ("negative.mp4", 0, false),
        ("delayed_based.mp4", 2048, true),
    ] {
        let renamed = rewrite(&made(name), &|path, number, body| {
            let is_entry = in_stbl(path, "stsd") && number == 0;
            is_entry.then(|| boxed(b"stsd", &[&body[..12], b"FFV1", &body[16..]].concat()))
        });
        let source = Bytes(renamed);
        assert!(index(&source, LIMITS).is_err(), "{name}");
        let settings = settings(&source, LIMITS, 0).unwrap();
        let edits = settings.edits.unwrap();
        assert_eq!(edits.first_pts, first_pts, "{name}");
        assert_eq!(edits.list.first_start(), Some(first_pts), "{name}");
        assert_eq!(edits.is_fragmented, is_fragmented, "{name}");
        assert_eq!(
            (settings.layout.coded.width, settings.layout.crop),
            (160, None)
        );
    }
}

#[test]
fn empty_edits_come_first() {
    const EMPTY: u32 = u32::MAX;
    for edits in [
        &[(1234, EMPTY), (2500, 2048)][..],
        &[(1, EMPTY), (1, EMPTY), (4000, 5000)],
    ] {
        for clip in ["plain.mp4", "no_b_frames.mp4"] {
            assert!(edited(clip, edits), "{edits:?}");
        }
    }
}

#[test]
fn edit_lists_that_are_not_simple_give_no_index() {
    const EMPTY: u32 = u32::MAX;
    for edits in [
        &[(1000, EMPTY)][..],
        &[(0, 0)],
        &[(1000, EMPTY - 5)],
        &[(1000, 1_000_000)],
    ] {
        assert!(!edited("plain.mp4", edits), "{edits:?}");
    }
}
