//! The size to take pictures in.

use super::encoding;
use super::sprite::CellRule;
use contract::snapshot::SnapshotSpec;
use media::{PictureFormat, PixelLayout};
use plan::SizeRule;

/// Of the pictures that are asked for.
pub(super) fn picture_size(spec: &SnapshotSpec) -> SizeRule {
    let SnapshotSpec { width, height, .. } = *spec;
    SizeRule::Sides { width, height }
}

/// Cells are put together from RGB; other pictures go into a file as it stores them. Pictures that
/// do not stay are decoded straight to the size of their `cell`.
pub(super) fn target(spec: &SnapshotSpec, cell: Option<CellRule>) -> PictureFormat {
    match cell {
        None => PictureFormat {
            size: picture_size(spec),
            layout: encoding::layout(spec.image_format),
        },
        Some(cell) => PictureFormat {
            size: match spec.keeps_pictures() {
                true => picture_size(spec),
                false => cell.of_frames(picture_size(spec)),
            },
            layout: PixelLayout::Rgb24,
        },
    }
}
