//! A frame's number, written into its picture so that it survives encoding and scaling.
//!
//! The lowest fifth of the picture is a row of 20 black or white cells: 16 bits of the number,
//! highest first, then 4 bits that check them.

/// Share of the height that the cells take: one of so many parts.
const BAND: usize = 5;
/// Cells of a number.
pub const CELLS: usize = 20;
/// Makes an all-black and an all-white row invalid.
const SALT: u32 = 0b0101;

/// The cells of number `number` as a row of so many grey pixels.
#[must_use]
pub fn row(number: u16) -> [u8; CELLS] {
    cells(number).map(|white| if white { 235 } else { 16 })
}

/// Paints number `number` into a grey picture of `width` x `height`, rows from the top.
pub fn paint(pixels: &mut [u8], width: usize, height: usize, number: u16) {
    let cells = cells(number);
    for y in height - height / BAND..height {
        for x in 0..width {
            let cell = x * CELLS / width;
            pixels[y * width + x] = if cells[cell] { 235 } else { 16 };
        }
    }
}

/// The number in an RGB picture of at least 160x90, 3 bytes a pixel; none where the cells are
/// grey or contradict each other.
#[must_use]
pub fn read(rgb: &[u8], width: usize, height: usize) -> Option<u16> {
    let mut code = 0;
    for cell in 0..CELLS {
        let level = cell_level(rgb, width, height, cell);
        if (100..=155).contains(&level) {
            return None;
        }
        code = code << 1 | u32::from(level > 155);
    }
    let number = u16::try_from(code >> 4).ok()?;
    (self::code(number) == code).then_some(number)
}

fn code(number: u16) -> u32 {
    let number = u32::from(number);
    let check = (number ^ number >> 4 ^ number >> 8 ^ number >> 12) & 0xf ^ SALT;
    number << 4 | check
}

fn cells(number: u16) -> [bool; CELLS] {
    let code = code(number);
    std::array::from_fn(|cell| code >> (CELLS - 1 - cell) & 1 == 1)
}

/// Mean brightness of the middle of a cell: its edges are blurred by scaling.
fn cell_level(rgb: &[u8], width: usize, height: usize, cell: usize) -> u32 {
    let across = |quarters: usize| (4 * cell + quarters) * width / (4 * CELLS);
    let band = height / BAND;
    let (mut sum, mut count) = (0, 0);
    for y in height - band * 3 / 4..height - band / 4 {
        for x in across(1)..across(3) {
            let at = 3 * (y * width + x);
            sum += rgb[at..at + 3]
                .iter()
                .map(|&byte| u32::from(byte))
                .sum::<u32>()
                / 3;
            count += 1;
        }
    }
    sum / count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(number: u16) -> Vec<u8> {
        let mut grey = vec![128; 160 * 90];
        paint(&mut grey, 160, 90, number);
        grey.iter().flat_map(|&level| [level; 3]).collect()
    }

    #[test]
    fn what_is_painted_is_read() {
        for number in [0, 1, 250, 0x5555, 0xffff] {
            assert_eq!(read(&picture(number), 160, 90), Some(number));
        }
    }

    #[test]
    fn a_mixture_of_two_frames_is_no_number() {
        let (one, two) = (picture(7), picture(8));
        let mixed: Vec<u8> = one
            .iter()
            .zip(&two)
            .map(|(&a, &b)| ((u16::from(a) + u16::from(b)) / 2) as u8)
            .collect();
        assert_eq!(read(&mixed, 160, 90), None);
        assert_eq!(read(&vec![0; 160 * 90 * 3], 160, 90), None);
    }
}
