//! Headers within a file, read by ranges: what lies between them is stepped over.

use crate::IndexError;
use plan::Budget;
use source::RangeSource;

/// Read of a local file where nothing is known of what follows: a few headers' worth.
const JUMP_BYTES: u64 = 256;
/// Read of a local file where headers are near each other.
const RUN_BYTES: u64 = 4096;
/// However costly requests are, so much is never read for a header.
const MOST_WINDOW_BYTES: u64 = 1 << 20;
/// Of longer parts the bytes between headers are not read along.
pub(crate) const MOST_ROW_BYTES: u64 = 8 << 20;

const TOO_LARGE: IndexError = IndexError::Over(Budget::IndexBytes);
const CUT_OFF: IndexError = IndexError::Unsupported("it is damaged");

/// Reads headers with few reads and few bytes.
#[derive(Debug)]
pub(crate) struct WindowReader<'a> {
    source: &'a dyn RangeSource,
    /// Bytes that may yet be read.
    budget: u64,
    window_at: u64,
    window: Vec<u8>,
    /// All up to here will be read, one behind the other.
    row_end: u64,
    /// As much as is read at least, where that is known better than by what requests cost.
    usual: Option<u64>,
}

impl<'a> WindowReader<'a> {
    pub(crate) fn new(source: &'a dyn RangeSource, budget: u64) -> Self {
        Self {
            source,
            budget,
            window_at: 0,
            window: Vec::new(),
            row_end: 0,
            usual: None,
        }
    }

    /// Where headers lie within so many bytes, and nothing else is read after them.
    pub(crate) fn in_windows(source: &'a dyn RangeSource, budget: u64, window_bytes: u64) -> Self {
        Self {
            usual: Some(window_bytes),
            ..Self::new(source, budget)
        }
    }

    /// Headers lie near each other up to `end`: where each request takes its time, the bytes between
    /// them are read along.
    pub(crate) fn expect_row(&mut self, end: u64) {
        self.row_end = end;
    }

    /// So many bytes may be read from now on.
    pub(crate) fn allow(&mut self, budget: u64) {
        self.budget = budget;
    }

    pub(crate) fn file_bytes(&self) -> u64 {
        self.source.bytes()
    }

    /// Bytes of the file, which has them.
    pub(crate) fn read(&mut self, at: u64, bytes: u64) -> Result<Vec<u8>, IndexError> {
        self.spend(bytes)?;
        let mut whole = vec![0; usize::try_from(bytes).map_err(|_| TOO_LARGE)?];
        self.source.read_at(at, &mut whole)?;
        Ok(whole)
    }

    /// Bytes of the file, which has them; what comes after them is read along.
    pub(crate) fn peek(&mut self, at: u64, bytes: u64) -> Result<&[u8], IndexError> {
        let end = at.saturating_add(bytes);
        let held = self.window_at.saturating_add(self.window.len() as u64);
        if at < self.window_at || end > held {
            self.fill(at, bytes, held)?;
        }
        let start = usize::try_from(at - self.window_at).map_err(|_| CUT_OFF)?;
        let end = usize::try_from(end - self.window_at).map_err(|_| CUT_OFF)?;
        self.window.get(start..end).ok_or(CUT_OFF)
    }

    fn fill(&mut self, at: u64, bytes: u64, held: u64) -> Result<(), IndexError> {
        let usual = match self.source.path() {
            _ if self.usual.is_some() => self.usual.unwrap_or(RUN_BYTES),
            Some(_) if at.abs_diff(held) < RUN_BYTES => RUN_BYTES,
            Some(_) => JUMP_BYTES,
            None => {
                let usual = self.source.gap_bytes().clamp(RUN_BYTES, MOST_WINDOW_BYTES);
                usual.max(self.row_end.saturating_sub(at))
            }
        };
        let left = self.file_bytes().saturating_sub(at);
        let wanted = usual.max(bytes).min(left);
        self.spend(wanted)?;
        self.window.clear();
        self.window
            .resize(usize::try_from(wanted).map_err(|_| TOO_LARGE)?, 0);
        self.window_at = at;
        let read = self.source.read_at(at, &mut self.window);
        read.inspect_err(|_| self.window.clear())?;
        Ok(())
    }

    fn spend(&mut self, bytes: u64) -> Result<(), IndexError> {
        self.budget = self.budget.checked_sub(bytes).ok_or(TOO_LARGE)?;
        Ok(())
    }
}
