//! A video whose frames ffmpeg's own demuxer lists.

use super::local::Local;
use super::{within, within_pixels};
use crate::extract::{self, Job};
use crate::index::decoded::decode_all;
use crate::index::first::{decode_first, display_size};
use crate::index::packets::{Audio, Listing, list};
use crate::index::shown::ShownFrame;
use crate::index::timeline::{Access, of_decoded, of_packets};
use crate::look::{Look, Output};
use crate::process::{Clock, Purse, Watch};
use crate::{Ffmpeg, MediaError, Picture, Stop, Target};
use plan::{Size, Timeline};
use std::fs::File;

#[derive(Debug, Clone)]
pub(crate) struct Listed {
    file: Local,
    pub(crate) stream: usize,
    pub(crate) seeks_exactly: bool,
    pub(crate) timeline: Timeline,
    pub(crate) access: Access,
    pub(crate) look: Look,
    pub(super) display: Size,
    pub(super) codec: String,
    audio: Vec<Audio>,
}

impl Listed {
    /// Lists the frames of `file` and decodes the first. Reads the whole file once, and decodes
    /// all of it only where its container does not tell the truth.
    pub(super) fn open(ffmpeg: &Ffmpeg, file: Local, limits: &Purse) -> Result<Self, MediaError> {
        let clock = Clock::start();
        let watch = || Watch::new(limits, &clock);
        let listing = list(ffmpeg, file.file(), limits, &mut watch())?;
        listing
            .coded
            .map_or(Ok(()), |coded| within(coded, limits))?;
        if listing.packets.is_empty() {
            let detail = "it holds none".to_owned();
            return Err(MediaError::NothingDecodes { detail });
        }
        let (first, frame) =
            decode_first(ffmpeg, file.file(), listing.stream, limits, &mut watch())?;
        let (timeline, mut access) = match of_packets(&listing, first.clock, frame.pts) {
            Some(index) => index,
            None => by_decoding(ffmpeg, file.file(), &listing, limits, &mut watch())?,
        };
        let no_seeks = needs_its_start(&listing, &frame);
        if no_seeks && let Access::Seek(keys) = &mut access {
            keys.clear();
        }
        Ok(Self {
            stream: listing.stream,
            seeks_exactly: listing.header.seeks_exactly() && !no_seeks,
            timeline,
            access,
            look: Look::new(&frame, first.colour),
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
    pub(super) fn seeks(&self) -> bool {
        matches!(&self.access, Access::Seek(keys) if !keys.is_empty())
    }

    /// Lists the frames anew by decoding all of the video.
    pub(super) fn relist_by_decoding(
        &mut self,
        ffmpeg: &Ffmpeg,
        limits: &Purse,
    ) -> Result<(), MediaError> {
        let mut watch = Watch::new(limits, &Clock::start());
        within_pixels(self.look.shape, self.timeline.frames().len(), limits)?;
        let decoded = decode_all(ffmpeg, self.file(), self.stream, limits, &mut watch)?;
        (self.timeline, self.access) = of_decoded(&decoded, &self.audio).ok_or_else(no_clock)?;
        Ok(())
    }

    pub(super) fn extract(
        &self,
        ffmpeg: &Ffmpeg,
        wanted: &[usize],
        target: Target,
        limits: &Purse,
        sink: &mut dyn FnMut(Picture) -> Result<(), Stop>,
    ) -> Result<Vec<usize>, MediaError> {
        let job = Job {
            video: self,
            ffmpeg,
            output: &Output::new(&self.look, target),
            limits,
            clock: &Clock::start(),
        };
        extract::extract(&job, wanted, sink)
    }
}

/// Older versions of the x264 encoder wrote H.264 4:4:4 wrongly. Decoders make up for it when
/// they know who encoded, which is said once, at the start: after a seek, pictures are garbage.
fn needs_its_start(listing: &Listing, frame: &ShownFrame) -> bool {
    listing.codec == "h264" && frame.full_chroma
}

fn by_decoding(
    ffmpeg: &Ffmpeg,
    file: &File,
    listing: &Listing,
    limits: &Purse,
    watch: &mut Watch,
) -> Result<(Timeline, Access), MediaError> {
    if let Some(coded) = listing.coded {
        within_pixels(coded, listing.packets.len(), limits)?;
    }
    let decoded = decode_all(ffmpeg, file, listing.stream, limits, watch)?;
    of_decoded(&decoded, &listing.audio).ok_or_else(no_clock)
}

/// The same file would say as little again.
fn no_clock() -> MediaError {
    MediaError::NothingDecodes {
        detail: "its frames have no clock".to_owned(),
    }
}
