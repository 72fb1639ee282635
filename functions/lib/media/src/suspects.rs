//! What becomes of pictures that may be damaged, or are made in another way than those before.

use crate::frame_format::{PictureFilter, RawPicture};
use std::sync::Arc;

/// Why a process is ended before all that it was to make is made.
#[derive(Debug)]
pub(crate) enum EarlyEnd {
    /// The next picture is made in another way.
    OtherFilter(Arc<PictureFilter>),
    /// The decoder has complained, perhaps of the next picture. What it made of that, if anything.
    Suspect(Option<RawPicture>),
    /// A later picture came in place of the next one: where references are lost, some decoders give
    /// pictures in another order than that of their times.
    Displaced,
    /// The sample that decoding of the next picture begins with is none to begin with.
    NoStart,
}

/// What becomes of a picture before which the decoder complained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suspects {
    /// The process ends there.
    End,
    /// They are delivered as damaged.
    Deliver,
}
