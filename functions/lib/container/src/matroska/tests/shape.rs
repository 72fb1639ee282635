//! What a track says of its pictures beside their size.

use super::clips::Clip;
use super::index_file;
use super::rewrite::{Change, element, number, rewrite};
use crate::VideoTrack;
use crate::matroska::ids;
use plan::Crop;
use std::fs;

/// A clip of 160x90 whose video has more `settings`.
fn with_settings(settings: &[Vec<u8>]) -> VideoTrack {
    changed(&|path, _| {
        let is_video = path.last() == Some(&ids::VIDEO);
        is_video.then(|| {
            element(
                ids::VIDEO,
                &[&plain_size()[..], &settings.concat()].concat(),
            )
        })
    })
}

/// `Video` without what ffmpeg says of the display.
fn plain_size() -> Vec<u8> {
    [number(ids::PIXEL_WIDTH, 160), number(ids::PIXEL_HEIGHT, 90)].concat()
}

fn changed(change: Change<'_>) -> VideoTrack {
    let clips = Clip::all();
    let made = clips.iter().find(|clip| clip.name == "video_only.mkv");
    let made = made.unwrap().make();
    let file = fs::read(&made.path).unwrap();
    let rewritten = rewrite(&file, change);
    fs::write(&made.path, rewritten).unwrap();
    index_file(&made.path).unwrap()
}

#[test]
fn the_display_size_belongs_to_the_cropped_pictures() {
    let crop = [
        number(ids::PIXEL_CROP_LEFT, 20),
        number(ids::PIXEL_CROP_RIGHT, 20),
        number(ids::PIXEL_CROP_TOP, 6),
    ];
    let track = with_settings(&crop);
    let expected = Crop {
        left: 20,
        top: 6,
        right: 20,
        bottom: 0,
    };
    assert_eq!(track.crop, Some(expected));
    assert_eq!(
        track.sample_aspect_ratio,
        Some((1, 1)),
        "120x84 is shown as that"
    );
    let display = [
        number(ids::DISPLAY_WIDTH, 240),
        number(ids::DISPLAY_HEIGHT, 84),
    ];
    let track = with_settings(&[&crop[..], &display].concat());
    assert_eq!(track.sample_aspect_ratio, Some((2, 1)));
}

#[test]
fn a_crop_that_leaves_nothing_is_none() {
    let track = with_settings(&[number(ids::PIXEL_CROP_LEFT, 160)]);
    assert_eq!(track.crop, None);
    assert_eq!(track.sample_aspect_ratio, Some((1, 1)));
}

#[test]
fn dolby_vision_is_told_by_its_record() {
    let record = [1, 0, (5 << 1) | 1, 0x0d, 0x40];
    let mapping = |kind: &[u8; 4]| {
        let kind = u64::from(u32::from_be_bytes(*kind));
        let parts = [
            number(ids::BLOCK_ADD_ID_TYPE, kind),
            element(ids::BLOCK_ADD_ID_EXTRA_DATA, &record),
        ];
        element(ids::BLOCK_ADDITION_MAPPING, &parts.concat())
    };
    for (kind, expected) in [(b"dvcC", Some(5)), (b"dvvC", Some(5)), (b"mvcC", None)] {
        let track = changed(&|path, body| {
            let is_video = path.last() == Some(&ids::VIDEO);
            is_video.then(|| [element(ids::VIDEO, body), mapping(kind)].concat())
        });
        assert_eq!(track.dolby_vision_profile, expected);
    }
}
