//! What pages of other origins are told about calls.

use super::{Api, Auth};
use crate::cross_origin::{CALL_HEADERS, CALL_PREFLIGHT_HEADERS};
use contract::response::Answer;

impl Api {
    /// The answer to a browser that asks whether a page may make a call: it may where calls are signed.
    #[must_use]
    pub fn preflight(&self) -> Answer {
        let mut answer = Answer::with(204, &[], Vec::new());
        if self.is_for_pages() {
            answer.add_headers(&CALL_PREFLIGHT_HEADERS);
        }
        self.for_pages(answer)
    }

    pub(super) fn for_pages(&self, mut answer: Answer) -> Answer {
        if self.is_for_pages() {
            answer.add_headers(&CALL_HEADERS);
        }
        answer
    }

    fn is_for_pages(&self) -> bool {
        matches!(self.settings.auth, Auth::Keys(_))
    }
}
