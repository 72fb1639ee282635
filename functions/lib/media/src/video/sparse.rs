//! A long video of which only the frames around the wanted times are listed.

use super::cut::Cut;
use super::{NotCut, Video, Way, bounds, within};
use crate::container::{self, NoIndex, Outline};
use crate::process::Purse;
use crate::source::{Patient, RangeSource};
use crate::{Ffmpeg, Limits, MediaError};
use std::sync::Arc;

pub(super) fn open(
    ffmpeg: &Ffmpeg,
    source: &Arc<dyn RangeSource>,
    limits: &Purse,
) -> Result<(Cut, Outline), NotCut> {
    let outline = container::outline(&Patient(&**source), bounds(limits, source.bytes()))?;
    let track = outline.track();
    within(track.coded, limits)?;
    Ok((Cut::open(ffmpeg, source, track, limits)?, outline))
}

impl Video {
    /// Lists the frames that matter for `points_ms`, counted from the first frame, where not all
    /// are listed: those shown at these times, and the sync samples nearest to them. Indices into
    /// the old timeline mean nothing in the new one. Where the container turns out to tell the
    /// places of times wrongly, all frames are listed.
    ///
    /// # Errors
    /// As [`Video::open_source`].
    pub fn focus(
        &mut self,
        ffmpeg: &Ffmpeg,
        points_ms: &[u64],
        limits: &Limits,
    ) -> Result<(), MediaError> {
        let (Some(outline), Way::Cut(cut)) = (&mut self.outline, &mut self.way) else {
            return Ok(());
        };
        let outline = Arc::make_mut(outline);
        match outline.focus(&Patient(&*self.input.source), points_ms) {
            Ok(()) => {
                if let Some(focused) = cut.with(outline.track()) {
                    *cut = Arc::new(focused);
                    return Ok(());
                }
            }
            Err(NoIndex::Odd(reason)) => tracing::debug!(reason, "no outline"),
            Err(NoIndex::Over(budget)) => tracing::debug!(?budget, "no outline"),
            Err(NoIndex::Read(error)) => return Err(error.into()),
        }
        *self = Self::open_whole(ffmpeg, self.input.clone(), limits)?;
        Ok(())
    }
}
