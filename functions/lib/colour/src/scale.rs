//! Scaling by ffmpeg.

use crate::conversion::FrameConversion;
use crate::crop::splits_chroma;
use crate::matrix::ColourMatrix;
use plan::Size;

/// From this reduction on, each target pixel is the mean of those it covers: as good, and a
/// quarter of the work.
const MANY_TO_ONE: u64 = 9;

/// Takes from each frame what it says of its colours, before any filter sees it. ffmpeg from 7.1
/// on refuses to filter what its scaler can't convert (matrices 8 and 10 to 17, logarithms), or
/// converts by itself in between. Only the field flags stay.
///
/// The matrix is unknown rather than the frame's own: the scaler of 9.0 else widens the numbers of
/// grey formats. Costs nothing that can be measured: no pixel is touched.
pub(crate) fn untagged(frames: &FrameConversion<'_>, way: NumberWay) -> String {
    let range = match way {
        NumberWay::Converted if !frames.storage.rgb && !frames.is_full_range() => "tv",
        _ => "pc",
    };
    format!("setparams=range={range}:color_primaries=unknown:color_trc=unknown:colorspace=unknown,")
}

/// What the scaler is to do with the meaning of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberWay {
    /// To RGB.
    Converted,
    /// Nothing. It is told that they are of full range, and to be so, whatever they are: formats
    /// that it takes for full range in any case then pass unchanged too.
    Kept,
}

const KEPT: &str = ":in_range=full:out_range=full";

/// To final RGB.
pub(crate) fn to_rgb(frames: &FrameConversion<'_>, matrix: ColourMatrix) -> String {
    let scale = scale(frames);
    if frames.storage.rgb {
        return format!("{scale},format=rgb24");
    }
    let range = match frames.is_full_range() {
        true => "full",
        false => "limited",
    };
    let matrix = matrix.name();
    format!("{scale}:in_range={range}:in_color_matrix={matrix},format=rgb24")
}

/// To 4:2:0 of 16 bits with chroma in the middle of its four pixels, as JPEG has it, without
/// touching what the numbers mean: cheaper for the scaler than anything else, and rounded once.
pub(crate) fn to_planes(frames: &FrameConversion<'_>) -> String {
    let Size { width, height } = frames.size;
    let kernel = kernel(frames.shape, frames.size);
    let siting = frames.storage.siting.scaler_options();
    format!(
        "scale={width}:{height}:flags={kernel}+accurate_rnd{siting}:out_h_chr_pos=128\
         :out_v_chr_pos=128{KEPT},format=yuv420p16le"
    )
}

/// To 16 bits a component at full resolution, without touching what the numbers mean: the scaler's
/// own conversion to 16-bit RGB is wrong by up to one step of 8 bits.
pub(crate) fn alone(frames: &FrameConversion<'_>) -> String {
    let (scale, format) = (scale(frames), deep_format(frames));
    if frames.storage.rgb {
        return format!("{scale},format={format}");
    }
    format!("{scale}{KEPT},format={format}")
}

/// Three planes of 16 bits.
pub(crate) fn deep_format(frames: &FrameConversion<'_>) -> &'static str {
    if frames.storage.rgb {
        "gbrp16le"
    } else {
        "yuv444p16le"
    }
}

fn scale(frames: &FrameConversion<'_>) -> String {
    let Size { width, height } = frames.size;
    let kernel = kernel(frames.shape, frames.size);
    let siting = match splits_chroma(frames) {
        true => "",
        false => frames.storage.siting.scaler_options(),
    };
    format!("scale={width}:{height}:flags={kernel}+accurate_rnd+full_chroma_int{siting}")
}

fn kernel(from: Size, to: Size) -> &'static str {
    if from.pixels() >= to.pixels().saturating_mul(MANY_TO_ONE) {
        "area"
    } else {
        "bicubic"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_cells_are_averaged_and_near_sizes_interpolated() {
        let size = |width, height| Size { width, height };
        let full = size(1920, 1080);
        assert_eq!(kernel(full, size(160, 90)), "area");
        assert_eq!(kernel(full, size(640, 360)), "area");
        assert_eq!(kernel(full, size(1280, 720)), "bicubic");
    }
}
