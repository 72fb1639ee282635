//! What to take from a video: time points, the frame that stands for each, picture sizes and
//! the geometry of sprite sheets. Pure functions of what was asked and what the video holds.

pub mod cut;
pub mod path_taken;
pub mod points;
pub mod sample;
pub mod sheet;
pub mod size;
pub mod timeline;

pub use cut::{Group, NoCut, cut, shares};
pub use path_taken::PathTaken;
pub use points::{Point, PointPlan};
pub use sample::Sample;
pub use sheet::Grid;
pub use size::Size;
pub use timeline::{Frame, TimeBase, Timeline};
