//! The times of pictures held against the order in which a decoder gives them, group by group. A
//! clock that jumps within pictures that are decoded in another order than they are shown puts one
//! in the place of another: whoever looks at the pictures up to a wanted one alone does not see it.

use super::elementary::ElementaryStream;
use crate::IndexError;
use crate::bitstream::order::{OutputOrder, OutputOrderReader, agrees};

/// The pictures from one keyframe to the next, in decoding order. Silent where their headers tell no
/// order.
#[derive(Debug, Default)]
pub(super) struct GroupOrder {
    reader: Option<OutputOrderReader>,
    seen: Vec<(i64, OutputOrder)>,
}

impl GroupOrder {
    /// Takes the next picture, with what it begins with.
    ///
    /// # Errors
    /// It is a keyframe, and the group before it contradicts its times.
    pub(super) fn take(
        &mut self,
        video: &ElementaryStream,
        (pts, is_sync): (i64, bool),
        head: &[u8],
    ) -> Result<(), IndexError> {
        if is_sync {
            self.check()?;
            self.seen.clear();
            self.reader = video.order_reader();
        }
        let Some(reader) = &mut self.reader else {
            return Ok(());
        };
        match reader.next(head) {
            Some(order) => self.seen.push((pts, order)),
            None => self.reader = None,
        }
        Ok(())
    }

    /// Of the last group, as far as it has come.
    pub(super) fn check(&self) -> Result<(), IndexError> {
        let holds = self.reader.is_none() || agrees(&self.seen);
        holds.then_some(()).ok_or(IndexError::WrongTimes)
    }
}
