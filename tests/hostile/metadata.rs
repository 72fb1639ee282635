//! What a phone writes into a video stays there: pictures and sheets carry nothing but pixels.

use contract::snapshot::{Color, SheetFit, SnapshotSpec, SpriteSpec};
use img_parts::jpeg::{Jpeg, markers};
use img_parts::{Bytes, ImageEXIF, ImageICC};
use plan::Limits;
use service::pictures::{PassOutput, take};
use std::path::{Path, PathBuf};
use std::process::Command;
use support::clips::{Recipe, ffmpegs};
use support::work::{at, engine, order};

const PLACE: &str = "+27.5916+086.5640+8850/";
const XMP: &str = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF>27.5916</rdf:RDF></x:xmpmeta>";

/// With the place, the device and the owner in all that its container has for such things.
fn tagged(folder: &Path, extension: &str) -> PathBuf {
    let clip = Recipe::h264("hostile").clip(&ffmpegs()[0].path);
    let path = folder.join(format!("tagged.{extension}"));
    let made = Command::new(&ffmpegs()[0].path)
        .args(["-nostdin", "-loglevel", "error", "-i"])
        .arg(clip)
        .args([
            "-c",
            "copy",
            "-map_metadata",
            "-1",
            "-movflags",
            "use_metadata_tags",
        ])
        .args(["-metadata", &format!("location={PLACE}")])
        .args([
            "-metadata",
            &format!("com.apple.quicktime.location.ISO6709={PLACE}"),
        ])
        .args([
            "-metadata",
            "make=Owner Camera",
            "-metadata",
            "comment=Owner Secret",
        ])
        .args(["-metadata:s:v", "title=Owner Secret"])
        .arg(&path)
        .status();
    assert!(made.unwrap().success());
    let mut bytes = std::fs::read(&path).unwrap();
    if extension == "mp4" || extension == "mov" {
        // After all else, where readers of photographs look for it.
        for (kind, text) in [(b"XMP_", XMP), (b"uuid", XMP), (b"Exif", "Exif\0\0MM\0*")] {
            let size = u32::try_from(8 + text.len()).unwrap().to_be_bytes();
            bytes.extend([&size[..], kind, text.as_bytes()].concat());
        }
        std::fs::write(&path, &bytes).unwrap();
    }
    assert!(
        bytes.windows(7).any(|part| part == b"27.5916"),
        "it is tagged"
    );
    path
}

/// Every segment is one that pixels need.
fn is_bare(name: &str, bytes: &[u8]) {
    let jpeg = Jpeg::from_bytes(Bytes::copy_from_slice(bytes)).unwrap();
    assert_eq!((jpeg.exif(), jpeg.icc_profile()), (None, None), "{name}");
    for segment in jpeg.segments() {
        let marker = segment.marker();
        let is_description = (markers::APP1..=markers::APP15).contains(&marker);
        assert!(
            !is_description && marker != markers::COM,
            "{name}: {marker:x}"
        );
        if marker == markers::APP0 {
            assert!(segment.contents().starts_with(b"JFIF\0"), "{name}");
            // Without a thumbnail.
            assert_eq!(segment.contents().len(), 14, "{name}");
        }
    }
    for secret in [&b"27.5916"[..], b"Owner", b"Exif", b"x264", b"Lav"] {
        let is_there = bytes.windows(secret.len()).any(|part| part == secret);
        assert!(!is_there, "{name}: {}", String::from_utf8_lossy(secret));
    }
    let end = bytes.strip_suffix(&[0xff, 0xd9]);
    assert!(end.is_some(), "{name}: nothing follows the picture");
}

fn check(file: &Path, spec: &SnapshotSpec) {
    for ffmpeg in &ffmpegs() {
        let order = order(file, spec.clone()).unwrap();
        let mut files = 0;
        let taken = take(&engine(ffmpeg, Limits::default()), &order, &mut |made| {
            let PassOutput::File(file) = made else {
                return true;
            };
            is_bare(&file.key, &file.bytes);
            files += 1;
            true
        });
        let manifest = String::from_utf8(taken.unwrap().manifest.to_bytes()).unwrap();
        assert!(files > 0);
        for secret in ["27.5916", "Owner"] {
            assert!(!manifest.contains(secret), "the manifest: {manifest}");
        }
    }
}

#[test]
fn pictures_of_a_tagged_video_carry_no_metadata() {
    let folder = tempfile::tempdir().unwrap();
    for extension in ["mp4", "mov", "mkv", "flv"] {
        check(&tagged(folder.path(), extension), &at(&[0, 1000]));
    }
}

#[test]
fn sheets_of_a_tagged_video_carry_no_metadata() {
    let folder = tempfile::tempdir().unwrap();
    let sprite = SpriteSpec {
        cell_width: Some(160),
        cell_height: None,
        padding: 0,
        margin: 0,
        columns: 2,
        lines: 2,
        color: Color::Random,
        keep_cell_pic: true,
        outputs: Vec::new(),
        fit: SheetFit::default(),
    };
    let spec = SnapshotSpec {
        sprite: Some(sprite),
        ..at(&[0, 1000])
    };
    check(&tagged(folder.path(), "mp4"), &spec);
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn pictures_of_a_phones_video_carry_no_metadata() {
    let file = support::corpus().join("malformed/metadata-extractor-images__with-gps.mov");
    check(&file, &at(&[0]));
}
