//! Scaling by ffmpeg.

use crate::conversion::FrameConversion;
use crate::matrix::ColourMatrix;
use crate::sample_storage::ChromaSiting;
use plan::Size;

/// From this reduction on, each target pixel is the mean of those it covers: as good, and a
/// quarter of the work.
const MANY_TO_ONE: u64 = 9;

/// To final RGB. The range is left to ffmpeg, which knows it frame by frame.
pub(crate) fn to_rgb(frames: &FrameConversion<'_>, matrix: ColourMatrix) -> String {
    let scale = scale(frames);
    if frames.storage.rgb {
        return format!("{scale},format=rgb24");
    }
    format!("{scale}:in_color_matrix={},format=rgb24", matrix.name())
}

/// To 4:2:0 of 16 bits with chroma in the middle of its four pixels, as JPEG has it, without
/// touching what the numbers mean: cheaper for the scaler than anything else, and rounded once.
pub(crate) fn to_planes(frames: &FrameConversion<'_>) -> String {
    let Size { width, height } = frames.size;
    let kernel = kernel(frames.shape, frames.size);
    let siting = siting(frames.storage.siting);
    let range = range(frames);
    format!(
        "scale={width}:{height}:flags={kernel}+accurate_rnd{siting}:out_h_chr_pos=128\
         :out_v_chr_pos=128:in_range={range}:out_range={range},format=yuv420p16le"
    )
}

/// To 16 bits a component at full resolution, without touching what the numbers mean: the scaler's
/// own conversion to 16-bit RGB is wrong by up to one step of 8 bits.
pub(crate) fn alone(frames: &FrameConversion<'_>) -> String {
    let (scale, format) = (scale(frames), deep_format(frames));
    if frames.storage.rgb {
        return format!("{scale},format={format}");
    }
    let range = range(frames);
    format!("{scale}:in_range={range}:out_range={range},format={format}")
}

/// Three planes of 16 bits.
pub(crate) fn deep_format(frames: &FrameConversion<'_>) -> &'static str {
    if frames.storage.rgb {
        "gbrp16le"
    } else {
        "yuv444p16le"
    }
}

fn range(frames: &FrameConversion<'_>) -> &'static str {
    match frames.is_full_range() {
        true => "full",
        false => "limited",
    }
}

fn scale(frames: &FrameConversion<'_>) -> String {
    let Size { width, height } = frames.size;
    let kernel = kernel(frames.shape, frames.size);
    let siting = siting(frames.storage.siting);
    format!("scale={width}:{height}:flags={kernel}+accurate_rnd+full_chroma_int{siting}")
}

/// Where subsampled chroma lies, in 1/256 of a luma pixel (ITU-T H.273, figure 1). Left alone,
/// the scaler takes the middle of two pixels in a row, and colours come out half a pixel off.
fn siting(siting: ChromaSiting) -> &'static str {
    match siting {
        ChromaSiting::Left => ":in_h_chr_pos=0",
        ChromaSiting::TopLeft => ":in_h_chr_pos=0:in_v_chr_pos=0",
        ChromaSiting::Centre => "",
    }
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
