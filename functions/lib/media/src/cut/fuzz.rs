//! What a decoder would be fed, without one, for the fuzz targets.

use super::marked_times::{MARK, MarkedTimes};
use container::VideoTrack;
use container::bitstream::{self, RandomAccess};
use container::fmp4::FragmentWriter;
use plan::SampleGroup;
use plan::cut::cut;
use source::RangeSource;

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
    let (mut fragment, mut filter) = (FragmentWriter::default(), group.reference_filter());
    let times = clock.group(&track.samples, group);
    for (nth, times) in times.into_iter().enumerate() {
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
            times.pts.is_multiple_of(MARK),
            group.targets.contains(&at),
            "only what is wanted is marked"
        );
        if filter.keeps(at, || bitstream::is_referenced(track.codec, 0, &sample)) {
            sizes.push(u32::try_from(sample.len()).unwrap_or(u32::MAX));
            fragment.push(times, nth == 0, &sample);
        }
    }
    bytes.extend(fragment.take().concat());
    true
}
