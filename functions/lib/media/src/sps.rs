//! What the first decoded frame will look like, told from the sample description of an H.264
//! track alone: one decoder less to start.
//!
//! It is a well-founded guess. Every picture that comes out is held against it, and where one
//! differs the first sample is decoded by itself after all.

use colour::{ChromaSiting, FrameColour, SampleStorage, UNSPECIFIED};
use container::{Codec, ColourCodes, VideoTrack};
use decoder::{FormatName, FrameInfo};
use h264_reader::nal::sps::{ChromaFormat, FrameMbsFlags, SeqParameterSet, VuiParameters};
use h264_reader::rbsp::{BitReader, decode_nal};
use plan::QuarterTurn;

/// The frame and its colours as the decoder will tell them; none where that is not sure enough
/// to try.
pub(crate) fn first_frame(track: &VideoTrack) -> Option<(FrameInfo, FrameColour)> {
    if !matches!(track.codec, Codec::H264 { .. }) || track.has_several_descriptions() {
        return None;
    }
    let parameters = sequence_parameters(&track.entry)?;
    let progressive = parameters.frame_mbs_flags == FrameMbsFlags::Frames;
    let chroma = parameters.chroma_info.chroma_format;
    if !progressive || chroma != ChromaFormat::YUV420 {
        return None;
    }
    let (width, height) = parameters.pixel_dimensions().ok()?;
    let vui = parameters.vui_parameters.as_ref();
    let sar = track
        .sample_aspect_ratio
        .or_else(|| coded_aspect_ratio(vui?))
        .unwrap_or((1, 1));
    let turned = QuarterTurn::of(&track.matrix)?.is_turned;
    let turn = |(one, other)| if turned { (other, one) } else { (one, other) };
    let (width, height) = turn((width, height));
    let frame = FrameInfo {
        pts: None,
        width,
        height,
        sar: turn(sar),
        key: true,
        full_chroma: false,
        interlaced: false,
        storage: SampleStorage {
            bits: parameters
                .chroma_info
                .bit_depth_luma_minus8
                .checked_add(8)?,
            rgb: false,
            grey: false,
            siting: siting(vui)?,
        },
        format: FormatName::default(),
    };
    Some((frame, colour(vui, track.colour)?))
}

fn sequence_parameters(entry: &[u8]) -> Option<SeqParameterSet> {
    let payload = decode_nal(bitstream::only_parameter_set(entry)?).ok()?;
    SeqParameterSet::from_bits(BitReader::new(&payload[..])).ok()
}

fn coded_aspect_ratio(vui: &VuiParameters) -> Option<(u32, u32)> {
    let (width, height) = vui.aspect_ratio_info.as_ref()?.get()?;
    (width > 0 && height > 0).then_some((width.into(), height.into()))
}

/// ITU-T H.264, figure E-1.
fn siting(vui: Option<&VuiParameters>) -> Option<ChromaSiting> {
    let stated = vui.and_then(|vui| vui.chroma_loc_info.as_ref());
    match stated.map(|chroma| chroma.chroma_sample_loc_type_top_field) {
        None | Some(0) => Some(ChromaSiting::Left),
        Some(1) => Some(ChromaSiting::Centre),
        Some(2) => Some(ChromaSiting::TopLeft),
        Some(_) => None,
    }
}

/// What the coded video says wins over what the container says. None where the code points are
/// none of the common ones: the decoder may then understand them otherwise.
fn colour(vui: Option<&VuiParameters>, container: Option<ColourCodes>) -> Option<FrameColour> {
    let signal = vui.and_then(|vui| vui.video_signal_type.as_ref());
    let coded = signal.and_then(|signal| signal.colour_description.as_ref());
    let coded = coded.map(|coded| {
        let transfer = coded.transfer_characteristics;
        [coded.colour_primaries, transfer, coded.matrix_coefficients].map(u16::from)
    });
    let stated = container.map(|stated| [stated.primaries, stated.transfer, stated.matrix]);
    let full_range = signal
        .map(|signal| signal.video_full_range_flag)
        .or(container.and_then(|stated| stated.full_range));
    let [primaries, transfer, matrix] = coded.or(stated).unwrap_or([UNSPECIFIED; 3]);
    let common = matches!(matrix, 1 | 2 | 5 | 6 | 7 | 9)
        && matches!(primaries, 1 | 2 | 5 | 6 | 7 | 9 | 12)
        && matches!(transfer, 1 | 2 | 4..=7 | 13..=16 | 18);
    common.then_some(FrameColour {
        full_range,
        primaries,
        transfer,
        matrix,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Of a 640x360 clip by x264.
    const ENTRY: &[u8] = &[
        97, 118, 99, 67, 1, 100, 0, 30, 255, 225, 0, 25, 103, 100, 0, 30, 172, 217, 64, 160, 47,
        249, 97, 0, 0, 3, 0, 1, 0, 0, 3, 0, 50, 15, 22, 45, 150, 1, 0, 4, 104, 239, 143, 203,
    ];

    #[test]
    fn the_size_of_x264s_parameters_is_read() {
        let parameters = sequence_parameters(ENTRY).unwrap();
        assert_eq!(parameters.pixel_dimensions().unwrap(), (640, 360));
    }

    /// ffmpeg writes such a Colour element, of chroma's place alone, into each Matroska file of
    /// H.264. What was guessed of it was then never true, and all was decoded once more.
    #[test]
    fn a_range_that_the_container_does_not_state_is_not_told() {
        let stated = ColourCodes {
            primaries: UNSPECIFIED,
            transfer: UNSPECIFIED,
            matrix: UNSPECIFIED,
            full_range: None,
        };
        assert_eq!(colour(None, Some(stated)), Some(FrameColour::default()));
    }

    proptest! {
        #[test]
        fn no_parameters_make_it_panic(
            tail in proptest::collection::vec(any::<u8>(), 0..40),
            at in 11..ENTRY.len(),
            bit in 0..8_u32,
        ) {
            let mut flipped = ENTRY.to_vec();
            flipped[at] ^= 1_u8 << bit;
            let random = [&ENTRY[..12], &tail].concat();
            for entry in [flipped, random] {
                if let Some(parameters) = sequence_parameters(&entry) {
                    let _ = parameters.pixel_dimensions();
                    let _ = siting(parameters.vui_parameters.as_ref());
                    let _ = colour(parameters.vui_parameters.as_ref(), None);
                }
            }
        }
    }
}
