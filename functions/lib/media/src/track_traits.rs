//! What is true of all frames of a track, and said of none.

use colour::FrameCrop;
use container::{PictureLayout, VideoTrack};
use plan::{Crop, QuarterTurn, Size};

/// What is true of all frames of a track, and said of none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TrackTraits {
    /// Streams of its codec may mix progressive and interlaced frames.
    pub(crate) may_interlace: bool,
    /// Its codec puts chroma there, and old decoders do not say so.
    pub(crate) chroma_is_centred: bool,
    /// Shape of a pixel as shown, where frames do not say it: 0 where nobody does.
    fallback_sar: (u32, u32),
    /// What of the pictures is shown, before rotation.
    cropped: Option<Crop>,
    /// How they are turned and mirrored.
    turn: QuarterTurn,
    /// How we turn them, where ffmpeg is told not to.
    pub(crate) own_turn: QuarterTurn,
    /// No decoder of it gives colours of a standard: see [`FrameColour::DOLBY_VISION_5`].
    ///
    /// [`FrameColour::DOLBY_VISION_5`]: colour::FrameColour::DOLBY_VISION_5
    pub(crate) is_dolby_vision_5: bool,
}

impl TrackTraits {
    /// With what the container says of `track`.
    pub(crate) fn of_track(self, track: &VideoTrack) -> Self {
        Self {
            is_dolby_vision_5: track.dolby_vision_profile == Some(5),
            ..self.in_container(&track.layout())
        }
    }

    /// With what the container says of how pictures are laid out.
    pub(crate) fn in_container(self, layout: &PictureLayout) -> Self {
        let ratio = layout.aspect_ratio_of_header(layout.coded);
        // Of other turns the corners of a cropped picture are no longer there to be told.
        let turn = QuarterTurn::of(&layout.matrix);
        Self {
            fallback_sar: turned_aspect(ratio.unwrap_or((0, 0)), layout),
            cropped: layout.crop.filter(|_| turn.is_some()),
            turn: turn.unwrap_or_default(),
            ..self
        }
    }

    /// What is shown of a frame that is decoded and rotated, and where that lies.
    pub(crate) fn crop(&self, decoded: Size) -> (Size, Option<FrameCrop>) {
        let crop = self.cropped.map(|crop| self.turn.applied(crop));
        match crop.and_then(|crop| crop.within(decoded)) {
            None => (decoded, None),
            Some(crop) => {
                let Crop { left, top, .. } = crop;
                let crop_in_frame = FrameCrop { decoded, left, top };
                (crop.size(decoded), Some(crop_in_frame))
            }
        }
    }

    /// Encoders write square pixels where nobody told them anything, so that counts as nothing.
    pub(crate) fn aspect_ratio(&self, coded: (u32, u32)) -> (u32, u32) {
        let is_square = coded.0 == coded.1;
        let is_known = self.fallback_sar.0 > 0;
        if (is_square || coded.0 == 0 || coded.1 == 0) && is_known {
            self.fallback_sar
        } else {
            coded
        }
    }
}

/// The shape of a pixel once the picture is turned.
pub(crate) fn turned_aspect((width, height): (u32, u32), layout: &PictureLayout) -> (u32, u32) {
    match QuarterTurn::of(&layout.matrix) {
        Some(turn) if turn.is_turned => (height, width),
        _ => (width, height),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_header_counts_where_frames_say_nothing() {
        let traits = TrackTraits {
            fallback_sar: (2, 1),
            ..TrackTraits::default()
        };
        assert_eq!(traits.aspect_ratio((0, 1)), (2, 1));
        assert_eq!(traits.aspect_ratio((1, 1)), (2, 1));
        assert_eq!(traits.aspect_ratio((4, 3)), (4, 3));
        assert_eq!(TrackTraits::default().aspect_ratio((1, 1)), (1, 1));
    }

    #[test]
    fn a_crop_is_turned_with_the_picture() {
        let traits = TrackTraits {
            cropped: Some(Crop {
                left: 10,
                top: 2,
                right: 0,
                bottom: 0,
            }),
            turn: QuarterTurn::of(&[0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30]).unwrap(),
            ..TrackTraits::default()
        };
        let size = |width, height| Size { width, height };
        // Turned clockwise, what was at the left is at the top, and what was at the top right.
        let (shape, crop) = traits.crop(size(90, 160));
        let crop = crop.unwrap();
        assert_eq!((shape, crop.left, crop.top), (size(88, 150), 0, 10));
        assert_eq!(
            traits.crop(size(8, 8)),
            (size(8, 8), None),
            "nothing is left"
        );
    }
}
