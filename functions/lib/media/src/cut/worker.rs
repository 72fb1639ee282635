//! The groups of one share, and those of its pictures that have to be taken again.

use super::CutContext;
use super::retake::{GroupStart, Retake};
use super::share::{DecodeEnd, DecodeMode, Share, ShareBounds};
use crate::MediaError;
use crate::frame_format::RawPicture;
use crate::picture::SinkClosed;
use crate::suspects::Suspects;
use plan::SampleGroup;

/// Delivers the pictures of `groups`, in order. What the decoder complains of is taken again; none
/// stands for a picture that it never gives.
pub(super) fn work(
    context: &CutContext<'_>,
    groups: Vec<SampleGroup>,
    bounds: ShareBounds<'_>,
    deliver: &mut dyn FnMut(Option<RawPicture>) -> Result<(), SinkClosed>,
) -> Result<(), MediaError> {
    let mode = DecodeMode {
        suspects: Suspects::End,
        is_plain: false,
    };
    let stopped = bounds.stopped;
    let mut share = Share::new(context, groups, mode, stopped).within(bounds.slice);
    loop {
        let (suspect, begun) = match share.decode(deliver)? {
            DecodeEnd::Done => return Ok(()),
            DecodeEnd::Suspect(suspect) => (suspect, GroupStart::Good),
            DecodeEnd::Displaced => (None, GroupStart::Displaced),
            DecodeEnd::NoStart => (None, GroupStart::Broken),
        };
        if !context.retakes.is_left(context.limits) {
            share.mode.suspects = Suspects::Deliver;
            continue;
        }
        let Some(group) = share.take_group() else {
            return Ok(());
        };
        let retake = Retake::new(context, &share.filter, stopped);
        let work = || retake.group(&group, begun, suspect, deliver);
        context.retakes.charge(context.limits, work)?;
    }
}
