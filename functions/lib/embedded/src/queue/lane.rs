//! Who works on a message.

use service::model::Message;

/// A kind of workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Runs jobs, and what nobody waits for after them.
    Jobs,
    /// Downloads. A slow server holds up other downloads only.
    Uploads,
}

/// Of the column `lane`.
const WAITED_FOR: i64 = 0;
const UPLOADS: i64 = 1;
const UNWATCHED: i64 = 2;

impl Lane {
    /// What its workers take, each only where there is nothing of those before it.
    pub(super) fn columns(self) -> (i64, i64) {
        match self {
            Self::Jobs => (WAITED_FOR, UNWATCHED),
            Self::Uploads => (UPLOADS, UPLOADS),
        }
    }
}

/// The column of a message.
pub(super) fn column(message: &Message) -> i64 {
    match message {
        Message::Snapshot { .. }
        | Message::Probe { .. }
        | Message::ObjectCreated { .. }
        | Message::DeletePictures { .. }
        | Message::DeleteVideo { .. } => WAITED_FOR,
        Message::Upload { .. } => UPLOADS,
        Message::Covers { .. } => UNWATCHED,
    }
}
