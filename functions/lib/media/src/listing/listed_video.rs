//! A video whose frames ffmpeg's own demuxer lists.

use super::aspects::PixelAspects;
use super::decoded::decode_all;
use super::first_frame::decode_first;
use super::local_file::LocalFile;
use super::packets::{AudioTrack, PacketListing, list};
use super::parameter_sets::read_at;
use super::seen_frames::SeenFrame;
use super::timeline::{FirstShown, FrameAccess, lost_frames, of_decoded, of_packets};
use crate::MediaError;
use crate::frame_format::FrameFormat;
use crate::frame_limits::{check_frame, check_pass};
use crate::quarter_turn::QuarterTurn;
use crate::track_traits::TrackTraits;
use container::{Codec, bitstream, ts};
use decoder::{CallClock, Ffmpeg, JobLimits, Watchdog};
use plan::clock::reorder_depth;
use plan::{Timeline, TimelineFrame};
use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::FileExt;

#[derive(Debug, Clone)]
pub(crate) struct ListedVideo {
    file: LocalFile,
    pub(crate) stream: usize,
    /// ffmpeg turns frames as they say.
    pub(crate) turns_itself: bool,
    pub(crate) seeks_exactly: bool,
    /// ffmpeg may seek so much earlier than it is told to.
    pub(crate) seek_lead_us: i64,
    pub(crate) timeline: Timeline,
    pub(crate) access: FrameAccess,
    /// Of the first frame.
    pub(crate) format: FrameFormat,
    pub(crate) traits: TrackTraits,
    pub(crate) codec: String,
    aspects: PixelAspects,
    audio: Vec<AudioTrack>,
    /// The decoder is at most so many frames ahead of what is told of them.
    pub(crate) runs_ahead: u32,
    /// Frames that are part of the video and never come.
    lost: Vec<TimelineFrame>,
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
        let scrambled = ts::scrambled_videos(&mut |at, into| file.file().read_at(into, at))?;
        let listing = list(ffmpeg, file.file(), limits, &mut watch());
        let listing = listing.map_err(|error| match error {
            error if error.is_permanent() && !scrambled.is_empty() => MediaError::Encrypted,
            error => error,
        })?;
        if is_scrambled(&scrambled, &listing) {
            return Err(MediaError::Encrypted);
        }
        listing
            .coded
            .map_or(Ok(()), |coded| check_frame(coded, limits))?;
        if listing.packets.is_empty() {
            let detail = "it holds none".to_owned();
            return Err(MediaError::NothingDecodes { detail });
        }
        let (first, mut frame) = decode_first(ffmpeg, file.file(), &listing, limits, &mut watch())?;
        let shown = FirstShown {
            clock: first.clock,
            pts: frame.pts,
            complaints: first.complaints,
        };
        let (listed, lost) = match times {
            PacketTimes::Believed => {
                let lost = lost_frames(&listing, shown);
                (of_packets(&listing, shown, &lost), lost)
            }
            PacketTimes::Wrong => (None, Vec::new()),
        };
        let (timeline, mut access) = match listed {
            Some(index) => index,
            None => by_decoding(ffmpeg, file.file(), (&listing, &lost), limits, &mut watch())?,
        };
        let aspects = match listing.header.seeks_exactly() {
            // The container says it itself.
            true => PixelAspects::default(),
            false => {
                let video = (listing.stream, &*listing.codec);
                PixelAspects::read(ffmpeg, file.file(), video, limits, &mut watch())?
            }
        };
        frame.sar = aspects.at(frame.pts).unwrap_or(frame.sar);
        let mut traits = first.traits;
        if !listing.header.turns_itself() {
            traits.own_turn = own_turn(file.file(), &listing.codec)?;
        }
        traits.is_dolby_vision_5 = listing.header.is_dolby_vision_5(listing.stream);
        let no_seeks = frame.needs_its_start(&listing.codec);
        if no_seeks && let FrameAccess::Seek(keys) = &mut access {
            keys.clear();
        }
        Ok(Self {
            runs_ahead: runs_ahead(&listing, ffmpeg),
            stream: listing.stream,
            turns_itself: listing.header.turns_itself(),
            seek_lead_us: listing.header.seek_lead_us(),
            seeks_exactly: listing.header.seeks_exactly() && !no_seeks,
            timeline,
            access,
            format: first.format(&frame, &traits),
            traits,
            codec: listing.codec,
            aspects,
            audio: listing.audio,
            lost,
            file,
        })
    }

    pub(crate) fn file(&self) -> &File {
        self.file.file()
    }

    /// How a frame that came out of the decoder is made a picture.
    pub(crate) fn format_of(&self, frame: &SeenFrame) -> FrameFormat {
        let mut info = frame.info;
        info.sar = self.aspects.at(info.pts).unwrap_or(info.sar);
        FrameFormat::new(&info, frame.colour, &self.traits)
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
        let decoded = decode_all(
            ffmpeg,
            self.file(),
            (self.stream, self.turns_itself),
            limits,
            &mut watch,
        )?;
        (self.timeline, self.access) =
            of_decoded(&decoded, &self.audio, &self.lost).ok_or_else(no_clock)?;
        Ok(())
    }
}

/// Decoders hold frames back to put them in order. One on a thread of its own has others wait
/// for the filters, too.
fn runs_ahead(listing: &PacketListing, ffmpeg: &Ffmpeg) -> u32 {
    /// With as many as there may be at a filter, and some on the way.
    const QUEUED: u32 = 15;
    let most = most_held(&listing.codec);
    // The one that is decoded may be shown after as many as are held back.
    let depth = reorder_depth(listing.packets.iter().map(|packet| packet.pts));
    let held = 2 * depth.unwrap_or(most).min(most);
    let queued = match ffmpeg.version.queues_output() {
        true => QUEUED,
        false => 0,
    };
    held + 1 + queued
}

/// How many frames a decoder may hold back.
fn most_held(codec: &str) -> u32 {
    match codec {
        "h264" | "hevc" | "vvc" => 16,
        _ => 1,
    }
}

/// Nothing tells which frames of a video that is scrambled anywhere are not.
fn is_scrambled(scrambled: &BTreeSet<u16>, listing: &PacketListing) -> bool {
    let id = listing.header.id(listing.stream);
    let is_it = |id: u32| scrambled.iter().any(|&video| u32::from(video) == id);
    id.is_some_and(is_it) || (listing.packets.is_empty() && !scrambled.is_empty())
}

/// How the pictures of a byte stream are to be turned: as the first says that says anything.
fn own_turn(file: &File, codec: &str) -> Result<QuarterTurn, MediaError> {
    const HEAD_BYTES: usize = 1 << 20;
    let codec = match codec {
        "h264" => Codec::H264 { length_bytes: 4 },
        "hevc" => Codec::Hevc { length_bytes: 4 },
        _ => return Ok(QuarterTurn::default()),
    };
    let mut head = vec![0; HEAD_BYTES];
    let read = read_at(file, &mut head, 0)?;
    let matrix = bitstream::display_orientation_in_stream(codec, &head[..read]);
    let turn = matrix.and_then(|matrix| QuarterTurn::of(&matrix));
    Ok(turn.unwrap_or_default())
}

fn by_decoding(
    ffmpeg: &Ffmpeg,
    file: &File,
    (listing, lost): (&PacketListing, &[TimelineFrame]),
    limits: &JobLimits,
    watch: &mut Watchdog,
) -> Result<(Timeline, FrameAccess), MediaError> {
    if let Some(coded) = listing.coded {
        check_pass(coded, listing.packets.len(), limits)?;
    }
    let decoded = decode_all(
        ffmpeg,
        file,
        (listing.stream, listing.header.turns_itself()),
        limits,
        watch,
    )?;
    of_decoded(&decoded, &listing.audio, lost).ok_or_else(no_clock)
}

/// The same file would say as little again.
fn no_clock() -> MediaError {
    MediaError::NothingDecodes {
        detail: "its frames have no time base".to_owned(),
    }
}
