//! Clips of one long group of pictures.

use super::super::{NeededSample, NeededSamples, SampleNeeds};
use crate::VideoTrack;
use crate::test_support::{LIMITS, ffmpegs};
use plan::SampleGroup;
use plan::cut::cut;
use source::FileSource;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

pub(super) const HELD_BYTES: u64 = 32 << 20;

pub(super) struct Clip {
    folder: TempDir,
    pub(super) track: VideoTrack,
    file: Vec<u8>,
}

impl Clip {
    /// 150 small pictures, with a keyframe in each 150 where `options` say nothing else; by the usual
    /// ffmpeg or the newest one. None where that is not here or has no such encoder.
    pub(super) fn made(by: usize, name: &str, options: &str) -> Option<Self> {
        Self::of(by, name, "160x96:rate=30:duration=5", options)
    }

    pub(super) fn of(by: usize, name: &str, source: &str, options: &str) -> Option<Self> {
        let ffmpegs = ffmpegs();
        let ffmpeg = &ffmpegs.get(by)?.path;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        let mut command = Command::new(ffmpeg);
        // The encoder of AV1 is loud.
        command.env("SVT_LOG", "1");
        command.args(["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i"]);
        command.arg(format!("testsrc2=size={source}"));
        command.args(["-pix_fmt", "yuv420p", "-g", "150"]);
        command.args(options.split(' ')).arg(&path);
        let said = command.output().unwrap();
        let words = String::from_utf8_lossy(&said.stderr);
        if words.contains("Unknown encoder") {
            return None;
        }
        assert!(said.status.success(), "{options}: {words}");
        Some(Self::read(folder, name))
    }

    /// One that no ffmpeg makes.
    pub(super) fn stored(name: &str, file: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), file).unwrap();
        Self::read(folder, name)
    }

    fn read(folder: TempDir, name: &str) -> Self {
        let path = folder.path().join(name);
        let track = crate::index(&FileSource::open(&path).unwrap(), LIMITS).unwrap();
        let file = std::fs::read(path).unwrap();
        Self {
            folder,
            track,
            file,
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn original(&self) -> PathBuf {
        let only = self.folder.path().read_dir().unwrap().next();
        only.unwrap().unwrap().path()
    }

    pub(super) fn sample(&self, at: usize) -> Vec<u8> {
        let sample = self.track.samples[at];
        let from = usize::try_from(sample.offset).unwrap();
        self.file[from..from + sample.size as usize].to_vec()
    }

    /// Has a sample read as zeros.
    pub(super) fn zero(&mut self, at: usize) {
        let sample = self.track.samples[at];
        let from = usize::try_from(sample.offset).unwrap();
        self.file[from..from + sample.size as usize].fill(0);
    }

    pub(super) fn group(&self, target: usize) -> SampleGroup {
        let [group] = &cut(&self.track.samples, &[target]).unwrap()[..] else {
            panic!("several groups");
        };
        group.clone()
    }

    /// What is decoded for `group`, and the most samples that waited at once.
    pub(super) fn needed(
        &self,
        group: &SampleGroup,
        held_bytes: u64,
    ) -> (Vec<NeededSample>, usize) {
        let needs = SampleNeeds {
            keeps_all: false,
            temporal_layers: bitstream::temporal_layers(&self.track.entry),
            held_bytes,
        };
        let mut needed = NeededSamples::new(&self.track, group, needs);
        let (mut taken, mut most) = (Vec::new(), 0);
        for at in group.first..=group.last {
            let mut bytes = self.sample(at);
            if at == group.first {
                bitstream::set_broken_link(self.track.codec, &mut bytes);
            }
            needed.push(at, bytes);
            taken.extend(std::iter::from_fn(|| needed.take()));
            most = most.max(needed.held_samples());
        }
        needed.finish();
        taken.extend(std::iter::from_fn(|| needed.take()));
        (taken, most)
    }

    /// So many samples by chance, always the same, and the last one.
    pub(super) fn targets(&self, count: usize) -> Vec<usize> {
        let mut state = 1_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % self.track.samples.len()
        };
        let last = self.track.samples.len() - 1;
        std::iter::once(last)
            .chain((1..count).map(|_| next()))
            .collect()
    }
}
