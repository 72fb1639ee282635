//! Pages, one behind the other: RFC 3533, 6.

use crate::IndexError;
use crate::whole_reads::each_window;
use source::RangeSource;

const OUT_OF_STEP: IndexError = IndexError::Damaged("its pages do not follow each other");
const WRONG_SUM: IndexError = IndexError::Damaged("a page of it has another checksum");
const BREAKS_OFF: IndexError = IndexError::Unsupported("it breaks off");

/// `capture_pattern`, and the version.
pub(super) const CAPTURE: &[u8] = b"OggS\0";
const HEADER_BYTES: usize = 27;
const SUM_AT: usize = 22;
/// A header, as many segments as it can have, and what they can hold.
pub(super) const MOST_PAGE_BYTES: u64 = 27 + 255 + 255 * 255;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page<'a> {
    /// Where it begins in the file.
    pub(super) place: u64,
    /// It goes on with a packet of the page before.
    pub(super) is_continued: bool,
    /// It begins a stream, or ends it.
    pub(super) begins: bool,
    pub(super) ends: bool,
    /// Of the last packet that ends in it; none where no packet does.
    pub(super) granule: Option<u64>,
    pub(super) serial: u32,
    pub(super) sequence: u32,
    /// How long its segments are.
    pub(super) segments: &'a [u8],
    pub(super) body: &'a [u8],
    /// Where that begins in the file.
    pub(super) body_at: u64,
}

impl<'a> Page<'a> {
    /// The page that `bytes` begin with, which lie at `at`, and how long it is. None where it is cut off.
    pub(super) fn read(bytes: &'a [u8], at: u64) -> Result<Option<(Self, usize)>, IndexError> {
        let Some((page, length)) = Self::header(bytes, at)? else {
            return Ok(None);
        };
        let Some(whole) = bytes.get(..length) else {
            return Ok(None);
        };
        let stated = number(whole, SUM_AT);
        (checksum(whole) == stated).then_some(()).ok_or(WRONG_SUM)?;
        Ok(Some((page, length)))
    }

    /// The same, of which only the header need be there: then there is no more than a part of its body.
    pub(super) fn header(bytes: &'a [u8], at: u64) -> Result<Option<(Self, usize)>, IndexError> {
        let begin = bytes.len().min(CAPTURE.len());
        if bytes[..begin] != CAPTURE[..begin] {
            return Err(OUT_OF_STEP);
        }
        let Some(header) = bytes.get(..HEADER_BYTES) else {
            return Ok(None);
        };
        let count = usize::from(header[26]);
        let Some(segments) = bytes.get(HEADER_BYTES..HEADER_BYTES + count) else {
            return Ok(None);
        };
        let begin = HEADER_BYTES + count;
        let held: usize = segments.iter().map(|&bytes| usize::from(bytes)).sum();
        let granule = u64::from(number(header, 10)) << 32 | u64::from(number(header, 6));
        let page = Self {
            place: at,
            is_continued: header[5] & 1 != 0,
            begins: header[5] & 2 != 0,
            ends: header[5] & 4 != 0,
            granule: Some(granule).filter(|&granule| granule != u64::MAX),
            serial: number(header, 14),
            sequence: number(header, 18),
            segments,
            body: &bytes[begin..bytes.len().min(begin + held)],
            body_at: at + begin as u64,
        };
        Ok(Some((page, begin + held)))
    }

    /// How many packets end in it.
    pub(super) fn packet_ends(&self) -> usize {
        self.segments.iter().filter(|&&bytes| bytes < 255).count()
    }

    /// Whether a packet begins in it that does not end in it.
    pub(super) fn goes_on(&self) -> bool {
        self.segments.last() == Some(&255)
    }
}

/// Of four bytes that are there.
fn number(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk);
    bytes.map_or(0, |&bytes| u32::from_le_bytes(bytes))
}

const POLYNOMIAL: u32 = 0x04c1_1db7;

const fn sums_of_bytes() -> [u32; 256] {
    let mut sums = [0; 256];
    let mut byte = 0;
    while byte < sums.len() {
        let mut sum = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            let carries = sum >> 31 == 1;
            sum <<= 1;
            if carries {
                sum ^= POLYNOMIAL;
            }
            bit += 1;
        }
        sums[byte] = sum;
        byte += 1;
    }
    sums
}

const SUMS: [u32; 256] = sums_of_bytes();

/// Of a whole page, in which it counts as 0 itself.
pub(super) fn checksum(page: &[u8]) -> u32 {
    let own = SUM_AT..SUM_AT + 4;
    page.iter().enumerate().fold(0, |sum: u32, (at, &byte)| {
        let byte = if own.contains(&at) { 0 } else { byte };
        let top = (sum >> 24) as u8 ^ byte;
        sum << 8 ^ SUMS[usize::from(top)]
    })
}

/// Where the first page of one of the streams `is_known` begins that lies whole in these bytes.
pub(super) fn find_page(bytes: &[u8], is_known: &dyn Fn(u32) -> bool) -> Option<usize> {
    let is_page = |at: usize| {
        let read = Page::read(&bytes[at..], 0);
        matches!(read, Ok(Some((page, _))) if is_known(page.serial))
    };
    captures(bytes).find(|&at| is_page(at))
}

/// Where pages may begin.
pub(super) fn captures(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let windows = bytes.windows(CAPTURE.len()).enumerate();
    windows.filter_map(|(at, window)| (window == CAPTURE).then_some(at))
}

/// Gives the pages that lie whole in bytes which begin at `at` to `take`. How many bytes they take.
pub(super) fn each_page_in(
    bytes: &[u8],
    at: u64,
    take: &mut dyn FnMut(&Page<'_>) -> Result<(), IndexError>,
) -> Result<usize, IndexError> {
    let mut done = 0;
    while let Some((page, length)) = Page::read(&bytes[done..], at + done as u64)? {
        take(&page)?;
        done += length;
    }
    Ok(done)
}

/// Gives all pages of a file to `take`.
pub(super) fn each_page(
    source: &dyn RangeSource,
    take: &mut dyn FnMut(&Page<'_>) -> Result<(), IndexError>,
) -> Result<(), IndexError> {
    let left = each_window(source, |bytes, at| each_page_in(bytes, at, &mut *take))?;
    check_whole(&left)
}

/// That nothing is left where the file ends.
pub(super) fn check_whole(left: &[u8]) -> Result<(), IndexError> {
    left.is_empty().then_some(()).ok_or(BREAKS_OFF)
}
