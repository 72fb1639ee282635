//! Running ffmpeg so that nothing it does, and nothing a crafted file makes it do, outlives us.

mod account;
pub(crate) mod brief;
mod clock;
mod command;
mod cost;
mod group;
mod guard;
mod lines;
pub(crate) mod malloc;
pub(crate) mod sandbox;
mod stderr;
mod stuck;
mod watch;

pub(crate) use account::{Account, Purse};
pub(crate) use clock::Clock;
pub(crate) use command::{Invocation, Running};
pub(crate) use cost::startup_frames;
pub(crate) use lines::for_each_line;
pub(crate) use stderr::{Complaints, Gather, drain};
pub(crate) use watch::{Progress, TICK, Watch};
