//! The part of a frame that is shown.

use crate::conversion::{FrameConversion, FrameCrop};
use plan::Size;

/// What subsampled chroma of 4:2:0 and 4:2:2 is aligned to, px. That of 4:1:1 and 4:1:0, which is
/// hardly ever cropped, may come out up to 2 px off.
const ALIGNMENT_PX: u32 = 2;

/// Whether chroma must be brought to full resolution before it can be cut. ffmpeg's filter cuts
/// each plane at a sample of its own: colours would come out a pixel off.
pub(crate) fn splits_chroma(frames: &FrameConversion<'_>) -> bool {
    let odd = |offset: u32| !offset.is_multiple_of(ALIGNMENT_PX);
    let crop = frames.crop.filter(|_| !frames.storage.rgb);
    crop.is_some_and(|crop| odd(crop.left) || odd(crop.top))
}

/// What comes after deinterlacing and before scaling. Costs next to nothing, but for odd offsets:
/// the frame then passes the scaler twice, the first time whole.
pub(crate) fn filters(frames: &FrameConversion<'_>) -> String {
    let Some(crop) = frames.crop else {
        return String::new();
    };
    let (Size { width, height }, FrameCrop { left, top, .. }) = (frames.shape, crop);
    if left == 0 && top == 0 && frames.shape == crop.decoded {
        return String::new();
    }
    if !splits_chroma(frames) {
        return format!("crop={width}:{height}:{left}:{top}:exact=1,");
    }
    let siting = frames.storage.siting.scaler_options();
    format!(
        "scale=flags=bicubic+accurate_rnd{siting}:in_range=full:out_range=full,\
         format=yuv444p16le,crop={width}:{height}:{left}:{top}:exact=1,"
    )
}
