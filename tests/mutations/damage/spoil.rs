//! Damage to what is coded; that of indexes and headers is the other mutations' matter.

use crate::mutate::Random;

/// Containers keep what they say of themselves near their ends.
const SPARED_PERCENT: usize = 15;

/// The damage with this number done to `bytes`. It begins at their middle part.
pub(super) fn spoilt(bytes: &[u8], number: usize) -> Vec<u8> {
    let mut random = Random::seeded(0xda3a_6e00 + number as u64);
    let spared = bytes.len() * SPARED_PERCENT / 100;
    let mut spoilt = bytes.to_vec();
    let middle = bytes.len() - 2 * spared;
    let at = spared + random.below(middle);
    let most = bytes.len() - spared - at;
    match number % 5 {
        0 => spoilt[at] ^= 1 << random.below(8),
        1 | 2 => {
            let bits = [4, 40][number % 5 - 1];
            for _ in 0..bits {
                spoilt[spared + random.below(middle)] ^= 1 << random.below(8);
            }
        }
        3 => {
            let length = (8 + random.below(300)).min(most);
            spoilt[at..at + length].fill(0);
        }
        _ => {
            let length = (8 + random.below(120)).min(most);
            for byte in &mut spoilt[at..at + length] {
                *byte = random.below(256) as u8;
            }
        }
    }
    spoilt
}
