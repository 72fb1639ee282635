//! The packets of one stream, put together from its pages: RFC 3533, 5.

use super::page::{CAPTURE, Page};
use crate::IndexError;

const PAGES_MISSING: IndexError = IndexError::Damaged("pages of its video are missing");
const ODD_PAGE: IndexError = IndexError::Unsupported("its pages are not as usual");
const TOO_LARGE: IndexError = IndexError::Unsupported("a picture of it is absurdly large");
/// Where a picture goes on in the next page could not be told.
const NAMES_PAGES: IndexError =
    IndexError::Unsupported("a picture of it holds what pages begin with");

/// No packet is larger.
const MOST_BYTES: usize = 32 << 20;

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Packet {
    /// Where the page begins that it begins in.
    pub(super) page: u64,
    /// Where its first byte lies in the file, and behind its last one.
    pub(super) from: u64,
    pub(super) until: u64,
    pub(super) bytes: Vec<u8>,
}

/// Those that end in a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct EndedPackets {
    /// Of those that began before the first page that was read only the end is known, and it is not here.
    pub(super) packets: Vec<Packet>,
    /// How many they are.
    pub(super) count: usize,
}

/// Takes the pages of a stretch of the file.
#[derive(Debug, Default)]
pub(super) struct PacketReader {
    sequence: Option<u32>,
    open: Option<Packet>,
    has_ended: bool,
}

impl PacketReader {
    /// Takes the next page of the stream.
    ///
    /// # Errors
    /// It does not follow the one before.
    pub(super) fn take(&mut self, page: &Page<'_>) -> Result<EndedPackets, IndexError> {
        let expected = self.sequence.map(|sequence| sequence.wrapping_add(1));
        if expected.is_some_and(|expected| expected != page.sequence) || self.has_ended {
            return Err(PAGES_MISSING);
        }
        let is_first = self.sequence.replace(page.sequence).is_none();
        self.has_ended = page.ends;
        let mut is_unknown = is_first && page.is_continued;
        if page.is_continued != self.open.is_some() && !is_unknown {
            return Err(PAGES_MISSING);
        }
        if page.segments.is_empty() || page.granule.is_some() != (page.packet_ends() > 0) {
            return Err(ODD_PAGE);
        }
        let (mut ended, mut at, mut begin) = (EndedPackets::default(), 0, 0);
        for &segment in page.segments {
            at += usize::from(segment);
            if segment < 255 {
                let packet = self.packet(page, begin..at)?;
                ended.packets.extend(Some(packet).filter(|_| !is_unknown));
                ended.count += 1;
                (begin, is_unknown) = (at, false);
            }
        }
        if page.goes_on() && !is_unknown {
            let open = self.packet(page, begin..at)?;
            self.open = Some(open);
        } else if page.goes_on() {
            // It goes on as one of which the beginning is not known.
            self.sequence = None;
        }
        Ok(ended)
    }

    /// What lies at these places of a page, behind what has come of it before.
    fn packet(
        &mut self,
        page: &Page<'_>,
        places: std::ops::Range<usize>,
    ) -> Result<Packet, IndexError> {
        let until = page.body_at + places.end as u64;
        let part = page.body.get(places.clone()).unwrap_or_default();
        if part.windows(CAPTURE.len()).any(|bytes| bytes == CAPTURE) {
            return Err(NAMES_PAGES);
        }
        let Some(mut open) = self.open.take() else {
            return Ok(Packet {
                page: page.place,
                from: page.body_at + places.start as u64,
                until,
                bytes: part.to_vec(),
            });
        };
        if open.bytes.len() + part.len() > MOST_BYTES {
            return Err(TOO_LARGE);
        }
        open.bytes.extend(part);
        open.until = until;
        Ok(open)
    }

    /// Where the page begins in which a packet begins that has not ended.
    pub(super) fn open_page(&self) -> Option<u64> {
        self.open.as_ref().map(|open| open.page)
    }
}
