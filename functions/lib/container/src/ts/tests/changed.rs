//! Clips of ffmpeg's with packets sent twice, clocks that jump, and beginnings that are gone.

use super::listed::{TRUST, make};
use super::packets::{Stream, VIDEO};
use crate::test_support::{Bytes, LIMITS, compare, index};
use crate::ts::stretch::clocked_index;
use crate::{IndexError, VideoTrack};

/// Whose pictures are all large enough for the clock to be looked at in any place.
const NOISE: &str = "-vf noise=alls=30:allf=t -an";
const H264: &str = "-c:v libx264 -preset ultrafast -g 15 -bf 3 -b_strategy 0";
const OPEN_H264: &str = "-c:v libx264 -g 15 -bf 3 -b_strategy 0 -x264-params open-gop=1:scenecut=0";
const MPEG2: &str = "-c:v mpeg2video -g 15 -bf 2";
const HEVC: &str = "-c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=15:\
                    min-keyint=15:scenecut=0:bframes=3:open-gop=1";
const TICKS_PER_FRAME: i64 = 6000;

fn stream(options: &str) -> Stream {
    let (_folder, path) = make("clip.ts", options);
    Stream::read(&path)
}

/// The coded bytes of all samples.
fn coded(track: &VideoTrack, file: &[u8]) -> Vec<Vec<u8>> {
    let stored = track.samples.iter().map(|sample| {
        let at = usize::try_from(sample.offset).unwrap();
        file[at..at + sample.size as usize].to_vec()
    });
    stored.map(|stored| track.unpacked(stored)).collect()
}

fn of_bytes(file: Vec<u8>) -> Result<VideoTrack, IndexError> {
    crate::index(&Bytes(file), LIMITS)
}

/// ISO/IEC 13818-1 allows it. ffmpeg's demuxer takes both for parts of the video, and the pictures
/// were damaged.
#[test]
fn packets_that_are_sent_twice_count_once() {
    for options in [&format!("{H264} -c:a aac"), &format!("{MPEG2} -c:a mp2")] {
        let once = stream(options);
        let twice = once.with_repeats();
        let (once, twice) = (once.bytes(), twice.bytes());
        assert!(twice.len() > once.len() * 6 / 5);
        let expected = of_bytes(once.clone()).unwrap();
        let track = of_bytes(twice.clone()).unwrap();
        let times = |track: &VideoTrack| -> Vec<(i64, bool)> {
            track.samples.iter().map(|s| (s.pts, s.sync)).collect()
        };
        assert_eq!(times(&track), times(&expected), "{options}");
        assert_eq!(coded(&track, &twice), coded(&expected, &once), "{options}");
        assert_eq!(track.end_pts, expected.end_pts);
        let ends = |track: &VideoTrack| -> Vec<i64> {
            track.sounds.iter().map(|sound| sound.end_pts).collect()
        };
        assert_eq!(ends(&track), ends(&expected));
    }
}

/// Of pictures that are decoded in another order than they are shown, some are shown on another
/// clock.
#[test]
fn a_clock_that_jumps_among_reordered_pictures_contradicts_them() {
    let is_wrong = |found: Result<VideoTrack, IndexError>| match found {
        Err(IndexError::WrongTimes) => true,
        Err(error) => panic!("{error}"),
        Ok(_) => false,
    };
    for options in [H264, MPEG2] {
        let clip = stream(&format!("{options} {NOISE}"));
        let found = (16..24).map(|from| {
            let file = clip.shifted(from, 5 * TICKS_PER_FRAME).bytes();
            (is_wrong(of_bytes(file.clone())), is_wrong(by_clock(file)))
        });
        let found: Vec<(bool, bool)> = found.collect();
        // Where nothing is reordered it goes on.
        let contradicted = found.iter().filter(|(whole, _)| *whole).count();
        assert!((4..8).contains(&contradicted), "{options}: {found:?}");
        assert!(found.iter().all(|(whole, part)| whole == part), "{found:?}");
    }
}

/// By the stretch around a time near the start.
fn by_clock(file: Vec<u8>) -> Result<VideoTrack, IndexError> {
    let file = Bytes(file);
    let mut index = clocked_index(&file, LIMITS)?;
    index.focus(&file, &[500])?;
    Ok(index.track())
}

fn shown(track: &VideoTrack) -> Vec<i64> {
    let shown = track.samples.iter().filter(|sample| sample.shown);
    shown.map(|sample| sample.pts).collect()
}

/// As most recordings of broadcasts do. Decoders leave out what is shown before that keyframe.
#[test]
fn what_begins_with_an_open_group_is_shown_from_its_first_keyframe_on() {
    for options in [OPEN_H264, MPEG2, HEVC] {
        let whole = stream(&format!("{options} {NOISE}"));
        let all = of_bytes(whole.bytes()).unwrap();
        let second = all.samples.iter().enumerate().filter(|(_, s)| s.sync);
        let (second, key) = second.skip(1).map(|(at, s)| (at, s.pts)).next().unwrap();
        let leading = all.samples[second..].iter().filter(|s| s.pts < key).count();
        assert!(leading > 0, "{options}: the group is closed");
        for first in [second, second - 3] {
            let file = whole.without(VIDEO, ..first).bytes();
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("recording.ts");
            std::fs::write(&path, &file).unwrap();
            let track = index(&path);
            // It lists them like others.
            let differences = compare(&path, &track, TRUST);
            assert!(differences.is_empty(), "{differences:#?}");
            let track = track.unwrap_or_else(|error| panic!("{options}: {error}"));
            let hidden = track.samples.iter().filter(|sample| !sample.shown);
            assert_eq!(hidden.count(), leading, "{options} from {first}");
            let expected = shown(&all).into_iter().filter(|&pts| pts >= key);
            let found = shown(&track);
            assert_eq!(found.len(), expected.count(), "{options} from {first}");
            let mut by_clock = clocked_index(&Bytes(file.clone()), LIMITS).unwrap();
            by_clock.focus(&Bytes(file), &[0, 500]).unwrap();
            let start = by_clock.track().samples[0];
            assert!(start.shown && start.pts == found[0], "{options}");
        }
    }
}
