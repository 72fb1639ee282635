//! ffmpeg's list of packets is the truth: times, sync samples, what an edit list hides.

use super::clips::Clip;
use super::{index_file, media};
use crate::test_support::{Trust, compare};

/// What ffmpeg says of an MP4 is true, but that it lists whole what the end of an edit cuts.
pub(super) const TRUST: Trust = Trust {
    hidden: true,
    last_tick: true,
    last_is_whole: false,
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
    // No edit ends within a frame of theirs.
    let trust = Trust {
        last_is_whole: true,
        ..TRUST
    };
    for clip in Clip::all() {
        let made = clip.make();
        let track = index_file(&made.path);
        if clip.has_index {
            assert!(track.is_ok(), "{}: {:?}", clip.name, track.err());
        }
        differences.extend(compare(&made.path, &track, trust));
    }
    assert!(differences.is_empty(), "{differences:#?}");
}
