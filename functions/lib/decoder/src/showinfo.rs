//! What ffmpeg's `showinfo` filter says of each decoded frame.

use crate::colour_names::{matrix, primaries, transfer};
use crate::frame_info::{FormatName, FrameInfo};
use colour::{ChromaSiting, FrameColour, SampleStorage};
use plan::TimeBase;

/// The filter as used everywhere: it costs next to nothing without checksums.
pub const SHOWINFO: &str = "showinfo=checksum=0";

/// One line of it.
#[derive(Debug, Clone, PartialEq)]
pub enum ShowinfoLine {
    /// Said once per filter graph.
    Clock(TimeBase, Option<f64>),
    /// Said for each frame.
    Frame(FrameInfo),
    /// Said after each frame.
    Colour(FrameColour),
    /// A part of that, where another thread spoke amid it.
    PartOfColour(FrameColour),
}

/// Reads a line of stderr; none where it is not this filter's.
#[must_use]
pub fn parse(line: &str) -> Option<ShowinfoLine> {
    let text = line.strip_prefix("[Parsed_showinfo_")?.split_once("] ")?.1;
    let text = text.strip_prefix("[info] ").unwrap_or(text);
    if text.starts_with("n:") {
        return frame(text).map(ShowinfoLine::Frame);
    }
    if let Some(clock) = text.strip_prefix("config in time_base: ") {
        return self::clock(clock);
    }
    let is_whole = text.starts_with("color_range:") && text.contains("color_trc:");
    text.trim_start().starts_with("color_").then(|| {
        let colour = colour(text);
        match is_whole {
            true => ShowinfoLine::Colour(colour),
            false => ShowinfoLine::PartOfColour(colour),
        }
    })
}

/// Values may be padded on either side of the name's colon.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text;
    loop {
        let at = rest.find(name)?;
        let after = &rest[at + name.len()..];
        if at == 0 || rest[..at].ends_with([' ', ',']) {
            return after.trim_start().split([' ', ',']).next();
        }
        rest = after;
    }
}

fn frame(text: &str) -> Option<FrameInfo> {
    let (width, height) = value(text, "s:")?.split_once('x')?;
    let sar = value(text, "sar:").and_then(|sar| sar.split_once('/'));
    let sar = sar.and_then(|(num, den)| Some((num.parse().ok()?, den.parse().ok()?)));
    Some(FrameInfo {
        pts: value(text, "pts:").and_then(|pts| pts.parse().ok()),
        width: width.parse().ok()?,
        height: height.parse().ok()?,
        sar: sar.unwrap_or((0, 0)),
        key: value(text, "iskey:") == Some("1"),
        full_chroma: value(text, "fmt:").is_some_and(is_full_chroma),
        interlaced: value(text, "i:").is_some_and(|fields| fields != "P"),
        storage: storage(text),
        format: FormatName::new(value(text, "fmt:").unwrap_or("")),
    })
}

fn is_full_chroma(format: &str) -> bool {
    ["yuv444", "yuvj444", "yuva444", "gbr"]
        .iter()
        .any(|kind| format.starts_with(kind))
}

fn storage(text: &str) -> SampleStorage {
    let format = value(text, "fmt:").unwrap_or("");
    let rgb = [
        "gbr", "rgb", "bgr", "argb", "abgr", "0rgb", "0bgr", "x2", "pal8",
    ];
    let siting = match value(text, "cl:") {
        Some("topleft") => ChromaSiting::TopLeft,
        Some("center") => ChromaSiting::Centre,
        _ => ChromaSiting::Left,
    };
    let grey = ["gray", "ya8", "ya16"];
    SampleStorage {
        bits: bits(format),
        grey: grey.iter().any(|kind| format.starts_with(kind)),
        rgb: rgb.iter().any(|kind| format.starts_with(kind)),
        siting,
    }
}

/// `yuv420p10le`, `p010le`, `rgb48le`, `yuv420p`: the digits at the end, where they are a depth.
fn bits(format: &str) -> u8 {
    let name = format.trim_end_matches("le").trim_end_matches("be");
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits: u32 = name[stem.len()..].parse().unwrap_or(0);
    match (stem, digits) {
        ("nv", _) => 8,
        ("rgb" | "bgr", 48) | ("rgba" | "bgra", 64) => 16,
        ("p" | "y", digits) => (digits % 100).clamp(8, 16) as u8,
        (_, digits @ 9..=16) => digits as u8,
        _ => 8,
    }
}

fn clock(text: &str) -> Option<ShowinfoLine> {
    let (num, den) = text.split([',', ' ']).next()?.split_once('/')?;
    let time_base = TimeBase::new(num.parse().ok()?, den.parse().ok()?)?;
    let rate = value(text, "frame_rate:").and_then(|rate| rate.split_once('/'));
    let rate = rate.and_then(|(num, den)| {
        let (num, den): (f64, f64) = (num.parse().ok()?, den.parse().ok()?);
        (num > 0.0 && den > 0.0).then_some(num / den)
    });
    Some(ShowinfoLine::Clock(time_base, rate))
}

/// What another thread says may follow right after it.
fn range(name: &str) -> Option<bool> {
    let is_one_of = |names: [&str; 3]| names.iter().any(|known| name.starts_with(known));
    if is_one_of(["pc", "full", "jpeg"]) {
        return Some(true);
    }
    is_one_of(["tv", "limited", "mpeg"]).then_some(false)
}

fn colour(text: &str) -> FrameColour {
    FrameColour {
        full_range: range(value(text, "color_range:").unwrap_or_default()),
        primaries: primaries(value(text, "color_primaries:")),
        transfer: transfer(value(text, "color_trc:")),
        matrix: matrix(value(text, "color_space:")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PQ: FrameColour = FrameColour {
        full_range: Some(false),
        primaries: 9,
        transfer: 16,
        matrix: 9,
    };

    #[test]
    fn frames_of_old_and_new_versions_read_alike() {
        let old = "[Parsed_showinfo_0 @ 0x564aa980fc80] [info] n:   1 pts: 154112 pts_time:10.0333 \
            pos:    61837 fmt:yuv420p sar:1137/800 s:800x640 i:P iskey:0 type:B ";
        let new = "[Parsed_showinfo_0 @ 0x7fedc4001600] [info] n:   1 pts: 154112 \
            pts_time:10.033333 duration:    512 duration_time:0.0333333 fmt:yuv420p cl:left \
            sar:1137/800 s:800x640 i:P iskey:0 type:B ";
        let frame = FrameInfo {
            pts: Some(154_112),
            width: 800,
            height: 640,
            sar: (1137, 800),
            key: false,
            full_chroma: false,
            interlaced: false,
            storage: SampleStorage {
                bits: 8,
                ..SampleStorage::default()
            },
            format: FormatName::new("yuv420p"),
        };
        assert_eq!(parse(old), Some(ShowinfoLine::Frame(frame)));
        assert_eq!(parse(new), Some(ShowinfoLine::Frame(frame)));
    }

    #[test]
    fn a_frame_without_time_and_the_clock() {
        let none = "[Parsed_showinfo_0 @ 0x1] n:   0 pts: NOPTS pts_time:NOPTS fmt:yuv420p \
            sar:0/1 s:16x16 i:P iskey:1 type:I";
        let Some(ShowinfoLine::Frame(frame)) = parse(none) else {
            panic!()
        };
        assert_eq!((frame.pts, frame.key), (None, true));
        let clock =
            "[Parsed_showinfo_0 @ 0x1] [info] config in time_base: 1/12800, frame_rate: 50/2";
        assert_eq!(
            parse(clock),
            Some(ShowinfoLine::Clock(
                TimeBase::new(1, 12800).unwrap(),
                Some(25.0)
            ))
        );
        let colour = "[Parsed_showinfo_0 @ 0x1] [info] color_range:tv color_space:bt2020nc \
            color_primaries:bt2020 color_trc:smpte2084";
        let Some(ShowinfoLine::Colour(colour)) = parse(colour) else {
            panic!()
        };
        assert_eq!(colour, PQ);
    }

    /// Its decoder's words made a frame lose its colours.
    #[test]
    fn colours_are_lost_where_another_thread_speaks_amid_them() {
        let front = "[Parsed_showinfo_0 @ 0x1] [info] ";
        let parts = [
            "color_range:tvconcealing 10 DC, 10 AC, 10 MV errors in B frame",
            " color_space:bt2020nc color_primaries:bt2020Warning MVs not available",
            " color_trc:smpte2084",
        ];
        let mut colour = FrameColour::default();
        for part in parts {
            let Some(ShowinfoLine::PartOfColour(part)) = parse(&format!("{front}{part}")) else {
                panic!("{part}")
            };
            colour = colour.with(part);
        }
        assert_eq!(colour, PQ);
    }

    #[test]
    fn formats_tell_the_depth_of_their_numbers() {
        let formats = [
            ("yuv420p", 8),
            ("yuv420p10le", 10),
            ("p010le", 10),
            ("p416le", 16),
            ("nv12", 8),
            ("gbrp12le", 12),
            ("rgb24", 8),
            ("rgb48be", 16),
            ("y210le", 10),
            ("yuv444p16le", 16),
            ("gray9le", 9),
            ("bgr0", 8),
            ("", 8),
        ];
        for (format, depth) in formats {
            assert_eq!(bits(format), depth, "{format}");
        }
    }

    #[test]
    fn fields_and_siting_are_read_where_they_are_said() {
        let line = "[Parsed_showinfo_0 @ 0x1] n: 0 pts: 0 fmt:yuv420p cl:topleft sar:1/1 s:16x16 \
            i:B iskey:1 type:I";
        let Some(ShowinfoLine::Frame(frame)) = parse(line) else {
            panic!()
        };
        assert!(frame.interlaced);
        assert_eq!(frame.storage.siting, ChromaSiting::TopLeft);
    }

    #[test]
    fn other_lines_are_not_taken_for_frames() {
        for line in [
            "  handler_name : [Parsed_showinfo_0 @ 0x1] n: 0 pts: 5 s:1x1",
            "",
            "n: 0",
        ] {
            assert_eq!(parse(line), None);
        }
    }
}
