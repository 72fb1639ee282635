//! When the sound ends: a player shows the last picture until then.

use super::stream_header::{StreamHeader, StreamKind};
use crate::SoundTrack;
use crate::little_endian::short;

const MP3: u16 = 0x55;
const AAC: u16 = 0xff;

/// `nBlockAlign` of `WAVEFORMATEX`.
pub(super) fn block_bytes(stream: &StreamHeader) -> u32 {
    let block = short(&stream.format, 12).map_or(0, u32::from);
    // A lie of some encoders: a chunk is a frame then.
    let is_lie = short(&stream.format, 0) == Some(AAC) && block <= 4;
    if is_lie { 0 } else { block }
}

/// Bytes in a unit of the clock; 0 where blocks or chunks are units.
pub(super) fn unit_bytes(stream: &StreamHeader) -> u32 {
    let block = block_bytes(stream);
    let unit = match stream.unit_bytes {
        0 => 0,
        _ if block > 0 => block,
        unit => unit,
    };
    match (short(&stream.format, 0), unit) {
        (Some(AAC), 1024 | 4096) | (Some(MP3), 1152) => 0,
        _ => unit,
    }
}

/// Of each sound, by how many bytes or chunks of it there are.
pub(super) fn sounds(streams: &[StreamHeader], lengths: &[u64]) -> Vec<SoundTrack> {
    let sounds = streams.iter().zip(lengths);
    let sounds = sounds.filter(|(stream, length)| stream.kind == StreamKind::Sound && **length > 0);
    sounds
        .map(|(stream, length)| {
            let units = length.div_ceil(u64::from(unit_bytes(stream).max(1)));
            let end = units.saturating_add(stream.start.into());
            SoundTrack {
                end_pts: i64::try_from(end).unwrap_or(i64::MAX),
                time_base: stream.time_base,
            }
        })
        .collect()
}
