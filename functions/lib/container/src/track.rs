//! One video track as both kinds of containers tell it.

use crate::{Codec, DescribedSamples, PictureLayout, SamplePackaging};
use plan::{ClockRepair, CodedSample, Crop, EditList, Size, TimeBase};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// The display matrix of pictures that are shown as they are.
pub(crate) const UNITY: [i32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// Everything that is needed to choose, cut and decode.
#[derive(Clone, Serialize, Deserialize)]
pub struct VideoTrack {
    /// Its number among all tracks of the file, from 0, as ffmpeg counts streams.
    pub stream: usize,
    /// Of all times here.
    pub time_base: TimeBase,
    /// In decoding order.
    #[serde(skip)]
    pub samples: Vec<CodedSample>,
    /// Several parts of it, of which the presentation is made: then all times of samples are those of
    /// the media, and all samples count as shown. Each is seen once at most, in their order. None where
    /// their times are those of the presentation.
    #[serde(skip)]
    pub edits: Option<EditList>,
    /// Samples before which others are not known, as indices, rising: what comes before these
    /// must not be decoded together with them. None where all are known.
    #[serde(skip)]
    pub gaps: Vec<usize>,
    /// Samples may be encrypted, so that no demuxer that is not told so can be asked in place of
    /// this index: it gives pictures of noise.
    pub has_encryption: bool,
    /// When the last sample's showing ends, ticks.
    pub end_pts: i64,
    /// What the samples are coded in.
    pub codec: Codec,
    /// A visual sample entry of an MP4 `stsd`, whole, its header included: the source's own,
    /// or the one that an MP4 of the same video would have.
    pub entry: Vec<u8>,
    /// How the bytes of samples lie in the file: see [`VideoTrack::unpacked`].
    pub packaging: SamplePackaging,
    /// Where its samples are described in several ways; `entry` and what follows is the first.
    #[serde(skip)]
    pub described: DescribedSamples,
    /// As coded, px.
    pub coded: Size,
    /// What of the coded picture is shown, where the container says that it is not all. Nothing
    /// fed to the decoder says so again: versions of ffmpeg differ in whether they crop.
    pub crop: Option<Crop>,
    /// Shape of a pixel, width to height, where the container says so.
    pub sample_aspect_ratio: Option<(u32, u32)>,
    /// Width and height of the track header of an MP4, px, before rotation. Players scale the
    /// picture to them only where neither `sample_aspect_ratio` nor the bitstream says anything:
    /// see [`PictureLayout::aspect_ratio_of_header`].
    pub track_header_size: Option<(u32, u32)>,
    /// How pictures are turned and mirrored, by quarters only, as `tkhd` has it: 16.16 fixed point,
    /// the third column 2.30.
    pub matrix: [i32; 9],
    /// As the container says; none where it says nothing.
    pub colour: Option<ColourCodes>,
    /// Where the video is said to be Dolby Vision: its profile. Pictures of profile 5 have no
    /// colours that an ordinary decoder's output shows right.
    pub dolby_vision_profile: Option<u8>,
    /// The audio tracks of the file.
    pub sounds: Vec<SoundTrack>,
    /// What was done to the times that the container gives.
    pub repairs: Vec<ClockRepair>,
}

impl VideoTrack {
    /// A track of which a container tells no more than this: no samples yet, each of them packed as it is fed,
    /// shown as it is coded.
    pub(crate) fn plain(stream: usize, time_base: TimeBase, codec: Codec, coded: Size) -> Self {
        Self {
            stream,
            time_base,
            samples: Vec::new(),
            edits: None,
            gaps: Vec::new(),
            has_encryption: false,
            end_pts: 0,
            codec,
            entry: Vec::new(),
            packaging: SamplePackaging::Whole,
            described: DescribedSamples::default(),
            coded,
            crop: None,
            sample_aspect_ratio: None,
            track_header_size: None,
            matrix: UNITY,
            colour: None,
            dolby_vision_profile: None,
            sounds: Vec::new(),
            repairs: Vec::new(),
        }
    }

    /// Whether samples between `last` and `first`, a later one, are not known, encrypted or
    /// described otherwise.
    #[must_use]
    pub fn has_gap(&self, last: usize, first: usize) -> bool {
        self.lacks_samples(last, first)
            || self.needs_key(last..first)
            || self.changes_description(last, first)
    }

    /// Whether samples between `last` and `first`, a later one, are not known.
    #[must_use]
    pub fn lacks_samples(&self, last: usize, first: usize) -> bool {
        let until = |sample| self.gaps.partition_point(|&gap| gap <= sample);
        until(last) < until(first)
    }

    /// Whether one of these samples is encrypted.
    #[must_use]
    pub fn needs_key(&self, samples: Range<usize>) -> bool {
        let samples = self.samples.get(samples);
        self.has_encryption
            && samples.is_some_and(|samples| samples.iter().any(|sample| sample.encrypted))
    }

    /// What [`crate::track_settings`] says of any track.
    #[must_use]
    pub fn layout(&self) -> PictureLayout {
        PictureLayout {
            coded: self.coded,
            crop: self.crop,
            sample_aspect_ratio: self.sample_aspect_ratio,
            track_header_size: self.track_header_size,
            matrix: self.matrix,
        }
    }
}

impl VideoTrack {
    /// Whether its samples are described in several ways.
    #[must_use]
    pub fn has_several_descriptions(&self) -> bool {
        !self.described.all.is_empty()
    }

    /// The sample entry of a sample.
    #[must_use]
    pub fn entry_at(&self, sample: usize) -> &[u8] {
        let own = self.described.at(sample);
        own.map_or(&self.entry, |description| &description.entry)
    }

    /// How the pictures of a sample are laid out.
    #[must_use]
    pub fn layout_at(&self, sample: usize) -> PictureLayout {
        let whole = self.layout();
        self.described
            .at(sample)
            .map_or(whole, |description| PictureLayout {
                coded: description.coded,
                crop: description.crop,
                sample_aspect_ratio: description.sample_aspect_ratio,
                // It is that of one of several at best.
                track_header_size: None,
                ..whole
            })
    }

    /// Whether another description begins after `last` and not after `first`, a later sample: they
    /// are not for one decoder.
    #[must_use]
    pub fn changes_description(&self, last: usize, first: usize) -> bool {
        self.described.begun(last) < self.described.begun(first)
    }
}

impl fmt::Debug for VideoTrack {
    /// Without the samples: there may be millions.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Track")
            .field("stream", &self.stream)
            .field("codec", &self.codec)
            .field("coded", &self.coded)
            .field("samples", &self.samples.len())
            .finish_non_exhaustive()
    }
}

/// An audio track's end on the clock of the presentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoundTrack {
    /// Ticks of `time_base`.
    pub end_pts: i64,
    /// Of `end_pts`.
    pub time_base: TimeBase,
}

/// Code points of ITU-T H.273, as in `colr` of type `nclx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColourCodes {
    /// Table 2.
    pub primaries: u16,
    /// Table 3.
    pub transfer: u16,
    /// Table 4.
    pub matrix: u16,
    /// `VideoFullRangeFlag`; none where the container does not state it, and neither will ffmpeg.
    pub full_range: Option<bool>,
}
