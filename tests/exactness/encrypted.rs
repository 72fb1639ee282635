//! Promise: a picture that needs what is encrypted is never given; one that needs none of it is
//! given right. And of what a file holds, that is shown which a player would show.

use decoder::Ffmpeg;
use media::{MediaError, Video};
use plan::{Limits, PathTaken, Size};
use std::fs;
use std::path::{Path, PathBuf};
use support::barcode;
use support::clips::{Recipe, ffmpegs};
use support::corpus;
use tempfile::TempDir;

const SIZE: Size = Size {
    width: 640,
    height: 360,
};
const KEY: &str = "-encryption_scheme cenc-aes-ctr \
    -encryption_key 76a6c65c5ea762046bd749a2e632ccbb \
    -encryption_kid a7e61c373e219033c21091fa607bf3b8";

/// The numbers in the pictures of these frames.
fn numbers(ffmpeg: &Ffmpeg, path: &Path, wanted: &[usize]) -> Result<Vec<u16>, MediaError> {
    let limits = Limits::default();
    let video = Video::open(ffmpeg, path, &limits)?;
    let mut numbers = Vec::new();
    video.extract(ffmpeg, wanted, SIZE, &limits, &mut |picture| {
        numbers.push(barcode::read(&picture.pixels, 640, 360).unwrap());
        Ok(())
    })?;
    Ok(numbers)
}

fn is_refused(ffmpeg: &Ffmpeg, path: &Path, wanted: &[usize]) {
    let taken = numbers(ffmpeg, path, wanted);
    assert!(
        matches!(taken, Err(MediaError::Encrypted)),
        "{}, ffmpeg {}: {taken:?}",
        path.display(),
        ffmpeg.version
    );
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let bytes = u32::try_from(body.len() + 8).unwrap();
    [&bytes.to_be_bytes(), &kind[..], &body].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// Where the first box of this kind begins at or after `at`.
fn find(file: &[u8], kind: &[u8; 4], at: usize) -> usize {
    let found = file[at..].windows(4).position(|name| name == kind);
    at + found.unwrap() - 4
}

/// Inserts bytes into the boxes of these kinds, which lie within each other.
fn insert(file: &mut Vec<u8>, parents: &[&[u8; 4]], at: usize, bytes: &[u8]) {
    let mut from = 0;
    for kind in parents {
        from = find(file, kind, from);
        let size = u32::from_be_bytes(file[from..from + 4].try_into().unwrap());
        let size = size + u32::try_from(bytes.len()).unwrap();
        file[from..from + 4].copy_from_slice(&size.to_be_bytes());
    }
    file.splice(at..at, bytes.iter().copied());
}

/// A clear file with its header at the end, as one whose samples are encrypted but the first.
fn with_clear_lead(mut file: Vec<u8>, clear: u32) -> Vec<u8> {
    const STBL: [&[u8; 4]; 5] = [b"moov", b"trak", b"mdia", b"minf", b"stbl"];
    let moov = find(&file, b"moov", 0);
    let stsz = find(&file, b"stsz", moov);
    let count = u32::from_be_bytes(file[stsz + 16..stsz + 20].try_into().unwrap());
    let described = [&words(&[1 << 24])[..], b"seig", &words(&[20, 1]), &[0; 20]];
    let runs = words(&[2, clear, 1, count - clear, 0]);
    let groups = [
        boxed(b"sgpd", &described),
        boxed(b"sbgp", &[&words(&[0]), b"seig", &runs]),
    ];
    insert(&mut file, &STBL, stsz, &groups.concat());
    let entry = find(&file, b"avc1", find(&file, b"stsd", moov));
    let tenc = boxed(b"tenc", &[&words(&[0]), &[0, 0, 1, 8], &[9; 16]]);
    let sinf = boxed(
        b"sinf",
        &[
            &boxed(b"frma", &[b"avc1"]),
            &boxed(b"schm", &[&words(&[0]), b"cbcs", &words(&[0x1_0000])]),
            &boxed(b"schi", &[&tenc]),
        ],
    );
    let inside = [&STBL[..], &[b"stsd", b"avc1"]].concat();
    insert(&mut file, &inside, entry + 86, &sinf);
    file[entry + 4..entry + 8].copy_from_slice(b"encv");
    file
}

/// Such a video gave flat grey pictures as Success.
#[test]
fn an_encrypted_video_is_no_grey_success() {
    for ffmpeg in ffmpegs() {
        for options in ["", "-movflags frag_keyframe+empty_moov+default_base_moof"] {
            let recipe = Recipe::h264("cenc").with(KEY).with(options);
            is_refused(&ffmpeg, &recipe.clip(&ffmpeg.path), &[0, 60]);
        }
    }
}

#[test]
fn a_clear_lead_is_shown_and_nothing_after_it() {
    let folder = tempfile::tempdir().unwrap();
    for ffmpeg in ffmpegs() {
        let clip = Recipe::h264("clear_lead").clip(&ffmpeg.path);
        let file = with_clear_lead(fs::read(clip).unwrap(), 100);
        let path = write(&folder, "clear_lead.mp4", &file);
        let video = Video::open(&ffmpeg, &path, &Limits::default()).unwrap();
        assert_eq!(
            video.path_taken(),
            PathTaken::Cut,
            "{:?}",
            video.why_not_cut()
        );
        assert_eq!(numbers(&ffmpeg, &path, &[0, 49, 98]).unwrap(), [0, 49, 98]);
        is_refused(&ffmpeg, &path, &[101]);
        is_refused(&ffmpeg, &path, &[20, 220]);
    }
}

#[test]
fn a_scrambled_broadcast_is_no_grey_success() {
    let folder = tempfile::tempdir().unwrap();
    for ffmpeg in ffmpegs() {
        let recipe = Recipe::h264("scrambled").inside(".ts", 90_000);
        let mut file = fs::read(recipe.clip(&ffmpeg.path)).unwrap();
        assert_eq!(
            numbers(&ffmpeg, &write(&folder, "clear.ts", &file), &[0, 60]).unwrap(),
            [0, 60]
        );
        let packets = file.chunks_exact_mut(188);
        let video = packets.filter(|packet| packet[1] & 0x1f == 1 && packet[2] == 0);
        for packet in video.skip(50) {
            packet[3] |= 0xc0;
            packet[100..].fill(0x5a);
        }
        is_refused(&ffmpeg, &write(&folder, "scrambled.ts", &file), &[0, 60]);
    }
}

/// One of its tiles was given.
#[test]
fn a_still_picture_is_refused_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let parts = [
        boxed(b"ftyp", &[b"heic\0\0\0\0mif1heic"]),
        boxed(b"meta", &[&[0; 4]]),
        boxed(b"mdat", &[&[0; 64]]),
    ];
    let path = write(&folder, "still.heic", &parts.concat());
    let error = Video::open(&ffmpegs()[0], &path, &Limits::default()).unwrap_err();
    assert!(matches!(error, MediaError::StillPicture), "{error}");
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn reported_files_give_what_a_player_shows() {
    let file = |name: &str| corpus().join(name);
    for ffmpeg in ffmpegs() {
        for encrypted in [
            "reported/cenc_mp4ff_prog_8s_enc_dashinit.mp4",
            "malformed/media__sample_fragmented_widevine.mp4",
            "malformed/media__subsample_encrypted_altref.webm",
        ] {
            is_refused(&ffmpeg, &file(encrypted), &[0]);
        }
        for tracks in [
            "reported/empty_video_track_first.mp4",
            "reported/two_tracks_first_disabled.mkv",
        ] {
            let video = Video::open(&ffmpeg, &file(tracks), &Limits::default()).unwrap();
            assert_eq!(video.timeline().frames().len(), 100, "{tracks}");
        }
    }
}
