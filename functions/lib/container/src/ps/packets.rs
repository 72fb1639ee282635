//! Packets of a program stream, one behind the other: ISO/IEC 13818-1, 2.4.3.6 and 2.5.3; ISO/IEC
//! 11172-1, 2.4.3.

use crate::IndexError;
use crate::transport::pes::{PesHeader, time};
use crate::whole_reads::each_window;
use source::RangeSource;

const OUT_OF_STEP: IndexError = IndexError::Damaged("its packets do not follow each other");
const BREAKS_OFF: IndexError = IndexError::Unsupported("it breaks off");
const EXTENDED_STREAM: IndexError =
    IndexError::Unsupported("it has streams with extended identifiers");
const SCRAMBLED: IndexError = IndexError::Unsupported("packets of it are scrambled");

/// `pack_start_code`, and the first code of the systems part.
pub(super) const PACK: u8 = 0xba;
pub(super) const FIRST_SYSTEM_CODE: u8 = 0xb9;
const END: u8 = 0xb9;
const PRIVATE: u8 = 0xbd;
/// `program_stream_map`
pub(super) const PROGRAM_MAP: u8 = 0xbc;
/// Videos of other codecs, behind an identifier of two bytes.
const EXTENDED: u8 = 0xfd;

/// Of a video disc.
pub(super) const SECTOR_BYTES: usize = 2324;

/// What a stream's packet carries, or a map of the streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ProgramPacket<'a> {
    /// Where it begins in the file.
    pub(super) place: u64,
    pub(super) stream: u8,
    /// Presentation and decoding time, ticks of 90 kHz in 33 bits.
    pub(super) times: Option<(u64, u64)>,
    pub(super) payload: &'a [u8],
    /// Where that begins in the file.
    pub(super) payload_at: u64,
}

/// What bytes begin with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SystemUnit<'a> {
    /// The header of a pack, and other things without a stream of ours.
    Skipped(usize),
    /// Zeros before the next of these: see [`is_padding`].
    Padding(usize),
    /// A whole packet, and how long it is.
    Packet(ProgramPacket<'a>, usize),
    /// Less than is needed.
    Cut,
}

/// What lies at `at`, of which these are the bytes.
pub(super) fn system_unit(bytes: &[u8], at: u64) -> Result<SystemUnit<'_>, IndexError> {
    let Some(&[0, 0, 1, code]) = bytes.first_chunk() else {
        return padding(bytes);
    };
    match code {
        END => return Ok(SystemUnit::Skipped(4)),
        PACK => return pack_header(bytes),
        ..FIRST_SYSTEM_CODE => return Err(OUT_OF_STEP),
        _ => {}
    }
    let Some(&[high, low]) = bytes.get(4..).and_then(<[u8]>::first_chunk) else {
        return Ok(SystemUnit::Cut);
    };
    let length = 6 + usize::from(u16::from_be_bytes([high, low]));
    let Some(whole) = bytes.get(..length) else {
        return Ok(SystemUnit::Cut);
    };
    let (begin, times) = match code {
        PROGRAM_MAP => (6, None),
        PRIVATE | 0xc0..=0xef => header(whole).ok_or(OUT_OF_STEP)??,
        EXTENDED => return Err(EXTENDED_STREAM),
        _ => return Ok(SystemUnit::Skipped(length)),
    };
    let packet = ProgramPacket {
        place: at,
        stream: code,
        times,
        payload: &whole[begin..],
        payload_at: at + begin as u64,
    };
    Ok(SystemUnit::Packet(packet, length))
}

fn padding(bytes: &[u8]) -> Result<SystemUnit<'_>, IndexError> {
    /// Of a start code.
    const OWN_ZEROS: usize = 2;
    const MOST_ZEROS: usize = 1 << 20;
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    match bytes.get(zeros) {
        None if zeros <= MOST_ZEROS => Ok(SystemUnit::Cut),
        Some(1) if zeros == OWN_ZEROS && bytes.len() < 4 => Ok(SystemUnit::Cut),
        Some(1) if (OWN_ZEROS + 1..=MOST_ZEROS).contains(&zeros) => {
            Ok(SystemUnit::Padding(zeros - OWN_ZEROS))
        }
        _ => Err(OUT_OF_STEP),
    }
}

/// Whether a video disc has so many zeros behind a packet: sectors of nothing else, and behind a sound
/// the rest of its own.
fn is_padding(zeros: usize, is_behind_video: bool) -> bool {
    const BEHIND_SOUND: usize = 20;
    let rest = zeros % SECTOR_BYTES;
    rest == 0 || rest == BEHIND_SOUND && !is_behind_video
}

fn pack_header(bytes: &[u8]) -> Result<SystemUnit<'_>, IndexError> {
    let length = match (bytes.get(4), bytes.get(13)) {
        (Some(first), _) if first >> 4 == 2 => 12,
        (Some(first), Some(stuffing)) if first >> 6 == 1 => 14 + usize::from(stuffing & 7),
        (Some(first), None) if first >> 6 == 1 => return Ok(SystemUnit::Cut),
        (None, _) => return Ok(SystemUnit::Cut),
        _ => return Err(OUT_OF_STEP),
    };
    Ok(match bytes.len() < length {
        true => SystemUnit::Cut,
        false => SystemUnit::Skipped(length),
    })
}

type Header = (usize, Option<(u64, u64)>);

/// Where the payload begins, and the times. None where it is no header.
fn header(packet: &[u8]) -> Option<Result<Header, IndexError>> {
    if packet.get(6)? >> 6 != 2 {
        return old_header(packet).map(Ok);
    }
    if packet[6] & 0x30 != 0 {
        return Some(Err(SCRAMBLED));
    }
    let header = PesHeader::parse(packet)?;
    let times = header.pts.map(|pts| (pts, header.dts.unwrap_or(pts)));
    Some(Ok((header.bytes, times)))
}

/// Of MPEG-1: ISO/IEC 11172-1, 2.4.3.3.
fn old_header(packet: &[u8]) -> Option<Header> {
    const MOST_STUFFING: usize = 16;
    let stuffing = packet[6..].iter().take_while(|&&byte| byte == 0xff).count();
    let mut at = 6 + stuffing;
    if packet.get(at)? >> 6 == 1 {
        at += 2;
    }
    let (length, times) = match packet.get(at)? >> 4 {
        2 => {
            let pts = time(packet.get(at..at + 5)?)?;
            (5, Some((pts, pts)))
        }
        3 => {
            let pts = time(packet.get(at..at + 5)?)?;
            (10, Some((pts, time(packet.get(at + 5..at + 10)?)?)))
        }
        0 if packet[at] == 0x0f => (1, None),
        _ => return None,
    };
    (stuffing <= MOST_STUFFING && at + length <= packet.len()).then_some((at + length, times))
}

/// Where the first pack begins in these bytes: its header, and something behind it.
fn find_pack(bytes: &[u8]) -> Option<usize> {
    (0..bytes.len().saturating_sub(3)).find(|&at| {
        let here = &bytes[at..];
        here.starts_with(&[0, 0, 1, PACK])
            && matches!(pack_header(here), Ok(SystemUnit::Skipped(length))
                if matches!(here.get(length..), Some([0, 0, 1, FIRST_SYSTEM_CODE..=0xff, ..])))
    })
}

/// Where the first packet begins in these bytes, or the first pack.
pub(super) fn find_packet(bytes: &[u8]) -> Option<usize> {
    let Ok(SystemUnit::Skipped(length) | SystemUnit::Packet(_, length)) = system_unit(bytes, 0)
    else {
        return find_pack(bytes);
    };
    let is_followed = matches!(
        bytes.get(length..),
        Some([0, 0, 1, FIRST_SYSTEM_CODE..=0xff, ..])
    );
    is_followed.then_some(0).or_else(|| find_pack(bytes))
}

type Take<'a> = &'a mut dyn FnMut(&ProgramPacket<'_>) -> Result<bool, IndexError>;

/// Gives all packets of a file to `take`.
pub(super) fn each_packet(
    source: &dyn RangeSource,
    take: &mut dyn FnMut(&ProgramPacket<'_>) -> Result<(), IndexError>,
) -> Result<(), IndexError> {
    let mut before = None;
    let mut all = |packet: &ProgramPacket<'_>| take(packet).map(|()| true);
    let left = each_window(source, |bytes, at| {
        each_packet_in(bytes, at, &mut before, &mut all)
    })?;
    check_whole(&left)
}

/// That nothing is left where the file ends.
pub(super) fn check_whole(left: &[u8]) -> Result<(), IndexError> {
    let is_padding = left.iter().all(|&byte| byte == 0);
    is_padding.then_some(()).ok_or(BREAKS_OFF)
}

/// Gives the packets that lie whole in bytes which begin at `at` to `take`, until it has enough. How
/// many bytes they take. `before` is the stream of the packet before, where one came.
pub(super) fn each_packet_in(
    bytes: &[u8],
    at: u64,
    before: &mut Option<u8>,
    take: Take<'_>,
) -> Result<usize, IndexError> {
    let mut done = 0;
    loop {
        match system_unit(&bytes[done..], at + done as u64)? {
            SystemUnit::Skipped(length) => {
                *before = None;
                done += length;
            }
            SystemUnit::Padding(length) => {
                if !is_padding(length, before.is_some_and(|stream| stream >= 0xe0)) {
                    return Err(OUT_OF_STEP);
                }
                done += length;
            }
            SystemUnit::Packet(packet, length) => {
                *before = Some(packet.stream);
                done += length;
                if !take(&packet)? {
                    return Ok(done);
                }
            }
            SystemUnit::Cut => return Ok(done),
        }
    }
}
