//! Which frames a video has and when each is shown.
//!
//! Two ways to know: the container's packets, listed without decoding ([`packets`]), and, where
//! those do not tell the truth, every frame that comes out of the decoder ([`decoded`]).

pub(crate) mod decoded;
pub(crate) mod first;
pub(crate) mod framecrc;
pub(crate) mod graph;
pub(crate) mod header;
pub(crate) mod packets;
pub(crate) mod run;
pub(crate) mod shown;
pub(crate) mod timeline;
