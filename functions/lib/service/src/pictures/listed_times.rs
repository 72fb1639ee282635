//! Of which frames of a video is known when they are shown.

/// The wanted times around which the frames of a video are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListedTimes {
    All,
    /// Those of a part of the job.
    OfPart,
    /// Those of a part of the job, as they were chosen when it was divided.
    OfExcerpt,
    /// None, since nothing is left to take.
    Nothing,
}
