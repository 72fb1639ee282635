//! The streams of a program stream, by the packets that come and the maps that name them.

use super::coding::VideoCoding;
use super::packets::{PROGRAM_MAP, ProgramPacket};
use super::program_map::{sound_coding, stream_types, video_coding};
use crate::IndexError;
use crate::error::NOT_ONE;
use crate::ts::SoundCoding;
use std::collections::BTreeMap;

const MAPS_DIFFER: IndexError = IndexError::Unsupported("its program stream maps differ");

const PRIVATE: u8 = 0xbd;

/// One of them: of private ones with the number that their packets begin with.
pub(super) type StreamKey = (u8, Option<u8>);

/// Those seen so far, in the order in which ffmpeg counts them.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    streams: Vec<StreamKey>,
    /// As maps say, by their numbers.
    types: BTreeMap<u8, u8>,
    coding: Option<VideoCoding>,
}

impl Program {
    /// The stream of a packet; none of a map.
    ///
    /// # Errors
    /// There are more than `most`, or several videos, or maps contradict what came before.
    pub(super) fn take(
        &mut self,
        packet: &ProgramPacket<'_>,
        most: usize,
    ) -> Result<Option<StreamKey>, IndexError> {
        if packet.stream == PROGRAM_MAP {
            return self.take_map(packet.payload).map(|()| None);
        }
        let number = packet.payload.first().copied();
        let key = (packet.stream, number.filter(|_| packet.stream == PRIVATE));
        if !self.streams.contains(&key) {
            let is_second = is_video(key) && self.video().is_some();
            if is_second || self.streams.len() >= most {
                return Err(NOT_ONE);
            }
            self.streams.push(key);
            if is_video(key) {
                self.coding = Some(self.coding_of(packet)?);
            }
        }
        Ok(Some(key))
    }

    /// What a demuxer was told of a stream when it came first holds to the end.
    fn take_map(&mut self, body: &[u8]) -> Result<(), IndexError> {
        for (stream, kind) in stream_types(body) {
            let has_come = self.streams.iter().any(|key| key.0 == stream);
            let known = self.types.get(&stream);
            if known.is_some_and(|&known| known != kind) || known.is_none() && has_come {
                return Err(MAPS_DIFFER);
            }
            self.types.insert(stream, kind);
        }
        Ok(())
    }

    fn coding_of(&self, packet: &ProgramPacket<'_>) -> Result<VideoCoding, IndexError> {
        let found = VideoCoding::of(packet.payload);
        match self.types.get(&packet.stream) {
            Some(&kind) if video_coding(kind) != Some(found) => Err(NOT_ONE),
            _ => Ok(found),
        }
    }

    /// Of the video.
    pub(super) fn coding(&self) -> Option<VideoCoding> {
        self.coding
    }

    /// Its number among the streams, and its identifier.
    pub(super) fn video(&self) -> Option<(usize, u8)> {
        let number = self.streams.iter().position(|&key| is_video(key))?;
        Some((number, self.streams[number].0))
    }

    /// How a sound is coded, and what comes before it in each packet.
    pub(super) fn sound(&self, (stream, number): StreamKey) -> Option<(SoundCoding, usize)> {
        match (stream, number) {
            (0xc0..=0xdf, _) => {
                let kind = self.types.get(&stream).copied();
                Some((kind.map_or(SoundCoding::Mpeg, sound_coding), 0))
            }
            (PRIVATE, Some(0x80..=0x87)) => Some((SoundCoding::Ac3, 4)),
            (PRIVATE, Some(0x88..=0xcf)) => Some((SoundCoding::Other, 4)),
            // Subtitles.
            _ => None,
        }
    }
}

pub(super) fn is_video((stream, _): StreamKey) -> bool {
    stream >= 0xe0
}
