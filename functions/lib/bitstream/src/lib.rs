//! What the bytes of a coded picture tell without decoding it: whether decoding can begin there, which
//! other pictures it refers to, in which order pictures come out, how they are turned and how wide
//! their pixels are, and whether they hold damage of which decoders say nothing.
//!
//! **Promise.** No bytes make it panic, and none decide how much memory reading them takes. What can't be told
//! is said to be the case that costs more: a picture that may be referred to is, and one that
//! can't be read begins nothing.
//!
//! **Not here.** Containers (`container`), and decoding.
//!
//! ```
//! use bitstream::{Codec, RandomAccess, random_access};
//!
//! // An IDR slice of H.264 behind a length of one byte.
//! let sample = [2, 0x65, 0x88];
//! let codec = Codec::H264 { length_bytes: 1 };
//! assert_eq!(random_access(codec, &sample), RandomAccess::Idr);
//! ```

pub mod annex_b;
mod aspect;
mod av1;
mod bits;
mod codec;
mod coded_frames;
pub mod dv;
mod encoder_note;
mod ffv1;
pub mod field;
mod frame_num;
mod frame_reader;
mod h264;
mod h264_parameters;
mod h264_picture_parameters;
mod h264_pictures;
mod h264_slice;
pub mod h264_units;
mod hevc;
pub mod hevc_units;
mod loss_watch;
#[cfg(test)]
mod made;
pub mod microsoft;
mod missing_pictures;
mod mpeg;
pub mod mpeg4_layer;
mod nal;
pub mod order;
mod orientation;
pub mod picture_size;
pub mod prores;
mod random_access;
mod sei;
mod theora;
mod vpx;
mod zero_run;

pub use aspect::aspect_of_parameter_set;
pub use aspect::{pixel_aspect, pixel_aspect_in_entry};
#[cfg(test)]
pub use bits::bits_of;
pub use codec::{Codec, IntraCodec, MicrosoftCodec};
pub use coded_frames::{CodedFrame, CodedFrames, SamplePiece};
pub use encoder_note::encoder_note;
pub use frame_num::GapWatch;
pub use frame_reader::FrameReader;
pub use h264::only_parameter_set;
pub use hevc::temporal_layers;
pub use loss_watch::{LossWatch, ReachedSamples};
#[cfg(test)]
pub use nal::prefixed;
pub use orientation::{
    display_orientation, display_orientation_in_stream, drop_display_orientation,
    orientation_matrix,
};
pub use random_access::RandomAccess;

/// The first sequence parameter set in an `avcC`.
#[must_use]
pub fn h264_sequence(entry: &[u8]) -> Option<&[u8]> {
    h264::parameter_sets(entry).find(|unit| unit[0] & 0x1f == 7)
}

/// The first sequence parameter set in an `hvcC`.
#[must_use]
pub fn hevc_sequence(entry: &[u8]) -> Option<&[u8]> {
    order::hevc::parameter_sets(entry).map(|(sequence, _)| sequence)
}

/// How large pictures of AV1 are at most, as the sequence header in `units` says.
#[must_use]
pub fn av1_size(units: &[u8]) -> Option<plan::Size> {
    av1::size(units)
}

/// Whether decoding can begin with `sample`.
#[must_use]
pub fn random_access(codec: Codec, sample: &[u8]) -> RandomAccess {
    let is_key = match codec {
        Codec::H264 { length_bytes } => return h264::random_access(sample, length_bytes),
        Codec::Hevc { length_bytes } => hevc::is_random_access(sample, length_bytes),
        Codec::Vp8 => vpx::is_vp8_key(sample),
        Codec::Vp9 => vpx::is_vp9_key(sample),
        Codec::Av1 => av1::is_key(sample),
        Codec::Mpeg4 => mpeg::is_mpeg4_intra(sample),
        Codec::Mpeg1 | Codec::Mpeg2 => mpeg::is_mpeg2_intra(sample),
        Codec::Ffv1 => ffv1::is_key(sample),
        Codec::Microsoft(codec) => microsoft::is_key(codec, sample),
        Codec::Theora => theora::is_key(sample),
        Codec::Intra(_) => true,
    };
    if is_key {
        RandomAccess::Idr
    } else {
        RandomAccess::None
    }
}

/// The same of the beginning of a sample, which holds as much as comes before the first slice.
#[must_use]
pub fn random_access_by_head(codec: Codec, head: &[u8]) -> RandomAccess {
    match codec {
        Codec::Av1 if av1::is_key_by_head(head) => RandomAccess::Idr,
        Codec::Av1 => RandomAccess::None,
        _ => random_access(codec, head),
    }
}

/// Whether pictures that come after `sample` come out right, though decoding can't begin with it: a
/// refresh over several pictures.
#[must_use]
pub fn recovers_later(codec: Codec, sample: &[u8]) -> bool {
    match codec {
        Codec::H264 { length_bytes } => h264::recovers_later(sample, length_bytes),
        _ => false,
    }
}

/// Whether the group of pictures that a sample of MPEG-1 or MPEG-2 begins may refer to the one before it:
/// decoders that lack that leave out those of its pictures that do.
#[must_use]
pub fn is_open_group(sample: &[u8]) -> bool {
    mpeg::is_open_group(sample)
}

/// Whether a picture of MPEG-1 is of a kind that is usual: not one of averages alone.
#[must_use]
pub fn is_usual_mpeg_picture(sample: &[u8]) -> bool {
    mpeg::is_usual_picture(sample)
}

/// Whether a sample of HEVC is a picture that decoders leave out which begin with the keyframe before
/// it.
#[must_use]
pub fn is_skipped_leading(sample: &[u8], length_bytes: u8) -> bool {
    hevc::is_skipped_leading(sample, length_bytes)
}

/// Whether another picture may refer to `sample`. `temporal_layers` is what the HEVC
/// configuration says of the whole track, 0 where it says nothing.
#[must_use]
pub fn is_referenced(codec: Codec, temporal_layers: u8, sample: &[u8]) -> bool {
    match codec {
        Codec::H264 { length_bytes } => h264::is_referenced(sample, length_bytes),
        Codec::Hevc { length_bytes } => hevc::is_referenced(sample, length_bytes, temporal_layers),
        Codec::Mpeg1 | Codec::Mpeg2 => mpeg::is_mpeg2_referenced(sample),
        Codec::Mpeg4 => mpeg::is_mpeg4_referenced(sample),
        _ => true,
    }
}

/// Whether anything is left of a picture in a sample of MPEG-4 part 2.
#[must_use]
pub fn has_mpeg4_picture(sample: &[u8]) -> bool {
    mpeg::has_plane(sample)
}

/// Whether a decoder gives several pictures for `sample`, though it has one time: spatial layers,
/// of which the last is the one to be shown.
#[must_use]
pub fn shows_several(codec: Codec, sample: &[u8]) -> bool {
    codec == Codec::Vp9 && vpx::vp9_shown(sample) > 1
}

/// Whether `sample` is made of whole units, where its codec has such with lengths.
#[must_use]
pub fn has_whole_units(codec: Codec, sample: &[u8]) -> bool {
    match codec {
        Codec::H264 { length_bytes } | Codec::Hevc { length_bytes } => {
            nal::are_whole(sample, length_bytes)
        }
        _ => true,
    }
}

/// Whether `sample` holds damage of which decoders say nothing: zeros where no encoder may write them,
/// or parts of several pictures. What is encrypted may hold anything. False for codecs of which this
/// can't be told.
#[must_use]
pub fn hides_damage(codec: Codec, sample: &[u8]) -> bool {
    is_zeroed(codec, sample) || is_mpeg_1_or_2(codec) && mpeg::mixes_pictures(sample)
}

/// These share their headers: ISO/IEC 13818-2, D.9.14.
#[must_use]
pub fn is_mpeg_1_or_2(codec: Codec) -> bool {
    matches!(codec, Codec::Mpeg1 | Codec::Mpeg2)
}

fn is_zeroed(codec: Codec, sample: &[u8]) -> bool {
    match codec {
        Codec::H264 { length_bytes } => zero_run::is_in_h264(sample, length_bytes),
        Codec::Hevc { length_bytes } => zero_run::is_in_hevc(sample, length_bytes),
        Codec::Mpeg1 | Codec::Mpeg2 => zero_run::is_after_start_code(sample, mpeg::is_slice),
        Codec::Mpeg4 => zero_run::is_after_start_code(sample, mpeg::is_plane),
        _ => false,
    }
}

/// Takes off `sample` what a decoder would refuse it for though its pictures need it not: colour
/// codes that are reserved.
pub fn drop_reserved_colours(codec: Codec, sample: &mut [u8]) {
    if codec == Codec::Intra(IntraCodec::ProRes) {
        prores::drop_reserved_matrix(sample);
    }
}

/// Makes `sample`, a sync sample, one that takes nothing of what was decoded before it for what
/// came before it in the source.
pub fn set_broken_link(codec: Codec, sample: &mut [u8]) {
    if let Codec::Hevc { length_bytes } = codec {
        hevc::break_link(sample, length_bytes);
    }
}
