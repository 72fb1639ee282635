//! The packets of a video as ffmpeg's own demuxer lists them, for tests that hold an index
//! against them.

use crate::MediaError;
use crate::listing::{ListedVideo, LocalFile, PacketTimes, packets};
use decoder::{CallClock, CpuMeter, Ffmpeg, JobLimits, Watchdog};
use plan::{Limits, TimeBase, Timeline};
use source::{FileSource, RangeSource};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedPacket {
    /// Presentation time, ticks.
    pub pts: Option<i64>,
    /// Ticks.
    pub duration: i64,
    /// Decoding can begin here.
    pub is_key: bool,
    /// It is decoded and not shown.
    pub is_discarded: bool,
}

/// All that ffmpeg says.
#[derive(Debug, Clone)]
pub struct PacketList {
    /// The number of the video stream in the file.
    pub stream: usize,
    /// Of the video stream.
    pub time_base: Option<TimeBase>,
    /// ffmpeg's name.
    pub codec: String,
    /// In decoding order.
    pub packets: Vec<ListedPacket>,
    /// Where each sound ends, and on which clock.
    pub sound_ends: Vec<(i64, TimeBase)>,
}

/// Lists the packets of `file`.
///
/// # Errors
/// As [`crate::Video::open`].
pub fn list(ffmpeg: &Ffmpeg, file: &File) -> Result<PacketList, MediaError> {
    let limits = JobLimits::new(&Limits::default(), &CpuMeter::default());
    let mut watch = Watchdog::new(&limits, &CallClock::start());
    let listing = packets::list(ffmpeg, file, &limits, &mut watch)?;
    let packets = listing.since_first_key().iter().map(|packet| ListedPacket {
        pts: packet.pts,
        duration: packet.duration,
        is_key: packet.is_key(),
        is_discarded: packet.is_discarded(),
    });
    let sounds = listing.audio.iter();
    Ok(PacketList {
        stream: listing.stream,
        time_base: listing.time_base,
        packets: packets.collect(),
        sound_ends: sounds
            .filter_map(|sound| Some((sound.end?, sound.time_base?)))
            .collect(),
        codec: listing.codec,
    })
}

/// The frames of a file that comes out of ffmpeg's demuxer; decoded, all of them, where
/// `is_decoded`.
///
/// # Errors
/// As [`crate::Video::open`].
pub fn timeline(ffmpeg: &Ffmpeg, path: &Path, is_decoded: bool) -> Result<Timeline, MediaError> {
    let limits = JobLimits::new(&Limits::default(), &CpuMeter::default());
    let source: Arc<dyn RangeSource> = Arc::new(FileSource::open(path)?);
    let file = LocalFile::of(&source, &limits)?;
    let unsaid = &|_| Ok(None);
    let mut listed = ListedVideo::open(ffmpeg, file, PacketTimes::Believed, unsaid, &limits)?;
    if is_decoded {
        listed.relist_by_decoding(ffmpeg, &limits)?;
    }
    Ok(listed.shown().clone())
}
