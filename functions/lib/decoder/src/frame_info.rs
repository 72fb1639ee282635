//! What is known of a decoded frame, whoever says it.

use colour::SampleStorage;

/// A frame that came out of the decoder, rotated as it is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameInfo {
    /// On the clock of its run; none where it has no time.
    pub pts: Option<i64>,
    /// px.
    pub width: u32,
    /// px.
    pub height: u32,
    /// Sample aspect ratio; 0 where unknown.
    pub sar: (u32, u32),
    /// Complete in itself, so that decoding may have begun here.
    pub key: bool,
    /// Colours are stored at full resolution.
    pub full_chroma: bool,
    /// Its lines are of two moments, or those of frames after it may be.
    pub interlaced: bool,
    /// How its samples are stored.
    pub storage: SampleStorage,
    /// The same as ffmpeg names it, with what else it tells.
    pub format: FormatName,
}

impl FrameInfo {
    /// Whether frames come out right only where decoding begins at the start of the video. Older
    /// versions of the x264 encoder wrote H.264 4:4:4 wrongly. Decoders make up for it when they
    /// know who encoded, which is said once, at the start: after a cut or a seek, pictures are
    /// garbage. `codec` is ffmpeg's name.
    #[must_use]
    pub fn needs_its_start(&self, codec: &str) -> bool {
        codec == "h264" && self.full_chroma
    }
}

/// ffmpeg's name of a pixel format, such as `yuv420p10le`. The longest has 16 letters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FormatName([u8; 24]);

impl FormatName {
    /// ffmpeg's old formats with a `j` are of full range where nothing else is said.
    #[must_use]
    pub fn is_full_range(self) -> bool {
        self.0.starts_with(b"yuvj")
    }

    /// Of so many letters as the longest has; more are cut off.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let mut letters = [0; 24];
        letters
            .iter_mut()
            .zip(name.bytes())
            .for_each(|(letter, byte)| *letter = byte);
        Self(letters)
    }
}
