//! From the decoder's colours to RGB as screens show it.

use crate::Ffmpeg;
use crate::index::shown::Colour;
use crate::look::Look;
use plan::Size;

/// Sources without a word about their colours are taken as players take them: BT.709 from this
/// size on, BT.601 below.
const HD: Size = Size {
    width: 1280,
    height: 720,
};

/// From this reduction on, each target pixel is the mean of those it covers: as good, and a
/// quarter of the work.
const MANY_TO_ONE: u64 = 9;

/// The filters from a decoded frame to RGB pixels of exactly `size`.
pub(crate) fn picture_filters(look: &Look, size: Size, ffmpeg: &Ffmpeg) -> String {
    let Size { width, height } = size;
    let flags = scaler(look.shape, size);
    if is_hdr(&look.colour) && ffmpeg.tone_maps() {
        let map = tone_map(&look.colour);
        return format!(
            "scale={width}:{height}:flags={flags},format=yuv444p10le,{map},format=rgb24"
        );
    }
    let matrix = if is_silent_hd(look) {
        ":in_color_matrix=bt709"
    } else {
        ""
    };
    format!("scale={width}:{height}:flags={flags}{matrix},format=rgb24")
}

fn scaler(from: Size, to: Size) -> &'static str {
    if from.pixels() >= to.pixels().saturating_mul(MANY_TO_ONE) {
        "area+accurate_rnd+full_chroma_int"
    } else {
        "bicubic+accurate_rnd+full_chroma_int"
    }
}

fn is_silent_hd(look: &Look) -> bool {
    let is_hd = look.shape.width >= HD.width || look.shape.height >= HD.height;
    is_hd
        && matches!(
            &*look.colour.space,
            "unknown" | "unspecified" | "reserved" | ""
        )
}

/// Perceptual quantiser (HDR10) or hybrid log-gamma.
fn is_hdr(colour: &Colour) -> bool {
    matches!(&*colour.transfer, "smpte2084" | "arib-std-b67")
}

/// HDR to SDR by way of linear light. What the source leaves open is said here, as zscale
/// refuses to guess.
fn tone_map(colour: &Colour) -> String {
    let range = if matches!(&*colour.range, "pc" | "full") {
        "full"
    } else {
        "limited"
    };
    let transfer = &colour.transfer;
    format!(
        "zscale=tin={transfer}:min=2020_ncl:pin=2020:rin={range}:t=linear:npl=203,\
         format=gbrpf32le,zscale=p=709,tonemap=tonemap=hable:desat=0,\
         zscale=t=709:m=709:r=full"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_cells_are_averaged_and_near_sizes_interpolated() {
        let full = Size {
            width: 1920,
            height: 1080,
        };
        assert!(
            scaler(
                full,
                Size {
                    width: 160,
                    height: 90
                }
            )
            .starts_with("area")
        );
        assert!(
            scaler(
                full,
                Size {
                    width: 640,
                    height: 360
                }
            )
            .starts_with("area")
        );
        assert!(
            scaler(
                full,
                Size {
                    width: 1280,
                    height: 720
                }
            )
            .starts_with("bicubic")
        );
    }

    #[test]
    fn only_pq_and_hlg_are_mapped() {
        let colour = |transfer: &str| Colour {
            transfer: transfer.to_owned(),
            ..Colour::default()
        };
        assert!(is_hdr(&colour("smpte2084")) && is_hdr(&colour("arib-std-b67")));
        assert!(!is_hdr(&colour("bt709")) && !is_hdr(&Colour::default()));
    }
}
