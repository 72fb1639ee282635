//! What a decoder would be fed, without one, for the fuzz targets.

use bitstream::RandomAccess;
use container::fmp4::{FragmentWriter, MARK, MarkedTimes};
use container::{NeededSample, NeededSamples, SampleNeeds, VideoTrack};
use plan::SampleGroup;
use plan::cut::cut;
use source::RangeSource;

/// Few, so that the bound is met.
const HELD_BYTES: u64 = 1 << 16;

/// One stream with the groups of every third frame shown, and the size of each sample in it.
///
/// # Panics
/// Where a wanted picture is not told from others by its time.
pub fn fed_stream(source: &dyn RangeSource, track: &VideoTrack) -> (Vec<u8>, Vec<u32>) {
    let samples = &track.samples;
    let mut targets: Vec<usize> = (0..samples.len())
        .filter(|&at| at % 3 == 0 && samples[at].shown)
        .collect();
    targets.sort_by_key(|&at| samples[at].pts);
    let mut bytes = container::fmp4::segment(track, 0, &track.matrix);
    let (mut sizes, mut clock) = (Vec::new(), MarkedTimes::default());
    for group in cut(samples, &targets).unwrap_or_default() {
        if !write(source, track, &group, &mut clock, &mut bytes, &mut sizes) {
            break;
        }
    }
    (bytes, sizes)
}

/// Whether decoding can begin with `group`, which is then written.
fn write(
    source: &dyn RangeSource,
    track: &VideoTrack,
    group: &SampleGroup,
    clock: &mut MarkedTimes,
    bytes: &mut Vec<u8>,
    sizes: &mut Vec<u32>,
) -> bool {
    let needs = SampleNeeds {
        keeps_all: false,
        temporal_layers: 0,
        held_bytes: HELD_BYTES,
    };
    let mut fragment = FragmentWriter::default();
    let mut needed = NeededSamples::new(track, group, needs);
    let times = clock.group(&track.samples, group);
    for (nth, own) in times.iter().enumerate() {
        let at = group.first + nth;
        let mut sample = vec![0; track.samples[at].size as usize];
        if source
            .read_at(track.samples[at].offset, &mut sample)
            .is_err()
        {
            return false;
        }
        let mut sample = track.unpacked(sample);
        if nth == 0 {
            if bitstream::random_access(track.codec, &sample) == RandomAccess::None {
                return false;
            }
            bitstream::set_broken_link(track.codec, &mut sample);
        }
        assert_eq!(
            own.pts.is_multiple_of(MARK),
            group.targets.contains(&at),
            "only what is wanted is marked"
        );
        needed.push(at, sample);
    }
    needed.finish();
    while let Some(NeededSample { sample, bytes }) = needed.take() {
        let nth = sample - group.first;
        sizes.push(bytes.len().try_into().unwrap_or(u32::MAX));
        fragment.push(times[nth], nth == 0, &bytes);
    }
    bytes.extend(fragment.take().concat());
    true
}
