//! Frame headers of VP8 up to the probabilities: RFC 6386, 9 and 19.2.

use super::bool_reader::BoolReader;

/// What a frame header says of the state of a decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameHeader {
    pub(super) is_key: bool,
    pub(super) is_shown: bool,
    pub(super) segments: Segments,
    pub(super) filter: FilterDeltas,
    pub(super) refreshed: RefreshedFrames,
    /// `refresh_entropy_probs`: its probabilities hold for those that follow.
    pub(super) saves_probabilities: bool,
}

/// What it says of the segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Segments {
    Off,
    On {
        /// The map is written here, else that of the frame before holds.
        has_map: bool,
        /// What the segments are is said here.
        has_values: bool,
    },
}

/// What it says of the deltas of the loop filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FilterDeltas {
    Off,
    Kept,
    /// Some of them.
    Changed,
    /// All of them.
    Written,
}

/// Which reference frames are others afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RefreshedFrames {
    pub(super) last: bool,
    pub(super) golden: bool,
    pub(super) altref: bool,
}

impl FrameHeader {
    pub(super) fn parse(frame: &[u8]) -> Option<Self> {
        let (tag, rest) = frame.split_first_chunk::<3>()?;
        let tag = u32::from_le_bytes([tag[0], tag[1], tag[2], 0]);
        let (is_key, is_shown, size) = (tag & 1 == 0, tag >> 4 & 1 == 1, tag >> 5);
        let rest = match is_key {
            // The start code and the size of the pictures.
            true => rest.get(7..)?,
            false => rest,
        };
        // What is cut off is damaged.
        let mut bits = BoolReader::new(rest.get(..usize::try_from(size).ok()?)?);
        let bits = &mut bits;
        if is_key {
            // color_space and clamping_type.
            bits.number(2);
        }
        let segments = segments(bits);
        // filter_type, loop_filter_level and sharpness_level.
        bits.number(1 + 6 + 3);
        let filter = filter_deltas(bits);
        // log2_nbr_of_dct_partitions, and the quantizer.
        bits.number(2 + 7);
        bits.skip_optional(5, 4);
        let (refreshed, saves_probabilities) = match is_key {
            true => (RefreshedFrames::ALL, bits.flag()),
            false => refreshed(bits),
        };
        Some(Self {
            is_key,
            is_shown,
            segments,
            filter,
            refreshed,
            saves_probabilities,
        })
    }
}

impl RefreshedFrames {
    const ALL: Self = Self {
        last: true,
        golden: true,
        altref: true,
    };
}

fn segments(bits: &mut BoolReader<'_>) -> Segments {
    if !bits.flag() {
        return Segments::Off;
    }
    let (has_map, has_values) = (bits.flag(), bits.flag());
    if has_values {
        // segment_feature_mode
        bits.flag();
        bits.skip_optional(4, 7);
        bits.skip_optional(4, 6);
    }
    if has_map {
        for _ in 0..3 {
            if bits.flag() {
                bits.number(8);
            }
        }
    }
    Segments::On {
        has_map,
        has_values,
    }
}

fn filter_deltas(bits: &mut BoolReader<'_>) -> FilterDeltas {
    if !bits.flag() {
        return FilterDeltas::Off;
    }
    if !bits.flag() {
        return FilterDeltas::Kept;
    }
    match bits.skip_optional(4 + 4, 6) {
        true => FilterDeltas::Written,
        false => FilterDeltas::Changed,
    }
}

/// A frame that becomes a copy of another counts as refreshed.
fn refreshed(bits: &mut BoolReader<'_>) -> (RefreshedFrames, bool) {
    let (golden, altref) = (bits.flag(), bits.flag());
    let golden = golden || bits.number(2) != 0;
    let altref = altref || bits.number(2) != 0;
    // The sign biases.
    bits.number(2);
    let saves_probabilities = bits.flag();
    let refreshed = RefreshedFrames {
        last: bits.flag(),
        golden,
        altref,
    };
    (refreshed, saves_probabilities)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::bool_reader::written;
    use super::*;

    fn frame(is_key: bool, header: &str) -> Vec<u8> {
        let data = written(header);
        let size = u32::try_from(data.len()).unwrap();
        let tag = size << 5 | 1 << 4 | u32::from(!is_key);
        let start: &[u8] = match is_key {
            true => &[0x9d, 1, 0x2a, 64, 0, 48, 0],
            false => &[],
        };
        [&tag.to_le_bytes()[..3], start, &data].concat()
    }

    /// Filter without its deltas; partitions, quantizer with one delta.
    const FILTER: &str = "0 010000 000";
    const QUANTIZER: &str = "00 0001111 0 1 0101 1 0 0 0";

    pub(in crate::vpx) fn key() -> Vec<u8> {
        frame(true, &format!("0 0 0 {FILTER} 0 {QUANTIZER} 1"))
    }

    /// `refreshes`: golden, altref, what they are copies of, sign biases, probabilities, last.
    pub(in crate::vpx) fn inter(segments: &str, deltas: &str, refreshes: &str) -> Vec<u8> {
        let header = format!("{segments} {FILTER} {deltas} {QUANTIZER} {refreshes}");
        frame(false, &header)
    }

    #[test]
    fn headers_are_read_up_to_what_is_refreshed() {
        let parsed = FrameHeader::parse(&key()).unwrap();
        let key = FrameHeader {
            is_key: true,
            is_shown: true,
            segments: Segments::Off,
            filter: FilterDeltas::Off,
            refreshed: RefreshedFrames::ALL,
            saves_probabilities: true,
        };
        assert_eq!(parsed, key);
        let values = "1 1 00000011 0 0 1 00000101 1 0000110 0 0 0";
        let map = "1 11111110 0 1 00000001";
        let deltas = ["1 1", &"1 0000110 ".repeat(8)].concat();
        let sample = inter(&format!("1 1 1 {values} {map}"), &deltas, "1 0 10 11 0 1");
        let parsed = FrameHeader::parse(&sample).unwrap();
        let segments = Segments::On {
            has_map: true,
            has_values: true,
        };
        let expected = FrameHeader {
            is_key: false,
            segments,
            filter: FilterDeltas::Written,
            saves_probabilities: false,
            ..key
        };
        assert_eq!(parsed, expected);
        let sample = inter("1 0 0", "1 1 1 0000001 0 0 0 0 0 0 0", "0 0 00 00 00 1 0");
        let parsed = FrameHeader::parse(&sample).unwrap();
        assert_eq!(parsed.filter, FilterDeltas::Changed);
        assert!(parsed.saves_probabilities && !parsed.refreshed.last);
        assert!(!parsed.refreshed.golden && !parsed.refreshed.altref);
    }

    #[test]
    fn what_is_cut_off_is_not_read() {
        let key = key();
        assert_eq!(FrameHeader::parse(&key[..key.len() - 1]), None);
        assert_eq!(FrameHeader::parse(&key[..9]), None);
        assert_eq!(FrameHeader::parse(&[]), None);
    }
}
