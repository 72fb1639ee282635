//! The packets of a video as its container lists them, without decoding.

use crate::MediaError;
use decoder::{CapturedRun, Ffmpeg, InputHeader, PacketListing, capture};
use decoder::{Invocation, JobLimits, StderrLog, Watchdog};
use plan::{Budget, Limits, SampleLimit, TooManySamples};
use std::fs::File;

/// Has the demuxer list an MP4's samples as if it had no edit lists. No other demuxer knows it.
pub(super) const IGNORE_EDITS: [&str; 2] = ["-ignore_editlist", "1"];

/// Each stream that is looked at costs reading the whole file.
const MOST_VIDEOS: usize = 4;

/// Lists the packets of the video, and where the sound ends. Of several videos it is the first
/// that moves, as of those in an index: see [`container::index`].
pub(crate) fn list(
    ffmpeg: &Ffmpeg,
    input: &File,
    limits: &JobLimits,
    watch: &mut Watchdog,
) -> Result<PacketListing, MediaError> {
    let first = list_stream(ffmpeg, input, limits, watch, None)?;
    let (videos, mut first) = (first.header.videos(), Some(first));
    let mut best: Option<PacketListing> = None;
    for stream in videos.into_iter().take(MOST_VIDEOS) {
        let listing = match first.take_if(|first| first.stream == stream) {
            Some(listing) => Ok(listing),
            None => list_stream(ffmpeg, input, limits, watch, Some(stream)),
        };
        let known = best.as_ref().map_or(0, |best| best.packets.len());
        match listing {
            Ok(listing) if best.is_none() || listing.packets.len() > known => best = Some(listing),
            Err(error) if known == 0 => return Err(error),
            _ => {}
        }
        if best.as_ref().is_some_and(|best| best.packets.len() > 1) {
            break;
        }
    }
    best.or(first).ok_or(MediaError::NoVideo)
}

/// Which sound is listed beside the video. It tells how long the file lasts and nothing else, so
/// it is left out where ffmpeg cannot copy it.
#[derive(Debug, Clone)]
enum Sound {
    All,
    /// After a longer look for what it is. A broadcast may tell so many seconds after its start.
    AllProbedFurther,
    /// These streams.
    Known(Vec<usize>),
}

impl Sound {
    fn probing(&self) -> &'static [&'static str] {
        match self {
            Self::All => &[],
            Self::AllProbedFurther | Self::Known(_) => {
                &["-analyzeduration", "60M", "-probesize", "32M"]
            }
        }
    }

    fn maps(&self) -> Vec<String> {
        match self {
            Self::All | Self::AllProbedFurther => vec!["0:a?".to_owned()],
            Self::Known(streams) => streams.iter().map(|n| format!("0:{n}")).collect(),
        }
    }

    /// What is left to be tried where not even a header could be written.
    fn next(&self, header: &InputHeader) -> Option<Self> {
        match self {
            Self::All => Some(Self::AllProbedFurther),
            Self::AllProbedFurther => Some(Self::Known(header.known_sounds().collect())),
            Self::Known(streams) => (!streams.is_empty()).then(|| Self::Known(Vec::new())),
        }
    }
}

fn list_stream(
    ffmpeg: &Ffmpeg,
    input: &File,
    limits: &JobLimits,
    watch: &mut Watchdog,
    stream: Option<usize>,
) -> Result<PacketListing, MediaError> {
    let mut sound = Sound::All;
    loop {
        let before = sound.probing();
        let (listing, diagnostics, success) =
            run(ffmpeg, input, limits, watch, (stream, sound.maps(), before))?;
        if listing.packets.is_empty() && !success {
            match sound.next(&listing.header) {
                Some(next) if diagnostics.mention(NO_HEADER) => sound = next,
                _ => return Err(why_nothing(&listing, &diagnostics, limits)),
            }
            continue;
        }
        if listing.too_many {
            return Err(too_many(SampleLimit::of(limits, file_bytes(input)), limits));
        }
        // A file that breaks off still shows what came before.
        return Ok(listing);
    }
}

/// Lists one stream of an MP4 as if it had no edit lists.
pub(super) fn list_unedited(
    ffmpeg: &Ffmpeg,
    input: &File,
    limits: &JobLimits,
    watch: &mut Watchdog,
    stream: usize,
) -> Result<PacketListing, MediaError> {
    let what = (Some(stream), Vec::new(), &IGNORE_EDITS[..]);
    let (listing, ..) = run(ffmpeg, input, limits, watch, what)?;
    match listing.too_many {
        true => Err(too_many(SampleLimit::of(limits, file_bytes(input)), limits)),
        false => Ok(listing),
    }
}

/// Where parameters of a stream are not known.
const NO_HEADER: &str = "Could not write header";

fn run(
    ffmpeg: &Ffmpeg,
    input: &File,
    limits: &JobLimits,
    watch: &mut Watchdog,
    (stream, sounds, before): (Option<usize>, Vec<String>, &[&str]),
) -> Result<(PacketListing, StderrLog, bool), MediaError> {
    let most = SampleLimit::of(limits, file_bytes(input));
    // A capital V leaves out cover art.
    let map = stream.map_or("0:V:0".to_owned(), |index| format!("0:{index}"));
    let maps = std::iter::once(map).chain(sounds);
    let invocation = Invocation::new(ffmpeg, input, limits, before)?
        .args(maps.flat_map(|map| ["-map".to_owned(), map]))
        // Also what comes before the first keyframe: it may be one whose headers are broken.
        .args(["-c", "copy", "-copyinkf:v", "-f", "framecrc", "pipe:1"]);
    let finished = capture(
        invocation,
        watch,
        PacketListing {
            most_packets: Some(most),
            ..PacketListing::default()
        },
        InputHeader::default(),
    )?;
    let CapturedRun {
        out: mut listing,
        err: header,
        diagnostics,
        status,
    } = finished;
    listing.stream = stream.or_else(|| header.first_video()).unwrap_or(0);
    listing.header = header;
    limits.check(Budget::Streams, listing.header.streams() as u64)?;
    Ok((listing, diagnostics, status.success()))
}

/// More was listed than is taken.
pub(super) fn too_many(most: SampleLimit, limits: &Limits) -> MediaError {
    match most.error() {
        TooManySamples::Budget(budget) => limits.exceeded(budget).into(),
        error @ TooManySamples::File => MediaError::Unreadable {
            detail: error.to_string(),
        },
    }
}

/// Of the file that is listed. Where nobody knows, the decoder's own end tells more.
pub(super) fn file_bytes(input: &File) -> u64 {
    input.metadata().map_or(u64::MAX, |file| file.len())
}

fn why_nothing(listing: &PacketListing, diagnostics: &StderrLog, limits: &JobLimits) -> MediaError {
    if listing.header.first_video().is_none() && diagnostics.mention("matches no streams") {
        return MediaError::NoVideo;
    }
    if diagnostics.lacked_memory() {
        return limits.exceeded(Budget::Memory).into();
    }
    MediaError::Unreadable {
        detail: diagnostics.detail(),
    }
}
