//! Calls that upload, repeated by who did not get the answer.
//!
//! The ids of their uploads follow from the call and the time, so that a repetition finds them, or
//! makes what is not there yet. Nothing else has to be remembered, and two at once make the same.

use crate::model::{JobId, UnixMs, Upload};
use sha2::{Digest, Sha256};

/// For so long a repetition is one.
const LASTS_MS: UnixMs = 10 * 60 * 1000;

/// A call, of whom.
pub(super) struct UploadSession<'a> {
    pub(super) user: &'a str,
    /// The same for each repetition.
    pub(super) call: &'a str,
}

impl UploadSession<'_> {
    /// Where the first call may have been, the one of now last: it may have been in the slot before.
    pub(super) fn slots(now_ms: UnixMs) -> [UnixMs; 2] {
        let now = now_ms.div_euclid(LASTS_MS);
        [now - 1, now]
    }

    /// The id of one of its uploads.
    pub(super) fn id(&self, slot: UnixMs, place: usize) -> JobId {
        let mut hash = Sha256::new();
        for part in [self.user, self.call, &slot.to_string(), &place.to_string()] {
            hash.update(part);
            hash.update([0]);
        }
        let hash = hash.finalize();
        let digits = hash.iter().map(|byte| format!("{byte:02x}"));
        JobId::from(digits.take(16).collect::<String>())
    }

    /// Whether an upload of it stands for a repetition of now.
    pub(super) fn lasts(upload: &Upload, now_ms: UnixMs) -> bool {
        now_ms.saturating_sub(upload.created_ms) < LASTS_MS
    }
}
