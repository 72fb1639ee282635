//! A long video of which only the frames around the wanted times are listed.

use super::cut_error::WRONG_TIMES;
use super::{AccessPath, Video};
use crate::MediaError;
use crate::listing::PacketTimes;
use container::IndexError;
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
        match index.focus(&RetryingSource(&*self.input.source), points_ms) {
            Ok(()) => {
                if let Some(focused) = cut.with(index.track()) {
                    *cut = Arc::new(focused);
                    return Ok(());
                }
            }
            Err(IndexError::Unsupported(reason) | IndexError::Damaged(reason)) => {
                tracing::debug!(reason, "no sparse index");
            }
            Err(IndexError::WrongTimes) => {
                let (input, times) = (self.input.clone(), PacketTimes::Wrong);
                *self = Self::list(ffmpeg, input, WRONG_TIMES, times, limits)?;
                return Ok(());
            }
            Err(IndexError::Encrypted) => return Err(MediaError::Encrypted),
            Err(IndexError::StillPicture) => return Err(MediaError::StillPicture),
            Err(IndexError::Over(budget)) => tracing::debug!(?budget, "no sparse index"),
            Err(IndexError::Read(error)) => return Err(error.into()),
        }
        *self = Self::open_whole(ffmpeg, self.input.clone(), limits)?;
        Ok(())
    }
}
