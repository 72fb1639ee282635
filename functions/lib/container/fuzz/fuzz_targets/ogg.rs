//! The index of an Ogg: any bytes give one that holds together, or none. Pages get the checksum that
//! they should have: the index looks at nothing else of a page without it.
#![no_main]

mod checks;

use libfuzzer_sys::fuzz_target;

const HEADER_BYTES: usize = 27;
const SUM_AT: usize = 22;

fuzz_target!(|data: &[u8]| checks::index(&mended(data)));

fn mended(data: &[u8]) -> Vec<u8> {
    let (mut file, mut at) = (data.to_vec(), 0);
    while let Some(page) = page(&mut file[at..]) {
        page[SUM_AT..SUM_AT + 4].fill(0);
        let sum = checksum(page);
        page[SUM_AT..SUM_AT + 4].copy_from_slice(&sum.to_le_bytes());
        at += page.len();
    }
    file
}

/// The whole page that the bytes begin with.
fn page(bytes: &mut [u8]) -> Option<&mut [u8]> {
    let segments = usize::from(*bytes.get(HEADER_BYTES - 1)?);
    let held = bytes.get(HEADER_BYTES..HEADER_BYTES + segments)?;
    let held: usize = held.iter().map(|&bytes| usize::from(bytes)).sum();
    bytes.get_mut(..HEADER_BYTES + segments + held)
}

fn checksum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum: u32, &byte| {
        let sum = sum ^ u32::from(byte) << 24;
        (0..8).fold(sum, |sum, _| {
            let carry = if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 };
            sum << 1 ^ carry
        })
    })
}
