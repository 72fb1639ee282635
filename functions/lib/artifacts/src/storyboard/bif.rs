//! BIF, Base Index Frames (Roku, "BIF file specification" 1.0): JPEGs of one size behind an index of
//! their times. All numbers are little-endian.

use super::US_PER_S;
use thiserror::Error;

const MAGIC: [u8; 8] = [0x89, b'B', b'I', b'F', 0x0d, 0x0a, 0x1a, 0x0a];
const VERSION: u32 = 0;
const HEADER_BYTES: u64 = 64;
const ENTRY_BYTES: u64 = 8;
/// The time of the entry behind the last picture, which says where that one ends.
const SENTINEL: u32 = u32::MAX;
const US_PER_MS: u64 = US_PER_S / 1000;

/// Places in the file have 32 bits.
#[derive(Debug, Error, PartialEq, Eq)]
#[error(
    "a BIF file of {pictures} pictures would have {bytes} bytes or more; it can have 4294967295"
)]
pub struct BifTooLarge {
    /// How many pictures there are.
    pub pictures: usize,
    /// At which size it was given up.
    pub bytes: u64,
}

/// What stands before the pictures, which follow in order without anything between them: header
/// and index of pictures of `sizes` bytes, one every `step_us`.
///
/// # Errors
/// [`BifTooLarge`].
pub fn index(step_us: u64, sizes: &[u64]) -> Result<Vec<u8>, BifTooLarge> {
    let pictures = sizes.len();
    let too_large = |bytes| BifTooLarge { pictures, bytes };
    let count = u32::try_from(pictures).map_err(|_| too_large(u64::MAX))?;
    let (multiplier_ms, times) = times(step_us);
    let mut bytes = MAGIC.to_vec();
    for number in [VERSION, count, multiplier_ms] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.resize(usize::try_from(HEADER_BYTES).unwrap_or(0), 0);
    let mut place = HEADER_BYTES + ENTRY_BYTES * (pictures as u64 + 1);
    let ends = sizes.iter().chain(&[0]).enumerate();
    for (nth, size) in ends {
        let time = if nth == pictures {
            SENTINEL
        } else {
            times(nth as u64)
        };
        let at = u32::try_from(place).map_err(|_| too_large(place))?;
        bytes.extend(time.to_le_bytes());
        bytes.extend(at.to_le_bytes());
        place = place.saturating_add(*size);
    }
    Ok(bytes)
}

/// The pictures of a file that [`index`] begins; none where it is no such file.
#[must_use]
pub fn pictures(file: &[u8]) -> Option<Vec<&[u8]>> {
    let number = |at: usize| {
        let bytes = file.get(at..at.checked_add(4)?)?;
        usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
    };
    let entry = HEADER_BYTES as usize;
    let count = number(MAGIC.len() + 4).filter(|_| file.starts_with(&MAGIC))?;
    let place = |nth: usize| number(entry + nth * ENTRY_BYTES as usize + 4);
    let picture = |nth: usize| file.get(place(nth)?..place(nth + 1)?);
    // No more than the file has room for, whatever it says.
    let most = file.len() / ENTRY_BYTES as usize;
    (0..count).take(most).map(picture).collect()
}

/// How many ms a time of the index stands for, and the time of each picture. Steps of whole
/// milliseconds are counted, others rounded to them.
fn times(step_us: u64) -> (u32, impl Fn(u64) -> u32) {
    let whole_ms = step_us
        .is_multiple_of(US_PER_MS)
        .then_some(step_us / US_PER_MS);
    let multiplier_ms = whole_ms.and_then(|ms| u32::try_from(ms).ok());
    let at = move |nth: u64| {
        let time = match multiplier_ms {
            Some(_) => nth,
            None => (nth.saturating_mul(step_us) + US_PER_MS / 2) / US_PER_MS,
        };
        u32::try_from(time).unwrap_or(SENTINEL - 1)
    };
    (multiplier_ms.unwrap_or(1), at)
}
