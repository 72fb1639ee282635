//! The text that ffmpeg's `framecrc` format writes: one line per packet.

use plan::TimeBase;

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FramecrcLine<'a> {
    /// `#tb 0: 1/15360`
    TimeBase(usize, TimeBase),
    /// `#media_type 0: video`
    MediaType(usize, &'a str),
    /// `#codec_id 0: h264`
    Codec(usize, &'a str),
    /// `#dimensions 0: 800x640`
    Dimensions(usize, u32, u32),
    /// `0, 512, 1024, 512, 2309, 0x1, F=0x0`
    Packet(usize, PacketInfo),
}

/// A packet of a stream, times in ticks of its time base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacketInfo {
    /// Decoding time.
    pub dts: Option<i64>,
    /// Presentation time.
    pub pts: Option<i64>,
    /// 0 where it is not known.
    pub duration: i64,
    flags: u32,
}

const KEY: u32 = 1;
const DISCARD: u32 = 4;

impl PacketInfo {
    /// Decoding can start here.
    #[must_use]
    pub fn is_key(self) -> bool {
        self.flags & KEY != 0
    }

    /// Needed for decoding, never shown: cut off by an edit list.
    #[must_use]
    pub fn is_discarded(self) -> bool {
        self.flags & DISCARD != 0
    }
}

/// Reads a line; none where it says nothing of use.
#[must_use]
pub fn parse(line: &str) -> Option<FramecrcLine<'_>> {
    match line.strip_prefix('#') {
        Some(header) => parse_header(header),
        None => parse_packet(line),
    }
}

fn parse_header(header: &str) -> Option<FramecrcLine<'_>> {
    let (name, value) = header.split_once(": ")?;
    let (name, stream) = name.split_once(' ')?;
    let stream = stream.parse().ok()?;
    match name {
        "tb" => {
            let (num, den) = value.split_once('/')?;
            Some(FramecrcLine::TimeBase(
                stream,
                TimeBase::new(num.parse().ok()?, den.parse().ok()?)?,
            ))
        }
        "media_type" => Some(FramecrcLine::MediaType(stream, value)),
        "codec_id" => Some(FramecrcLine::Codec(stream, value)),
        "dimensions" => {
            let (width, height) = value.split_once('x')?;
            Some(FramecrcLine::Dimensions(
                stream,
                width.parse().ok()?,
                height.parse().ok()?,
            ))
        }
        _ => None,
    }
}

fn parse_packet(line: &str) -> Option<FramecrcLine<'_>> {
    let mut fields = line.split(',').map(str::trim);
    let stream = fields.next()?.parse().ok()?;
    let dts = time(fields.next()?);
    let pts = time(fields.next()?);
    let duration = time(fields.next()?).unwrap_or(0).max(0);
    // Flags are written only where they differ from a plain keyframe's.
    let flags = fields.find_map(|field| field.strip_prefix("F=0x"));
    let flags = flags.map_or(Some(KEY), |hex| u32::from_str_radix(hex, 16).ok())?;
    Some(FramecrcLine::Packet(
        stream,
        PacketInfo {
            dts,
            pts,
            duration,
            flags,
        },
    ))
}

/// A missing time is written as the word NOPTS or as the lowest number there is.
fn time(field: &str) -> Option<i64> {
    field.parse().ok().filter(|&ticks: &i64| ticks != i64::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(line: &str) -> PacketInfo {
        match parse(line) {
            Some(FramecrcLine::Packet(0, packet)) => packet,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn flags_are_there_only_when_they_differ() {
        let key = packet("0,         -2,          0,        1,    74666, 0xfe932e6a");
        assert_eq!((key.pts, key.duration), (Some(0), 1));
        assert!(key.is_key() && !key.is_discarded());
        assert!(!packet("0, -1, 4, 1, 3689, 0x073b30ba, F=0x0").is_key());
        let preroll = packet("0, -321, -280, 20, 78829, 0x3f0063eb, F=0x5, S=1,        8");
        assert!(preroll.is_key() && preroll.is_discarded());
    }

    #[test]
    fn missing_times_are_none() {
        let packet = packet("0, 3, NOPTS, 1, 10, 0x1, F=0x0");
        assert_eq!((packet.dts, packet.pts), (Some(3), None));
        let lowest = "0, -9223372036854775808, 5, 1, 10, 0x1";
        assert!(matches!(
            parse(lowest),
            Some(FramecrcLine::Packet(0, PacketInfo { dts: None, .. }))
        ));
    }

    #[test]
    fn headers_are_read_and_nonsense_is_not() {
        assert_eq!(
            parse("#tb 0: 1/15360"),
            TimeBase::new(1, 15360).map(|tb| FramecrcLine::TimeBase(0, tb))
        );
        assert_eq!(parse("#tb 0: 0/1"), None);
        assert_eq!(
            parse("#codec_id 1: aac"),
            Some(FramecrcLine::Codec(1, "aac"))
        );
        assert_eq!(
            parse("#dimensions 0: 800x640"),
            Some(FramecrcLine::Dimensions(0, 800, 640))
        );
        assert_eq!(parse("#software: Lavf59.27.100"), None);
        assert_eq!(parse(""), None);
    }
}
