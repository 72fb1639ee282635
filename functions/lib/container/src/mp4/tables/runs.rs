//! Values of samples as runs of equal ones.

use crate::mp4::fields::pair;

/// Rows of a count and a value, unrolled. A count of 0 ends them: readers differ on it.
#[derive(Debug)]
pub(in crate::mp4) struct RunLengths<'a> {
    rows: std::slice::Iter<'a, [u8; 8]>,
    left: u32,
    value: u32,
}

impl<'a> RunLengths<'a> {
    pub(in crate::mp4) fn of(rows: &'a [[u8; 8]]) -> Self {
        Self {
            rows: rows.iter(),
            left: 0,
            value: 0,
        }
    }

    pub(in crate::mp4) fn step(&mut self) -> Option<u32> {
        if self.left == 0 {
            (self.left, self.value) = pair(*self.rows.next()?);
        }
        self.left = self.left.checked_sub(1)?;
        Some(self.value)
    }
}
