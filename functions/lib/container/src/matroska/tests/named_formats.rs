//! Codecs that a track names as AVI or `QuickTime` does.

use super::clips::Clip;
use super::rewrite::{Change, element, rewrite};
use super::{Bytes, LIMITS};
use crate::matroska::ids;
use crate::test_support::{Made, compare};
use crate::{Codec, IndexError, IntraCodec, VideoTrack};
use bitstream::{RandomAccess, random_access};
use std::cell::Cell;
use std::fs;

fn clip(name: &str) -> Made {
    let clip = Clip::all().into_iter().find(|clip| clip.name == name);
    clip.unwrap().make()
}

fn read(file: &[u8]) -> Result<VideoTrack, IndexError> {
    crate::index(&Bytes(file.to_vec()), LIMITS)
}

/// With another codec or configuration of the video, which is the first track.
fn renamed(file: &[u8], codec: Option<&str>, private: &[u8]) -> Vec<u8> {
    let is_changed = Cell::new(false);
    let change: Change<'_> = &|path, body| match (path.last(), codec) {
        (Some(&ids::CODEC_PRIVATE), _) if !is_changed.replace(true) => {
            Some(element(ids::CODEC_PRIVATE, private))
        }
        (Some(&ids::CODEC_ID), Some(codec)) if body.starts_with(b"V_") => {
            Some(element(ids::CODEC_ID, codec.as_bytes()))
        }
        _ => None,
    };
    rewrite(file, change)
}

#[test]
fn a_name_of_quicktime_is_as_good_as_one_of_avi() {
    let made = clip("dnxhr.mkv");
    let file = fs::read(&made.path).unwrap();
    let track = read(&file).unwrap();
    assert_eq!(track.codec, Codec::Intra(IntraCodec::DnxHd));
    // The entry of an MP4 is the image description of a QuickTime file.
    let other = renamed(&file, Some("V_QUICKTIME"), &track.entry);
    fs::write(&made.path, &other).unwrap();
    let described = read(&other);
    assert_eq!(
        compare(&made.path, &described, super::against_ffmpeg::TRUST),
        [""; 0]
    );
    let described = described.unwrap();
    assert_eq!(described.entry, track.entry);
    assert_eq!(described.samples.len(), track.samples.len());
}

#[test]
fn decoding_of_ffv1_begins_where_its_frames_say() {
    let made = clip("ffv1.mkv");
    let file = fs::read(&made.path).unwrap();
    let track = read(&file).unwrap();
    let keys = track.samples.iter().filter(|sample| sample.sync).count();
    assert_eq!(keys, 6, "of 60 pictures");
    for sample in &track.samples {
        let at = usize::try_from(sample.offset).unwrap();
        let is_key = random_access(track.codec, &file[at..]) == RandomAccess::Idr;
        assert_eq!(is_key, sample.sync, "at {at}");
    }
}

#[test]
fn what_a_header_leaves_open_is_left_to_ffmpeg() {
    let made = clip("huffyuv.mkv");
    let file = fs::read(&made.path).unwrap();
    let mut header = vec![40, 0, 0, 0, 160, 0, 0, 0, 90, 0, 0, 0, 1, 0, 24, 0];
    header.extend(b"HFYU");
    header.resize(60, 0);
    assert!(read(&renamed(&file, None, &header)).is_ok());
    let changed = |at: usize, with: &[u8]| {
        let mut header = header.clone();
        header[at..at + with.len()].copy_from_slice(with);
        header
    };
    for private in [
        header[..20].to_vec(),
        // A palette, of 8 bits and of 8 bits of grey.
        changed(14, &[8]),
        changed(14, &[40]),
        changed(16, b"XVID"),
        changed(16, b"DIB "),
    ] {
        let read = read(&renamed(&file, None, &private));
        assert!(
            matches!(read, Err(IndexError::Unsupported(_))),
            "{private:?}"
        );
    }
    for codec in ["V_QUICKTIME", "V_UNCOMPRESSED"] {
        let read = read(&renamed(&file, Some(codec), &header));
        assert!(matches!(read, Err(IndexError::Unsupported(_))), "{codec}");
    }
}
