//! What ffmpeg's `framecrc` format lists of a file: the packets of its video, and where its sound ends.

use crate::framecrc::{self, FramecrcLine, PacketInfo};
use crate::{ComplaintCounts, InputHeader, LineSink};
use plan::clock::reorder_depth;
use plan::{SampleLimit, Size, TimeBase, TimelineFrame};

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

/// When the decoder gives its first frame, and whether it complained before.
#[derive(Debug, Clone, Copy)]
pub struct FirstShown {
    /// Of its time.
    pub clock: Option<TimeBase>,
    /// Ticks.
    pub pts: Option<i64>,
    /// Those before it.
    pub complaints: ComplaintCounts,
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

    /// The frames that the container lists before the first that the decoder gives, and that damage
    /// keeps it from giving: they are part of the video, and the time of the first of them is zero.
    ///
    /// Frames at a cut, whose references are gone, are not: they are shown before the first keyframe, and
    /// of nothing but references that are missing does a decoder complain, if it says anything.
    #[must_use]
    pub fn lost_frames(&self, first: FirstShown) -> Vec<TimelineFrame> {
        let (Some(first_pts), Some(packet)) = (first.pts, self.packets.first()) else {
            return Vec::new();
        };
        let ComplaintCounts {
            damage,
            missing_references,
        } = first.complaints;
        let header = &self.header;
        let is_lost = match packet.is_key() {
            true => damage > 0,
            // A keyframe whose own headers are broken is not told from others.
            false if header.begins_with_a_keyframe() => damage + missing_references > 0,
            // That a packet gave nothing is said even where it is for its references.
            false => !header.is_broadcast() && damage > missing_references,
        };
        let Some(begin) = packet
            .pts
            .filter(|_| is_lost && first.clock == self.time_base)
        else {
            return Vec::new();
        };
        let shown = self.packets.iter().filter(|packet| !packet.is_discarded());
        let listed = shown.filter_map(|packet| {
            let sync = packet.is_key();
            packet.pts.map(|pts| TimelineFrame { pts, sync })
        });
        let mut lost: Vec<_> = listed
            .filter(|frame| (begin..first_pts).contains(&frame.pts))
            .collect();
        lost.sort_by_key(|frame| frame.pts);
        lost
    }

    /// Whether all packets of H.263 say that decoding can begin with them. Older versions say so of it in
    /// Matroska, where a decoder that begins anywhere shows something else.
    #[must_use]
    pub fn marks_all_as_keys(&self) -> bool {
        let is_h263 = ["h263", "h263p"].contains(&&*self.codec);
        is_h263 && self.packets.len() > 1 && self.packets.iter().all(|packet| packet.is_key())
    }

    /// How many frames a decoder is ahead of what is told of them at most. It holds frames back to put
    /// them in order; one on a thread of its own has others wait for the filters, too.
    #[must_use]
    pub fn runs_ahead(&self, queues_output: bool) -> u32 {
        /// With as many as there may be at a filter, and some on the way.
        const QUEUED: u32 = 15;
        let most = match &*self.codec {
            "h264" | "hevc" | "vvc" => 16,
            _ => 1,
        };
        // The one that is decoded may be shown after as many as are held back.
        let depth = reorder_depth(self.packets.iter().map(|packet| packet.pts));
        let held = 2 * depth.unwrap_or(most).min(most);
        held + 1 + if queues_output { QUEUED } else { 0 }
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
