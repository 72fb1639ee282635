//! The made sample entry and the listed places give the same pictures as the Matroska itself.

use super::clips::Clip;
use super::index_file;
use crate::VideoTrack;
use crate::test_support::ffmpegs;
use decoder::Ffmpeg;
use std::path::Path;
use std::process::Command;

fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let bytes = u32::try_from(body.len() + 8).unwrap();
    [&bytes.to_be_bytes(), &kind[..], &body].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// An MP4 of the track: its samples in decoding order, a tick each, in one chunk.
fn mp4(track: &VideoTrack, file: &[u8]) -> Vec<u8> {
    let count = u32::try_from(track.samples.len()).unwrap();
    let samples = track.samples.iter().map(|sample| {
        let at = usize::try_from(sample.offset).unwrap();
        track.unpacked(file[at..at + sample.size as usize].to_vec())
    });
    let samples: Vec<Vec<u8>> = samples.collect();
    let data = samples.concat();
    let sizes: Vec<u32> = samples.iter().map(|sample| sample.len() as u32).collect();
    let unity = words(&[0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000]);
    let side = [track.coded.width << 16, track.coded.height << 16];
    let stbl = boxed(
        b"stbl",
        &[
            &boxed(b"stsd", &[&words(&[0, 1]), &track.entry]),
            &boxed(b"stts", &[&words(&[0, 1, count, 1])]),
            &boxed(b"stsc", &[&words(&[0, 1, 1, count, 1])]),
            &boxed(b"stsz", &[&words(&[0, 0, count]), &words(&sizes)]),
            // After `ftyp` and the header of `mdat`.
            &boxed(b"stco", &[&words(&[0, 1, 24])]),
        ],
    );
    let hdlr = boxed(b"hdlr", &[&words(&[0, 0]), b"vide", &[0; 13]]);
    let mdhd = boxed(b"mdhd", &[&words(&[0, 0, 0, 25, count, 0])]);
    let minf = boxed(b"minf", &[&boxed(b"vmhd", &[&words(&[1, 0, 0])]), &stbl]);
    let tkhd = words(&[3, 0, 0, 1, 0, count, 0, 0, 0, 0]);
    let tkhd = boxed(b"tkhd", &[&tkhd, &unity, &words(&side)]);
    let trak = boxed(b"trak", &[&tkhd, &boxed(b"mdia", &[&mdhd, &hdlr, &minf])]);
    let mvhd = words(&[0, 0, 0, 25, count, 0x1_0000, 0x0100_0000, 0, 0]);
    let mvhd = boxed(b"mvhd", &[&mvhd, &unity, &words(&[0, 0, 0, 0, 0, 0, 2])]);
    [
        boxed(b"ftyp", &[b"isom", &words(&[512])]),
        boxed(b"mdat", &[&data]),
        boxed(b"moov", &[&mvhd, &trak]),
    ]
    .concat()
}

/// Sizes, shapes and colours of the pixels, and the hash of each picture.
fn pictures(ffmpeg: &Ffmpeg, path: &Path, stream: usize) -> Vec<String> {
    let mut command = Command::new(&ffmpeg.path);
    command
        .args(["-nostdin", "-loglevel", "error", "-i"])
        .arg(path);
    command.args(["-map", &format!("0:{stream}"), "-fps_mode", "passthrough"]);
    let output = command.args(["-f", "framemd5", "-"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with("#tb"));
    lines
        .filter(|line| !line.starts_with("#software"))
        .map(|line| line.rsplit(',').next().unwrap().trim().to_owned())
        .collect()
}

#[test]
fn the_same_pictures_come_out_of_an_mp4_with_the_made_entry() {
    for clip in Clip::all() {
        let made = clip.make();
        let track = index_file(&made.path).unwrap();
        let rewritten = made.path.with_extension("mp4");
        let file = std::fs::read(&made.path).unwrap();
        std::fs::write(&rewritten, mp4(&track, &file)).unwrap();
        for ffmpeg in ffmpegs() {
            let theirs = pictures(&ffmpeg, &made.path, track.stream);
            let ours = pictures(&ffmpeg, &rewritten, 0);
            assert!(theirs.len() > 10, "{}: pictures", clip.name);
            assert_eq!(ours, theirs, "{}, ffmpeg {}", clip.name, ffmpeg.version);
        }
    }
}
