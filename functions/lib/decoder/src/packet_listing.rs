//! What ffmpeg's `framecrc` format lists of a file: the packets of its video, and where its sound ends.

use crate::framecrc::{self, FramecrcLine, PacketInfo};
use crate::{InputHeader, LineSink};
use plan::{SampleLimit, Size, TimeBase};

/// Everything the container says that matters here.
#[derive(Debug, Default)]
pub struct PacketListing {
    /// What is said of the file.
    pub header: InputHeader,
    /// The number of the video stream in the file.
    pub stream: usize,
    /// Of the times of the video.
    pub time_base: Option<TimeBase>,
    /// ffmpeg's name.
    pub codec: String,
    /// Its size, px.
    pub coded: Option<Size>,
    /// In decoding order.
    pub packets: Vec<PacketInfo>,
    /// The sounds that were mapped.
    pub audio: Vec<AudioTrack>,
    /// More are not kept.
    pub most_packets: Option<SampleLimit>,
    /// There are.
    pub too_many: bool,
}

/// What matters of an audio stream.
#[derive(Debug, Default, Clone)]
pub struct AudioTrack {
    /// Of its times.
    pub time_base: Option<TimeBase>,
    /// Where the sound ends, ticks.
    pub end: Option<i64>,
}

/// The video is mapped first, so it is stream 0 of the listing; the rest is sound.
impl LineSink for PacketListing {
    fn line(&mut self, line: &str) {
        match framecrc::parse(line) {
            Some(FramecrcLine::TimeBase(0, time_base)) => self.time_base = Some(time_base),
            Some(FramecrcLine::TimeBase(stream, time_base)) => {
                self.sound(stream).time_base = Some(time_base);
            }
            Some(FramecrcLine::Codec(0, codec)) => codec.clone_into(&mut self.codec),
            Some(FramecrcLine::Dimensions(0, width, height)) if width > 0 && height > 0 => {
                self.coded = Some(Size { width, height });
            }
            Some(FramecrcLine::Packet(0, packet)) => self.push(packet),
            Some(FramecrcLine::Packet(stream, packet)) => self.sound(stream).extend(packet),
            _ => {}
        }
    }

    fn is_full(&self) -> bool {
        self.too_many
    }
}

impl PacketListing {
    fn push(&mut self, packet: PacketInfo) {
        self.too_many |= self
            .most_packets
            .is_some_and(|most| self.packets.len() >= most.count);
        if !self.too_many {
            self.packets.push(packet);
        }
    }

    /// Without what comes before the first keyframe; all where there is none.
    #[must_use]
    pub fn since_first_key(&self) -> &[PacketInfo] {
        let key = self.packets.iter().position(|packet| packet.is_key());
        &self.packets[key.unwrap_or(0)..]
    }

    fn sound(&mut self, stream: usize) -> &mut AudioTrack {
        if self.audio.len() < stream {
            self.audio.resize(stream, AudioTrack::default());
        }
        &mut self.audio[stream - 1]
    }
}

impl AudioTrack {
    fn extend(&mut self, packet: PacketInfo) {
        let Some(pts) = packet.pts.filter(|_| !packet.is_discarded()) else {
            return;
        };
        let end = pts.saturating_add(packet.duration);
        self.end = Some(self.end.map_or(end, |known| known.max(end)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sound_ends_with_its_last_packet() {
        let mut listing = PacketListing {
            most_packets: Some(SampleLimit::samples(9)),
            ..PacketListing::default()
        };
        for line in [
            "#tb 0: 1/30",
            "#codec_id 0: h264",
            "#dimensions 0: 64x36",
            "#tb 1: 1/48000",
            "0, 0, 0, 1, 10, 0x1",
            "1, 0, 0, 1024, 10, 0x1",
            "1, 1024, 1024, 1024, 10, 0x1",
            "1, 4096, 4096, 1024, 10, 0x1, F=0x5",
        ] {
            listing.line(line);
        }
        assert_eq!(
            listing.audio[0].end,
            Some(2048),
            "what an edit list cuts off is not heard"
        );
        assert_eq!((listing.packets.len(), &*listing.codec), (1, "h264"));
        assert_eq!(
            listing.coded,
            Some(Size {
                width: 64,
                height: 36
            })
        );
    }
}
