//! What to take from a video: time points, the frame that stands for each, the coded samples that
//! these frames need, picture sizes and the geometry of sprite sheets; and what that may cost
//! ([`Limits`], [`Deadline`], [`Stalls`]).
//!
//! **Promise.** No I/O. All but [`Deadline`], which reads the clock, and [`Stalls`], which counts
//! threads that wait, are pure functions of what was asked and what the video holds.
//!
//! **Not here.** Reading a video (`container`, `media`).
//!
//! ```
//! use plan::{TimeBase, Timeline, TimelineFrame};
//!
//! let frames = (0..50).map(|pts| TimelineFrame { pts, sync: pts % 25 == 0 });
//! let clock = TimeBase::new(1, 25).unwrap();
//! let timeline = Timeline::new(clock, frames.collect(), 50).unwrap();
//! assert_eq!(timeline.shown_at(999), 24);
//! assert_eq!(timeline.duration_ms(), 2000);
//! ```

mod ancestors;
pub mod automatic;
pub mod clock;
pub mod cover;
mod crop;
pub mod cut;
mod deadline;
mod edited_timeline;
pub mod edits;
pub mod gaps;
pub mod grouping;
mod limits;
pub mod lively;
pub mod parts;
pub mod path_taken;
pub mod pixel_aspect;
pub mod points;
mod quarter_turn;
pub mod sample;
pub mod sheet;
pub mod size;
mod stalls;
mod startup_cost;
pub mod timeline;

pub use ancestors::{AncestorFilter, FrameLinks, FrameVerdict};
pub use clock::{ClockFault, ClockRepair};
pub use crop::Crop;
pub use cut::{CutPlanError, SampleGroup, cut, distribute};
pub use deadline::Deadline;
pub use edited_timeline::{EditedTimeline, Renumbered, rising};
pub use edits::{Edit, EditList, Presentation};
pub use limits::{
    Budget, InvalidSetting, LimitExceeded, LimitSetting, Limits, MOST_DECODER_THREADS, SampleLimit,
    TooManySamples,
};
pub use parts::{ShotWork, VideoOutline, Work};
pub use path_taken::PathTaken;
pub use points::{Point, PointPlan};
pub use quarter_turn::QuarterTurn;
pub use sample::CodedSample;
pub use sheet::Grid;
pub use size::{Size, SizeRule};
pub use stalls::{StallGuard, Stalls};
pub use startup_cost::startup_frames;
pub use timeline::{TimeBase, Timeline, TimelineFrame, end_with_sound};
