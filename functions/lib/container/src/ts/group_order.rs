//! The times of pictures held against the order in which a decoder gives them, group by group. A
//! clock that jumps within pictures that are decoded in another order than they are shown puts one
//! in the place of another: whoever looks at the pictures up to a wanted one alone does not see it.

use super::elementary::ElementaryStream;
use crate::IndexError;
use crate::clocked_index::Stretch;
use bitstream::order::OrderRow;

/// The pictures from one keyframe to the next, in decoding order. Silent where their headers tell no
/// order.
#[derive(Debug, Default)]
pub(crate) struct GroupOrder {
    row: OrderRow,
}

impl GroupOrder {
    /// Of the pictures of a stretch, each with what it begins with.
    ///
    /// # Errors
    /// They contradict their times.
    pub(crate) fn check_stretch(
        video: &ElementaryStream,
        stretch: &Stretch,
    ) -> Result<(), IndexError> {
        let mut order = Self::default();
        for (sample, head) in stretch.samples.iter().zip(&stretch.heads) {
            order.take(video, (sample.pts, sample.sync), head)?;
        }
        order.check()
    }

    /// Takes the next picture, with what it begins with.
    ///
    /// # Errors
    /// It is a keyframe, and the group before it contradicts its times.
    pub(crate) fn take(
        &mut self,
        video: &ElementaryStream,
        (pts, is_sync): (i64, bool),
        head: &[u8],
    ) -> Result<(), IndexError> {
        if is_sync {
            self.check()?;
            self.row = OrderRow::new(video.order_reader());
        }
        self.row.take(pts, head);
        Ok(())
    }

    /// Of the last group, as far as it has come.
    pub(crate) fn check(&self) -> Result<(), IndexError> {
        self.row.holds().then_some(()).ok_or(IndexError::WrongTimes)
    }
}
