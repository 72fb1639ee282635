//! As much of a picture as a look at it needs.

use crate::pictures::failure::Interrupted;
use artifacts::{resize, resize_plane};
use media::{Picture, PixelLayout};
use plan::Size;

/// Its longer side, px. Blur that cannot be seen at this size is none on a page of videos.
const SIDE: u32 = 320;

/// Its luma, rows from the top.
pub(super) fn luma(picture: &Picture) -> Result<(Vec<u8>, Size), Interrupted> {
    let from = picture.size;
    let to = size(from);
    let luma = match picture.layout {
        PixelLayout::Rgb24 => resize(&picture.pixels, from, to)?
            .chunks_exact(3)
            .map(luma_of)
            .collect(),
        PixelLayout::Yuv420Full => {
            let pixels = usize::try_from(from.pixels()).unwrap_or(usize::MAX);
            let plane = picture.pixels.get(..pixels).unwrap_or_default();
            resize_plane(plane, from, to)?
        }
    };
    Ok((luma, to))
}

fn size(of: Size) -> Size {
    let longer = of.width.max(of.height);
    let scaled = |side: u32| {
        let side = u64::from(side) * u64::from(SIDE) / u64::from(longer.max(1));
        u32::try_from(side).unwrap_or(SIDE).max(1)
    };
    match longer <= SIDE {
        true => of,
        false => Size {
            width: scaled(of.width),
            height: scaled(of.height),
        },
    }
}

/// ITU-R BT.601, as in a JPEG.
fn luma_of(rgb: &[u8]) -> u8 {
    let weighed = rgb.iter().zip([299, 587, 114]);
    let sum: u32 = weighed
        .map(|(&value, weight)| u32::from(value) * weight)
        .sum();
    u8::try_from(sum / 1000).unwrap_or(u8::MAX)
}
