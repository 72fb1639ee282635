//! The pictures of one job: video in, files and a manifest out. Blocking, no ports: a worker and
//! the command line use it alike.

mod all_keys;
mod animation;
mod builder;
mod cell_spool;
mod cell_strip;
mod checkpoint;
mod cover;
mod destination;
mod empty_manifest;
mod encoding;
mod engine;
mod failure;
mod file;
pub mod isolated;
mod kept_cells;
pub(crate) mod keys;
mod large_job;
mod listed_times;
mod output_budget;
mod own_thread;
mod parts;
mod passes;
mod picture_size;
mod repaired;
mod request;
mod scope;
mod selection;
mod sheet_assembly;
mod sprite;
mod storyboard;
mod storyboard_keys;
mod video_info;
mod webvtt;

pub use all_keys::all_keys;
pub use artifacts::key::{Served, StoryboardFile, job_of, of_video};
pub use checkpoint::Checkpoint;
pub use destination::Destination;
pub use engine::Engine;
pub use failure::{Interrupted, JobFailure, code};
pub use file::{Emit, OutputFile, PassOutput};
pub use kept_cells::KeptCells;
pub use keys::prefixes;
pub use large_job::{LargeJob, PartPlan};
pub use passes::{PicturesTaken, take};
pub use request::{JobRequest, SnapshotTask};
pub use scope::Scope;

pub use isolated::take_in_child;
pub use plan::Deadline;

pub(crate) use cell_strip::{CellStrip, whole_sheet};
pub(crate) use encoding::check_grid;
pub(crate) use sheet_assembly::{AssembledSheet, SheetAssembly};
pub(crate) use storyboard_keys::{first_keys, storyboard_keys};
pub(crate) use video_info::video_info;
