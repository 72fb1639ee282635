//! The shapes of pixels that ffmpeg's `trace_headers` filter spells out.

use crate::LineSink;
use plan::pixel_aspect::{of_information, of_table};

/// Collected element by element.
#[derive(Debug, Default)]
pub struct TracedAspects {
    changes: Vec<(i64, (u32, u32))>,
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

impl TracedAspects {
    /// From which time on, in ticks, pixels have which shape, 0 where it is unspecified: one entry
    /// for each change, in the order of the packets.
    #[must_use]
    pub fn changes(mut self) -> Vec<(i64, (u32, u32))> {
        self.end();
        self.changes
    }

    /// The elements of a packet are complete.
    fn end(&mut self) {
        let elements = std::mem::take(&mut self.elements);
        let (Some(pts), Some(aspect)) = (self.pts.take(), elements.aspect()) else {
            return;
        };
        if self.changes.last().is_none_or(|last| last.1 != aspect) {
            self.changes.push((pts, aspect));
        }
    }
}

impl LineSink for TracedAspects {
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
}

fn number_after(text: &str, name: &str) -> Option<i64> {
    let (_, rest) = text.split_once(name)?;
    rest.split([',', ' ']).next()?.parse().ok()
}

const EXTENDED: u32 = 255;

impl AspectElements {
    /// 0 where it is unspecified; none where there was no parameter set.
    fn aspect(&self) -> Option<(u32, u32)> {
        match self.idc {
            Some(EXTENDED) => Some(self.extended),
            Some(idc) => Some(of_table(idc)),
            None => Some(of_information(self.information?, self.size)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traced(lines: &[&str]) -> Vec<(i64, (u32, u32))> {
        let mut headers = TracedAspects::default();
        for line in lines {
            headers.line(&format!("[trace_headers @ 0x55] [info] {line}"));
        }
        headers.changes()
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
        assert_eq!(
            aspects,
            [(100, (4 * 576, 3 * 720)), (300, (16 * 576, 9 * 720))]
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
        assert_eq!(aspects, [(0, (2, 1)), (10, (64, 45)), (20, (0, 1))]);
    }
}
