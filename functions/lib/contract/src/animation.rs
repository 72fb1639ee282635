//! Animated images, in units. The wire form is read in [`crate::template_config`].

use serde::{Deserialize, Serialize};

/// The most frames of one: each is decoded, kept and encoded.
pub const MOST_FRAMES: u64 = 600;
/// The most pixels of all its frames together: their colours are chosen together.
pub const MOST_PIXELS: u64 = 40_000_000;
/// How long one is that does not say so, ms, where the video is as long.
pub const DEFAULT_LENGTH_MS: u64 = 3000;

/// What one animated image shows, and how it is written. Its size is that of the job's pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnimationSpec {
    /// The kind of file.
    pub format: AnimationFormat,
    /// Frames in 1000 s, from 1 to 60,000.
    pub frames_per_1000_s: u32,
    /// Where in the video it begins, ms; none: where most happens.
    pub begin_ms: Option<u64>,
    /// How much of the video it shows.
    pub length: AnimationLength,
    /// Whether it becomes the cover of the video.
    pub is_cover: bool,
}

/// The kind of file of an animated image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnimationFormat {
    /// GIF.
    Gif,
    /// Animated WebP.
    Webp,
}

/// How much of the video an animated image shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnimationLength {
    /// [`DEFAULT_LENGTH_MS`] at most.
    Default,
    /// So much of it, ms.
    Ms(u64),
    /// All but so much of its end, ms.
    UpToEndMs(u64),
}

impl AnimationFormat {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Gif, Self::Webp];

    /// Its wire name, which is what files of it end in.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gif => "gif",
            Self::Webp => "webp",
        }
    }

    /// What a file of it is.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }
}

impl AnimationSpec {
    /// How many frames show so much of a video; more than 0.
    #[must_use]
    pub fn frames(&self, length_ms: u64) -> u64 {
        let frames = u128::from(length_ms) * u128::from(self.frames_per_1000_s);
        u64::try_from(frames.div_ceil(1_000_000))
            .unwrap_or(u64::MAX)
            .max(1)
    }

    /// Frames a second, as the wire writes it.
    #[must_use]
    pub fn fps(&self) -> String {
        thousandths(u64::from(self.frames_per_1000_s))
    }
}

/// A number of thousandths in decimal digits, as few as it takes.
#[must_use]
pub fn thousandths(number: u64) -> String {
    let (whole, rest) = (number / 1000, number % 1000);
    match rest {
        0 => whole.to_string(),
        _ => format!("{whole}.{rest:03}")
            .trim_end_matches('0')
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_cover_all_of_the_length() {
        let spec = |frames_per_1000_s| AnimationSpec {
            format: AnimationFormat::Gif,
            frames_per_1000_s,
            begin_ms: None,
            length: AnimationLength::Default,
            is_cover: false,
        };
        assert_eq!(spec(10_000).frames(3000), 30);
        assert_eq!(spec(29_970).frames(1000), 30);
        assert_eq!(spec(1).frames(3000), 1);
        assert_eq!(spec(10_000).frames(0), 1);
        assert_eq!(spec(12_500).fps(), "12.5");
        assert_eq!(spec(10_000).fps(), "10");
        assert_eq!(thousandths(7), "0.007");
    }
}
