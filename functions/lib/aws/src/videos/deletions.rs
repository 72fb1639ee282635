//! Which pictures of a video were deleted: a number for each kind, until when their jobs were
//! accepted.

use crate::table::{BadItem, Item, optional_number};
use service::model::{Deletions, ImageType, SnapshotType};

/// How a deletion is written, and what must hold for it.
pub(super) fn deletion_of(image_type: ImageType) -> (&'static str, &'static str) {
    macro_rules! later {
        ($attribute:literal) => {
            (
                concat!("SET ", $attribute, " = :until"),
                concat!(
                    "attribute_exists(pk) AND (attribute_not_exists(",
                    $attribute,
                    ") OR ",
                    $attribute,
                    " < :until)"
                ),
            )
        };
    }
    match image_type {
        ImageType::All => later!("deleted_All"),
        ImageType::Only(kind) => match kind {
            SnapshotType::CoverSnapshot => later!("deleted_CoverSnapshot"),
            SnapshotType::NormalSnapshot => later!("deleted_NormalSnapshot"),
            SnapshotType::SpriteSnapshot => later!("deleted_SpriteSnapshot"),
            SnapshotType::SpriteOriginSnapshot => later!("deleted_SpriteOriginSnapshot"),
            SnapshotType::WebVttSnapshot => later!("deleted_WebVttSnapshot"),
            SnapshotType::DynamicImage => later!("deleted_DynamicImage"),
        },
    }
}

pub(super) fn deletions(item: &Item) -> Result<Deletions, BadItem> {
    let mut deletions = Deletions {
        all_until_ms: optional_number(item, "deleted_All")?,
        ..Deletions::default()
    };
    for kind in SnapshotType::ALL {
        let attribute = match kind {
            SnapshotType::CoverSnapshot => "deleted_CoverSnapshot",
            SnapshotType::NormalSnapshot => "deleted_NormalSnapshot",
            SnapshotType::SpriteSnapshot => "deleted_SpriteSnapshot",
            SnapshotType::SpriteOriginSnapshot => "deleted_SpriteOriginSnapshot",
            SnapshotType::WebVttSnapshot => "deleted_WebVttSnapshot",
            SnapshotType::DynamicImage => "deleted_DynamicImage",
        };
        if let Some(until_ms) = optional_number(item, attribute)? {
            deletions.until_ms.insert(kind, until_ms);
        }
    }
    Ok(deletions)
}
