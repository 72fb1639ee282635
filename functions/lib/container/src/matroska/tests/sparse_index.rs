//! What an outline tells of some times is what the whole index tells of them.

use super::clips::Clip;
use super::{Bytes, LIMITS, index_file, media};
use crate::SparseIndex;
use crate::matroska::ebml::header;
use crate::matroska::{ids, index};
use crate::test_support::{Made, far};
use crate::{IndexError, VideoTrack};
use plan::TimelineFrame;
use plan::cut::cut;
use plan::{Timeline, end_with_sound};
use source::{CountingSource, FileSource, RangeSource, ReadStats};
use std::path::Path;
use std::sync::Arc;

fn timeline(track: &VideoTrack) -> Timeline {
    let shown = track.samples.iter().filter(|sample| sample.shown);
    let frames = shown.map(|&plan::CodedSample { pts, sync, .. }| TimelineFrame { pts, sync });
    let sounds = track.sounds.iter().map(|s| (s.end_pts, s.time_base));
    let end = end_with_sound(track.end_pts, track.time_base, sounds);
    Timeline::new(track.time_base, frames.collect(), end).unwrap()
}

/// All that a job sees of a frame: when it is shown, and what is read and decoded for it.
fn seen(track: &VideoTrack, timeline: &Timeline, frame: usize) -> (u64, Vec<(u64, u32)>) {
    let pts = timeline.frames()[frame].pts;
    let target = track.samples.iter().position(|sample| sample.pts == pts);
    let groups = cut(&track.samples, &[target.unwrap()]).unwrap();
    assert_eq!(groups.len(), 1);
    let (first, last) = (groups[0].first, groups[0].last);
    assert!(!track.has_gap(first, last), "a group has all its samples");
    let read = &track.samples[first..=last];
    let places = read.iter().map(|sample| (sample.offset, sample.size));
    (timeline.presentation_us(frame), places.collect())
}

fn same(whole: &VideoTrack, part: &VideoTrack, points: &[u64]) -> Result<(), String> {
    let (all, some) = (timeline(whole), timeline(part));
    if all.duration_ms() != some.duration_ms() {
        return Err(format!(
            "{} ms for {}",
            some.duration_ms(),
            all.duration_ms()
        ));
    }
    for &at in points {
        let shown = (all.shown_at(at), some.shown_at(at));
        let nearest = (all.sync_nearest(at), some.sync_nearest(at));
        let nearest = (nearest.0.unwrap(), nearest.1.unwrap());
        for (theirs, ours) in [shown, nearest] {
            let (theirs, ours) = (seen(whole, &all, theirs), seen(part, &some, ours));
            if theirs != ours {
                return Err(format!("at {at} ms {ours:?} for {theirs:?}"));
            }
        }
    }
    Ok(())
}

/// Each time by itself, neighbours together, and a few spread ones; gives how many outlines were
/// not of the whole file.
pub(super) fn check(
    source: &dyn RangeSource,
    outline: &SparseIndex,
    whole: &VideoTrack,
) -> Result<usize, String> {
    let last = timeline(whole).duration_ms() - 1;
    let at = |nth: u64| last * nth / 40;
    let mut sets: Vec<Vec<u64>> = (0..=40).map(|nth| vec![at(nth)]).collect();
    sets.push(vec![at(3), at(4), at(5)]);
    sets.push(vec![at(7), at(21), at(22), at(39)]);
    sets.push(vec![last + 5]);
    let mut partial = 0;
    let mut wandering = outline.clone();
    for points in sets {
        let mut fresh = outline.clone();
        for outline in [&mut fresh, &mut wandering] {
            let focused = outline.focus(source, &points);
            focused.map_err(|error| format!("at {points:?}: {error}"))?;
            same(whole, &outline.track(), &points)?;
        }
        partial += usize::from(fresh.track().samples.len() < whole.samples.len());
    }
    Ok(partial)
}

fn check_file(path: &Path) -> Option<Result<usize, String>> {
    let source = FileSource::open(path).unwrap();
    let whole = index_file(path).ok()?;
    match SparseIndex::read(&source, LIMITS) {
        Ok(outline) => Some(check(&source, &outline, &whole)),
        Err(error) => {
            eprintln!("{}: no outline: {error}", path.display());
            None
        }
    }
}

/// Where more is read at once.
fn check_far(path: &Path) -> Option<Result<usize, String>> {
    let (source, _) = far(std::fs::read(path).unwrap());
    let outline = SparseIndex::read(&*source, LIMITS).ok()?;
    Some(check(&*source, &outline, &index_file(path).ok()?))
}

#[test]
fn some_times_of_made_clips_are_told_alike() {
    let mut partial = 0;
    let mut failures = Vec::new();
    for clip in Clip::all() {
        for options in [
            "",
            "-g 5 -cluster_time_limit 200",
            "-g 5 -cluster_time_limit 500 -cues_to_front 1",
        ] {
            let made = clip.make_with(options);
            match check_file(&made.path) {
                Some(Ok(parts)) => partial += usize::from(parts > 20),
                Some(Err(error)) => failures.push(format!("{} {options}: {error}", clip.name)),
                None => {}
            }
            if let Some(Err(error)) = check_far(&made.path) {
                failures.push(format!("{} {options}, far away: {error}", clip.name));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(partial >= 30, "few outlines: {partial}");
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn some_times_of_other_files_are_told_alike() {
    for folder in ["real", "malformed", "synthetic"] {
        for path in media(folder) {
            if let Some(Err(error)) = check_file(&path) {
                panic!("{}: {error}", path.display());
            }
        }
    }
}

/// Clusters of 0.2 s and a sync sample each third of a second.
fn clip(name: &str, options: &str) -> Made {
    let clip = Clip::all().into_iter().find(|clip| clip.name == name);
    clip.unwrap()
        .make_with(&format!("-g 5 -cluster_time_limit 200 {options}"))
}

/// Where in a file each `CuePoint` is.
pub(super) fn cue_points(file: &[u8]) -> Vec<std::ops::Range<usize>> {
    let found = |at: &usize| file[*at..].starts_with(&[0x1c, 0x53, 0xbb, 0x6b]);
    // Not the one in `SeekHead`.
    let cues = (0..file.len()).rfind(found).unwrap();
    let whole = header(&file[cues..]).unwrap();
    let (mut at, mut points) = (cues + whole.bytes, Vec::new());
    let end = at + usize::try_from(whole.body_bytes.unwrap()).unwrap();
    while at < end {
        let point = header(&file[at..]).unwrap();
        let next = at + point.bytes + usize::try_from(point.body_bytes.unwrap()).unwrap();
        // Others: a checksum.
        if point.id == ids::CUE_POINT {
            points.push(at..next);
        }
        at = next;
    }
    points
}

/// Replaces what is at `place` with an element that says nothing.
pub(super) fn void(file: &mut [u8], place: std::ops::Range<usize>) {
    let bytes = u64::try_from(place.len() - 9).unwrap();
    file[place.start] = 0xec;
    file[place.start + 1..place.start + 9].copy_from_slice(&(bytes | 1 << 56).to_be_bytes());
}

#[test]
fn sync_samples_without_a_cue_are_found() {
    for options in ["", "-cues_to_front 1"] {
        let long = format!("-an -vf loop=-1:60 -t 20 {options}");
        let made = clip("open.mkv", &long);
        let mut file = std::fs::read(&made.path).unwrap();
        let points = cue_points(&file);
        for (nth, point) in points.iter().enumerate() {
            if nth % 3 > 0 {
                void(&mut file, point.clone());
            }
        }
        let source = Bytes(file);
        let whole = index(&source, LIMITS).unwrap();
        let outline = SparseIndex::read(&source, LIMITS).unwrap();
        let partial = check(&source, &outline, &whole).unwrap();
        assert!(partial > 30, "{partial} of the outlines");
    }
}

/// Adds to a number within each element `id` of the cues.
fn shift(file: &mut [u8], id: u8, by: i8) {
    for point in cue_points(file) {
        let number = file[point.clone()].iter().position(|&byte| byte == id);
        let at = point.start + number.unwrap();
        let last = at + 1 + usize::from(file[at + 1] & 0x7f);
        file[last] = file[last].wrapping_add_signed(by);
    }
}

#[test]
fn cues_that_lie_are_found_out() {
    const CUE_TIME: u8 = 0xb3;
    const CUE_CLUSTER_POSITION: u8 = 0xf1;
    let made = clip("plain.mkv", "");
    let honest = std::fs::read(&made.path).unwrap();
    assert!(SparseIndex::read(&Bytes(honest.clone()), LIMITS).is_ok());
    for (id, by) in [
        (CUE_TIME, 1),
        (CUE_TIME, -1),
        (CUE_CLUSTER_POSITION, 1),
        (CUE_CLUSTER_POSITION, -3),
    ] {
        let mut file = honest.clone();
        shift(&mut file, id, by);
        let outline = SparseIndex::read(&Bytes(file), LIMITS);
        assert!(
            matches!(outline, Err(IndexError::Unsupported(_))),
            "{id:x} by {by}: {:?}",
            outline.err()
        );
    }
    // What nobody asks for need not be true, and is not believed once somebody does.
    let mut file = honest.clone();
    let points = cue_points(&file);
    let middle = points[points.len() / 2].clone();
    let at = middle.start
        + file[middle]
            .iter()
            .position(|&byte| byte == CUE_TIME)
            .unwrap();
    file[at + 3] ^= 1;
    let source = Bytes(file);
    let outline = SparseIndex::read(&source, LIMITS).unwrap();
    assert!(outline.clone().focus(&source, &[300]).is_ok());
    assert!(outline.clone().focus(&source, &[2000]).is_err());
}

#[test]
fn what_breaks_off_or_has_no_cues_has_no_outline() {
    let made = clip("plain.mkv", "-cues_to_front 1");
    let whole = std::fs::read(&made.path).unwrap();
    let half = Bytes(whole[..whole.len() / 2].to_vec());
    assert!(SparseIndex::read(&half, LIMITS).is_err());
    let mut file = whole.clone();
    for point in cue_points(&file) {
        void(&mut file, point);
    }
    let source = Bytes(file);
    // The first cluster needs no cue: then all is one part.
    let outline = SparseIndex::read(&source, LIMITS).unwrap();
    let index = index(&source, LIMITS).unwrap();
    assert_eq!(outline.track().samples, index.samples);
}

#[test]
fn little_is_read_of_a_long_file() {
    let made = clip("plain.mkv", "-an -vf loop=-1:60 -t 120");
    let read = |index: &dyn Fn(&dyn RangeSource)| {
        let tally = Arc::new(ReadStats::default());
        let file = Arc::new(FileSource::open(&made.path).unwrap());
        index(&CountingSource::new(file, tally.clone()));
        (tally.bytes(), tally.requests())
    };
    let all = read(&|source| {
        index(source, LIMITS).unwrap();
    });
    let some = read(&|source| {
        let mut outline = SparseIndex::read(source, LIMITS).unwrap();
        outline.focus(source, &[60_000]).unwrap();
    });
    assert!(
        some.0 * 5 < all.0 && some.1 * 20 < all.1,
        "{some:?} {all:?}"
    );
}

#[test]
fn the_frame_rate_is_told_by_a_part() {
    for (name, options) in [("plain.mkv", ""), ("ntsc.mkv", ""), ("open.mkv", "")] {
        let long = format!("-an -vf loop=-1:60 -t 60 {options}");
        let made = clip(name, &long);
        let source = FileSource::open(&made.path).unwrap();
        let whole = timeline(&index(&source, LIMITS).unwrap()).frame_rate();
        let outline = SparseIndex::read(&source, LIMITS).unwrap();
        let part = outline.frame_rate().unwrap();
        assert!((part / whole - 1.0).abs() < 0.001, "{part} for {whole}");
    }
}
