//! Whether the videos of an MPEG transport stream are scrambled: ISO/IEC 13818-1, 2.4.3.
//!
//! Only the headers of packets and the tables that name the videos are read. ffmpeg's demuxer,
//! which lists these files, takes scrambled payloads for pictures and gives noise.

mod packets;
mod tables;

use packets::{Packet, PacketReader};
use std::collections::BTreeSet;
use std::io;
use tables::ProgramTables;

/// Read whole at the start: what is scrambled is so from early on.
const START_BYTES: u64 = 64 << 20;
/// Further on, so much is read of every [`STRIDE_BYTES`].
const WINDOW_BYTES: usize = 64 << 10;
const STRIDE_BYTES: u64 = 1 << 20;

/// Reads bytes at an offset; fewer than asked for where the file ends.
pub type ReadAt<'a> = &'a mut dyn FnMut(u64, &mut [u8]) -> io::Result<usize>;

/// The packet identifiers of all videos that are scrambled anywhere, or encrypted as SAMPLE-AES
/// of HTTP Live Streaming is; none where this is no transport stream.
///
/// # Errors
/// Those of `read_at`.
pub fn scrambled_videos(read_at: ReadAt<'_>) -> io::Result<BTreeSet<u16>> {
    let mut reader = PacketReader::default();
    let mut found = FoundPackets::default();
    let mut window = vec![0; WINDOW_BYTES];
    let mut at = 0;
    loop {
        let bytes = fill(&mut *read_at, at, &mut window)?;
        let is_stream = reader.each(&window[..bytes], &mut |packet| found.take(&packet));
        if bytes < WINDOW_BYTES || (at == 0 && !is_stream) {
            break;
        }
        if at < START_BYTES {
            at += WINDOW_BYTES as u64;
        } else {
            at += STRIDE_BYTES;
            reader.jump();
        }
    }
    Ok(found.scrambled_videos())
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

    fn scrambled_videos(self) -> BTreeSet<u16> {
        let videos = &self.tables.videos;
        let scrambled = self.scrambled.iter().filter(|pid| videos.contains(pid));
        let encrypted = &self.tables.encrypted_videos;
        scrambled.chain(encrypted).copied().collect()
    }
}

#[cfg(test)]
mod tests;
