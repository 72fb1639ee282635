//! A video whose frames ffmpeg's own demuxer lists.

use super::aspects::PixelAspects;
use super::decoded::decode_all;
use super::edits::{FrameEdits, matter};
use super::first_frame::decode_first;
use super::input_options::InputOptions;
use super::local_file::LocalFile;
use super::orientation::{Turning, coded_turn};
use super::packets::{file_bytes, list, list_unedited};
use super::scrambled::ScrambledFile;
use super::timeline::{FrameAccess, of_decoded, of_packets};
use crate::MediaError;
use crate::frame_format::FrameFormat;
use crate::frame_limits::{check_frame, check_pass};
use crate::track_traits::{TrackTraits, turned_aspect};
use container::parameter_sets::read_at;
use container::ts::ClearParts;
use container::{Codec, MediaEdits, PictureLayout, TrackSettings};
use decoder::{
    AudioTrack, CallClock, Ffmpeg, FirstShown, JobLimits, PacketListing, SeenFrame, Watchdog,
};
use plan::gaps::{has_holes, usual_gap};
use plan::{EditedTimeline, QuarterTurn, SampleLimit, Timeline, TimelineFrame};
use std::fs::File;

#[derive(Debug, Clone)]
pub(crate) struct ListedVideo {
    file: LocalFile,
    pub(crate) stream: usize,
    pub(crate) options: InputOptions,
    pub(crate) seeks_exactly: bool,
    /// ffmpeg may seek so much earlier than it is told to.
    pub(crate) seek_lead_us: i64,
    /// As listed.
    pub(crate) timeline: Timeline,
    edits: Option<FrameEdits>,
    /// As it is to be seen, where edits make another one of it.
    pub(crate) edited: Option<EditedTimeline>,
    pub(crate) access: FrameAccess,
    /// Of the first frame.
    pub(crate) format: FrameFormat,
    pub(crate) traits: TrackTraits,
    pub(crate) codec: String,
    aspects: PixelAspects,
    /// Where something of it is scrambled: what is not.
    clear: Option<ClearParts>,
    audio: Vec<AudioTrack>,
    /// The decoder is at most so many frames ahead of what is told of them.
    pub(crate) runs_ahead: u32,
    begins_at_a_cut: bool,
    /// Damage of which the decoder says nothing is looked for.
    pub(crate) is_doubtful: bool,
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
    /// Some of them may be lost, and what they hold.
    Incomplete,
}

impl ListedVideo {
    /// Lists the frames of `file` and decodes the first. Reads the whole file once, and decodes
    /// all of it only where its container does not tell the truth.
    pub(crate) fn open(
        ffmpeg: &Ffmpeg,
        file: LocalFile,
        times: PacketTimes,
        settings: &dyn Fn(usize) -> Result<Option<TrackSettings>, MediaError>,
        limits: &JobLimits,
    ) -> Result<Self, MediaError> {
        let clock = CallClock::start();
        let watch = || Watchdog::new(limits, &clock);
        let (listing, scrambled, aspects_change) =
            look_over(ffmpeg, file.file(), limits, &mut watch())?;
        let most_units = SampleLimit::of(limits, file_bytes(file.file())).count;
        let clear = scrambled.clear_parts(file.file(), &listing, most_units)?;
        listing
            .coded
            .map_or(Ok(()), |coded| check_frame(coded, limits))?;
        if listing.packets.is_empty() {
            let detail = "it holds none".to_owned();
            return Err(MediaError::NothingDecodes { detail });
        }
        let (layout, described, edits) = match settings(listing.stream)? {
            Some(TrackSettings {
                layout,
                aspects,
                edits,
            }) => (Some(layout), aspects, edits),
            None => (None, Vec::new(), None),
        };
        let are_wrong = times == PacketTimes::Wrong;
        let edits = edits.filter(|edits| matter(edits, &listing, are_wrong));
        let (listing, edits) = edited(ffmpeg, file.file(), listing, edits, limits, &mut watch())?;
        let video = (listing.stream, &*listing.codec);
        let own_turn = match listing.header.tells_turns() {
            true => coded_turn(ffmpeg, file.file(), video, limits, &mut watch())?,
            false => Some(own_turn(file.file(), &listing.codec)?),
        };
        let turning = turning(ffmpeg, &listing, own_turn);
        let options = InputOptions::new(ffmpeg, turning, edits.is_some());
        let first = decode_first(ffmpeg, file.file(), &listing, options, limits, &mut watch());
        let (first, mut frame) = first.map_err(|error| scrambled.blamed(error))?;
        let shown = FirstShown {
            clock: first.clock,
            pts: frame.pts,
            complaints: first.complaints,
        };
        let (listed, lost) = match times {
            _ if first.is_one_of_several => (None, Vec::new()),
            PacketTimes::Believed | PacketTimes::Incomplete => {
                let lost = listing.lost_frames(shown);
                (of_packets(&listing, shown, &lost), lost)
            }
            PacketTimes::Wrong => (None, Vec::new()),
        };
        let (timeline, mut access, has_complained) = match listed {
            Some((timeline, access)) => (timeline, access, false),
            None => by_decoding(
                ffmpeg,
                file.file(),
                (&listing, &lost),
                options,
                limits,
                &mut watch(),
            )?,
        };
        let timeline = with_scrambled(timeline, &access, clear.as_ref())?;
        let aspects = match listing.header.seeks_exactly() {
            // The container says it itself, of what is left of a picture that it crops.
            true if described.is_empty() => {
                PixelAspects::constant(layout.as_ref().and_then(cropped_aspect))
            }
            true => PixelAspects::described(&described, &listing, layout.as_ref()),
            false if listing.header.container == "dv" => {
                PixelAspects::of_dv(file.file(), &listing)?
            }
            false if !aspects_change => PixelAspects::default(),
            false => PixelAspects::read(ffmpeg, file.file(), video, limits, &mut watch())?,
        };
        frame.sar = aspects.at(frame.pts).unwrap_or(frame.sar);
        let mut traits = layout.map_or(first.traits, |layout| first.traits.in_container(&layout));
        traits.own_turn = own_turn.unwrap_or_default();
        traits.is_dolby_vision_5 = listing.header.is_dolby_vision_5(listing.stream);
        let no_seeks = frame.needs_its_start(&listing.codec) || listing.marks_all_as_keys();
        if no_seeks && let FrameAccess::Seek(keys) = &mut access {
            keys.clear();
        }
        Ok(Self {
            begins_at_a_cut: begins_at_a_cut(&listing, &timeline),
            is_doubtful: has_complained || is_doubtful(&listing, &timeline, times),
            runs_ahead: listing.runs_ahead(ffmpeg.version.queues_output()),
            stream: listing.stream,
            options,
            seek_lead_us: listing.header.seek_lead_us(),
            seeks_exactly: listing.header.seeks_exactly() && !no_seeks,
            edited: edits.as_ref().and_then(|edits| edits.of(&timeline)),
            edits,
            timeline,
            access,
            format: first.format(&frame, &traits),
            traits,
            codec: listing.codec,
            aspects,
            clear,
            audio: listing.audio,
            lost,
            file,
        })
    }

    /// Whether what comes first refers to nothing that is not there: neither to what is scrambled
    /// nor to what lies before a cut.
    pub(crate) fn begins_whole(&self) -> bool {
        self.clear.is_none() && !self.begins_at_a_cut
    }

    /// Whether a frame of the timeline needs what is scrambled.
    pub(crate) fn needs_key(&self, frame: usize) -> bool {
        let pts = self.timeline.frames().get(frame).map(|frame| frame.pts);
        let clear = self.clear.as_ref().zip(pts);
        clear.is_some_and(|(clear, pts)| !clear.has(pts))
    }

    pub(crate) fn file(&self) -> &File {
        self.file.file()
    }

    /// The timeline of what is to be seen.
    pub(crate) fn shown(&self) -> &Timeline {
        let edited = self.edited.as_ref();
        edited.map_or(&self.timeline, EditedTimeline::timeline)
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
            (self.stream, self.options),
            limits,
            &mut watch,
        )?;
        let (timeline, access) =
            of_decoded(&decoded, &self.audio, &self.lost).ok_or_else(no_clock)?;
        self.timeline = with_scrambled(timeline, &access, self.clear.as_ref())?;
        self.access = access;
        self.is_doubtful |= decoded.has_complained;
        let edits = self.edits.as_ref();
        self.edited = edits.and_then(|edits| edits.of(&self.timeline));
        Ok(())
    }
}

/// Lists a file, and reads it once for what its demuxer does not tell: what is scrambled, and whether
/// its parameter sets tell several shapes of a pixel.
fn look_over(
    ffmpeg: &Ffmpeg,
    file: &File,
    limits: &JobLimits,
    watch: &mut Watchdog,
) -> Result<(PacketListing, ScrambledFile, bool), MediaError> {
    let listing = match list(ffmpeg, file, limits, watch) {
        Ok(listing) => listing,
        Err(error) => return Err(ScrambledFile::of(file)?.blamed(error)),
    };
    let sets = PixelAspects::sets(ffmpeg, &listing);
    let (scrambled, aspects_change) = ScrambledFile::with_sets(file, sets)?;
    Ok((listing, scrambled, aspects_change))
}

fn turning(ffmpeg: &Ffmpeg, listing: &PacketListing, own: Option<QuarterTurn>) -> Turning {
    match (listing.header.tells_turns(), own) {
        (true, None) if listing.header.is_tilted(listing.stream) => Turning::Own,
        (true, None) => Turning::Ffmpeg,
        (true, Some(_)) => Turning::of_both(ffmpeg, &listing.codec),
        (false, _) => Turning::Own,
    }
}

/// Whether pictures may be lost without a word. Where those of H.264 contradict their times, a keyframe
/// may be; and no demuxer tells of holes in an MPEG program stream.
fn is_doubtful(listing: &PacketListing, timeline: &Timeline, times: PacketTimes) -> bool {
    match times {
        PacketTimes::Incomplete => true,
        PacketTimes::Wrong => listing.codec == "h264",
        PacketTimes::Believed => listing.header.container == "mpeg" && has_holes(timeline.frames()),
    }
}

/// Whether packets whose keyframe is gone come before the first frame that is shown.
fn begins_at_a_cut(listing: &PacketListing, timeline: &Timeline) -> bool {
    let first = listing.packets.first();
    let shows_key_first = timeline.frames().first().is_some_and(|frame| frame.sync);
    shows_key_first && !first.is_some_and(|packet| packet.is_key())
}

/// Nothing tells which frames are clear where not even their times tell them apart.
fn with_scrambled(
    timeline: Timeline,
    access: &FrameAccess,
    clear: Option<&ClearParts>,
) -> Result<Timeline, MediaError> {
    match (clear, access) {
        (None, _) => Ok(timeline),
        (Some(_), FrameAccess::Numbers(_)) => Err(MediaError::Encrypted),
        (Some(clear), FrameAccess::Seek(_) | FrameAccess::Times) => clear
            .with_scrambled(&timeline, usual_gap(timeline.frames()))
            .ok_or(MediaError::Encrypted),
    }
}

/// Lists the packets without edits, where ours show something else than those of ffmpeg.
fn edited(
    ffmpeg: &Ffmpeg,
    file: &File,
    listing: PacketListing,
    edits: Option<MediaEdits>,
    limits: &JobLimits,
    watch: &mut Watchdog,
) -> Result<(PacketListing, Option<FrameEdits>), MediaError> {
    let edits = edits.filter(|_| listing.header.has_edits());
    let Some(edits) = edits else {
        return Ok((listing, None));
    };
    let unedited = list_unedited(ffmpeg, file, limits, watch, listing.stream)?;
    let most = SampleLimit::of(limits, file_bytes(file)).count;
    let edits = FrameEdits::new(edits, &unedited, listing.audio.clone(), most);
    Ok(match edits {
        Some(edits) => (unedited, Some(edits)),
        None => (listing, None),
    })
}

/// The shape of a pixel of a picture that the container crops. ffmpeg tells that of the whole
/// picture in some versions.
fn cropped_aspect(layout: &PictureLayout) -> Option<(u32, u32)> {
    let aspect = layout.sample_aspect_ratio.filter(|_| layout.crop.is_some());
    aspect.map(|aspect| turned_aspect(aspect, layout))
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
    options: InputOptions,
    limits: &JobLimits,
    watch: &mut Watchdog,
) -> Result<(Timeline, FrameAccess, bool), MediaError> {
    if let Some(coded) = listing.coded {
        check_pass(coded, listing.packets.len(), limits)?;
    }
    let decoded = decode_all(ffmpeg, file, (listing.stream, options), limits, watch)?;
    let (timeline, access) = of_decoded(&decoded, &listing.audio, lost).ok_or_else(no_clock)?;
    Ok((timeline, access, decoded.has_complained))
}

/// The same file would say as little again.
fn no_clock() -> MediaError {
    MediaError::NothingDecodes {
        detail: "its frames have no time base".to_owned(),
    }
}
