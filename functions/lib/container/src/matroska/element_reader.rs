//! The elements of the file itself, read by ranges: the coded pictures are stepped over.

use super::ebml::{self, DAMAGED, HEADER_BYTES};
use crate::IndexError;
use plan::Budget;
use source::RangeSource;

/// Read of a local file where nothing is known of what follows: a few headers' worth.
const JUMP_BYTES: u64 = 256;
/// Read of a local file where elements are small and follow each other.
const RUN_BYTES: u64 = 4096;
/// However costly requests are, so much is never read for a header.
const MOST_WINDOW_BYTES: u64 = 1 << 20;

const TOO_LARGE: IndexError = IndexError::Over(Budget::IndexBytes);

/// Reads headers with few reads and few bytes.
#[derive(Debug)]
pub(super) struct ElementReader<'a> {
    source: &'a dyn RangeSource,
    /// Bytes that may yet be read.
    budget: u64,
    window_at: u64,
    window: Vec<u8>,
}

/// Where an element lies, bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct ElementHeader {
    pub(super) id: u32,
    /// Where its body begins.
    pub(super) body: u64,
    /// None where its size is unknown.
    pub(super) bytes: Option<u64>,
}

impl ElementHeader {
    /// Where it ends; an error where that is unknown.
    pub(super) fn end(&self) -> Result<u64, IndexError> {
        let bytes = self
            .bytes
            .ok_or(IndexError::Unsupported("an element has no size"))?;
        self.body.checked_add(bytes).ok_or(DAMAGED)
    }
}

impl<'a> ElementReader<'a> {
    pub(super) fn new(source: &'a dyn RangeSource, budget: u64) -> Self {
        Self {
            source,
            budget,
            window_at: 0,
            window: Vec::new(),
        }
    }

    /// So many bytes may be read from now on.
    pub(super) fn allow(&mut self, budget: u64) {
        self.budget = budget;
    }

    pub(super) fn file_bytes(&self) -> u64 {
        self.source.bytes()
    }

    /// The element at `at` of a parent that ends at `until`; none where the parent or the file
    /// ends.
    pub(super) fn element(
        &mut self,
        at: u64,
        until: u64,
    ) -> Result<Option<ElementHeader>, IndexError> {
        let left = until.min(self.file_bytes()).saturating_sub(at);
        if left == 0 {
            return Ok(None);
        }
        let is_cut = self.file_bytes() < until && left < HEADER_BYTES;
        let Some(header) = ebml::header(self.peek(at, left.min(HEADER_BYTES))?) else {
            return if is_cut { Ok(None) } else { Err(DAMAGED) };
        };
        let place = ElementHeader {
            id: header.id,
            body: at + header.bytes as u64,
            bytes: header.body_bytes,
        };
        if place.bytes.is_some() && place.end()? > until {
            return Err(IndexError::Unsupported(
                "an element ends after what holds it",
            ));
        }
        Ok(Some(place))
    }

    /// The whole body of an element.
    pub(super) fn body(&mut self, place: ElementHeader) -> Result<Vec<u8>, IndexError> {
        if place.end()? > self.file_bytes() {
            return Err(IndexError::Unsupported("the file ends within its header"));
        }
        let bytes = place.end()? - place.body;
        self.spend(bytes)?;
        let mut body = vec![0; usize::try_from(bytes).map_err(|_| TOO_LARGE)?];
        self.source.read_at(place.body, &mut body)?;
        Ok(body)
    }

    /// Bytes of the file, which has them; what comes after them is read along.
    pub(super) fn peek(&mut self, at: u64, bytes: u64) -> Result<&[u8], IndexError> {
        let end = at.saturating_add(bytes);
        let held = self.window_at.saturating_add(self.window.len() as u64);
        if at < self.window_at || end > held {
            self.fill(at, bytes, held)?;
        }
        let start = usize::try_from(at - self.window_at).map_err(|_| DAMAGED)?;
        let end = usize::try_from(end - self.window_at).map_err(|_| DAMAGED)?;
        self.window.get(start..end).ok_or(DAMAGED)
    }

    fn fill(&mut self, at: u64, bytes: u64, held: u64) -> Result<(), IndexError> {
        let usual = match self.source.path() {
            Some(_) if at.abs_diff(held) < RUN_BYTES => RUN_BYTES,
            Some(_) => JUMP_BYTES,
            None => self.source.gap_bytes().clamp(RUN_BYTES, MOST_WINDOW_BYTES),
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
