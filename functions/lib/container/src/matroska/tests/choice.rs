//! Which of several video tracks is taken.

use super::clips::Clip;
use super::index_file;
use super::rewrite::{element, number, rewrite};
use crate::matroska::ebml::elements;
use crate::matroska::ids;
use crate::test_support::LIMITS;
use crate::{SparseIndex, VideoTrack};
use source::FileSource;
use std::fs;

/// What is done to the track of this number.
#[derive(Debug, Clone, Copy)]
struct Changes {
    track: u8,
    flags: &'static [(u32, u64)],
    keeps_blocks: bool,
}

/// A clip of two videos, changed.
fn changed(changes: &[Changes]) -> VideoTrack {
    let clips = Clip::all();
    let made = clips.iter().find(|clip| clip.name == "two_videos.mkv");
    let made = made.unwrap().make();
    let file = fs::read(&made.path).unwrap();
    let of = |track: u8| changes.iter().find(|changes| changes.track == track);
    let rewritten = rewrite(&file, &|path, body| match path.last() {
        Some(&ids::TRACK_ENTRY) => {
            let mut fields = elements(body).map(Result::unwrap);
            let track = fields.find(|field| field.id == ids::TRACK_NUMBER)?.body[0];
            let flags = of(track)?.flags.iter();
            let flags = flags
                .flat_map(|&(id, flag)| number(id, flag))
                .collect::<Vec<_>>();
            Some(element(ids::TRACK_ENTRY, &[body, &flags].concat()))
        }
        Some(&ids::SIMPLE_BLOCK) => {
            let changes = of(body[0] & 0x7f)?;
            (!changes.keeps_blocks).then(Vec::new)
        }
        Some(&ids::BLOCK_GROUP) => {
            let block = elements(body)
                .map(Result::unwrap)
                .find(|e| e.id == ids::BLOCK)?;
            let changes = of(block.body[0] & 0x7f)?;
            (!changes.keeps_blocks).then(Vec::new)
        }
        _ => None,
    });
    fs::write(&made.path, rewritten).unwrap();
    let sparse = SparseIndex::read(&FileSource::open(&made.path).unwrap(), LIMITS);
    assert!(sparse.is_err(), "there are no cues left");
    index_file(&made.path).unwrap()
}

/// The first video, which is the default one where nothing else is said.
const FIRST: Changes = Changes {
    track: 1,
    flags: &[(ids::FLAG_DEFAULT, 1)],
    keeps_blocks: true,
};
/// The second.
const SECOND: Changes = Changes {
    track: 3,
    flags: &[(ids::FLAG_DEFAULT, 0)],
    keeps_blocks: true,
};

#[test]
fn the_default_track_goes_first() {
    assert_eq!(changed(&[FIRST, SECOND]).stream, 0);
    let default = Changes {
        flags: FIRST.flags,
        ..SECOND
    };
    let other = Changes {
        flags: SECOND.flags,
        ..FIRST
    };
    assert_eq!(changed(&[other, default]).stream, 2);
}

/// A job on such a file ended with "no frame of the video can be decoded: it holds none".
#[test]
fn a_disabled_track_is_passed_over() {
    let disabled = Changes {
        flags: &[(ids::FLAG_ENABLED, 0), (ids::FLAG_DEFAULT, 1)],
        ..FIRST
    };
    assert_eq!(changed(&[disabled, SECOND]).stream, 2);
    let other = Changes {
        flags: &[(ids::FLAG_ENABLED, 0), (ids::FLAG_DEFAULT, 0)],
        ..SECOND
    };
    assert_eq!(
        changed(&[disabled, other]).stream,
        0,
        "a player has no other"
    );
}

#[test]
fn a_track_without_blocks_is_passed_over() {
    let empty = Changes {
        keeps_blocks: false,
        ..FIRST
    };
    assert_eq!(changed(&[empty, SECOND]).stream, 2);
}

/// A long file's index by its cues told of the thumbnail alone.
#[test]
fn a_thumbnail_is_passed_over() {
    let clips = Clip::all();
    let made = clips.iter().find(|clip| clip.name == "two_videos.mkv");
    let options = "-filter:v:0 select=eq(n\\,0) -disposition:v:0 default -disposition:v:1 0";
    let made = made.unwrap().make_with(options);
    let track = index_file(&made.path).unwrap();
    assert_eq!(track.stream, 2);
    assert!(track.samples.len() > 30);
    let sparse = SparseIndex::read(&FileSource::open(&made.path).unwrap(), LIMITS);
    assert!(sparse.is_err());
}
