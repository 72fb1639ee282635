//! How a frame's numbers are stored.

/// What a frame's numbers are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SampleStorage {
    /// Of one number.
    pub bits: u8,
    /// Red, green and blue, in place of luma and chroma.
    pub rgb: bool,
    /// Where chroma is subsampled.
    pub siting: ChromaSiting,
}

/// Where a chroma sample lies among the luma samples it belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ChromaSiting {
    /// In line with the left ones, between the rows: nearly all video.
    #[default]
    Left,
    /// On the first of them.
    TopLeft,
    /// In the middle: JPEG and MPEG-1.
    Centre,
}
