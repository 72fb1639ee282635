//! The first picture of a track as the decoder sees it: its shape and its colours.

use super::feeder::orientation;
use crate::MediaError;
use crate::listing::first_frame::FirstFrame;
use container::VideoTrack;
use container::fmp4;
use container::fmp4::{FragmentWriter, SampleTimes};
use decoder::Ffmpeg;
use decoder::FrameInfo;
use decoder::capture_fed;
use decoder::showinfo::SHOWINFO;
use decoder::{Invocation, JobLimits, Watchdog};
use plan::Budget;

/// Decodes `sample`, a sync sample, by itself.
pub(crate) fn decode_alone(
    ffmpeg: &Ffmpeg,
    track: &VideoTrack,
    sample: &[u8],
    limits: &JobLimits,
    watch: &mut Watchdog,
) -> Result<(FirstFrame, FrameInfo), MediaError> {
    let invocation = Invocation::fed(ffmpeg, limits, &[])?
        .decoding(0, SHOWINFO)
        .args(["-frames:v", "1", "-f", "null", "-"]);
    let mut sample = sample.to_vec();
    let turned = orientation(track, &sample);
    bitstream::drop_reserved_colours(track.codec, &mut sample);
    bitstream::drop_display_orientation(track.codec, &mut sample);
    let mut fragment = FragmentWriter::default();
    fragment.push(SampleTimes { dts: 0, pts: 1 }, true, &sample);
    let [head, data] = fragment.take();
    let stream = [fmp4::segment(track, 0, &turned), head, data].concat();
    let finished = capture_fed(invocation, watch, (), FirstFrame::default(), stream)?;
    match finished.err.frame {
        Some(frame) => Ok((finished.err, frame)),
        None if finished.diagnostics.lacked_memory() => Err(limits.exceeded(Budget::Memory).into()),
        None => Err(MediaError::NothingDecodes {
            detail: finished.diagnostics.detail(),
        }),
    }
}
