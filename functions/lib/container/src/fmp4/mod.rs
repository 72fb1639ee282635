//! Samples as a fragmented MP4: ISO/IEC 14496-12.

mod boxes;
mod fragment;
mod init;

pub(crate) use boxes::boxed;
pub use fragment::{Fragment, Times};
pub use init::segment;
