//! Frame headers of VP9 up to the segmentation: bitstream specification, 6.2 and 7.2.

use crate::bits::BitReader;

const MARKER: u32 = 2;
const SYNC_CODE: u32 = 0x49_8342;
const RGB: u32 = 7;
const REFERENCES: u32 = 3;
const ALL_SLOTS: u32 = 0xff;

/// What a frame header says of the state of a decoder.
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
    /// `error_resilient_mode`: it begins without what runs from frame to frame.
    pub(super) is_resilient: bool,
    /// Slots, each a bit.
    pub(super) references: u32,
    pub(super) refreshes: u32,
    pub(super) segments: Segments,
}

/// What it says of the map of segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Segments {
    /// There is none.
    Off,
    /// That of an earlier frame holds.
    Kept,
    /// It is written here.
    Written,
}

impl FrameHeader {
    pub(super) fn parse(frame: &[u8]) -> Option<Self> {
        let bits = &mut BitReader::new(frame);
        (bits.number(2)? == MARKER).then_some(())?;
        let profile = bits.number(1)? | bits.number(1)? << 1;
        if profile == 3 {
            bits.skip(1)?;
        }
        if bits.flag()? {
            let slot = bits.number(3)?;
            return Some(Self::ShowsExisting { slot });
        }
        let is_key = !bits.flag()?;
        let (is_shown, is_resilient) = (bits.flag()?, bits.flag()?);
        let (references, refreshes) = match is_key {
            true => {
                key_frame(bits, profile)?;
                (0, ALL_SLOTS)
            }
            false => other_frame(bits, profile, is_shown, is_resilient)?,
        };
        if !is_resilient {
            // refresh_frame_context and frame_parallel_decoding_mode.
            bits.skip(2)?;
        }
        // frame_context_idx
        bits.skip(2)?;
        loop_filter(bits)?;
        quantization(bits)?;
        Some(Self::Coded(CodedHeader {
            is_key,
            is_shown,
            is_resilient,
            references,
            refreshes,
            segments: segments(bits)?,
        }))
    }
}

fn key_frame(bits: &mut BitReader<'_>, profile: u32) -> Option<()> {
    sync_code(bits)?;
    colours(bits, profile)?;
    frame_size(bits)?;
    render_size(bits)
}

/// References and what is refreshed.
fn other_frame(
    bits: &mut BitReader<'_>,
    profile: u32,
    is_shown: bool,
    is_resilient: bool,
) -> Option<(u32, u32)> {
    let is_intra = !is_shown && bits.flag()?;
    if !is_resilient {
        // reset_frame_context
        bits.skip(2)?;
    }
    if is_intra {
        sync_code(bits)?;
        if profile > 0 {
            colours(bits, profile)?;
        }
        let refreshes = bits.number(8)?;
        frame_size(bits)?;
        render_size(bits)?;
        return Some((0, refreshes));
    }
    let refreshes = bits.number(8)?;
    let mut references = 0;
    for _ in 0..REFERENCES {
        references |= 1 << bits.number(3)?;
        // ref_frame_sign_bias
        bits.skip(1)?;
    }
    size_of_references(bits)?;
    // allow_high_precision_mv
    bits.skip(1)?;
    let is_filter_switchable = bits.flag()?;
    if !is_filter_switchable {
        bits.skip(2)?;
    }
    Some((references, refreshes))
}

fn sync_code(bits: &mut BitReader<'_>) -> Option<()> {
    (bits.number(24)? == SYNC_CODE).then_some(())
}

fn colours(bits: &mut BitReader<'_>, profile: u32) -> Option<()> {
    if profile >= 2 {
        // ten_or_twelve_bit
        bits.skip(1)?;
    }
    let has_subsampling = profile == 1 || profile == 3;
    match bits.number(3)? {
        RGB if has_subsampling => bits.skip(1),
        RGB => None,
        // color_range, and subsampling with a reserved bit.
        _ => bits.skip(if has_subsampling { 4 } else { 1 }),
    }
}

fn frame_size(bits: &mut BitReader<'_>) -> Option<()> {
    bits.skip(32)
}

fn render_size(bits: &mut BitReader<'_>) -> Option<()> {
    match bits.flag()? {
        true => bits.skip(32),
        false => Some(()),
    }
}

fn size_of_references(bits: &mut BitReader<'_>) -> Option<()> {
    let mut is_found = false;
    for _ in 0..REFERENCES {
        is_found = bits.flag()?;
        if is_found {
            break;
        }
    }
    if !is_found {
        frame_size(bits)?;
    }
    render_size(bits)
}

fn loop_filter(bits: &mut BitReader<'_>) -> Option<()> {
    // Level and sharpness.
    bits.skip(9)?;
    let has_deltas = bits.flag()?;
    if has_deltas && bits.flag()? {
        /// Of references and of modes.
        const DELTAS: usize = 4 + 2;
        for _ in 0..DELTAS {
            if bits.flag()? {
                bits.skip(7)?;
            }
        }
    }
    Some(())
}

fn quantization(bits: &mut BitReader<'_>) -> Option<()> {
    bits.skip(8)?;
    for _ in 0..3 {
        if bits.flag()? {
            bits.skip(5)?;
        }
    }
    Some(())
}

fn segments(bits: &mut BitReader<'_>) -> Option<Segments> {
    let is_on = bits.flag()?;
    Some(match is_on {
        false => Segments::Off,
        true if bits.flag()? => Segments::Written,
        true => Segments::Kept,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::bits::bits_of;

    /// After what differs: contexts, filter with one delta, quantizer with one.
    const REST: &str = "00 000001 000 1 1 1 0000001 00000 00000111 0 1 00001 0";

    pub(in crate::vpx) fn key() -> Vec<u8> {
        let sizes = "0000000010100000 0000000001100000 0";
        let sync = "01001001 10000011 01000010";
        bits_of(&format!("10 00 0 0 1 0 {sync} 001 0 {sizes} 00 {REST} 0"))
    }

    /// Refers to slots 0, 2 and 2.
    pub(in crate::vpx) fn inter(is_resilient: bool, refreshes: u8, segments: &str) -> Vec<u8> {
        let (contexts, saves) = if is_resilient { ("", "") } else { ("00", "11") };
        let resilient = u8::from(is_resilient);
        let sizes = "0 0 1 1 0000000010100000 0000000001100000";
        let start = format!("10 00 0 1 1 {resilient} {contexts} {refreshes:08b}");
        let names = "000 0 010 0 010 1";
        bits_of(&format!(
            "{start} {names} {sizes} 0 1 {saves} {REST} {segments}"
        ))
    }

    #[test]
    fn headers_are_read_up_to_the_segments() {
        let parsed = FrameHeader::parse(&key());
        let key = CodedHeader {
            is_key: true,
            is_shown: true,
            is_resilient: false,
            references: 0,
            refreshes: 0xff,
            segments: Segments::Off,
        };
        assert_eq!(parsed, Some(FrameHeader::Coded(key)));
        for (is_resilient, segments, expected) in [
            (true, "1 0", Segments::Kept),
            (false, "1 1", Segments::Written),
            (false, "0", Segments::Off),
        ] {
            let parsed = FrameHeader::parse(&inter(is_resilient, 2, segments));
            let header = CodedHeader {
                is_key: false,
                is_resilient,
                references: 0b101,
                refreshes: 2,
                segments: expected,
                ..key
            };
            assert_eq!(parsed, Some(FrameHeader::Coded(header)));
        }
        let shows = FrameHeader::parse(&bits_of("10 00 1 101"));
        assert_eq!(shows, Some(FrameHeader::ShowsExisting { slot: 5 }));
    }

    #[test]
    fn a_hidden_frame_may_be_intra_coded() {
        let hidden = "10 10 0 1 0 0 1 01 01001001 10000011 01000010";
        let colours = "001 0 1 1 0";
        let sizes = "00000011 0000000010100000 0000000001100000 0";
        let header =
            FrameHeader::parse(&bits_of(&format!("{hidden} {colours} {sizes} 11 {REST} 0")));
        let Some(FrameHeader::Coded(header)) = header else {
            panic!("{header:?}");
        };
        assert_eq!((header.references, header.refreshes), (0, 3));
        assert!(!header.is_shown && !header.is_key);
    }

    #[test]
    fn what_is_cut_off_or_of_no_such_stream_is_not_read() {
        let key = key();
        assert_eq!(FrameHeader::parse(&key[..key.len() - 1]), None);
        assert_eq!(FrameHeader::parse(&[0x82, 0x49, 0x83, 0x43]), None);
        assert_eq!(FrameHeader::parse(&[0x42]), None);
    }
}
