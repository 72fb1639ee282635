//! What is known of the tracks before the first frame.

use super::ebml::{DAMAGED, elements};
use super::header::{self, TrackEntry};
use super::samples::SampleBuilder;
use super::scan::{FoundElement, SegmentScan};
use super::sound::SoundEnd;
use super::{entry, ids};
use crate::SamplePackaging;
use crate::clock::SampleClock;
use crate::error::NO_VIDEO;
use crate::fraction::greatest_divisor;
use crate::track::UNITY;
use crate::{
    Codec, DescribedSamples, IndexError, IntraCodec, PictureLayout, SoundTrack, VideoTrack,
};
use plan::SampleLimit;
use plan::{CodedSample, Size, TimeBase};

/// Nanoseconds in a tick, where nothing else is said.
const USUAL_SCALE_NS: u64 = 1_000_000;
const NS_PER_SECOND: u64 = 1_000_000_000;

/// All but the frames.
#[derive(Debug, Clone)]
pub(super) struct TrackHeaders {
    entries: Vec<TrackEntry>,
    /// The video among them.
    stream: usize,
    scale_ns: u64,
    pub(super) time_base: TimeBase,
    codec: Codec,
    coded: Size,
    entry: Vec<u8>,
    sample_aspect_ratio: Option<(u32, u32)>,
}

impl TrackHeaders {
    /// Reads all that comes before the first cluster, or all of it that is needed.
    /// `streams`: the most there may be. Of the videos that a player prefers, takes the one after
    /// `passed_over`.
    pub(super) fn read(
        scan: &mut SegmentScan<'_>,
        streams: usize,
        passed_over: usize,
    ) -> Result<Self, IndexError> {
        let (scale_ns, entries) = head(scan, streams)?;
        let videos = header::videos(&entries);
        let stream = *videos.get(passed_over).ok_or(NO_VIDEO)?;
        let video = &entries[stream];
        video.check()?;
        let codec = entry::codec(video)?;
        let coded = video.picture.coded()?;
        let facts = Self {
            stream,
            scale_ns,
            time_base: ticks(scale_ns)?,
            codec,
            coded,
            entry: entry::sample_entry(video, codec, coded)?,
            sample_aspect_ratio: video.picture.sample_aspect_ratio()?,
            entries,
        };
        scan.wanted = facts.video().number;
        Ok(facts)
    }

    /// How many videos there are.
    pub(super) fn videos(&self) -> usize {
        header::videos(&self.entries).len()
    }

    pub(super) fn video(&self) -> &TrackEntry {
        &self.entries[self.stream]
    }

    pub(super) fn clock(&self) -> SampleClock {
        SampleClock::new(self.codec, self.time_base)
    }

    pub(super) fn samples(&self, most: SampleLimit) -> SampleBuilder {
        SampleBuilder::new(self.scale_ns, self.video(), self.codec, most)
    }

    pub(super) fn endings(&self) -> Vec<SoundEnd> {
        let sounding = self.entries.iter().filter(|entry| entry.is_sound());
        sounding.map(SoundEnd::new).collect()
    }

    /// Adds what `scan` comes by until its end.
    pub(super) fn collect(
        &self,
        scan: &mut SegmentScan<'_>,
        samples: &mut SampleBuilder,
        endings: &mut [SoundEnd],
    ) -> Result<(), IndexError> {
        self.collect_until(scan, samples, endings, &mut |_| false)
            .map(|_| ())
    }

    /// The same, or until `is_enough` says so of the frames so far; whether it came to the end.
    pub(super) fn collect_until(
        &self,
        scan: &mut SegmentScan<'_>,
        samples: &mut SampleBuilder,
        endings: &mut [SoundEnd],
        is_enough: &mut dyn FnMut(&[CodedSample]) -> bool,
    ) -> Result<bool, IndexError> {
        while let Some(found) = scan.step()? {
            let FoundElement::Frames(frames) = found else {
                return Err(IndexError::Unsupported("it has several headers"));
            };
            if frames.track == self.video().number {
                samples.add(&frames)?;
                if is_enough(samples.so_far()) {
                    return Ok(false);
                }
            } else if let Some(ending) = endings.iter_mut().find(|end| end.track == frames.track) {
                ending.extend(&frames, self.scale_ns);
            }
        }
        Ok(true)
    }

    pub(super) fn track(
        self,
        samples: Vec<CodedSample>,
        end_pts: i64,
        endings: &[SoundEnd],
    ) -> VideoTrack {
        let ends = endings
            .iter()
            .filter_map(|ending| ending.end(self.scale_ns));
        let time_base = self.time_base;
        VideoTrack {
            packaging: match self.codec {
                Codec::Intra(IntraCodec::ProRes) => SamplePackaging::BareProRes,
                _ => SamplePackaging::Whole,
            },
            edits: None,
            stream: self.stream,
            time_base,
            samples,
            gaps: Vec::new(),
            has_encryption: self.video().has_encryption(),
            end_pts,
            codec: self.codec,
            described: DescribedSamples::default(),
            coded: self.coded,
            crop: self.video().picture.crop(),
            sample_aspect_ratio: self.sample_aspect_ratio,
            track_header_size: None,
            matrix: UNITY,
            colour: self.video().picture.colour,
            dolby_vision_profile: self.video().dolby_vision_profile,
            repairs: Vec::new(),
            sounds: ends
                .map(|end_pts| SoundTrack { end_pts, time_base })
                .collect(),
            entry: self.entry,
        }
    }
}

/// Whether a video of the file may be encrypted, however little else of it can be read.
pub(super) fn mentions_encryption(scan: &mut SegmentScan<'_>, streams: usize) -> bool {
    let read = head(scan, streams);
    read.is_ok_and(|(_, entries)| entries.iter().any(TrackEntry::has_encryption))
}

/// How the pictures of any track are laid out, by its number among the streams.
pub(super) fn layout(
    scan: &mut SegmentScan<'_>,
    streams: usize,
    stream: usize,
) -> Result<PictureLayout, IndexError> {
    let (_, entries) = head(scan, streams)?;
    entries.get(stream).ok_or(NO_VIDEO)?.picture.layout()
}

fn head(scan: &mut SegmentScan<'_>, streams: usize) -> Result<(u64, Vec<TrackEntry>), IndexError> {
    let (mut scale_ns, mut entries) = (None, None);
    while scale_ns.is_none() || entries.is_none() {
        match scan.step()? {
            Some(FoundElement::Info(info)) if scale_ns.is_none() => scale_ns = Some(scale(&info)?),
            Some(FoundElement::Tracks(tracks)) if entries.is_none() => {
                entries = Some(header::parse(&tracks, streams)?);
            }
            _ => return Err(IndexError::Unsupported("its header is not whole")),
        }
    }
    scale_ns.zip(entries).ok_or(DAMAGED)
}

/// `TimestampScale`, ns.
fn scale(info: &[u8]) -> Result<u64, IndexError> {
    let mut scale_ns = USUAL_SCALE_NS;
    for element in elements(info) {
        let element = element?;
        if element.id == ids::TIMESTAMP_SCALE {
            scale_ns = element.unsigned()?;
        }
    }
    ticks(scale_ns)?;
    Ok(scale_ns)
}

fn ticks(scale_ns: u64) -> Result<TimeBase, IndexError> {
    let shared = greatest_divisor(scale_ns, NS_PER_SECOND);
    let part = |part: u64| u32::try_from(part / shared).ok();
    let ticks = part(scale_ns).zip(part(NS_PER_SECOND));
    ticks
        .and_then(|(num, den)| TimeBase::new(num, den))
        .ok_or(IndexError::Unsupported("its clock is out of range"))
}
