//! A video whose frames ffmpeg's own demuxer lists.

use super::decoded::decode_all;
use super::first_frame::{decode_first, display_size};
use super::local_file::LocalFile;
use super::packets::{AudioTrack, PacketListing, list};
use super::timeline::{FrameAccess, of_decoded, of_packets};
use crate::MediaError;
use crate::frame_format::FrameFormat;
use crate::frame_limits::{check_frame, check_pass};
use decoder::{CallClock, Ffmpeg, JobLimits, Watchdog};
use plan::{Size, Timeline};
use std::fs::File;

#[derive(Debug, Clone)]
pub(crate) struct ListedVideo {
    file: LocalFile,
    pub(crate) stream: usize,
    pub(crate) seeks_exactly: bool,
    pub(crate) timeline: Timeline,
    pub(crate) access: FrameAccess,
    pub(crate) format: FrameFormat,
    pub(crate) display: Size,
    pub(crate) codec: String,
    audio: Vec<AudioTrack>,
}

/// What is known of the times that the container gives its packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PacketTimes {
    /// Nothing speaks against them.
    Believed,
    /// The coded pictures contradict them: what comes out of the decoder has to be listed.
    Wrong,
}

impl ListedVideo {
    /// Lists the frames of `file` and decodes the first. Reads the whole file once, and decodes
    /// all of it only where its container does not tell the truth.
    pub(crate) fn open(
        ffmpeg: &Ffmpeg,
        file: LocalFile,
        times: PacketTimes,
        limits: &JobLimits,
    ) -> Result<Self, MediaError> {
        let clock = CallClock::start();
        let watch = || Watchdog::new(limits, &clock);
        let listing = list(ffmpeg, file.file(), limits, &mut watch())?;
        listing
            .coded
            .map_or(Ok(()), |coded| check_frame(coded, limits))?;
        if listing.packets.is_empty() {
            let detail = "it holds none".to_owned();
            return Err(MediaError::NothingDecodes { detail });
        }
        let (first, frame) =
            decode_first(ffmpeg, file.file(), listing.stream, limits, &mut watch())?;
        let listed = match times {
            PacketTimes::Believed => of_packets(&listing, first.clock, frame.pts),
            PacketTimes::Wrong => None,
        };
        let (timeline, mut access) = match listed {
            Some(index) => index,
            None => by_decoding(ffmpeg, file.file(), &listing, limits, &mut watch())?,
        };
        let no_seeks = frame.needs_its_start(&listing.codec);
        if no_seeks && let FrameAccess::Seek(keys) = &mut access {
            keys.clear();
        }
        Ok(Self {
            stream: listing.stream,
            seeks_exactly: listing.header.seeks_exactly() && !no_seeks,
            timeline,
            access,
            format: FrameFormat::new(&frame, first.colour()),
            display: display_size(&frame),
            codec: listing.codec,
            audio: listing.audio,
            file,
        })
    }

    pub(crate) fn file(&self) -> &File {
        self.file.file()
    }

    /// Whether decoding can begin anywhere but at the start.
    pub(crate) fn seeks(&self) -> bool {
        matches!(&self.access, FrameAccess::Seek(keys) if !keys.is_empty())
    }

    /// Lists the frames anew by decoding all of the video.
    pub(crate) fn relist_by_decoding(
        &mut self,
        ffmpeg: &Ffmpeg,
        limits: &JobLimits,
    ) -> Result<(), MediaError> {
        let mut watch = Watchdog::new(limits, &CallClock::start());
        check_pass(self.format.shape, self.timeline.frames().len(), limits)?;
        let decoded = decode_all(ffmpeg, self.file(), self.stream, limits, &mut watch)?;
        (self.timeline, self.access) = of_decoded(&decoded, &self.audio).ok_or_else(no_clock)?;
        Ok(())
    }
}

fn by_decoding(
    ffmpeg: &Ffmpeg,
    file: &File,
    listing: &PacketListing,
    limits: &JobLimits,
    watch: &mut Watchdog,
) -> Result<(Timeline, FrameAccess), MediaError> {
    if let Some(coded) = listing.coded {
        check_pass(coded, listing.packets.len(), limits)?;
    }
    let decoded = decode_all(ffmpeg, file, listing.stream, limits, watch)?;
    of_decoded(&decoded, &listing.audio).ok_or_else(no_clock)
}

/// The same file would say as little again.
fn no_clock() -> MediaError {
    MediaError::NothingDecodes {
        detail: "its frames have no time base".to_owned(),
    }
}
