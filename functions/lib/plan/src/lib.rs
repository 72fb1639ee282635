//! What to take from a video: time points, the frame that stands for each, picture sizes and
//! the geometry of sprite sheets. Pure functions of what was asked and what the video holds.

pub mod cut;
mod deadline;
mod limits;
pub mod path_taken;
pub mod points;
pub mod sample;
pub mod sheet;
pub mod size;
mod stalls;
pub mod timeline;

pub use cut::{CutPlanError, SampleGroup, cut, distribute};
pub use deadline::Deadline;
pub use limits::{
    Budget, InvalidSetting, LimitExceeded, LimitSetting, Limits, MOST_DECODER_THREADS, SampleLimit,
    TooManySamples,
};
pub use path_taken::PathTaken;
pub use points::{Point, PointPlan};
pub use sample::CodedSample;
pub use sheet::Grid;
pub use size::Size;
pub use stalls::{StallGuard, Stalls};
pub use timeline::{TimeBase, Timeline, TimelineFrame, end_with_sound};
