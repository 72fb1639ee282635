//! How the bytes of a sample lie in the file.

use serde::{Deserialize, Serialize};

/// The same for all samples of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SamplePackaging {
    /// One behind the other, as they are fed.
    #[default]
    Whole,
    /// Frames of `ProRes` without their size and name, as Matroska has them.
    BareProRes,
    /// In pages of an Ogg, with those of others between them, and with the header of each page that it goes
    /// on in.
    OggPages {
        /// That of the video.
        serial: u32,
    },
    /// In packets of a program stream, with those of others between them. The first and the last
    /// byte of a sample lie amid packets.
    ProgramPackets {
        /// The number of the video.
        stream: u8,
    },
    /// In data packets of an ASF, with payloads of others between them. A sample begins with the header
    /// of its first payload, or of the packet that this one fills.
    DataPackets {
        /// From one packet to the next.
        bytes: usize,
    },
    /// In packets of a transport stream, so many bytes from each to the next, with those of other
    /// streams between them.
    TransportPackets {
        /// From one packet to the next.
        step: usize,
    },
    /// In content packages of MXF, each with those of other tracks.
    ContentPackages {
        /// The number of the video.
        track: [u8; 4],
    },
}
