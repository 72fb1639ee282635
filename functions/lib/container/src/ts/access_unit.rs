//! The access units of one video, put together from its packets, each with its place and its times.
//!
//! Where a PES packet is not one picture with a time of its own, whole and in the clear, that is
//! an error: ffmpeg's parsers then decide what is a packet of the video, and when it is shown.

use super::packet_grid::PlacedPacket;
use crate::IndexError;
use crate::transport::packets::PACKET_BYTES;
use crate::transport::pes::PesHeader;

const BROKEN: IndexError = IndexError::Damaged("packets of its video are missing");
const SCRAMBLED: IndexError = IndexError::Unsupported("its video is scrambled");
const UNTIMED: IndexError = IndexError::Unsupported("pictures of it have no times");
const TOO_LARGE: IndexError = IndexError::Unsupported("a picture of it is absurdly large");
const ODD_PACKET: IndexError = IndexError::Unsupported("its video is not in usual PES packets");

/// No picture of a transport stream is larger.
const MOST_BYTES: usize = 32 << 20;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccessUnit {
    /// Where its first packet begins and its last one ends, bytes of the file.
    pub(crate) from: u64,
    pub(crate) until: u64,
    /// Ticks of 90 kHz in 33 bits.
    pub(crate) pts: u64,
    pub(crate) dts: u64,
    /// As a byte stream.
    pub(crate) bytes: Vec<u8>,
}

/// Takes the packets of a stretch of the file.
#[derive(Debug)]
pub(super) struct UnitBuilder {
    video: u16,
    counter: Option<u8>,
    open: Option<(AccessUnit, Option<usize>)>,
}

impl UnitBuilder {
    /// Of what comes before the first PES packet that begins nothing is taken.
    pub(super) fn new(video: u16) -> Self {
        Self {
            video,
            counter: None,
            open: None,
        }
    }

    /// A unit that is complete by what `packet` begins.
    pub(super) fn take(
        &mut self,
        (place, packet): &PlacedPacket<'_>,
    ) -> Result<Option<AccessUnit>, IndexError> {
        if packet.identifier != self.video {
            return Ok(None);
        }
        if packet.is_scrambled {
            return Err(SCRAMBLED);
        }
        if packet.is_discontinuous {
            return Err(BROKEN);
        }
        let Some(counter) = packet.counter else {
            return Ok(None);
        };
        let expected = self.counter.map(|counter| (counter + 1) & 0x0f);
        if expected.is_some_and(|expected| expected != counter) {
            return Err(BROKEN);
        }
        self.counter = Some(counter);
        if packet.is_start {
            let complete = self.finish()?;
            self.begin(*place, packet.payload)?;
            return Ok(complete);
        }
        if let Some((unit, _)) = &mut self.open {
            if unit.bytes.len() + PACKET_BYTES > MOST_BYTES {
                return Err(TOO_LARGE);
            }
            unit.until = place + PACKET_BYTES as u64;
            unit.bytes.extend(packet.payload);
        }
        Ok(None)
    }

    fn begin(&mut self, place: u64, payload: &[u8]) -> Result<(), IndexError> {
        let is_video = matches!(payload.get(3), Some(0xe0..=0xef));
        let header = PesHeader::parse(payload).filter(|_| is_video);
        let header = header.ok_or(ODD_PACKET)?;
        let pts = header.pts.ok_or(UNTIMED)?;
        let unit = AccessUnit {
            from: place,
            until: place + PACKET_BYTES as u64,
            pts,
            dts: header.dts.unwrap_or(pts),
            bytes: payload[header.bytes..].to_vec(),
        };
        self.open = Some((unit, header.carried));
        Ok(())
    }

    /// The unit that is open, as far as it has come.
    pub(super) fn begun(&self) -> Option<&AccessUnit> {
        self.open.as_ref().map(|(unit, _)| unit)
    }

    /// The unit that is open, where what follows it is known to begin another one.
    fn finish(&mut self) -> Result<Option<AccessUnit>, IndexError> {
        match self.open.take() {
            Some((unit, Some(carried))) if unit.bytes.len() != carried => Err(ODD_PACKET),
            open => Ok(open.map(|(unit, _)| unit)),
        }
    }

    /// The last unit of a file, which may break off within it.
    pub(super) fn last(&mut self) -> Result<Option<AccessUnit>, IndexError> {
        match self.open.take() {
            Some((unit, Some(carried))) if unit.bytes.len() > carried => Err(ODD_PACKET),
            open => Ok(open.map(|(unit, _)| unit)),
        }
    }
}
