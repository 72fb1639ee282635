//! Running ffmpeg so that nothing it does, and nothing a crafted file makes it do, outlives us.

mod call_clock;
mod cpu_meter;
mod diagnostics;
mod invocation;
mod lines;
pub(crate) mod malloc;
mod process_group;
pub(crate) mod query;
pub(crate) mod sandbox;
mod stuck;
mod thread_guard;
mod watchdog;

pub use call_clock::{CallClock, TICK};
pub use cpu_meter::{CpuMeter, JobLimits, children_time};
pub use diagnostics::{LineSink, StderrLog, spawn_stderr_reader};
pub use invocation::{Invocation, RunningDecoder};
pub use lines::for_each_line;
pub use process_group::ProcessGroup;
pub use watchdog::{Activity, Watchdog};
