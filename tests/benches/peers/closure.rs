//! The exact closure: the samples that the wanted pictures need and no others, as one small file. It
//! is what has to be decoded, whoever takes the pictures.

use crate::job::Job;
use container::fmp4::{self, FragmentWriter, SampleTimes};
use container::{IndexLimits, NeededSample, NeededSamples, SampleNeeds, VideoTrack};
use plan::cut::cut;
use plan::{Limits, SampleGroup, SampleLimit};
use source::{FileSource, RangeSource};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// All is known before anything is kept.
const NEEDS: SampleNeeds = SampleNeeds {
    keeps_all: false,
    temporal_layers: 0,
    held_bytes: u64::MAX,
};

/// Writes that of `job` to `path`.
pub(crate) fn write(job: &Job, path: &Path) {
    let source = FileSource::open(&job.subject.path).unwrap();
    let limits = IndexLimits {
        bytes: 1 << 30,
        samples: SampleLimit::of(&Limits::default(), 15),
        streams: 16,
    };
    let track = container::index(&source, limits).unwrap();
    let mut file = File::create(path).unwrap();
    let head = fmp4::segment(&track, 0, &track.matrix);
    file.write_all(&head).unwrap();
    let (mut fragment, mut begin) = (FragmentWriter::default(), 0);
    for group in cut(&track.samples, &targets(job, &track)).unwrap() {
        let times = times(&track, &group, begin);
        begin += 2 * times.len() as u64;
        for NeededSample { sample, bytes } in needed(&source, &track, &group) {
            let nth = sample - group.first;
            fragment.push(times[nth], nth == 0, &bytes);
        }
        file.write_all(&fragment.take().concat()).unwrap();
    }
}

/// The samples of the frames that are wanted.
fn targets(job: &Job, track: &VideoTrack) -> Vec<usize> {
    let mut shown: Vec<usize> = (0..track.samples.len())
        .filter(|&at| track.samples[at].shown)
        .collect();
    shown.sort_by_key(|&at| track.samples[at].pts);
    let frames = job.targets.iter().map(|target| target.frame);
    frames
        .map(|frame| shown[usize::try_from(frame).unwrap()])
        .collect()
}

fn needed(source: &FileSource, track: &VideoTrack, group: &SampleGroup) -> Vec<NeededSample> {
    let mut needed = NeededSamples::new(track, group, NEEDS);
    for at in group.first..=group.last {
        let sample = &track.samples[at];
        let mut bytes = vec![0; sample.size as usize];
        source.read_at(sample.offset, &mut bytes).unwrap();
        needed.push(at, track.unpacked(bytes));
    }
    needed.finish();
    std::iter::from_fn(|| needed.take()).collect()
}

/// In the order of the source, from `begin` on.
fn times(track: &VideoTrack, group: &SampleGroup, begin: u64) -> Vec<SampleTimes> {
    let span = &track.samples[group.first..=group.last];
    let mut shown: Vec<usize> = (0..span.len()).collect();
    shown.sort_by_key(|&nth| span[nth].pts);
    let mut times = vec![SampleTimes { dts: 0, pts: 0 }; span.len()];
    for (rank, nth) in shown.into_iter().enumerate() {
        times[nth] = SampleTimes {
            dts: begin + nth as u64,
            pts: begin + (span.len() + rank) as u64,
        };
    }
    times
}
