//! Shapes of pixels that change on the way, where ffmpeg keeps them to itself: since version 7 it
//! shows all frames of a stream in the shape that it found when it opened the file.

use super::packets::PacketListing;
use crate::track_traits::turned_aspect;
use container::parameter_sets::may_change;
use container::{DescribedAspect, PictureLayout};
use decoder::{
    CapturedRun, DecoderError, Ffmpeg, Invocation, JobLimits, LineSink, Watchdog, capture,
};
use std::fs::File;

/// From which time on, in ticks, pixels have which shape; none where ffmpeg tells it itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PixelAspects {
    changes: Vec<(i64, Option<(u32, u32)>)>,
}

impl PixelAspects {
    /// The shape of a pixel of the frame that is shown at `pts`, where it is known better than
    /// ffmpeg tells it.
    pub(crate) fn at(&self, pts: Option<i64>) -> Option<(u32, u32)> {
        let pts = pts?;
        let after = self.changes.partition_point(|&(from, _)| from <= pts);
        self.changes[after.checked_sub(1)?].1
    }

    /// The same from beginning to end.
    pub(super) fn constant(aspect: Option<(u32, u32)>) -> Self {
        let changes = aspect.into_iter().map(|aspect| (i64::MIN, Some(aspect)));
        Self {
            changes: changes.collect(),
        }
    }

    /// As the sample descriptions say: ffmpeg shows all frames in the shape that one of them says.
    pub(super) fn described(
        changes: &[DescribedAspect],
        listing: &PacketListing,
        layout: Option<&PictureLayout>,
    ) -> Self {
        let first = listing.packets.first().and_then(|packet| packet.pts);
        let turned = |aspect| layout.map_or(aspect, |layout| turned_aspect(aspect, layout));
        let change = |change: &DescribedAspect| {
            let from = first?.checked_add(change.after)?;
            Some((from, change.aspect.map(turned)))
        };
        Self {
            changes: changes.iter().filter_map(change).collect(),
        }
    }

    /// Reads the parameter sets of the stream where they may tell several shapes.
    ///
    /// # Errors
    /// Those of which another run would be no better.
    pub(super) fn read(
        ffmpeg: &Ffmpeg,
        input: &File,
        (stream, codec): (usize, &str),
        limits: &JobLimits,
        watch: &mut Watchdog,
    ) -> Result<Self, DecoderError> {
        let Some(filter) = filter(codec) else {
            return Ok(Self::default());
        };
        if !ffmpeg.version.keeps_first_aspect() || !may_change(codec, input)? {
            return Ok(Self::default());
        }
        let map = format!("0:{stream}");
        let invocation = Invocation::new(ffmpeg, input, limits, &[])?;
        let invocation = invocation.args([
            "-map", &map, "-c", "copy", "-bsf:v", filter, "-f", "null", "-",
        ]);
        let traced = capture(invocation, watch, (), TracedHeaders::default());
        match traced {
            Ok(CapturedRun { mut err, .. }) => {
                err.end();
                let changes = err.changes;
                Ok(Self { changes })
            }
            Err(error @ DecoderError::Stopped) => Err(error),
            Err(error) => {
                tracing::debug!(%error, "the shapes of pixels stay unknown");
                Ok(Self::default())
            }
        }
    }
}

/// Lets the parameter sets through that tell the shape of a pixel, and spells them out.
fn filter(codec: &str) -> Option<&'static str> {
    match codec {
        "h264" => Some("h264_mp4toannexb,filter_units=pass_types=7,trace_headers"),
        "hevc" => Some("hevc_mp4toannexb,filter_units=pass_types=33,trace_headers"),
        "mpeg2video" => Some("filter_units=pass_types=179,trace_headers"),
        _ => None,
    }
}

/// What `trace_headers` says, element by element.
#[derive(Debug, Default)]
struct TracedHeaders {
    changes: Vec<(i64, Option<(u32, u32)>)>,
    pts: Option<i64>,
    elements: AspectElements,
}

/// The elements of one parameter set that tell the shape of a pixel.
#[derive(Debug, Default, Clone, Copy)]
struct AspectElements {
    /// ITU-T H.264 and H.265, annex E.
    idc: Option<u32>,
    extended: (u32, u32),
    /// ISO/IEC 13818-2, 6.3.3.
    information: Option<u32>,
    size: (u32, u32),
}

impl LineSink for TracedHeaders {
    fn line(&mut self, line: &str) {
        let Some((_, text)) = line
            .strip_prefix("[trace_headers @ ")
            .and_then(|rest| rest.split_once("] "))
        else {
            return;
        };
        let text = text.strip_prefix("[info] ").unwrap_or(text);
        if text.starts_with("Packet: ") {
            self.end();
            self.pts = number_after(text, "pts ");
            return;
        }
        let Some((head, value)) = text.rsplit_once(" = ") else {
            return;
        };
        let (Some(name), Ok(value)) = (head.split_whitespace().nth(1), value.trim().parse()) else {
            return;
        };
        let elements = &mut self.elements;
        match name {
            "aspect_ratio_info_present_flag" if value == 0 => elements.idc = Some(0),
            "aspect_ratio_idc" => elements.idc = Some(value),
            "sar_width" => elements.extended.0 = value,
            "sar_height" => elements.extended.1 = value,
            "aspect_ratio_information" => elements.information = Some(value),
            "horizontal_size_value" => elements.size.0 = value,
            "vertical_size_value" => elements.size.1 = value,
            _ => {}
        }
    }

    /// The elements of a packet are complete.
    fn end(&mut self) {
        let elements = std::mem::take(&mut self.elements);
        let (Some(pts), aspect @ Some(_)) = (self.pts.take(), elements.aspect()) else {
            return;
        };
        if self.changes.last().is_none_or(|last| last.1 != aspect) {
            self.changes.push((pts, aspect));
        }
    }
}

fn number_after(text: &str, name: &str) -> Option<i64> {
    let (_, rest) = text.split_once(name)?;
    rest.split([',', ' ']).next()?.parse().ok()
}

/// ITU-T H.264, table E-1, from 1.
const ASPECTS: [(u32, u32); 16] = [
    (1, 1),
    (12, 11),
    (10, 11),
    (16, 11),
    (40, 33),
    (24, 11),
    (20, 11),
    (32, 11),
    (80, 33),
    (18, 11),
    (15, 11),
    (64, 33),
    (160, 99),
    (4, 3),
    (3, 2),
    (2, 1),
];
const EXTENDED: u32 = 255;

impl AspectElements {
    /// 0 where it is unspecified; none where there was no parameter set.
    fn aspect(&self) -> Option<(u32, u32)> {
        if let Some(idc) = self.idc {
            return Some(match idc {
                EXTENDED => self.extended,
                idc => {
                    let nth = usize::try_from(idc).ok().and_then(|idc| idc.checked_sub(1));
                    nth.and_then(|nth| ASPECTS.get(nth))
                        .copied()
                        .unwrap_or((0, 1))
                }
            });
        }
        let (width, height) = self.size;
        Some(match self.information? {
            2 => (4 * height, 3 * width),
            3 => (16 * height, 9 * width),
            4 => (221 * height, 100 * width),
            _ => (1, 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traced(lines: &[&str]) -> PixelAspects {
        let mut headers = TracedHeaders::default();
        for line in lines {
            headers.line(&format!("[trace_headers @ 0x55] [info] {line}"));
        }
        headers.end();
        PixelAspects {
            changes: headers.changes,
        }
    }

    #[test]
    fn a_broadcast_that_turns_wide_is_told_from_its_sequence_headers() {
        let header = |aspect| format!("32   aspect_ratio_information    0010 = {aspect}");
        let (narrow, wide) = (header(2), header(3));
        let size = "8           horizontal_size_value        001011010000 = 720";
        let height = "20          vertical_size_value         001001000000 = 576";
        let packet = |pts| format!("Packet: 90 bytes, key frame, pts {pts}, dts 1, duration 3600.");
        let aspects = traced(&[
            &packet(100),
            size,
            height,
            &narrow,
            &packet(200),
            size,
            height,
            &narrow,
            &packet(300),
            size,
            height,
            &wide,
        ]);
        assert_eq!(aspects.changes.len(), 2);
        let ratio = |pts| {
            aspects
                .at(Some(pts))
                .map(|(num, den)| f64::from(num) / f64::from(den))
        };
        assert_eq!(aspects.at(Some(99)), None);
        assert_eq!(
            (ratio(299), ratio(300)),
            (Some(16.0 / 15.0), Some(64.0 / 45.0))
        );
    }

    #[test]
    fn pixels_of_a_sequence_parameter_set_have_a_shape_of_the_table_or_their_own() {
        let aspects = traced(&[
            "Packet: 30 bytes, key frame, pts 0, dts -7200, duration 3600.",
            "82          aspect_ratio_info_present_flag                              1 = 1",
            "83          aspect_ratio_idc                                     00010000 = 16",
            "Packet: 30 bytes, key frame, pts 10, dts -7200, duration 3600.",
            "83          aspect_ratio_idc                                     11111111 = 255",
            "91          sar_width                                    0000000001000000 = 64",
            "107         sar_height                                   0000000000101101 = 45",
            "Packet: 30 bytes, key frame, pts 20, dts -7200, duration 3600.",
            "82          aspect_ratio_info_present_flag                              0 = 0",
        ]);
        assert_eq!(
            aspects.changes,
            [(0, Some((2, 1))), (10, Some((64, 45))), (20, Some((0, 1)))]
        );
    }
}
