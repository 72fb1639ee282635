//! What start codes of a video mean, by the family of codecs that it is of.

/// It tells where one picture ends and the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VideoCoding {
    /// MPEG-1 and MPEG-2: ISO/IEC 13818-2, table 6-1.
    Mpeg,
    H264,
    Hevc,
}

/// What begins with a start code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeMeaning {
    /// What comes before a picture, never amid one.
    Header,
    /// A picture, and slices of it come next.
    Picture,
    /// A slice that begins a picture.
    FirstSlice,
    Slice,
    Other,
}

impl VideoCoding {
    /// By what the first packet of the video carries: encoders begin with parameter sets, or with a
    /// delimiter before them.
    pub(super) fn of(payload: &[u8]) -> Self {
        let zeros = payload.iter().take_while(|&&byte| byte == 0).count();
        let Some(&[1, first, second]) = payload.get(zeros..).and_then(<[u8]>::first_chunk) else {
            return Self::Mpeg;
        };
        match (first, second) {
            _ if zeros < 2 => Self::Mpeg,
            (0x40 | 0x42 | 0x46, 1) => Self::Hevc,
            _ if matches!(first & 0x9f, 7 | 9) => Self::H264,
            _ => Self::Mpeg,
        }
    }

    /// So many bytes behind a start code tell what it means.
    pub(super) fn told_bytes(self) -> usize {
        match self {
            Self::Mpeg => 1,
            Self::H264 => 2,
            Self::Hevc => 3,
        }
    }

    /// Of these bytes. The same codes begin a picture as in the parsers of ffmpeg.
    pub(super) fn meaning(self, told: &[u8]) -> CodeMeaning {
        const PICTURE: u8 = 0;
        const SEQUENCE_HEADER: u8 = 0xb3;
        const GROUP: u8 = 0xb8;
        let slice = |begins: bool| match begins {
            true => CodeMeaning::FirstSlice,
            false => CodeMeaning::Slice,
        };
        let Some(&first) = told.first() else {
            return CodeMeaning::Other;
        };
        let has_top_bit = told.last().is_some_and(|byte| byte & 0x80 != 0);
        match self {
            Self::Mpeg => match first {
                PICTURE => CodeMeaning::Picture,
                SEQUENCE_HEADER | GROUP => CodeMeaning::Header,
                1..=0xaf => CodeMeaning::Slice,
                _ => CodeMeaning::Other,
            },
            // Its `first_mb_in_slice` is 0: ITU-T H.264, 7.3.3.
            Self::H264 => match first & 0x1f {
                1 | 5 => slice(has_top_bit),
                6..=9 => CodeMeaning::Header,
                _ => CodeMeaning::Other,
            },
            // `first_slice_segment_in_pic_flag`: ITU-T H.265, 7.3.6.1.
            Self::Hevc => match first >> 1 & 0x3f {
                0..=31 => slice(has_top_bit),
                32..=37 | 39 | 41..=44 | 48..=55 => CodeMeaning::Header,
                _ => CodeMeaning::Other,
            },
        }
    }

    /// Whether a zero byte before a start code belongs to it: ITU-T H.264 and H.265, annex B.
    pub(super) fn has_zero_bytes(self) -> bool {
        self != Self::Mpeg
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_packet_tells_the_family() {
        let of = |unit: &[u8]| VideoCoding::of(&[&[0, 0, 0, 1][..], unit].concat());
        assert_eq!(of(&[9, 0xf0, 0]), VideoCoding::H264);
        assert_eq!(of(&[0x67, 0x64, 0]), VideoCoding::H264);
        assert_eq!(of(&[0x46, 1, 0x50]), VideoCoding::Hevc);
        assert_eq!(of(&[0xb3, 0x2d, 0x02]), VideoCoding::Mpeg);
        assert_eq!(VideoCoding::of(&[0, 1, 0x67, 0x64]), VideoCoding::Mpeg);
        assert_eq!(VideoCoding::of(&[]), VideoCoding::Mpeg);
    }

    #[test]
    fn a_picture_begins_with_its_headers_or_its_first_slice() {
        let h264 = |told: [u8; 2]| VideoCoding::H264.meaning(&told);
        assert_eq!(h264([9, 0xf0]), CodeMeaning::Header);
        assert_eq!(h264([0x65, 0x88]), CodeMeaning::FirstSlice);
        assert_eq!(h264([0x41, 0x40]), CodeMeaning::Slice);
        assert_eq!(h264([12, 0xff]), CodeMeaning::Other);
        let hevc = |told: [u8; 3]| VideoCoding::Hevc.meaning(&told);
        assert_eq!(hevc([0x40, 1, 0x0c]), CodeMeaning::Header);
        assert_eq!(hevc([0x26, 1, 0x80]), CodeMeaning::FirstSlice);
        assert_eq!(hevc([0x02, 1, 0x40]), CodeMeaning::Slice);
        let mpeg = |code: u8| VideoCoding::Mpeg.meaning(&[code]);
        assert_eq!(mpeg(0xb8), CodeMeaning::Header);
        assert_eq!(
            [mpeg(0), mpeg(7)],
            [CodeMeaning::Picture, CodeMeaning::Slice]
        );
    }
}
