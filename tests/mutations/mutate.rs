//! Mutations: always the same ones of the same bytes.

/// Where containers keep what they say of themselves: near the start, or near the end.
const ENDS: usize = 2048;

/// The mutation of `bytes` with this number.
pub(crate) fn mutated(bytes: &[u8], number: usize) -> Vec<u8> {
    let mut random = Random::seeded(number as u64);
    let (mut mutated, all) = (bytes.to_vec(), bytes.len());
    let ends = ENDS.min(all);
    match number % 6 {
        0 => flip(&mut mutated, 1, &mut random, 0, all),
        1 | 2 => flip(&mut mutated, 1 + number % 8, &mut random, 0, ends),
        3 => flip(&mut mutated, 1 + number % 8, &mut random, all - ends, all),
        4 => flip(&mut mutated, 1 + number % 64, &mut random, 0, all),
        _ => mutated.truncate(random.below(all)),
    }
    mutated
}

fn flip(bytes: &mut [u8], bits: usize, random: &mut Random, from: usize, to: usize) {
    for _ in 0..bits {
        let at = from + random.below(to - from);
        bytes[at] ^= 1 << random.below(8);
    }
}

/// Marsaglia's xorshift, 64 bits.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn seeded(number: u64) -> Self {
        Self(0x9e37_79b9_7f4a_7c15 ^ (number + 1) << 17)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        for _ in 0..3 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
        }
        (self.0 % bound as u64) as usize
    }
}
