//! Which times an animated image shows.

use crate::pictures::failure::{Interrupted, JobFailure};
use contract::animation::{
    AnimationLength, AnimationSpec, DEFAULT_LENGTH_MS, MOST_FRAMES, MOST_PIXELS,
};
use contract::error::ErrorCode;
use contract::snapshot::SnapshotSpec;
use media::{MediaError, Video};
use plan::{Size, SizeRule, lively};

/// The longer side of one whose template names none, px.
const DEFAULT_SIDE: u32 = 480;
/// A video of which not all is listed is looked into at so many times spread over it.
const LOOKS: u64 = 8;

/// Lists what matters of a video for some times, ms.
pub(in crate::pictures) type Focus<'a> =
    dyn FnMut(&mut Video, &[u64]) -> Result<(), MediaError> + 'a;

/// The parts of a video that one can show, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pictures) struct ClipPlan {
    /// Where each begins, ms, the best first. Others are there for one that turns out to be black.
    pub(super) begins_ms: Vec<u64>,
    /// Of each.
    pub(super) length_ms: u64,
    frames: u64,
    frames_per_1000_s: u32,
}

impl ClipPlan {
    /// Of a video that lasts so long. `liveliest` gives the beginnings of parts of a length.
    fn new(
        spec: &AnimationSpec,
        duration_ms: u64,
        liveliest: impl FnOnce(u64) -> Result<Vec<u64>, MediaError>,
    ) -> Result<Self, Interrupted> {
        let to_end = |end_ms: u64| duration_ms.saturating_sub(end_ms);
        let (begin_ms, length_ms) = match (spec.begin_ms, spec.length) {
            (begin, AnimationLength::UpToEndMs(end_ms)) => {
                let begin_ms = begin.unwrap_or(0);
                (Some(begin_ms), to_end(end_ms).saturating_sub(begin_ms))
            }
            (begin, AnimationLength::Ms(ms)) => (begin, ms),
            (begin, AnimationLength::Default) => (begin, DEFAULT_LENGTH_MS),
        };
        let length_ms = length_ms.min(to_end(begin_ms.unwrap_or(0)));
        if length_ms == 0 {
            return Err(refused(format!(
                "Nothing of the video is left: it lasts {duration_ms} ms, and the animated image would begin at {} ms.",
                begin_ms.unwrap_or(0)
            )));
        }
        let frames = spec.frames(length_ms);
        if frames > MOST_FRAMES {
            return Err(refused(format!(
                "The animated image would have {frames} frames; the limit is {MOST_FRAMES}."
            )));
        }
        Ok(Self {
            begins_ms: match begin_ms {
                Some(begin_ms) => vec![begin_ms],
                None => liveliest(length_ms)?,
            },
            length_ms,
            frames,
            frames_per_1000_s: spec.frames_per_1000_s,
        })
    }

    /// Of an open video.
    pub(in crate::pictures) fn of(
        spec: &AnimationSpec,
        video: &mut Video,
        focus: &mut Focus<'_>,
    ) -> Result<Self, Interrupted> {
        let duration_ms = video.timeline().duration_ms();
        let plan = Self::new(spec, duration_ms, |length_ms| {
            let last_ms = duration_ms.saturating_sub(length_ms);
            let looks = (0..LOOKS).flat_map(|nth| {
                let begin_ms = last_ms * nth / LOOKS;
                (0..length_ms).step_by(500).map(move |ms| begin_ms + ms)
            });
            focus(video, &looks.collect::<Vec<_>>())?;
            let bytes = |frame| video.coded_bytes(frame);
            Ok(lively::parts(video.timeline(), bytes, length_ms))
        })?;
        let begins = plan.begins_ms.iter();
        let times: Vec<_> = begins.flat_map(|begin_ms| plan.times(*begin_ms)).collect();
        focus(video, &times)?;
        Ok(plan)
    }

    /// The times of the part that begins there, ms. What is shown at a time that is rounded down may be
    /// the frame before.
    pub(super) fn times(&self, begin_ms: u64) -> impl Iterator<Item = u64> + use<> {
        let rate = u64::from(self.frames_per_1000_s.max(1));
        (0..self.frames).map(move |nth| begin_ms + (nth * 1_000_000).div_ceil(rate))
    }

    /// The size of its frames, all alike, in a video that is displayed at `display`.
    pub(super) fn size(&self, spec: &SnapshotSpec, display: Size) -> Result<Size, Interrupted> {
        let size = match (spec.width, spec.height) {
            (None, None) if display.width.max(display.height) > DEFAULT_SIDE => {
                SizeRule::Within(Size {
                    width: DEFAULT_SIDE,
                    height: DEFAULT_SIDE,
                })
            }
            (width, height) => SizeRule::Sides { width, height },
        };
        let size = size.of(display)?;
        let (frames, pixels) = (self.frames, size.pixels() * self.frames);
        if pixels > MOST_PIXELS {
            return Err(refused(format!(
                "The animated image would have {frames} frames of {}x{} px, {pixels} pixels in all; the limit is {MOST_PIXELS}.",
                size.width, size.height
            )));
        }
        Ok(size)
    }
}

pub(super) fn refused(message: String) -> Interrupted {
    JobFailure::new(ErrorCode::DynamicImage, message).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::animation::AnimationFormat;

    fn plan(
        begin_ms: Option<u64>,
        length: AnimationLength,
        frames_per_1000_s: u32,
    ) -> Result<ClipPlan, String> {
        let spec = AnimationSpec {
            format: AnimationFormat::Gif,
            frames_per_1000_s,
            begin_ms,
            length,
            is_cover: false,
        };
        let plan = ClipPlan::new(&spec, 10_000, |length_ms| Ok(vec![10_000 - length_ms]));
        plan.map_err(|refused| refused.to_string())
    }

    #[test]
    fn times_are_those_of_frames_at_that_rate() {
        let plan = plan(Some(1000), AnimationLength::Ms(1000), 30_000).unwrap();
        let times: Vec<_> = plan.times(1000).collect();
        assert_eq!(times.len(), 30);
        // A frame of 30 a second is shown from 1/30 s on, not yet at 33 ms.
        assert_eq!(times[..4], [1000, 1034, 1067, 1100]);
        assert_eq!(times[29], 1967);
    }

    #[test]
    fn a_part_ends_with_the_video() {
        let length = |begin, length| plan(begin, length, 10_000).unwrap().length_ms;
        assert_eq!(length(Some(9000), AnimationLength::Ms(5000)), 1000);
        assert_eq!(length(Some(9000), AnimationLength::Default), 1000);
        assert_eq!(length(None, AnimationLength::Default), 3000);
        assert_eq!(length(None, AnimationLength::Ms(60_000)), 10_000);
        assert_eq!(length(Some(2000), AnimationLength::UpToEndMs(5000)), 3000);
        assert_eq!(length(None, AnimationLength::UpToEndMs(5000)), 5000);
    }

    #[test]
    fn what_cannot_be_shown_is_refused_with_the_numbers() {
        for (refused, said) in [
            (
                plan(Some(10_000), AnimationLength::Default, 10_000),
                "lasts 10000 ms",
            ),
            (
                plan(Some(6000), AnimationLength::UpToEndMs(4000), 10_000),
                "begin at 6000 ms",
            ),
            (
                plan(Some(0), AnimationLength::UpToEndMs(0), 60_001),
                "601 frames",
            ),
        ] {
            let refused = refused.unwrap_err();
            assert!(refused.contains(said), "{refused}");
        }
    }

    #[test]
    fn a_size_that_nobody_chose_is_small() {
        let plan = plan(None, AnimationLength::Default, 10_000).unwrap();
        let spec = |width| SnapshotSpec {
            points: contract::snapshot::PointSpec::spread(None, 0, 0),
            width,
            height: None,
            frame_type: contract::snapshot::FrameType::Normal,
            sprite: None,
            animation: None,
            image_format: contract::snapshot::ImageFormat::Jpeg,
        };
        let size = |width, display: (u32, u32)| {
            let (display_width, height) = display;
            let display = Size {
                width: display_width,
                height,
            };
            let size = plan.size(&spec(width), display);
            size.map(|size| (size.width, size.height))
                .map_err(|refused| refused.to_string())
        };
        assert_eq!(size(None, (3840, 2160)), Ok((480, 270)));
        assert_eq!(size(None, (1080, 1920)), Ok((270, 480)));
        assert_eq!(size(None, (320, 180)), Ok((320, 180)));
        assert_eq!(size(Some(640), (3840, 2160)), Ok((640, 360)));
        let refused = size(Some(3840), (3840, 2160)).unwrap_err();
        assert!(refused.contains("30 frames of 3840x2160 px"), "{refused}");
    }
}
