//! Animated images, written by ffmpeg's encoders as confined as its decoders are.

use crate::capture::{CapturedRun, capture_bytes};
use crate::process::{CallClock, Invocation, JobLimits, Watchdog};
use crate::raw_clip::RawClip;
use crate::{DecoderError, Ffmpeg};

/// One palette for all frames, chosen by what changes: one for each flickers and takes more bytes. A
/// fixed pattern of dots stays where nothing moves, so that only what moves is stored.
const GIF_COLOURS: &str = "split[a][b];[a]palettegen=stats_mode=diff[p];\
[b][p]paletteuse=dither=bayer:bayer_scale=3:diff_mode=rectangle";

/// How an animated image is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnimationCodec {
    /// GIF: 256 colours.
    Gif,
    /// Animated WebP, lossy.
    Webp,
}

/// What became of a clip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EncodedClip {
    /// The file. It plays for ever.
    File(Vec<u8>),
    /// It would have more than the most bytes.
    TooLarge,
    /// This build of ffmpeg lacks what it takes, by its own words.
    NotByThisBuild(String),
}

impl RawClip<'_> {
    /// Writes it as a file of at most `most_bytes`.
    ///
    /// # Errors
    /// As of decoding.
    pub fn encode(
        &self,
        ffmpeg: &Ffmpeg,
        codec: AnimationCodec,
        limits: &JobLimits,
        most_bytes: usize,
    ) -> Result<EncodedClip, DecoderError> {
        let (filters, options): (_, &[&str]) = match codec {
            AnimationCodec::Gif => (GIF_COLOURS, &["-c:v", "gif", "-f", "gif"]),
            AnimationCodec::Webp => (
                "null",
                &["-c:v", "libwebp_anim", "-quality", "75", "-f", "webp"],
            ),
        };
        let invocation = Invocation::raw_pictures(ffmpeg, self, limits)?
            .decoding(0, filters)
            .args(options)
            .args(["-loop", "0", "pipe:1"])
            .for_pictures(self.frames);
        let mut watch = Watchdog::new(limits, &CallClock::start());
        let run = capture_bytes(invocation, &mut watch, most_bytes, Vec::new(), ())?;
        Ok(outcome(run))
    }
}

fn outcome(run: CapturedRun<Option<Vec<u8>>, ()>) -> EncodedClip {
    match run.out {
        None => EncodedClip::TooLarge,
        Some(bytes) if run.status.success() && !bytes.is_empty() => EncodedClip::File(bytes),
        Some(_) => EncodedClip::NotByThisBuild(run.diagnostics.detail()),
    }
}
