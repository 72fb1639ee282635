//! ffmpeg's list of packets is the truth: times, sync samples, sizes.

use super::clips::Clip;
use super::{index_file, media};
use crate::test_support::{Trust, compare};
use source::{CountingSource, FileSource, RangeSource, ReadStats};
use std::sync::Arc;

pub(super) const TRUST: Trust = Trust {
    hidden: false,
    last_tick: false,
    last_is_whole: true,
};

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn real_files_are_listed_as_ffmpeg_lists_them() {
    let mut differences = Vec::new();
    let mut indexed = 0;
    let files = media("real");
    for path in &files {
        let track = index_file(path);
        indexed += usize::from(track.is_ok());
        differences.extend(compare(path, &track, TRUST));
    }
    assert!(differences.is_empty(), "{differences:#?}");
    assert_eq!(indexed, files.len(), "each has an index");
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn quirky_and_broken_files_are_listed_alike_or_not_at_all() {
    let mut differences = Vec::new();
    for path in media("malformed").iter().chain(&media("synthetic")) {
        differences.extend(compare(path, &index_file(path), TRUST));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn made_clips_are_listed_as_ffmpeg_lists_them() {
    let mut differences = Vec::new();
    for clip in Clip::all() {
        let made = clip.make();
        let track = index_file(&made.path);
        assert!(track.is_ok(), "{}: {:?}", clip.name, track.err());
        differences.extend(compare(&made.path, &track, TRUST));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn what_breaks_off_is_listed_up_to_there() {
    let mut differences = Vec::new();
    for clip in Clip::all().into_iter().take(12) {
        let made = clip.make();
        let whole = std::fs::read(&made.path).unwrap();
        std::fs::write(&made.path, &whole[..whole.len() * 7 / 10]).unwrap();
        let track = index_file(&made.path);
        assert!(track.is_ok(), "{}: {:?}", clip.name, track.err());
        differences.extend(compare(&made.path, &track, TRUST));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn the_frames_themselves_are_stepped_over() {
    let name = "androidx_media__bbb_642x642_768kbps_30fps_vp9.webm";
    let files = media("real");
    let files: Vec<_> = files.iter().filter(|path| path.ends_with(name)).collect();
    assert_eq!(files.len(), 1, "{name}");
    for path in files {
        let tally = Arc::new(ReadStats::default());
        let source = CountingSource::new(Arc::new(FileSource::open(path).unwrap()), tally.clone());
        crate::index(&source, super::LIMITS).unwrap();
        assert!(tally.bytes() < source.bytes() / 2, "{}", tally.bytes());
        assert!(tally.requests() < 100, "{}", tally.requests());
    }
}
