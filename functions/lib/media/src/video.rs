//! One video file: what it holds, and how its frames are reached.

use crate::extract::{self, Job};
use crate::index::decoded::decode_all;
use crate::index::first::{decode_first, display_size};
use crate::index::packets::{Audio, Listing, list};
use crate::index::shown::{Colour, ShownFrame};
use crate::index::timeline::{Access, frame_rate, of_decoded, of_packets};
use crate::process::Watch;
use crate::{Ffmpeg, Limits, MediaError, Picture, Stop};
use plan::{Size, Timeline};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// An opened video. The file must stay as it is while this is in use.
#[derive(Debug, Clone)]
pub struct Video {
    pub(crate) path: PathBuf,
    pub(crate) stream: usize,
    pub(crate) seeks_exactly: bool,
    pub(crate) timeline: Timeline,
    pub(crate) access: Access,
    /// As decoded and rotated.
    pub(crate) shape: Size,
    pub(crate) colour: Colour,
    display: Size,
    codec: String,
    bytes: u64,
    audio: Vec<Audio>,
}

impl Video {
    /// Lists the frames of the file at `path` and decodes the first. Reads the whole file once,
    /// and decodes all of it only where its container does not tell the truth.
    ///
    /// # Errors
    /// Anything but [`MediaError::IndexUntrue`] and [`MediaError::Stopped`].
    pub fn open(ffmpeg: &Ffmpeg, path: &Path, limits: &Limits) -> Result<Self, MediaError> {
        let bytes = readable_bytes(path)?;
        let until = Instant::now() + limits.wall;
        let watch = || Watch::new(limits, until);
        let listing = list(ffmpeg, path, limits, &mut watch())?;
        within(listing.coded, limits)?;
        if listing.packets.is_empty() {
            let detail = "it holds none".to_owned();
            return Err(MediaError::NothingDecodes { detail });
        }
        let (first, frame) = decode_first(ffmpeg, path, listing.stream, limits, &mut watch())?;
        let (timeline, mut access) = match of_packets(&listing, first.clock, frame.pts) {
            Some(index) => index,
            None => by_decoding(ffmpeg, path, &listing, limits, &mut watch())?,
        };
        let no_seeks = needs_its_start(&listing, &frame);
        if no_seeks && let Access::Seek(keys) = &mut access {
            keys.clear();
        }
        Ok(Self {
            path: path.to_owned(),
            stream: listing.stream,
            seeks_exactly: listing.header.seeks_exactly() && !no_seeks,
            timeline,
            access,
            shape: Size {
                width: frame.width.max(1),
                height: frame.height.max(1),
            },
            colour: first.colour,
            display: display_size(&frame),
            codec: listing.codec,
            bytes,
            audio: listing.audio,
        })
    }

    /// Every frame and when it is shown.
    #[must_use]
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The size to show it at: rotation and sample aspect ratio applied.
    #[must_use]
    pub fn display(&self) -> Size {
        self.display
    }

    /// ffmpeg's name of the codec, such as `h264`.
    #[must_use]
    pub fn codec(&self) -> &str {
        &self.codec
    }

    /// Frames per second on average.
    #[must_use]
    pub fn frame_rate(&self) -> f64 {
        frame_rate(&self.timeline)
    }

    /// Size of the file.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How frames are reached: `seek` (by the container's index) or `decode` (from the start).
    #[must_use]
    pub fn path_taken(&self) -> &'static str {
        match &self.access {
            Access::Seek(keys) if !keys.is_empty() => "seek",
            _ => "decode",
        }
    }

    /// Lists the frames anew by decoding all of the video: the answer to
    /// [`MediaError::IndexUntrue`]. Indices into the old timeline mean nothing in the new one.
    ///
    /// # Errors
    /// As [`Video::open`].
    pub fn relist_by_decoding(
        &mut self,
        ffmpeg: &Ffmpeg,
        limits: &Limits,
    ) -> Result<(), MediaError> {
        let mut watch = Watch::new(limits, Instant::now() + limits.wall);
        let decoded = decode_all(ffmpeg, &self.path, self.stream, limits, &mut watch)?;
        (self.timeline, self.access) = of_decoded(&decoded, &self.audio).ok_or_else(no_clock)?;
        Ok(())
    }

    /// Makes the pictures of the frames `wanted` (indices into the timeline's frames, rising,
    /// each once), scaled to exactly `size`, and gives them to `sink` in that order, each once.
    /// Returns the wanted frames that turned out to give no picture, rising: damaged ones, and
    /// only in a video that was listed by decoding.
    ///
    /// Memory stays at a few pictures per process, however many are wanted.
    ///
    /// # Errors
    /// [`MediaError::IndexUntrue`] where a listed frame does not come out of the decoder; the
    /// pictures given until then are good. [`MediaError::Stopped`] when `sink` says so.
    pub fn extract(
        &self,
        ffmpeg: &Ffmpeg,
        wanted: &[usize],
        size: Size,
        limits: &Limits,
        sink: &mut dyn FnMut(Picture) -> Result<(), Stop>,
    ) -> Result<Vec<usize>, MediaError> {
        let until = Instant::now() + limits.wall;
        extract::extract(
            &Job {
                video: self,
                ffmpeg,
                size,
                limits,
                until,
            },
            wanted,
            sink,
        )
    }
}

/// Older versions of the x264 encoder wrote H.264 4:4:4 wrongly. Decoders make up for it when
/// they know who encoded, which is said once, at the start: after a seek, pictures are garbage.
fn needs_its_start(listing: &Listing, frame: &ShownFrame) -> bool {
    listing.codec == "h264" && frame.full_chroma
}

fn by_decoding(
    ffmpeg: &Ffmpeg,
    path: &Path,
    listing: &Listing,
    limits: &Limits,
    watch: &mut Watch,
) -> Result<(Timeline, Access), MediaError> {
    let decoded = decode_all(ffmpeg, path, listing.stream, limits, watch)?;
    of_decoded(&decoded, &listing.audio).ok_or_else(no_clock)
}

fn no_clock() -> MediaError {
    MediaError::FfmpegFailed {
        detail: "it did not say the clock of its frames".to_owned(),
    }
}

fn readable_bytes(path: &Path) -> Result<u64, MediaError> {
    let trouble = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => MediaError::NotFound,
        ErrorKind::PermissionDenied => not_readable("permission denied"),
        _ => MediaError::Io(error),
    };
    let metadata = fs::metadata(path).map_err(trouble)?;
    if !metadata.is_file() {
        return Err(not_readable("it is not a regular file"));
    }
    File::open(path).map_err(trouble)?;
    if metadata.len() == 0 {
        return Err(MediaError::Unreadable {
            detail: "it is empty".to_owned(),
        });
    }
    Ok(metadata.len())
}

fn not_readable(reason: &str) -> MediaError {
    MediaError::NotReadable {
        reason: reason.to_owned(),
    }
}

/// Found out before anything that large is decoded.
fn within(coded: Option<Size>, limits: &Limits) -> Result<(), MediaError> {
    let limit = limits.max_pixels_per_frame;
    match coded {
        Some(Size { width, height }) if coded.is_some_and(|size| size.pixels() > limit) => {
            let pixels = u64::from(width) * u64::from(height);
            Err(MediaError::TooLarge {
                width,
                height,
                pixels,
                limit,
            })
        }
        _ => Ok(()),
    }
}
