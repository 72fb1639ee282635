//! Times held against the order of output, sample by sample.

use super::{OutputOrder, OutputOrderReader, agrees};

/// Samples in decoding order, with the times that a container gives them. What is not told, as where
/// pictures are lost or broken, has nothing counted until a period begins.
#[derive(Debug, Default)]
pub struct OrderRow {
    /// None where no order is told.
    reader: Option<OutputOrderReader>,
    seen: Vec<(i64, OutputOrder)>,
    period: u32,
    is_lost: bool,
}

impl OrderRow {
    /// Of the pictures that this reader reads; without one nothing is found out.
    #[must_use]
    pub fn new(reader: Option<OutputOrderReader>) -> Self {
        Self {
            reader,
            ..Self::default()
        }
    }

    /// Takes the next sample, of which the beginning is enough.
    pub fn take(&mut self, pts: i64, sample: &[u8]) {
        let Some(order) = self.reader.as_mut().map(|reader| reader.next(sample)) else {
            return;
        };
        let begins = order.is_some_and(|order| order.period > self.period);
        self.is_lost = order.is_none() || self.is_lost && !begins;
        if let Some(order) = order {
            self.period = order.period;
        }
        self.seen
            .extend(order.filter(|_| !self.is_lost).map(|order| (pts, order)));
    }

    /// To be told of a sample that is broken.
    pub fn lose(&mut self) {
        self.is_lost = true;
    }

    /// Whether the pictures come in the order of their times; those of one time in any.
    #[must_use]
    pub fn holds(&self) -> bool {
        agrees(&self.seen)
    }
}
