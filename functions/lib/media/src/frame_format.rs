//! What a decoded frame looks like, and what becomes of it.

use crate::picture::{Picture, PictureFormat};
use crate::track_traits::TrackTraits;
use colour::{
    ChromaSiting, FilterChain, FrameColour, FrameConversion, FrameCrop, PixelLayout, SampleStorage,
};
use decoder::FrameInfo;
use plan::size::TooLarge;
use plan::{QuarterTurn, Size};
use std::sync::{Arc, Mutex, PoisonError};

/// All that decides how the picture of a frame is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FrameFormat {
    /// As decoded, rotated and cropped.
    pub(crate) shape: Size,
    crop: Option<FrameCrop>,
    /// As shown.
    pub(crate) display: Size,
    colour: FrameColour,
    storage: SampleStorage,
    interlaced: bool,
    /// What is to be done before all else.
    turn: QuarterTurn,
}

impl FrameFormat {
    pub(crate) fn new(frame: &FrameInfo, mut colour: FrameColour, traits: &TrackTraits) -> Self {
        let turned = |(one, other)| {
            if traits.own_turn.is_turned {
                (other, one)
            } else {
                (one, other)
            }
        };
        let (width, height) = turned((frame.width.max(1), frame.height.max(1)));
        let decoded = Size { width, height };
        let (shape, crop) = traits.crop(decoded);
        // A decoder keeps its format where only the range changes: what it says of the frame counts.
        if colour.full_range.is_none() && frame.format.is_full_range() {
            colour.full_range = Some(true);
        }
        if traits.is_dolby_vision_5 {
            colour = FrameColour::DOLBY_VISION_5;
        }
        let mut storage = frame.storage;
        if traits.chroma_is_centred {
            storage.siting = ChromaSiting::Centre;
        }
        Self {
            shape,
            crop,
            display: display_size(shape, traits.aspect_ratio(turned(frame.sar))),
            turn: traits.own_turn,
            colour,
            storage,
            interlaced: frame.interlaced || traits.may_interlace,
        }
    }
}

/// The size to show a frame at: pixels that are not square widen or narrow the picture.
fn display_size(shape: Size, (num, den): (u32, u32)) -> Size {
    let (num, den) = (u64::from(num), u64::from(den));
    let believable = num > 0 && den > 0 && num <= den * 8 && den <= num * 8;
    let width = u64::from(shape.width);
    let width = if believable {
        (width * num + den / 2) / den
    } else {
        width
    };
    Size {
        width: u32::try_from(width).unwrap_or(shape.width).max(1),
        height: shape.height,
    }
}

/// The way from a frame of one format to a picture.
#[derive(Debug)]
pub(crate) struct PictureFilter {
    pub(crate) format: FrameFormat,
    chain: String,
    filters: FilterChain,
    size: Size,
}

impl PictureFilter {
    fn new(format: &FrameFormat, target: PictureFormat) -> Result<Self, TooLarge> {
        let size = target.size.of(format.display)?;
        let filters = colour::picture_filters(&FrameConversion {
            shape: format.shape,
            colour: &format.colour,
            storage: format.storage,
            interlaced: format.interlaced,
            crop: format.crop,
            size,
            layout: target.layout,
        });
        let chain = match format.turn.filter() {
            Some(turn) => format!("{turn},{}", filters.chain),
            None => filters.chain.clone(),
        };
        Ok(Self {
            format: format.clone(),
            chain,
            filters,
            size,
        })
    }

    /// For ffmpeg: from a frame to a raw picture.
    pub(crate) fn chain(&self) -> &str {
        &self.chain
    }

    /// Whether a process that runs the chain of `other` gives the raw pictures of this.
    pub(crate) fn runs_as(&self, other: &Self) -> bool {
        self.chain() == other.chain() && self.pixel_format() == other.pixel_format()
    }

    /// Of the raw picture, in ffmpeg's words.
    pub(crate) fn pixel_format(&self) -> &'static str {
        self.filters.pixel_format
    }

    /// Of the raw picture.
    pub(crate) fn bytes_per_picture(&self) -> usize {
        self.filters.bytes
    }

    /// Of the finished picture.
    fn layout(&self) -> PixelLayout {
        self.filters.layout
    }

    /// From a raw picture to a finished one.
    fn finish(&self, raw: Vec<u8>) -> Vec<u8> {
        self.filters.finish(raw)
    }
}

/// The filters of one extraction, one for each format that its frames turn out to have.
#[derive(Debug)]
pub(crate) struct PictureFilters {
    target: PictureFormat,
    made: Mutex<Vec<Arc<PictureFilter>>>,
}

/// Few streams have more formats, and making a filter costs little.
const MOST_KEPT: usize = 16;

impl PictureFilters {
    pub(crate) fn new(target: PictureFormat) -> Self {
        let made = Mutex::default();
        Self { target, made }
    }

    /// The filter for frames of `format`.
    ///
    /// # Errors
    /// Its pictures would be larger than any JPEG.
    pub(crate) fn of(&self, format: &FrameFormat) -> Result<Arc<PictureFilter>, TooLarge> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.iter().find(|filter| filter.format == *format) {
            return Ok(Arc::clone(known));
        }
        let filter = Arc::new(PictureFilter::new(format, self.target)?);
        made.truncate(MOST_KEPT - 1);
        made.insert(0, Arc::clone(&filter));
        Ok(filter)
    }
}

/// A raw picture and the way to finish it.
#[derive(Debug)]
pub(crate) struct RawPicture {
    pub(crate) pixels: Vec<u8>,
    pub(crate) filter: Arc<PictureFilter>,
    pub(crate) damaged: bool,
}

impl RawPicture {
    /// The picture of `frame`.
    pub(crate) fn finish(self, frame: usize) -> Picture {
        Picture {
            frame,
            pixels: self.filter.finish(self.pixels),
            layout: self.filter.layout(),
            size: self.filter.size,
            damaged: self.damaged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(width: u32, height: u32, sar: (u32, u32)) -> (u32, u32) {
        let size = display_size(Size { width, height }, sar);
        (size.width, size.height)
    }

    #[test]
    fn pixels_that_are_not_square_change_the_width() {
        assert_eq!(size(720, 576, (64, 45)), (1024, 576));
        assert_eq!(size(1440, 1080, (4, 3)), (1920, 1080));
        assert_eq!(size(720, 480, (8, 9)), (640, 480));
    }

    #[test]
    fn unknown_and_absurd_ratios_are_ignored() {
        for sar in [(0, 1), (0, 0), (1, 0), (65_535, 1), (1, 400)] {
            assert_eq!(size(800, 640, sar), (800, 640));
        }
    }
}
