//! Pictures as a decoder gives them, told by checksums.

use super::clips::{Clip, HELD_BYTES};
use crate::fmp4::{self, FragmentWriter, SampleTimes};
use crate::test_support::ffmpegs;
use decoder::Ffmpeg;
use plan::SampleGroup;
use std::path::Path;
use std::process::Command;

/// Wanted pictures have a time that is a multiple of it.
const MARK: u64 = 1000;

/// The checksums of the pictures that are let through, in order. They come by standard output,
/// where no other thread of ffmpeg writes into their lines.
fn checksums(ffmpeg: &Ffmpeg, file: &Path, filter: &str) -> Vec<String> {
    let mut command = Command::new(&ffmpeg.path);
    command.args(["-nostdin", "-hide_banner", "-loglevel", "level+info"]);
    command.args(["-threads", "1", "-copyts", "-i"]).arg(file);
    command.args(["-vf", filter, "-fps_mode", "passthrough"]);
    command.args(["-f", "framemd5", "pipe:1"]);
    let said = command.output().unwrap();
    let text = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success(), "{text}");
    let decoded = text
        .lines()
        .skip_while(|line| !line.contains("Stream mapping:"));
    let complaints: Vec<_> = decoded
        .filter(|line| decoder::complaint(line).is_some())
        .collect();
    assert!(complaints.is_empty(), "{}: {complaints:#?}", ffmpeg.version);
    let sums = String::from_utf8(said.stdout).unwrap();
    sums.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit_once(", ").unwrap().1.to_owned())
        .collect()
}

/// How many samples are decoded for each of `targets` by itself, of how many from its keyframe on.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Fed {
    pub(super) samples: usize,
    pub(super) bytes: usize,
    pub(super) all_samples: usize,
    pub(super) all_bytes: usize,
}

/// One stream with a group for each target, as the decoder is given it.
pub(super) fn fed(clip: &Clip, groups: &[SampleGroup], held_bytes: u64) -> (Vec<u8>, Fed) {
    let track = &clip.track;
    let mut stream = fmp4::segment(track, 0, &track.matrix);
    let (mut writer, mut fed, mut begin) = (FragmentWriter::default(), Fed::default(), 0);
    for group in groups {
        let span = &track.samples[group.first..=group.last];
        let (needed, _) = clip.needed(group, held_bytes);
        for needed in needed {
            let pts = track.samples[needed.sample].pts;
            let rank = span.iter().filter(|sample| sample.pts < pts).count() as u64;
            let is_wanted = group.targets.contains(&needed.sample);
            let times = SampleTimes {
                dts: begin + (needed.sample - group.first) as u64,
                pts: begin + (rank + 1) * MARK + u64::from(!is_wanted),
            };
            writer.push(times, needed.sample == group.first, &needed.bytes);
            fed.samples += 1;
            fed.bytes += needed.bytes.len();
        }
        stream.extend(writer.take().concat());
        fed.all_samples += span.len();
        fed.all_bytes += span
            .iter()
            .map(|sample| sample.size as usize)
            .sum::<usize>();
        begin += (span.len() as u64 + 2) * MARK;
    }
    (stream, fed)
}

/// Each picture by itself is that of the whole video, by each ffmpeg.
pub(super) fn assert_exact(name: &str, clip: &Clip, targets: &[usize]) -> Fed {
    let groups: Vec<SampleGroup> = targets.iter().map(|&target| clip.group(target)).collect();
    assert_exact_within(name, clip, &groups, HELD_BYTES)
}

pub(super) fn assert_exact_within(
    name: &str,
    clip: &Clip,
    groups: &[SampleGroup],
    held_bytes: u64,
) -> Fed {
    let original = clip.original();
    let (stream, fed) = fed(clip, groups, held_bytes);
    let path = clip.path("fed.mp4");
    std::fs::write(&path, stream).unwrap();
    for ffmpeg in ffmpegs() {
        let whole = checksums(&ffmpeg, &original, "null");
        let cut = checksums(&ffmpeg, &path, "select='not(mod(pts,1000))'");
        let targets: Vec<usize> = groups
            .iter()
            .flat_map(|group| group.targets.clone())
            .collect();
        assert_eq!(cut.len(), targets.len(), "{name} by {}", ffmpeg.version);
        for (target, cut) in targets.into_iter().zip(cut) {
            let samples = &clip.track.samples;
            let is_before = |sample: &&plan::CodedSample| sample.pts < samples[target].pts;
            let shown = samples.iter().filter(|sample| sample.shown);
            let rank = shown.filter(is_before).count();
            assert_eq!(cut, whole[rank], "{name} by {}: {target}", ffmpeg.version);
        }
    }
    std::fs::remove_file(path).unwrap();
    eprintln!("{name:24} {fed:?}");
    fed
}
