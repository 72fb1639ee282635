//! What the bytes of a coded sample tell without decoding it: whether decoding can begin here, and
//! whether other pictures refer to it.

mod av1;
mod h264;
mod hevc;
mod mpeg;
mod nal;
mod vpx;

use crate::container::Codec;

/// What happens to a decoder that is given this sample after samples of another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// It forgets all that came before.
    Clean,
    /// It shows the right pictures only if nothing came before.
    Fresh,
    /// It cannot begin here, whatever the container says.
    No,
}

/// Whether decoding can begin with `sample`.
pub(crate) fn start(codec: Codec, sample: &[u8]) -> Start {
    let is_key = match codec {
        Codec::H264 { length_bytes } => return h264::start(sample, length_bytes),
        Codec::Hevc { length_bytes } => hevc::is_random_access(sample, length_bytes),
        Codec::Vp8 => vpx::is_vp8_key(sample),
        Codec::Vp9 => vpx::is_vp9_key(sample),
        Codec::Av1 => av1::is_key(sample),
        Codec::Mpeg4 => mpeg::is_mpeg4_intra(sample),
        Codec::Mpeg2 => mpeg::is_mpeg2_intra(sample),
        Codec::Intra(_) => true,
    };
    if is_key { Start::Clean } else { Start::No }
}

/// Whether another picture may refer to `sample`. `temporal_layers` is what the HEVC
/// configuration says of the whole track, 0 where it says nothing.
pub(crate) fn is_referenced(codec: Codec, temporal_layers: u8, sample: &[u8]) -> bool {
    match codec {
        Codec::H264 { length_bytes } => h264::is_referenced(sample, length_bytes),
        Codec::Hevc { length_bytes } => hevc::is_referenced(sample, length_bytes, temporal_layers),
        _ => true,
    }
}

/// Makes `sample`, a sync sample, one that takes nothing of what was decoded before it for what
/// came before it in the source.
pub(crate) fn detach(codec: Codec, sample: &mut [u8]) {
    if let Codec::Hevc { length_bytes } = codec {
        hevc::break_link(sample, length_bytes);
    }
}

pub(crate) use hevc::temporal_layers;
