//! Who encodes a long clip, and with what.

/// An encoder and how it is told to work: one that its users choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoder {
    /// H.264, B-frames in a pyramid.
    X264,
    /// The same with a chroma sample for each pixel.
    X264FullChroma,
    /// AV1 at this preset.
    SvtAv1(u32),
    /// AV1 of the reference encoder, for files.
    LibaomGood,
    /// HEVC with four temporal layers.
    X265Layers,
    /// MPEG-4 part 2 with two B-frames.
    Mpeg4,
}

impl Encoder {
    /// Strength of the noise below which the number is painted.
    ///
    /// Of flat cells that were black before and will be white, SVT-AV1 from preset 10 on codes no
    /// residual but the mean of both, whatever its quality: of 300 frames 57 could not be read at
    /// `-crf 40` and 12 at `-crf 12`. It does not so where there is texture.
    pub(super) fn cell_noise(self) -> u32 {
        match self {
            Self::SvtAv1(_) => 16,
            _ => 0,
        }
    }

    /// What ffmpeg is told, with a keyframe every `group` frames and `kbps` where the encoder
    /// keeps to a rate.
    pub(super) fn arguments(self, group: u32, kbps: u32) -> Vec<String> {
        let every = group.to_string();
        let text = match self {
            Self::X264 => format!("-c:v libx264 {}", h264(group, kbps)),
            Self::X264FullChroma => {
                format!("-c:v libx264 -pix_fmt yuv444p {}", h264(group, kbps))
            }
            Self::SvtAv1(preset) => {
                format!("-c:v libsvtav1 -preset {preset} -crf 40 -g {every}")
            }
            Self::LibaomGood => format!(
                "-c:v libaom-av1 -usage good -cpu-used 6 -row-mt 1 -crf 40 -b:v 0 -g {every} \
                 -keyint_min {every}"
            ),
            Self::X265Layers => format!(
                "-c:v libx265 -preset superfast -crf 30 -tag:v hvc1 -x265-params log-level=none:\
                 bframes=8:b-adapt=0:b-pyramid=1:temporal-layers=4:open-gop=0:\
                 keyint={every}:min-keyint={every}:scenecut=0"
            ),
            Self::Mpeg4 => {
                format!("-c:v mpeg4 -bf 2 -sc_threshold 1000000000 -g {every} -b:v {kbps}k")
            }
        };
        text.split_whitespace().map(str::to_owned).collect()
    }
}

fn h264(group: u32, kbps: u32) -> String {
    format!(
        "-preset veryfast -bf 3 -x264-params b-pyramid=normal:keyint={group}:min-keyint={group}:\
         scenecut=0 -b:v {kbps}k -maxrate {}k -bufsize {}k",
        kbps * 3 / 2,
        kbps * 3
    )
}
