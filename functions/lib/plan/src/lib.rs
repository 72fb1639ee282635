//! What to take from a video: time points, the frame that stands for each, picture sizes and
//! the geometry of sprite sheets. Pure functions of what was asked and what the video holds.

pub mod cut;
mod deadline;
mod limits;
pub mod points;
pub mod sample;
pub mod sheet;
pub mod size;
mod stalls;
pub mod timeline;

pub use cut::{CutPlanError, Group, cut, distribute};
pub use deadline::Deadline;
pub use limits::{
    Budget, Exceeded, InvalidSetting, LimitSetting, Limits, MOST_DECODER_THREADS, SampleLimit,
    TooManySamples,
};
pub use points::{Point, PointPlan};
pub use sample::Sample;
pub use sheet::Grid;
pub use size::Size;
pub use stalls::{Stalled, Stalls};
pub use timeline::{Frame, TimeBase, Timeline, end_with_sound};
