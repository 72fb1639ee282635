//! What a container says of a track that is not in its frames, for readers other than the index:
//! ffmpeg's demuxers heed it in part, and not all versions alike.

use crate::fraction::ratio;
use plan::{Crop, EditList, Size};

/// What is said of a track.
#[derive(Debug, Clone)]
pub struct TrackSettings {
    /// How its pictures are laid out.
    pub layout: PictureLayout,
    /// How the shape of a pixel changes with the sample description; nothing where it does not.
    pub aspects: Vec<DescribedAspect>,
    /// Which parts of it are shown; none where all is, or where nobody can say.
    pub edits: Option<MediaEdits>,
}

/// From when on a sample description holds, and what it says of the shape of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DescribedAspect {
    /// After the time at which the first sample in decoding order is shown, ticks.
    pub after: i64,
    /// Width to height, before rotation; none where only frames say it.
    pub aspect: Option<(u32, u32)>,
}

/// How the pictures of a track are laid out on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureLayout {
    /// As coded, px.
    pub coded: Size,
    /// What of the coded picture is shown.
    pub crop: Option<Crop>,
    /// Shape of a pixel, width to height.
    pub sample_aspect_ratio: Option<(u32, u32)>,
    /// See [`crate::VideoTrack::track_header_size`].
    pub track_header_size: Option<(u32, u32)>,
    /// The display matrix of `tkhd`: 16.16 fixed point, the third column 2.30.
    pub matrix: [i32; 9],
}

/// The edit list of a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaEdits {
    /// Never empty.
    pub list: EditList,
    /// When the first sample in decoding order is shown on the clock of the media, ticks: readers
    /// differ in where they begin to count.
    pub first_pts: i64,
    /// The samples are in fragments, where demuxers cut none off.
    pub is_fragmented: bool,
}

impl PictureLayout {
    /// The shape of a pixel that makes a picture of size `decoded` fill the track header's size,
    /// as the last resort; none where they have one shape. `decoded` is what the decoder gives,
    /// before cropping and rotation.
    #[must_use]
    pub fn aspect_ratio_of_header(&self, decoded: Size) -> Option<(u32, u32)> {
        let (width, height) = self.track_header_size?;
        let crop = self.crop.and_then(|crop| crop.within(decoded));
        let shown = crop.map_or(decoded, |crop| crop.size(decoded));
        // A header may also state the size before cropping.
        if [shown, decoded].contains(&Size { width, height }) {
            return None;
        }
        ratio(
            u64::from(width) * u64::from(shown.height),
            u64::from(height) * u64::from(shown.width),
        )
    }
}
