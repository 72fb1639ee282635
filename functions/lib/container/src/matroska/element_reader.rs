//! The elements of the file itself, read by ranges: the coded pictures are stepped over.

use super::ebml::{self, DAMAGED, HEADER_BYTES};
use crate::window_reader::WindowReader;
use crate::{ENDS_EARLY, IndexError};
use source::RangeSource;

/// Reads headers with few reads and few bytes.
#[derive(Debug)]
pub(super) struct ElementReader<'a>(WindowReader<'a>);

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
        Self(WindowReader::new(source, budget))
    }

    /// So many bytes may be read from now on.
    pub(super) fn allow(&mut self, budget: u64) {
        self.0.allow(budget);
    }

    /// All up to `end` will be read, and is read at once where each request takes its time.
    pub(super) fn expect_row(&mut self, end: u64) {
        self.0.expect_row(end);
    }

    pub(super) fn file_bytes(&self) -> u64 {
        self.0.file_bytes()
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
            // The first of all is the header.
            return Err(IndexError::Unsupported(match at {
                0 => ENDS_EARLY,
                _ => "an element ends after what holds it",
            }));
        }
        Ok(Some(place))
    }

    /// The whole body of an element.
    pub(super) fn body(&mut self, place: ElementHeader) -> Result<Vec<u8>, IndexError> {
        if place.end()? > self.file_bytes() {
            return Err(IndexError::Unsupported(ENDS_EARLY));
        }
        let bytes = place.end()? - place.body;
        self.0.read(place.body, bytes)
    }

    /// Bytes of the file, which has them; what comes after them is read along.
    pub(super) fn peek(&mut self, at: u64, bytes: u64) -> Result<&[u8], IndexError> {
        self.0.peek(at, bytes)
    }
}
