//! What a job is to take, as meant: valid, typed, with units. The wire form is read elsewhere.

use crate::animation::AnimationSpec;
use crate::storyboard_format::StoryboardFormat;
use serde::{Deserialize, Serialize};

pub use crate::image_format::ImageFormat;

/// What one snapshot job takes from its video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotSpec {
    /// The time points.
    pub points: PointSpec,
    /// Picture width in px, display space.
    pub width: Option<u32>,
    /// Picture height in px, display space.
    pub height: Option<u32>,
    /// Which frame stands for a time point.
    pub frame_type: FrameType,
    /// Tile the pictures into sprite sheets.
    pub sprite: Option<SpriteSpec>,
    /// Make one animated image, and no pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub animation: Option<AnimationSpec>,
    /// What pictures and sheets are written as.
    #[serde(default, skip_serializing_if = "ImageFormat::is_default")]
    pub image_format: ImageFormat,
}

impl SnapshotSpec {
    /// Whether the pictures themselves are stored, and not only the sheets made of them.
    #[must_use]
    pub fn keeps_pictures(&self) -> bool {
        let sprite = self.sprite.as_ref();
        self.animation.is_none() && sprite.is_none_or(|sprite| sprite.keep_cell_pic)
    }
}

/// Time points relative to the first frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PointSpec {
    /// `Interval=0`: `count` points spread evenly from the offset to the end.
    Evenly {
        /// How many.
        count: u32,
        /// Start, ms.
        offset_ms: u64,
    },
    /// From the offset, every `interval_s` seconds, to the end or to `count` points.
    Every {
        /// Step, s; never 0.
        interval_s: u64,
        /// The most points; none: until the end of the video.
        count: Option<u32>,
        /// Start, ms.
        offset_ms: u64,
    },
    /// Exactly these, in this order, duplicates kept.
    At {
        /// ms each.
        times_ms: Vec<u64>,
    },
    /// At even steps from the first frame on, which the duration of the video decides.
    Automatic,
    /// Finer than the wire has them, or measured by the video: no call of the API asks for these.
    Fine(FinePoints),
}

/// Time points by lengths that may be parts of the video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FinePoints {
    /// As [`PointSpec::Evenly`].
    Evenly {
        /// How many.
        count: u32,
        /// Start.
        offset: TimeLength,
    },
    /// As [`PointSpec::Every`].
    Every {
        /// Step; never of no length.
        step: TimeLength,
        /// The most points; none: until the end of the video.
        count: Option<u32>,
        /// Start.
        offset: TimeLength,
    },
    /// As [`PointSpec::At`].
    At {
        /// After the first frame.
        times: Vec<TimeLength>,
    },
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeLength {
    /// Microseconds.
    Us(u64),
    /// Millionths of the video's duration.
    PartsPerMillion(u32),
}

impl TimeLength {
    /// Whether it is no time at all, whatever the video.
    #[must_use]
    pub fn is_zero(self) -> bool {
        matches!(self, Self::Us(0) | Self::PartsPerMillion(0))
    }
}

impl PointSpec {
    /// What Count, Interval and SpecifiedOffsetTime mean together; the Interval's default is
    /// the caller's to fill in.
    #[must_use]
    pub fn spread(count: Option<u32>, interval_s: u64, offset_ms: u64) -> Self {
        match interval_s {
            0 => Self::Evenly {
                count: count.unwrap_or(1),
                offset_ms,
            },
            _ => Self::Every {
                interval_s,
                count,
                offset_ms,
            },
        }
    }

    /// The most points there can be, whatever the video; none where that is for the video to say.
    #[must_use]
    pub fn most(&self) -> Option<usize> {
        match self {
            Self::Evenly { count, .. } | Self::Fine(FinePoints::Evenly { count, .. }) => {
                usize::try_from(*count).ok()
            }
            Self::Every { count, .. } | Self::Fine(FinePoints::Every { count, .. }) => {
                count.and_then(|count| usize::try_from(count).ok())
            }
            Self::At { times_ms } => Some(times_ms.len()),
            Self::Automatic => None,
            Self::Fine(FinePoints::At { times }) => Some(times.len()),
        }
    }
}

/// Which frame stands for a time point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FrameType {
    /// The frame a player shows at that time.
    #[default]
    Normal,
    /// The keyframe nearest to that time.
    Intra,
}

/// How pictures are tiled into sprite sheets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpriteSpec {
    /// px; none: from the height by aspect, or the picture's width.
    pub cell_width: Option<u32>,
    /// px; none: from the width by aspect, or the picture's height.
    pub cell_height: Option<u32>,
    /// px between cells.
    pub padding: u32,
    /// px around the sheet.
    pub margin: u32,
    /// Cells per row.
    pub columns: u32,
    /// Rows per sheet.
    pub lines: u32,
    /// What shows between and around the cells.
    pub color: Color,
    /// Whether the source pictures stay beside the sheets.
    pub keep_cell_pic: bool,
    /// The forms, beside the sheets, in which players are told of the cells; each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<StoryboardFormat>,
    /// What of this the video decides.
    #[serde(default, skip_serializing_if = "SheetFit::is_exact")]
    pub fit: SheetFit,
}

/// What the video decides of sheets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetFit {
    /// Cells have the shape of the picture and the usual size; sizes of cells do not count.
    pub cell: bool,
    /// How many columns there are.
    pub columns: Extent,
    /// How many lines there are.
    pub lines: Extent,
    /// No side of a sheet is longer, px.
    pub most_side: Option<u32>,
}

impl SheetFit {
    /// Of sheets that players show on any device, px: decoders of phones fail above.
    pub const MOST_SIDE: u32 = 4096;

    fn is_exact(&self) -> bool {
        *self == Self::default()
    }
}

/// How many columns or lines a sheet has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    /// As many as are given.
    #[default]
    Exact,
    /// No more than are given, and as many of these as fit on a sheet.
    Fitting,
    /// The same, and no more than the cells take.
    Needed,
}

/// A background colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Color {
    /// Red, green, blue.
    Rgb([u8; 3]),
    /// One per job, chosen from its JobId so that a repeated run gives the same bytes.
    Random,
}
