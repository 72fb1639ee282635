//! The part of a frame that is shown.

use crate::conversion::{FrameConversion, FrameCrop};
use plan::Size;

/// What subsampled chroma of 4:2:0 and 4:2:2 is aligned to, px. That of 4:1:1 and 4:1:0, which is
/// hardly ever cropped, may come out up to 2 px off.
const ALIGNMENT_PX: u32 = 2;

/// Whether chroma must be brought to full resolution before it can be cut. ffmpeg's filter cuts
/// each plane at a sample of its own: colours would come out a pixel off. Of odd sizes the scaler
/// takes half a chroma sample too many, and colours drift by up to half a pixel.
pub(crate) fn splits_chroma(frames: &FrameConversion<'_>) -> bool {
    let Size { width, height } = frames.shape;
    let odd = |side: u32| !side.is_multiple_of(ALIGNMENT_PX);
    let splits = |crop: FrameCrop| [crop.left, crop.top, width, height].into_iter().any(odd);
    cuts(frames)
        .filter(|_| !frames.storage.rgb)
        .is_some_and(splits)
}

/// What is cut off, where it is anything.
fn cuts(frames: &FrameConversion<'_>) -> Option<FrameCrop> {
    frames.crop.filter(|crop| crop.decoded != frames.shape)
}

/// What comes after deinterlacing and before scaling. Costs next to nothing, but for odd offsets
/// and sizes: the frame then passes the scaler twice, the first time whole and to 16 bits.
/// Decoding and scaling 1080p to 360p takes 2.2 times as long then.
pub(crate) fn filters(frames: &FrameConversion<'_>) -> String {
    let Some(FrameCrop { left, top, .. }) = cuts(frames) else {
        return String::new();
    };
    let Size { width, height } = frames.shape;
    if !splits_chroma(frames) {
        return format!("crop={width}:{height}:{left}:{top}:exact=1,");
    }
    let siting = frames.storage.siting.scaler_options();
    format!(
        "scale=flags=bicubic+accurate_rnd{siting}:in_range=full:out_range=full,\
         format=yuv444p16le,crop={width}:{height}:{left}:{top}:exact=1,"
    )
}
