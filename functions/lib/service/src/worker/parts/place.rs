//! Which part a message names.

use crate::model::JobId;

/// One part, as its message names it.
pub(in crate::worker) struct PartPlace {
    pub(in crate::worker) job_id: JobId,
    pub(in crate::worker) division: String,
    pub(in crate::worker) number: u32,
}
