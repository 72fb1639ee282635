//! Which pictures of a video were deleted, without a look at any of them.
//!
//! DeleteImage is answered at once, whatever the number of pictures. So it leaves a mark on the
//! video, and a message on the queue that goes on until the objects are gone. A picture is deleted
//! when the job that made it was accepted no later than the mark says: lists don't show it from
//! then on, and a job that runs meanwhile removes its pictures itself at its end.

use contract::command::{ImageType, SnapshotType};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

type UnixMs = i64;

/// Until when jobs were accepted whose pictures are deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletions {
    /// Of every kind.
    #[serde(default)]
    pub all_until_ms: Option<UnixMs>,
    /// Of one kind.
    #[serde(default)]
    pub until_ms: BTreeMap<SnapshotType, UnixMs>,
}

impl Deletions {
    /// Whether pictures of this kind are deleted whose job was accepted then.
    #[must_use]
    pub fn cover(&self, kind: SnapshotType, accepted_ms: UnixMs) -> bool {
        // Animated images are no snapshots: calls of their own delete them.
        let all_until_ms = self
            .all_until_ms
            .filter(|_| kind != SnapshotType::DynamicImage);
        let until_ms = self.until_ms.get(&kind).copied().max(all_until_ms);
        until_ms.is_some_and(|until_ms| accepted_ms <= until_ms)
    }

    /// Adds a deletion; one that reaches further stays.
    pub fn record(&mut self, image_type: ImageType, until_ms: UnixMs) {
        match image_type {
            ImageType::All => self.all_until_ms = self.all_until_ms.max(Some(until_ms)),
            ImageType::Only(kind) => {
                let held = self.until_ms.entry(kind).or_insert(until_ms);
                *held = until_ms.max(*held);
            }
        }
    }

    /// When a job is accepted at `now_ms`, so that no deletion covers it, wherever the clocks are
    /// of those who deleted.
    #[must_use]
    pub fn accepted_after(&self, now_ms: UnixMs) -> UnixMs {
        let marks = self.until_ms.values().copied().chain(self.all_until_ms);
        marks
            .max()
            .map_or(now_ms, |last| now_ms.max(last.saturating_add(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deletion_covers_its_kind_until_then_and_never_less() {
        let (normal, sprite) = (SnapshotType::NormalSnapshot, SnapshotType::SpriteSnapshot);
        let mut deletions = Deletions::default();
        assert!(!deletions.cover(normal, i64::MIN));
        deletions.record(ImageType::Only(normal), 10);
        deletions.record(ImageType::Only(normal), 5);
        assert!(deletions.cover(normal, 10) && !deletions.cover(normal, 11));
        assert!(!deletions.cover(sprite, 1));
        deletions.record(ImageType::All, 7);
        assert!(deletions.cover(sprite, 7) && deletions.cover(normal, 10));
        assert!(!deletions.cover(SnapshotType::DynamicImage, 7));
        assert_eq!(deletions.accepted_after(3), 11, "a clock that lags");
        assert_eq!(deletions.accepted_after(30), 30);
    }
}
