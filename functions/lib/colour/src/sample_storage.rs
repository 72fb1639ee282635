//! How a frame's numbers are stored.

/// What a frame's numbers are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SampleStorage {
    /// Of one number.
    pub bits: u8,
    /// Red, green and blue, in place of luma and chroma.
    pub rgb: bool,
    /// Luma alone: of full range where nobody says. Stills say nothing; HEVC and AV1 say limited.
    pub grey: bool,
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

impl ChromaSiting {
    /// Where subsampled chroma lies, in 1/256 of a luma pixel (ITU-T H.273, figure 1). Left alone,
    /// the scaler takes the middle of two pixels in a row, and colours come out half a pixel off.
    pub(crate) fn scaler_options(self) -> &'static str {
        match self {
            Self::Left => ":in_h_chr_pos=0",
            Self::TopLeft => ":in_h_chr_pos=0:in_v_chr_pos=0",
            Self::Centre => "",
        }
    }
}
