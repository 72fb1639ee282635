//! What is fed gives the same pictures as the file itself.

use super::listed::{CLIPS, make};
use crate::VideoTrack;
use crate::fmp4::{self, FragmentWriter, SampleTimes};
use crate::test_support::{ffmpegs, index};
use decoder::Ffmpeg;
use std::path::Path;
use std::process::Command;

/// The bytes of each sample.
fn samples(track: &VideoTrack, file: &[u8]) -> Vec<Vec<u8>> {
    let samples = track.samples.iter().map(|sample| {
        let at = usize::try_from(sample.offset).unwrap();
        track.unpacked(file[at..at + sample.size as usize].to_vec())
    });
    samples.collect()
}

fn fed(track: &VideoTrack, file: &[u8]) -> Vec<u8> {
    let mut stream = fmp4::segment(track, 0, &track.matrix);
    let mut writer = FragmentWriter::default();
    for ((sample, bytes), time) in track.samples.iter().zip(samples(track, file)).zip(0..) {
        let times = SampleTimes {
            dts: time * 40_000,
            pts: time * 40_000,
        };
        writer.push(times, sample.sync, &bytes);
        if writer.is_enough() {
            stream.extend(writer.take().concat());
        }
    }
    stream.extend(writer.take().concat());
    stream
}

/// The size and the shape of the pixels, and the hash of each picture.
fn pictures(ffmpeg: &Ffmpeg, path: &Path, stream: usize) -> Vec<String> {
    let mut command = Command::new(&ffmpeg.path);
    command.args(["-nostdin", "-loglevel", "error", "-i"]);
    command.arg(path);
    command.args(["-map", &format!("0:{stream}"), "-fps_mode", "passthrough"]);
    let output = command.args(["-f", "framemd5", "-"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter(|line| {
        !line.starts_with('#') || line.starts_with("#dimensions") || line.starts_with("#sar")
    });
    lines
        .map(|line| line.rsplit(',').next().unwrap().trim().to_owned())
        .collect()
}

#[test]
fn the_same_pictures_come_out_of_what_is_fed() {
    for (_, options) in CLIPS {
        let (folder, path) = make(options);
        let track = index(&path).unwrap();
        let mp4 = folder.path().join("fed.mp4");
        let file = std::fs::read(&path).unwrap();
        std::fs::write(&mp4, fed(&track, &file)).unwrap();
        for ffmpeg in ffmpegs() {
            let theirs = pictures(&ffmpeg, &path, track.stream);
            let ours = pictures(&ffmpeg, &mp4, 0);
            assert!(theirs.len() >= 60, "{options}: pictures");
            assert_eq!(ours, theirs, "{options}, ffmpeg {}", ffmpeg.version);
        }
    }
}

/// Packets hold parts of pictures: nothing is lost between them.
#[test]
fn samples_are_the_bytes_of_the_video() {
    for (_, options) in [CLIPS[0], CLIPS[6]] {
        let (folder, path) = make(options);
        let bare = folder.path().join("bare.bin");
        let mut command = Command::new(&ffmpegs()[0].path);
        command.args(["-nostdin", "-loglevel", "error", "-i"]);
        command.arg(&path).args(["-map", "0:v", "-c", "copy"]);
        command.args(["-f", "data"]).arg(&bare);
        assert!(command.status().unwrap().success());
        let (file, track) = (std::fs::read(&path).unwrap(), index(&path).unwrap());
        let samples = samples(&track, &file);
        assert!(samples.concat() == std::fs::read(&bare).unwrap());
        // The beginning of one is the beginning of its bytes, wherever it breaks off.
        for nth in [0, 3, 15] {
            let (sample, whole) = (track.samples[nth], &samples[nth]);
            let at = usize::try_from(sample.offset).unwrap();
            for length in 0..sample.size as usize {
                let head = track.unpacked(file[at..at + length].to_vec());
                let is_long = head.len() + 300 > length.min(700);
                assert!(whole.starts_with(&head) && is_long, "{length}");
            }
        }
    }
}
