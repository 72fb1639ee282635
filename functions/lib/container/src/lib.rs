//! From the bytes of a container to the coded samples of its video track, read by ranges and
//! without a decoder: MP4, QuickTime and 3GP ([`index`]), Matroska, WebM, AVI, FLV, ASF, MXF, Ogg and MPEG
//! transport and program streams ([`index`] and [`SparseIndex`]); which of them wanted pictures need
//! ([`NeededSamples`]); and the way back, samples as a fragmented MP4
//! ([`fmp4`]).
//!
//! **Promise.** An index is read whole or not at all. Its samples, times and order are those of
//! ffmpeg's own demuxer, and whatever is odd about a file is an [`IndexError::Unsupported`]: the
//! file is then left to ffmpeg. Whoever crafts a file decides neither the memory nor the number of
//! bytes that reading its index takes ([`IndexLimits`]). No bytes make it panic.
//!
//! **Not here.** Choosing samples (`plan`), decoding them (`decoder`), decrypting anything, and
//! files that only a demuxer of ffmpeg's handles; what of transport streams that are left to it is
//! scrambled, [`ts`] tells.
//!
//! ```
//! use container::{IndexError, IndexLimits, index};
//! use plan::{Limits, SampleLimit};
//! use source::FileSource;
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("notes.txt");
//! std::fs::write(&path, "no video at all")?;
//! let limits = IndexLimits {
//!     bytes: 1 << 20,
//!     samples: SampleLimit::of(&Limits::default(), 15),
//!     streams: 16,
//! };
//! let read = index(&FileSource::open(&path)?, limits);
//! assert!(matches!(read, Err(IndexError::Unsupported(_))));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod asf;
mod avi;
mod bitmap_format;
mod choice;
mod clock;
mod clocked_index;
mod described;
mod dolby_vision;
mod dv_aspects;
mod error;
mod excerpt;
mod flv;
pub mod fmp4;
mod fraction;
mod hidden_damage;
mod known_front;
mod known_samples;
mod limits;
mod little_endian;
mod lost_reference;
mod marked_index;
mod matroska;
mod mp4;
mod mxf;
mod needed_samples;
mod ogg;
mod order_check;
mod order_watch;
mod packaging;
pub mod parameter_sets;
mod ps;
mod riff_codec;
mod sample_pieces;
mod seen_samples;
mod shared_reads;
mod silent_damage;
mod sparse_index;
mod starts;
#[cfg(test)]
mod test_support;
pub mod ties;
mod track;
mod track_settings;
mod transport;
pub mod ts;
mod unpacking;
mod visual_entry;
mod whole_reads;
mod window_reader;

pub use bitstream::{Codec, IntraCodec, MicrosoftCodec};
pub use described::{DescribedSamples, SampleDescription};
pub use dv_aspects::dv_aspects;
pub use error::{ENDS_EARLY, IndexError};
pub use excerpt::{ExcerptSource, TrackExcerpt};
pub use hidden_damage::hidden_damage;
pub use limits::IndexLimits;
pub use lost_reference::lacks_reference;
pub use needed_samples::{NeededSample, NeededSamples, SampleNeeds, temporal_layers};
pub use order_check::{contradicts_order, order_doubts};
pub use order_watch::OrderWatch;
pub use packaging::SamplePackaging;
pub use sample_pieces::SamplePieces;
pub use seen_samples::SeenSamples;
pub use silent_damage::SilentDamage;
pub use sparse_index::SparseIndex;
pub use starts::{first_start, starts_fresh};
pub use track::{ColourCodes, SoundTrack, VideoTrack};
pub use track_settings::{DescribedAspect, MediaEdits, PictureLayout, TrackSettings};

use source::RangeSource;

/// Reads the index of the video track that a player shows by default.
///
/// # Errors
/// See [`IndexError`].
pub fn index(source: &dyn RangeSource, limits: IndexLimits) -> Result<VideoTrack, IndexError> {
    let mut start = [0; 12];
    let whole = start.len() as u64;
    let length = usize::try_from(source.bytes().min(whole)).unwrap_or(0);
    source.read_at(0, &mut start[..length])?;
    if source.bytes() < whole {
        let is_known = starts_as_matroska(&start) || flv::begins(&start);
        return Err(IndexError::Unsupported(match is_known {
            true => ENDS_EARLY,
            false => "it is too short",
        }));
    }
    if starts_as_matroska(&start) {
        matroska::index(source, limits)
    } else if mp4::begins(&start) {
        mp4::index(source, limits)
    } else if avi::begins(&start) {
        avi::index(source, limits)
    } else if flv::begins(&start) {
        flv::index(source, limits)
    } else if asf::begins(&start) {
        asf::index(source, limits)
    } else if mxf::begins(&start) {
        mxf::index(source, limits)
    } else if ps::begins(&start) {
        ps::index(source, limits)
    } else if ogg::begins(&start) {
        ogg::index(source, limits)
    } else if ts::begins(&start) {
        ts::index(source, limits)
    } else {
        Err(IndexError::Unsupported(
            "the container is not one of the usual",
        ))
    }
}

/// Reads what is said of the track that is stream number `stream` of ffmpeg's.
///
/// # Errors
/// See [`IndexError`]. Codecs that no index is read of are no reason.
pub fn track_settings(
    source: &dyn RangeSource,
    limits: IndexLimits,
    stream: usize,
) -> Result<TrackSettings, IndexError> {
    let mut start = [0; 12];
    source.read_at(0, &mut start)?;
    if starts_as_matroska(&start) {
        matroska::settings(source, limits, stream)
    } else if mp4::begins(&start) {
        mp4::settings(source, limits, stream)
    } else {
        Err(IndexError::Unsupported(
            "the container is neither MP4 nor Matroska",
        ))
    }
}

/// Whether a file that starts so is of EBML: RFC 8794, 11.2.1.
pub(crate) fn starts_as_matroska(start: &[u8; 12]) -> bool {
    start.starts_with(&[0x1a, 0x45, 0xdf, 0xa3])
}
