//! Samples as a fragmented MP4: ISO/IEC 14496-12.

mod boxes;
mod fragment;
mod init;
mod marked_times;

pub(crate) use boxes::boxed;
pub use fragment::{FragmentWriter, SampleTimes};
pub use init::segment;
pub use marked_times::{MARK, MarkedTimes};
