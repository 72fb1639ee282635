//! MPEG transport streams: ISO/IEC 13818-1.
//!
//! Of those whose PES packets are one picture each there is an index, of all packets or of the
//! stretches around the wanted times. All others are left to ffmpeg's demuxer, which takes scrambled
//! payloads for pictures and gives noise: what of their videos is scrambled is told here, by the
//! headers of packets and the tables that name the videos (2.4.3).

mod access_unit;
mod clear_parts;
mod elementary;
mod group_order;
mod index;
mod packet_grid;
mod programs;
mod sample_reader;
mod sound_end;
mod stream_clock;
mod stream_kind;
mod stretch;
mod tables;
mod units;

use crate::parameter_sets::ParameterSets;
use crate::transport::packets::{self, Packet, PacketReader};
pub(crate) use access_unit::AccessUnit;
pub use clear_parts::{ClearParts, ListedPackets};
pub(crate) use elementary::{ElementaryStream, UnitStart};
pub(crate) use group_order::GroupOrder;
pub(crate) use index::{CLOCK, TrackFacts, check, index};
pub(crate) use sample_reader::SampleReader;
pub(crate) use sound_end::ticks as sound_ticks;
use std::collections::BTreeSet;
use std::io;
pub(crate) use stream_clock::{first_after, nearest};
pub(crate) use stream_kind::SoundCoding;
pub(crate) use stretch::{TransportStream, clocked_index};
use tables::ProgramTables;
pub use units::PesUnit;
use units::UnitReader;

const WINDOW_BYTES: usize = 64 << 10;

/// Reads bytes at an offset; fewer than asked for where the file ends.
pub type ReadAt<'a> = &'a mut dyn FnMut(u64, &mut [u8]) -> io::Result<usize>;

/// The videos of which something cannot be decoded, by their packet identifiers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ScrambledVideos {
    /// Some of their packets are scrambled, perhaps all.
    pub in_parts: BTreeSet<u16>,
    /// They are encrypted as SAMPLE-AES of HTTP Live Streaming is: no packet says so.
    pub whole: BTreeSet<u16>,
}

impl ScrambledVideos {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.in_parts.is_empty() && self.whole.is_empty()
    }
}

/// Whether a file that starts so may be one: with a packet, or with the time of one.
pub(crate) fn begins(start: &[u8; 12]) -> bool {
    start[0] == packets::SYNC || start[4] == packets::SYNC
}

/// Looks at every packet: scrambling may begin, and end, anywhere. Finds nothing in what is no
/// transport stream, and reads little of it.
///
/// # Errors
/// Those of `read_at`.
pub fn scrambled_videos(read_at: ReadAt<'_>) -> io::Result<ScrambledVideos> {
    scrambled_and_sets(read_at, None)
}

/// The same, and gives the bytes of a file of any kind to `sets`: reading it twice would take
/// longer than all else.
///
/// # Errors
/// Those of `read_at`.
pub fn scrambled_and_sets(
    read_at: ReadAt<'_>,
    mut sets: Option<&mut ParameterSets<'_>>,
) -> io::Result<ScrambledVideos> {
    let mut found = FoundPackets::default();
    let mut reader = PacketReader::default();
    let mut window = vec![0; WINDOW_BYTES];
    let (mut at, mut is_stream) = (0, true);
    loop {
        let bytes = fill(&mut *read_at, at, &mut window)?;
        let part = &window[..bytes];
        if is_stream {
            let has_packets = reader.each(part, &mut |packet| found.take(&packet));
            is_stream = has_packets || at > 0;
        }
        sets = sets.filter(|sets| !sets.is_enough());
        if let Some(sets) = &mut sets {
            sets.take(part);
        }
        if bytes < WINDOW_BYTES || (!is_stream && sets.is_none()) {
            return Ok(found.scrambled_videos());
        }
        at += WINDOW_BYTES as u64;
    }
}

/// The PES packets of the video of this packet identifier; none where they are more than `most`.
///
/// # Errors
/// Those of `read_at`.
pub fn pes_units(read_at: ReadAt<'_>, video: u16, most: usize) -> io::Result<Option<Vec<PesUnit>>> {
    let mut found = UnitReader::new(video, most);
    each_packet(read_at, &mut |packet| {
        found.take(packet);
        !found.is_full()
    })?;
    Ok((!found.is_full()).then_some(found.units))
}

/// Gives each packet of a transport stream to `take` until it has enough.
fn each_packet(read_at: ReadAt<'_>, take: &mut dyn FnMut(&Packet<'_>) -> bool) -> io::Result<()> {
    let mut reader = PacketReader::default();
    let mut window = vec![0; WINDOW_BYTES];
    let (mut at, mut goes_on) = (0, true);
    loop {
        let bytes = fill(&mut *read_at, at, &mut window)?;
        let is_stream = reader.each(&window[..bytes], &mut |packet| goes_on &= take(&packet));
        if bytes < WINDOW_BYTES || (at == 0 && !is_stream) || !goes_on {
            return Ok(());
        }
        at += WINDOW_BYTES as u64;
    }
}

fn fill(read_at: ReadAt<'_>, at: u64, window: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < window.len() {
        match read_at(at + read as u64, &mut window[read..]) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

#[derive(Debug, Default)]
struct FoundPackets {
    tables: ProgramTables,
    scrambled: BTreeSet<u16>,
}

impl FoundPackets {
    fn take(&mut self, packet: &Packet<'_>) {
        if packet.is_scrambled {
            self.scrambled.insert(packet.identifier);
        } else {
            self.tables.take(packet);
        }
    }

    fn scrambled_videos(self) -> ScrambledVideos {
        let videos = &self.tables.videos;
        ScrambledVideos {
            in_parts: self.scrambled.intersection(videos).copied().collect(),
            whole: self.tables.encrypted_videos,
        }
    }
}

#[cfg(test)]
mod tests;
