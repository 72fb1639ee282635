//! The streams of a program stream, by the packets that come: nothing else names them here.

use super::packets::ProgramPacket;
use crate::IndexError;
use crate::ts::SoundCoding;

const NOT_ONE: IndexError = IndexError::Unsupported("it has not just one video of a usual kind");

const PRIVATE: u8 = 0xbd;

/// One of them: of private ones with the number that their packets begin with.
pub(super) type StreamKey = (u8, Option<u8>);

/// Those seen so far, in the order in which ffmpeg counts them.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    streams: Vec<StreamKey>,
}

impl Program {
    /// The stream of a packet.
    ///
    /// # Errors
    /// There are more than `most`, or several videos.
    pub(super) fn take(
        &mut self,
        packet: &ProgramPacket<'_>,
        most: usize,
    ) -> Result<StreamKey, IndexError> {
        let number = packet.payload.first().copied();
        let key = (packet.stream, number.filter(|_| packet.stream == PRIVATE));
        if !self.streams.contains(&key) {
            let is_second = is_video(key) && self.video().is_some();
            if is_second || self.streams.len() >= most {
                return Err(NOT_ONE);
            }
            self.streams.push(key);
        }
        Ok(key)
    }

    /// Its number among the streams, and its identifier.
    pub(super) fn video(&self) -> Option<(usize, u8)> {
        let number = self.streams.iter().position(|&key| is_video(key))?;
        Some((number, self.streams[number].0))
    }
}

pub(super) fn is_video((stream, _): StreamKey) -> bool {
    stream >= 0xe0
}

/// How a sound is coded, and what comes before it in each packet.
pub(super) fn sound((stream, number): StreamKey) -> Option<(SoundCoding, usize)> {
    match (stream, number) {
        (0xc0..=0xdf, _) => Some((SoundCoding::Mpeg, 0)),
        (PRIVATE, Some(0x80..=0x87)) => Some((SoundCoding::Ac3, 4)),
        (PRIVATE, Some(0x88..=0xcf)) => Some((SoundCoding::Other, 4)),
        // Subtitles.
        _ => None,
    }
}
