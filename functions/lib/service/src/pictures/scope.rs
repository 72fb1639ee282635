//! How much of a task one run does.

use plan::Work;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// How much of a task one run does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// All of it.
    #[default]
    Whole,
    /// All of it, unless it is more work than this: then the run ends with what the work can be divided
    /// into ([`Interrupted::Large`](super::Interrupted)), before it takes a picture.
    Dividable(Work),
    /// These shots, by their numbers from 0, and none of the files that tell of all. The run never
    /// gives a manifest: it ends with what is done ([`Interrupted::Paused`](super::Interrupted)).
    Part(Range<usize>),
}

impl Scope {
    /// Whether this shot is to be taken.
    pub(super) fn holds(&self, shot: usize) -> bool {
        match self {
            Self::Whole | Self::Dividable(_) => true,
            Self::Part(shots) => shots.contains(&shot),
        }
    }
}
