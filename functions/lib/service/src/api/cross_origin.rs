//! What pages of other origins are told about calls.

use super::{Api, Auth};
use crate::cross_origin::{CALL_HEADERS, CALL_PREFLIGHT_HEADERS};
use contract::response::Answer;

impl Api {
    /// The answer to a browser that asks whether a page may make a call: it may where calls are signed.
    #[must_use]
    pub fn preflight(&self) -> Answer {
        let mut answer = Answer {
            status: 204,
            headers: Vec::new(),
            body: Vec::new(),
        };
        if self.is_for_pages() {
            answer.headers.extend(owned(&CALL_PREFLIGHT_HEADERS));
        }
        self.for_pages(answer)
    }

    pub(super) fn for_pages(&self, mut answer: Answer) -> Answer {
        if self.is_for_pages() {
            answer.headers.extend(owned(&CALL_HEADERS));
        }
        answer
    }

    fn is_for_pages(&self) -> bool {
        matches!(self.settings.auth, Auth::Keys(_))
    }
}

fn owned<'a>(headers: &'a [(&str, &str)]) -> impl Iterator<Item = (String, String)> + 'a {
    let pairs = headers.iter();
    pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
}
