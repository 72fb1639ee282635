//! Frame headers of AV1 up to the references: bitstream specification, 5.9.2.

use super::obu::LayerId;
use super::sequence_header::{SELECTED_BY_FRAME, SequenceHeader, is_in_operating_point};
use crate::bits::BitReader;

/// Reference frames of a decoder.
const SLOTS: u32 = 8;
/// Those that an inter frame names: `REFS_PER_FRAME`.
const REFERENCES: u32 = 7;
const ALL_SLOTS: u32 = 0xff;

const KEY: u32 = 0;
const INTRA_ONLY: u32 = 2;
const SWITCH: u32 = 3;

/// What a frame header says of the slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrameHeader {
    /// `show_existing_frame`
    ShowsExisting {
        slot: u32,
    },
    Coded(CodedHeader),
}

/// A frame that is coded here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CodedHeader {
    pub(super) is_key: bool,
    pub(super) is_shown: bool,
    /// Slots, each a bit.
    pub(super) references: u32,
    pub(super) refreshes: u32,
}

impl FrameHeader {
    pub(super) fn parse(
        payload: &[u8],
        sequence: &SequenceHeader,
        layer: Option<LayerId>,
    ) -> Option<Self> {
        let mut bits = BitReader::new(payload);
        let bits = &mut bits;
        if sequence.is_reduced {
            return Some(Self::Coded(CodedHeader {
                is_key: true,
                is_shown: true,
                references: 0,
                refreshes: ALL_SLOTS,
            }));
        }
        if bits.flag()? {
            let slot = bits.number(3)?;
            return Some(Self::ShowsExisting { slot });
        }
        let kind = bits.number(2)?;
        let (is_key, is_intra) = (kind == KEY, kind == KEY || kind == INTRA_ONLY);
        let is_shown = bits.flag()?;
        match is_shown {
            true => bits.skip(sequence.presentation_time_bits as usize)?,
            // `showable_frame`
            false => bits.skip(1)?,
        }
        let is_entry = kind == SWITCH || is_key && is_shown;
        let is_resilient = is_entry || bits.flag()?;
        // `disable_cdf_update`
        bits.skip(1)?;
        skip_motion(bits, sequence)?;
        if kind != SWITCH {
            // `frame_size_override_flag`
            bits.skip(1)?;
        }
        bits.skip(sequence.order_hint_bits as usize)?;
        if !is_intra && !is_resilient {
            // `primary_ref_frame`, one of the references
            bits.skip(3)?;
        }
        skip_removal_times(bits, sequence, layer.unwrap_or_default())?;
        let refreshes = match is_entry {
            true => ALL_SLOTS,
            false => bits.number(8)?,
        };
        let is_whole_refresh = is_intra && refreshes == ALL_SLOTS;
        if !is_whole_refresh && is_resilient {
            // `ref_order_hint` of each slot
            bits.skip((SLOTS * sequence.order_hint_bits) as usize)?;
        }
        let references = match is_intra {
            true => 0,
            false => references(bits, sequence)?,
        };
        Some(Self::Coded(CodedHeader {
            is_key,
            is_shown,
            references,
            refreshes,
        }))
    }
}

/// `allow_screen_content_tools` and `force_integer_mv`
fn skip_motion(bits: &mut BitReader<'_>, sequence: &SequenceHeader) -> Option<()> {
    let has_tools = match sequence.screen_content_tools {
        SELECTED_BY_FRAME => bits.flag()?,
        told => told == 1,
    };
    if has_tools && sequence.integer_motion == SELECTED_BY_FRAME {
        bits.skip(1)?;
    }
    Some(())
}

fn skip_removal_times(
    bits: &mut BitReader<'_>,
    sequence: &SequenceHeader,
    layer: LayerId,
) -> Option<()> {
    let Some(times) = &sequence.removal_times else {
        return Some(());
    };
    if bits.flag()? {
        let points = times.operating_points.iter();
        let own = points.filter(|&&layers| is_in_operating_point(layers, layer));
        bits.skip(own.count() * times.bits as usize)?;
    }
    Some(())
}

/// The slots of an inter frame. All seven are needed, used or not: decoders refuse a frame when one
/// is absent. Among them are those that motion, probabilities, segments and film grain come from.
fn references(bits: &mut BitReader<'_>, sequence: &SequenceHeader) -> Option<u32> {
    // `frame_refs_short_signaling`: which ones is computed from the order hints of all.
    if sequence.order_hint_bits > 0 && bits.flag()? {
        return Some(ALL_SLOTS);
    }
    (0..REFERENCES).try_fold(0, |slots, _| Some(slots | 1 << bits.number(3)?))
}

#[cfg(test)]
mod tests {
    use super::super::sequence_header::tests::{SVT, with_a_model};
    use super::*;
    use crate::bits::bits_of as bits;

    fn parse(payload: &[u8], sequence: &[u8]) -> Option<FrameHeader> {
        FrameHeader::parse(payload, &SequenceHeader::parse(sequence)?, None)
    }

    fn coded(is_key: bool, is_shown: bool, references: u32, refreshes: u32) -> Option<FrameHeader> {
        Some(FrameHeader::Coded(CodedHeader {
            is_key,
            is_shown,
            references,
            refreshes,
        }))
    }

    /// Of a clip by SVT-AV1, beside what ffmpeg's `trace_headers` says of them.
    #[test]
    fn frames_of_an_encoder_are_read() {
        let read = |payload: &[u8]| parse(payload, SVT);
        assert_eq!(read(&[20, 0, 161, 224, 36]), coded(true, true, 0, 0xff));
        assert_eq!(
            read(&[41, 8, 0, 18, 73, 36, 158]),
            coded(false, false, 0b100, 1)
        );
        assert_eq!(
            read(&[41, 4, 0, 130, 73, 0, 10, 144]),
            coded(false, false, 0b101, 8)
        );
        assert_eq!(
            read(&[41, 1, 68, 2, 73, 91, 74]),
            coded(false, false, 0b10_0100, 64)
        );
        assert_eq!(
            read(&[50, 1, 144, 4, 146, 219, 21]),
            coded(false, true, 0b100_0100, 128)
        );
        assert_eq!(read(&[232]), Some(FrameHeader::ShowsExisting { slot: 6 }));
        assert_eq!(read(&[41, 1, 68, 2]), None, "cut off");
    }

    const HINT: &str = "0000001";
    const REFERENCES: &str = "000 001 010 011 100 101 000";

    fn read(parts: &[&str]) -> Option<FrameHeader> {
        parse(&bits(&parts.concat()), SVT)
    }

    #[test]
    fn kinds_of_frames_differ_in_what_they_say() {
        // Existing; kind; shown, else showable; resilient; update; screen content; size; hint.
        let plain = read(&["0 01 1 0 0 0 0", HINT, "111 00000010", "0", REFERENCES]);
        assert_eq!(plain, coded(false, true, 0b11_1111, 2));
        let short = read(&["0 01 1 0 0 0 0", HINT, "111 00000010", "1 000 001"]);
        assert_eq!(short, coded(false, true, 0xff, 2), "computed from all");
        let content = read(&["0 01 0 1 0 0 1 1 0", HINT, "111 00000010", "0", REFERENCES]);
        assert_eq!(content, coded(false, false, 0b11_1111, 2));
        let hints = HINT.repeat(8);
        let resilient = read(&["0 01 1 1 0 0 0", HINT, "00000010", &hints, "0", REFERENCES]);
        assert_eq!(resilient, coded(false, true, 0b11_1111, 2));
        let switch = read(&["0 11 1 0 0", HINT, &hints, "0", REFERENCES]);
        assert_eq!(switch, coded(false, true, 0b11_1111, 0xff));
        let intra = read(&["0 10 0 1 0 0 0 0", HINT, "00010000"]);
        assert_eq!(intra, coded(false, false, 0, 16));
        let later = read(&["0 00 0 1 0 0 0 0", HINT, "00010000"]);
        assert_eq!(
            later,
            coded(true, false, 0, 16),
            "a key frame that is shown later"
        );
    }

    #[test]
    fn times_of_a_decoder_model_are_passed_over() {
        let sequence = with_a_model(false);
        let frame = ["0 01 1 0000 0 0 0 0 111", "1 000", "00000010", REFERENCES];
        let read = |layer| {
            let sequence = SequenceHeader::parse(&sequence)?;
            FrameHeader::parse(&bits(&frame.concat()), &sequence, layer)
        };
        assert_eq!(read(None), coded(false, true, 0b11_1111, 2));
        let spatial = 1;
        let elsewhere = read(Some(LayerId {
            temporal: 0,
            spatial,
        }));
        assert_ne!(elsewhere, read(None), "its point has no times");
    }
}
