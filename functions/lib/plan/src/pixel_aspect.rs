//! The shape of a pixel, width to height, as the numbers in coded videos stand for it.

/// Nothing is said of it.
pub const UNSPECIFIED: (u32, u32) = (0, 1);

/// ITU-T H.264 and H.265, table E-1, from 1.
const TABLE: [(u32, u32); 16] = [
    (1, 1),
    (12, 11),
    (10, 11),
    (16, 11),
    (40, 33),
    (24, 11),
    (20, 11),
    (32, 11),
    (80, 33),
    (18, 11),
    (15, 11),
    (64, 33),
    (160, 99),
    (4, 3),
    (3, 2),
    (2, 1),
];

/// What `aspect_ratio_idc` stands for: ITU-T H.264 and H.265, table E-1.
#[must_use]
pub fn of_table(number: u32) -> (u32, u32) {
    let nth = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
    let known = nth.and_then(|nth| TABLE.get(nth));
    known.copied().unwrap_or(UNSPECIFIED)
}

/// What `aspect_ratio_information` stands for in a picture of this size: ISO/IEC 13818-2, 6.3.3.
/// It tells the shape of the picture.
#[must_use]
pub fn of_information(information: u32, (width, height): (u32, u32)) -> (u32, u32) {
    match information {
        2 => (4 * height, 3 * width),
        3 => (16 * height, 9 * width),
        4 => (221 * height, 100 * width),
        _ => (1, 1),
    }
}
