//! The clean aperture `clap`: ISO/IEC 14496-12, 12.1.4.

use super::boxes::boxes;
use super::fields::FieldReader;
use crate::IndexError;
use plan::{Crop, Size};

/// A size or an offset as two numbers that are divided.
#[derive(Debug, Clone, Copy)]
struct Fraction {
    numerator: i64,
    denominator: i64,
}

/// What of pictures of size `coded` is shown; none where all is, or where it can't be so: such a
/// box counts as absent, as ffmpeg and `QuickTime` take it.
pub(super) fn crop(inner: &[u8], coded: Size) -> Option<Crop> {
    let clap = boxes(inner).find(|boxed| &boxed.kind == b"clap")?;
    let mut fields = FieldReader::of(clap.body);
    let mut next = || fraction(&mut fields).ok().flatten();
    let (width, height) = (next()?, next()?);
    let (across, down) = (next()?, next()?);
    let (left, right) = cut(coded.width, width, across)?;
    let (top, bottom) = cut(coded.height, height, down)?;
    let crop = Crop {
        left,
        top,
        right,
        bottom,
    };
    crop.within(coded)
}

fn fraction(fields: &mut FieldReader<'_>) -> Result<Option<Fraction>, IndexError> {
    let (numerator, denominator) = (fields.i32()?.into(), fields.i32()?.into());
    Ok((denominator > 0).then_some(Fraction {
        numerator,
        denominator,
    }))
}

/// What is cut off before and after an aperture whose centre lies `offset` from that of a side of
/// `side` px. The first and the last pixel of the aperture are each rounded down to a whole one,
/// as ffmpeg does from 7.1 on: a whole aperture keeps its size where its centre is half a pixel
/// off.
fn cut(side: u32, aperture: Fraction, offset: Fraction) -> Option<(u32, u32)> {
    // Twice the position of a pixel, over the common denominator: fits by far.
    let scale = i128::from(aperture.denominator) * i128::from(offset.denominator);
    let size = i128::from(aperture.numerator) * i128::from(offset.denominator);
    let offset = i128::from(offset.numerator) * i128::from(aperture.denominator);
    let last = (i128::from(side) - 1) * scale;
    let (from, until) = (last + 2 * offset, size - scale);
    let (first, end) = (from - until, from + until);
    if size <= 0 || first < 0 || end > 2 * last {
        return None;
    }
    let floor = |twice: i128| u32::try_from(twice / (2 * scale)).ok();
    let (before, until) = (floor(first)?, floor(end)?);
    Some((before, side.checked_sub(1)?.checked_sub(until)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fmp4::boxed;

    const SIZE: Size = Size {
        width: 1440,
        height: 1080,
    };

    fn cropped(numbers: [i32; 8]) -> Option<(u32, u32, u32, u32)> {
        let body: Vec<u8> = numbers.into_iter().flat_map(i32::to_be_bytes).collect();
        let crop = crop(&boxed(*b"clap", &[&body]), SIZE)?;
        Some((crop.left, crop.top, crop.right, crop.bottom))
    }

    #[test]
    fn apertures_are_counted_from_the_centre() {
        let middle = [1420, 1, 1060, 1, 0, 1, 0, 1];
        assert_eq!(cropped(middle), Some((10, 10, 10, 10)));
        let aside = [1420, 1, 1060, 1, -10, 1, 5, 1];
        assert_eq!(cropped(aside), Some((0, 15, 20, 5)));
        let halves = [2840, 2, 1060, 1, -19, 2, 0, 9];
        assert_eq!(cropped(halves), Some((0, 10, 20, 10)));
    }

    #[test]
    fn an_odd_aperture_keeps_its_size() {
        let odd = [1421, 1, 1059, 1, 0, 1, 0, 1];
        assert_eq!(cropped(odd), Some((9, 10, 10, 11)));
    }

    #[test]
    fn a_fraction_of_a_pixel_is_a_pixel() {
        // 41472/59 = 702.9 of 720, as editing programs write it for PAL.
        let body = [41_472, 59, 1080, 1, 0, 1, 0, 1];
        assert_eq!(cropped(body), Some((368, 0, 369, 0)));
    }

    #[test]
    fn apertures_that_cannot_be_crop_nothing() {
        for numbers in [
            [1440, 1, 1080, 1, 0, 1, 0, 1],
            [1441, 1, 1080, 1, 0, 1, 0, 1],
            [1420, 0, 1080, 1, 0, 1, 0, 1],
            [1420, 1, 1080, 1, 11, 1, 0, 1],
            [0, 1, 1080, 1, 0, 1, 0, 1],
            [-5, 1, 1080, 1, 0, 1, 0, 1],
            [1420, 1, 1060, 1, 0, -1, 0, 1],
            [i32::MAX, 1, i32::MAX, i32::MAX, i32::MIN, 1, 0, i32::MAX],
        ] {
            assert_eq!(cropped(numbers), None, "{numbers:?}");
        }
        assert_eq!(crop(&boxed(*b"clap", &[&[0; 31]]), SIZE), None);
    }
}
