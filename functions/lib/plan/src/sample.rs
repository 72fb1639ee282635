//! The coded samples of a video track, as its container lists them.

/// One coded picture (or, of a field-coded video, both its fields) as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodedSample {
    /// Where it begins in the file, bytes.
    pub offset: u64,
    /// Bytes.
    pub size: u32,
    /// Presentation time, ticks of the track's time base, on the clock of the presentation.
    pub pts: i64,
    /// The container says that decoding can start here.
    pub sync: bool,
    /// It is shown; an edit list may cut off samples that are needed for decoding only.
    pub shown: bool,
    /// It cannot be decoded without a key, and neither can what refers to it.
    pub encrypted: bool,
}
