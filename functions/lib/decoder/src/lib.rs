//! ffmpeg as a process: to find one, confine it, watch it, and account for what it uses.
//!
//! **Promise.** A crafted video is hostile. Every ffmpeg runs in an empty folder with an empty
//! environment, is given one open file or none, takes real containers only (no playlists), makes
//! no system calls but those that decoding needs where the kernel can refuse them ([`Sandbox`]),
//! is bounded in memory, processor time, threads, silence and in what it says
//! ([`plan::Limits`]), and never outlives the call.
//!
//! **Not here.** Which frames are wanted, and what becomes of their pixels: that is `media`'s.
//!
//! ```no_run
//! use decoder::{Search, locate};
//!
//! let ffmpeg = locate(&Search::new(None), &mut |line| eprintln!("{line}"))?;
//! println!("{ffmpeg}, {}", ffmpeg.sandbox);
//! # Ok::<(), decoder::LocateError>(())
//! ```

mod animation;
mod capture;
pub mod colour_names;
mod complaints;
mod decoded_frames;
mod error;
pub mod ffmpeg;
mod frame_info;
mod frame_matching;
pub mod framecrc;
mod graph_check;
mod input_header;
mod packet_listing;
mod packet_span;
mod pool;
mod process;
mod raw_clip;
mod raw_pictures;
mod retake_budget;
mod seen_frames;
pub mod selection;
pub mod showinfo;
mod temporary;
mod traced_aspects;
mod traced_orientation;

pub use animation::{AnimationCodec, EncodedClip};
pub use capture::{CapturedRun, capture, capture_fed};
pub use complaints::{Complaint, ComplaintCounts, ComplaintReader, complaint};
pub use decoded_frames::{DecodedFrame, DecodedFrames};
pub use error::DecoderError;
pub use ffmpeg::{Ffmpeg, LocateError, Search, locate};
pub use frame_info::{FormatName, FrameInfo};
pub use frame_matching::{ExpectedFrames, FrameMatcher, FrameVerdict};
pub use input_header::InputHeader;
pub use packet_listing::{AudioTrack, FirstShown, PacketListing};
pub use packet_span::{PacketSpan, SpanEnd, seconds};
pub use pool::{
    DecoderPermit, DecoderPool, DecoderTurn, HeldPermit, PlannedWork, RunningPermit, Yielding,
    release_held,
};
pub use process::malloc::share_heaps;
pub use process::sandbox::{
    FileAccess, InvalidLevel, Sandbox, SandboxLevel, Unconfined, make_undumpable,
};
pub use process::{
    Activity, CallClock, CpuMeter, Invocation, JobLimits, LineSink, ProcessGroup, RunningDecoder,
    StderrLog, TICK, Watchdog, children_time, for_each_line, spawn_stderr_reader,
};
pub use raw_clip::RawClip;
pub use raw_pictures::read_pictures;
pub use retake_budget::{PIXELS_BEFORE, RetakeBudget};
pub use seen_frames::{FrameNews, MissingReferences, SeenFrame, SeenFrames};
pub use temporary::{TemporaryFolder, remove_leftovers};
pub use traced_aspects::TracedAspects;
pub use traced_orientation::TracedOrientation;
