//! The first picture of a track as the decoder sees it: its shape and its colours.

use super::fragment::{Fragment, Times};
use super::init;
use crate::container::Track;
use crate::index::first::First;
use crate::index::run::run_fed;
use crate::index::shown::{SHOWINFO, ShownFrame};
use crate::process::{Invocation, Purse, Watch};
use crate::{Budget, Ffmpeg, MediaError};

/// Decodes `sample`, a sync sample, by itself.
pub(crate) fn decode_alone(
    ffmpeg: &Ffmpeg,
    track: &Track,
    sample: &[u8],
    limits: &Purse,
    watch: &mut Watch,
) -> Result<(First, ShownFrame), MediaError> {
    let invocation = Invocation::fed(ffmpeg, limits, &[])?
        .decoding(0, SHOWINFO)
        .args(["-frames:v", "1", "-f", "null", "-"]);
    let mut fragment = Fragment::default();
    fragment.push(Times { dts: 0, pts: 1 }, true, sample);
    let [head, data] = fragment.take();
    let stream = [init::segment(track), head, data].concat();
    let finished = run_fed(invocation, watch, (), First::default(), stream)?;
    match finished.err.frame {
        Some(frame) => Ok((finished.err, frame)),
        None if finished.complaints.lacked_memory() => {
            Err(MediaError::beyond(Budget::Memory, limits))
        }
        None => Err(MediaError::NothingDecodes {
            detail: finished.complaints.detail(),
        }),
    }
}
