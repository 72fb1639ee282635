//! Pictures taken in a child process of ours, for jobs that were running when this process died:
//! what such a job does to its process is then seen by a parent that lives.
//!
//! The parent ([`take_in_child`]) starts its own executable with [`ARGUMENT`], hands it the job
//! and the settings, and serves what it reads of the video: the child opens no connection, holds
//! no key and gets an empty environment. What comes back are files, checkpoints and the end.
//!
//! ```text
//!            Start, then Answer, Accepted, Stop
//!  parent ────────────────────────────────────────▶ child
//!         ◀────────────────────────────────────────
//!            Read, Check, File, Checkpoint, then End
//! ```
//!
//! Both ways are one socket, the child's stdin. Its stdout is the source's file, where that is
//! one on this machine: decoders read such a file by themselves.
//!
//! The child ends with its parent: the kernel kills it (`PR_SET_PDEATHSIG`), and a socket that
//! closes ends it quietly where the kernel does not. The parent kills and reaps it on every way
//! out, and trusts nothing that it says: each frame is bounded, and what makes no sense is a
//! crash ([`Interrupted::Crashed`](super::Interrupted::Crashed)).

mod child;
mod ending;
mod frame;
mod link;
mod parent;
mod process;
mod protocol;
mod reads;
#[cfg(test)]
mod tests;

pub use child::serve_if_asked;
pub use parent::take_in_child;

/// The first argument of a program of ours that is to take the pictures of one job, and nothing
/// else.
pub const ARGUMENT: &str = "take-pictures";
