//! A long video of which only the frames around the wanted times are listed.

use super::cut_error::{CutError, UNTRUE};
use super::{AccessPath, Video};
use crate::MediaError;
use crate::listing::PacketTimes;
use decoder::Ffmpeg;
use plan::Limits;
use source::RetryingSource;
use std::sync::Arc;

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
        let (Some(index), AccessPath::Cut(cut)) = (&mut self.sparse_index, &mut self.way) else {
            return Ok(());
        };
        let index = Arc::make_mut(index);
        let why = match index.focus(&RetryingSource(&*self.input.source), points_ms) {
            Ok(()) => match cut.with(index.track()) {
                Some(focused) => {
                    *cut = Arc::new(focused);
                    return Ok(());
                }
                None => CutError::odd(UNTRUE, PacketTimes::Believed),
            },
            Err(error) => error.into(),
        };
        *self = Self::open_all(ffmpeg, self.input.clone(), why, limits)?;
        Ok(())
    }
}
