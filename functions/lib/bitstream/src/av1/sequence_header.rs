//! Sequence headers of AV1, as far as frame headers need them: bitstream specification, 5.5.

use super::obu::LayerId;
use crate::bits::BitReader;
use plan::Size;

/// `SELECT_SCREEN_CONTENT_TOOLS` and `SELECT_INTEGER_MV`: each frame says it.
pub(super) const SELECTED_BY_FRAME: u32 = 2;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SequenceHeader {
    /// `reduced_still_picture_header`: each frame is a key.
    pub(super) is_reduced: bool,
    /// Of the first operating point, which is the one that is decoded. 0: all layers.
    pub(super) operating_point: u32,
    pub(super) has_frame_ids: bool,
    /// How many bits a time of presentation has, where frames that are shown have one.
    pub(super) presentation_time_bits: u32,
    /// None: frames say nothing of when buffers are removed.
    pub(super) removal_times: Option<RemovalTimes>,
    /// `seq_force_screen_content_tools`
    pub(super) screen_content_tools: u32,
    /// `seq_force_integer_mv`
    pub(super) integer_motion: u32,
    /// `OrderHintBits`; 0 where there are none.
    pub(super) order_hint_bits: u32,
}

/// What frame headers say of the decoder model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RemovalTimes {
    pub(super) bits: u32,
    /// The layers of each operating point that has them.
    pub(super) operating_points: Vec<u32>,
}

/// What a decoder model says of lengths.
#[derive(Debug, Clone, Copy)]
struct ModelLengths {
    buffer_delay: u32,
    removal_time: u32,
    presentation_time: u32,
}

impl SequenceHeader {
    pub(super) fn parse(payload: &[u8]) -> Option<Self> {
        Self::parse_with_size(payload).map(|(header, _)| header)
    }

    /// `max_frame_width_minus_1` and the height.
    pub(super) fn size(payload: &[u8]) -> Option<Size> {
        Self::parse_with_size(payload).map(|(_, size)| size)
    }

    fn parse_with_size(payload: &[u8]) -> Option<(Self, Size)> {
        let mut bits = BitReader::new(payload);
        bits.skip(3 + 1)?;
        let is_reduced = bits.flag()?;
        let mut header = Self {
            is_reduced,
            operating_point: 0,
            has_frame_ids: false,
            presentation_time_bits: 0,
            removal_times: None,
            screen_content_tools: SELECTED_BY_FRAME,
            integer_motion: SELECTED_BY_FRAME,
            order_hint_bits: 0,
        };
        match is_reduced {
            true => bits.skip(5)?,
            false => header.operating_points(&mut bits)?,
        }
        let (width_bits, height_bits) = (bits.number(4)? + 1, bits.number(4)? + 1);
        let size = Size {
            width: bits.number(width_bits)? + 1,
            height: bits.number(height_bits)? + 1,
        };
        header.has_frame_ids = !is_reduced && bits.flag()?;
        if header.has_frame_ids {
            bits.skip(4 + 3)?;
        }
        bits.skip(3)?;
        if !is_reduced {
            header.tools(&mut bits)?;
        }
        Some((header, size))
    }

    /// `timing_info()` to the last operating point.
    fn operating_points(&mut self, bits: &mut BitReader<'_>) -> Option<()> {
        let mut model = None;
        if bits.flag()? {
            bits.skip(32 + 32)?;
            let equal_intervals = bits.flag()?;
            if equal_intervals {
                skip_uvlc(bits)?;
            }
            if bits.flag()? {
                let lengths = ModelLengths::read(bits)?;
                if !equal_intervals {
                    self.presentation_time_bits = lengths.presentation_time;
                }
                model = Some(lengths);
            }
        }
        self.removal_times = model.map(|lengths| RemovalTimes {
            bits: lengths.removal_time,
            operating_points: Vec::new(),
        });
        let has_display_delay = bits.flag()?;
        let more_points = bits.number(5)?;
        for nth in 0..=more_points {
            let layers = bits.number(12)?;
            if nth == 0 {
                self.operating_point = layers;
            }
            if bits.number(5)? > 7 {
                bits.skip(1)?;
            }
            if let (Some(lengths), Some(times)) = (model, &mut self.removal_times)
                && bits.flag()?
            {
                bits.skip(2 * lengths.buffer_delay as usize + 1)?;
                times.operating_points.push(layers);
            }
            if has_display_delay && bits.flag()? {
                bits.skip(4)?;
            }
        }
        Some(())
    }

    /// Of coding tools, those that frame headers depend on.
    fn tools(&mut self, bits: &mut BitReader<'_>) -> Option<()> {
        bits.skip(4)?;
        let has_order_hints = bits.flag()?;
        if has_order_hints {
            bits.skip(2)?;
        }
        if !bits.flag()? {
            self.screen_content_tools = bits.number(1)?;
        }
        if self.screen_content_tools > 0 && !bits.flag()? {
            self.integer_motion = bits.number(1)?;
        }
        if has_order_hints {
            self.order_hint_bits = bits.number(3)? + 1;
        }
        Some(())
    }

    /// Whether a decoder takes no notice of what belongs to `layer`: 5.3.1, `drop_obu()`.
    pub(super) fn drops(&self, layer: Option<LayerId>) -> bool {
        let is_in = |layer| is_in_operating_point(self.operating_point, layer);
        layer.is_some_and(|layer| !is_in(layer))
    }

    /// Whether several pictures of one time may be decoded.
    pub(super) fn has_spatial_layers(&self) -> bool {
        (self.operating_point >> 8).count_ones() > 1
    }
}

/// Whether `layer` is one of those of an operating point.
pub(super) fn is_in_operating_point(layers: u32, layer: LayerId) -> bool {
    let temporal = layers >> layer.temporal & 1 == 1;
    let spatial = layers >> (8 + layer.spatial) & 1 == 1;
    layers == 0 || temporal && spatial
}

impl ModelLengths {
    /// `decoder_model_info()`
    fn read(bits: &mut BitReader<'_>) -> Option<Self> {
        let buffer_delay = bits.number(5)? + 1;
        bits.skip(32)?;
        Some(Self {
            buffer_delay,
            removal_time: bits.number(5)? + 1,
            presentation_time: bits.number(5)? + 1,
        })
    }
}

/// `uvlc()`: 4.10.3.
fn skip_uvlc(bits: &mut BitReader<'_>) -> Option<()> {
    let mut zeros = 0;
    while !bits.flag()? {
        zeros += 1;
    }
    match zeros {
        0..32 => bits.skip(zeros),
        _ => Some(()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::bits::bits_of as bits;

    /// As SVT-AV1 writes it.
    pub(in super::super) const SVT: &[u8] = &[0, 0, 0, 3, 180, 253, 147, 239, 228, 1];
    /// rav1e, with grain switched off.
    const RAV1E: &[u8] = &[0, 0, 0, 249, 218, 126, 200, 132, 42, 32, 64, 64, 66, 128];

    #[test]
    fn headers_of_encoders_are_read() {
        let svt = SequenceHeader::parse(SVT).unwrap();
        let expected = SequenceHeader {
            is_reduced: false,
            operating_point: 0,
            has_frame_ids: false,
            presentation_time_bits: 0,
            removal_times: None,
            screen_content_tools: SELECTED_BY_FRAME,
            integer_motion: SELECTED_BY_FRAME,
            order_hint_bits: 7,
        };
        assert_eq!(svt, expected);
        assert!(SequenceHeader::parse(RAV1E).is_some());
        assert_eq!(SequenceHeader::parse(&SVT[..5]), None);
    }

    /// A decoder model, two operating points of which the first is of two temporal layers, and frame
    /// numbers.
    pub(in super::super) fn with_a_model(has_frame_ids: bool) -> Vec<u8> {
        let zeros = |count| "0".repeat(count);
        let ids = if has_frame_ids { "1 0000 000" } else { "0" };
        bits(
            &[
                // Profile; neither still nor reduced; timing with unequal intervals.
                "000 0 0 1",
                &zeros(64),
                "0",
                // The model: delays of 2 bits, removal of 3, presentation of 4.
                "1 00001",
                &zeros(32),
                "00010 00011",
                // Display delays; two points.
                "1 00001",
                "000100000011 01000 0 1 00 00 0 1 0000",
                "000100000001 00100 0 0",
                // A size of one bit each.
                "0000 0000 0 0",
                ids,
                "000",
                // Tools without order hints; screen content on, motion told by frames.
                "0000 0 0 1 1",
            ]
            .concat(),
        )
    }

    #[test]
    fn what_frames_say_of_a_decoder_model_is_known() {
        let header = SequenceHeader::parse(&with_a_model(false)).unwrap();
        let times = header.removal_times.clone().unwrap();
        assert_eq!((times.bits, &times.operating_points[..]), (3, &[0x103][..]));
        assert_eq!(
            (header.presentation_time_bits, header.order_hint_bits),
            (4, 0)
        );
        assert_eq!((header.screen_content_tools, header.integer_motion), (1, 2));
        let drops = |temporal, spatial| header.drops(Some(LayerId { temporal, spatial }));
        assert_eq!(
            [drops(0, 0), drops(1, 0), drops(2, 0), drops(0, 1)],
            [false, false, true, true]
        );
        assert!(!header.drops(None) && !header.has_spatial_layers());
        assert!(
            SequenceHeader::parse(&with_a_model(true))
                .unwrap()
                .has_frame_ids
        );
    }
}
