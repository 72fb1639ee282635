//! Clips of minutes and hours at the bit rates of real videos, every frame numbered.
//!
//! One segment is encoded and then joined to itself without encoding again, so a frame's number
//! says its place within its segment.

mod container;
mod edit_list;
mod encoder;

use crate::barcode;
pub use container::Container;
pub use encoder::Encoder;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How to make a long clip.
#[derive(Debug, Clone, Copy)]
pub struct LongClip {
    /// Of the encoded segment.
    pub name: &'static str,
    /// px
    pub width: u32,
    /// px
    pub height: u32,
    /// Frames per second.
    pub rate: u32,
    /// Frames from one keyframe to the next.
    pub group: u32,
    /// Thousands of bits per second, of encoders that keep to a rate.
    pub kbps: u32,
    /// Length of a segment, s.
    pub segment_seconds: u32,
    /// How often the segment is shown.
    pub segments: u32,
    pub encoder: Encoder,
    pub container: Container,
}

/// 10 minutes, a keyframe every 2 s.
pub const GROUPS_OF_2_S: LongClip = LongClip {
    name: "1080p30-gop2",
    width: 1920,
    height: 1080,
    rate: 30,
    group: 60,
    kbps: 4880,
    segment_seconds: 120,
    segments: 5,
    encoder: Encoder::X264,
    container: Container::Mp4,
};

/// 10 minutes, a keyframe every 10 s.
pub const GROUPS_OF_10_S: LongClip = LongClip {
    name: "1080p30-gop10",
    group: 300,
    ..GROUPS_OF_2_S
};

/// 60 minutes, a keyframe every 4.2 s.
pub const HOUR: LongClip = LongClip {
    name: "720p24",
    width: 1280,
    height: 720,
    rate: 24,
    group: 100,
    kbps: 1400,
    segments: 30,
    ..GROUPS_OF_2_S
};

/// 10 minutes of AV1, a keyframe every 10 s.
const AV1: LongClip = LongClip {
    name: "1080p30-gop10-svt10-grain",
    segment_seconds: 20,
    segments: 30,
    encoder: Encoder::SvtAv1(10),
    ..GROUPS_OF_10_S
};

/// One to which most frames refer to none but few.
pub const SVT_AV1_FAST: LongClip = AV1;

/// Every second frame is one that others refer to.
pub const SVT_AV1_SLOW: LongClip = LongClip {
    name: "1080p30-gop10-svt6-grain",
    encoder: Encoder::SvtAv1(6),
    ..AV1
};

/// Nearly every frame is one that others refer to.
pub const LIBAOM_GOOD: LongClip = LongClip {
    name: "1080p30-gop10-aom",
    encoder: Encoder::LibaomGood,
    ..AV1
};

/// 10 minutes of HEVC, a keyframe every 10 s.
pub const HEVC_LAYERS: LongClip = LongClip {
    name: "1080p30-gop10-hevc4",
    encoder: Encoder::X265Layers,
    ..AV1
};

/// 10 minutes as cameras and recorders leave them, a keyframe every 4 s.
pub const MPEG_TS: LongClip = LongClip {
    name: "360p30",
    width: 640,
    height: 360,
    rate: 30,
    group: 120,
    kbps: 700,
    segment_seconds: 60,
    segments: 10,
    encoder: Encoder::X264,
    container: Container::MpegTs,
};

pub const FULL_CHROMA: LongClip = LongClip {
    name: "360p30-444",
    encoder: Encoder::X264FullChroma,
    container: Container::Mp4,
    ..MPEG_TS
};

pub const REPEATED_TIME: LongClip = LongClip {
    container: Container::MatroskaWithRepeatedTime,
    ..MPEG_TS
};

pub const XVID: LongClip = LongClip {
    name: "360p30-xvid",
    encoder: Encoder::Mpeg4,
    container: Container::AviOfXvid,
    ..MPEG_TS
};

pub const TWO_EDITS: LongClip = LongClip {
    container: Container::Mp4OfTwoEdits,
    ..MPEG_TS
};

pub const FLV: LongClip = LongClip {
    container: Container::Flv,
    ..MPEG_TS
};

impl LongClip {
    /// Frames of one segment: the first number that is not there.
    #[must_use]
    pub fn segment_frames(&self) -> u32 {
        self.segment_seconds * self.rate
    }

    /// How long it is.
    #[must_use]
    pub fn seconds(&self) -> u32 {
        self.segment_seconds * self.segments
    }

    /// The frame to be seen `at_ms`, counted from 0 over the whole clip.
    #[must_use]
    pub fn seen_at(&self, at_ms: u64) -> u64 {
        let last = u64::from(self.segment_frames() * self.segments) - 1;
        (at_ms * u64::from(self.rate) / 1000).min(last)
    }

    /// What is painted into frame `index`.
    #[must_use]
    pub fn number(&self, index: u64) -> u64 {
        index % u64::from(self.segment_frames())
    }

    /// The clip in `folder`, made by `ffmpeg` if it is not there yet; `say` is told what is made.
    ///
    /// # Errors
    /// Where this ffmpeg can't make it, or there is no room.
    pub fn clip(
        &self,
        ffmpeg: &Path,
        folder: &Path,
        say: &mut dyn FnMut(&str),
    ) -> io::Result<PathBuf> {
        let extension = self.container.extension();
        let hidden = self.container.hidden_segments();
        let stem = format!("{}-{}s", self.name, self.seconds());
        let edits = if hidden > 0 { "-two-edits" } else { "" };
        let path = folder.join(format!("{stem}{edits}.{extension}"));
        if path.exists() {
            return Ok(path);
        }
        fs::create_dir_all(folder)?;
        let segment = self.segment(ffmpeg, folder, say)?;
        say(&format!("joining {}, once", path.display()));
        let list = folder.join(format!(".{}.txt", self.name));
        let line = format!("file '{}'\n", segment.canonicalize()?.display());
        fs::write(&list, line.repeat((self.segments + hidden) as usize))?;
        let mut command = quiet(ffmpeg);
        command.args(["-f", "concat", "-safe", "0", "-i"]).arg(list);
        command.args(["-c", "copy"]);
        self.container.arguments(self.rate, &mut command);
        let made = write_beside(command, &path, |_| Ok(()))?;
        let hidden_s = hidden * self.segment_seconds;
        self.container.finish(&made, self.seconds(), hidden_s)?;
        fs::rename(made, &path)?;
        Ok(path)
    }

    fn segment(
        &self,
        ffmpeg: &Path,
        folder: &Path,
        say: &mut dyn FnMut(&str),
    ) -> io::Result<PathBuf> {
        let path = folder.join(format!("{}-segment.mp4", self.name));
        if path.exists() {
            return Ok(path);
        }
        say(&format!(
            "encoding {}, {} frames, once: some minutes",
            path.display(),
            self.segment_frames()
        ));
        let command = self.encoding(ffmpeg);
        let made = write_beside(command, &path, |pipe| {
            (0..self.segment_frames()).try_for_each(|number| {
                let number = u16::try_from(number).map_err(io::Error::other)?;
                pipe.write_all(&barcode::row(number))
            })
        })?;
        fs::rename(made, &path)?;
        Ok(path)
    }

    /// Motion, edges and grain, and below them the number from stdin.
    fn encoding(&self, ffmpeg: &Path) -> Command {
        let Self {
            width,
            height,
            rate,
            group,
            kbps,
            ..
        } = *self;
        let (band, noise) = (height / 5, self.encoder.cell_noise());
        let picture = format!("testsrc2=size={width}x{height}:rate={rate},noise=alls=4:allf=t");
        let graph = format!(
            "[1]scale={width}:{band}:flags=neighbor,format=yuv420p,noise=alls={noise}:allf=t[bar];\
             [0]format=yuv420p[picture];[picture][bar]overlay=0:{}:shortest=1",
            height - band
        );
        let mut command = quiet(ffmpeg);
        command
            .args(["-f", "lavfi", "-i", &picture])
            .args(["-f", "rawvideo", "-pix_fmt", "gray", "-video_size", "20x1"])
            .args(["-framerate", &rate.to_string(), "-i", "pipe:0"])
            .args(["-filter_complex", &graph])
            .args(["-frames:v", &self.segment_frames().to_string()])
            .args(self.encoder.arguments(group, kbps));
        command
    }
}

fn quiet(ffmpeg: &Path) -> Command {
    let mut command = Command::new(ffmpeg);
    command.args(["-hide_banner", "-loglevel", "error", "-y"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    // SVT-AV1 tells all that it was told.
    command.env("SVT_LOG", "1");
    command
}

/// Lets `command` write beside `path`, where nobody takes it for the whole file yet.
fn write_beside(
    mut command: Command,
    path: &Path,
    feed: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<PathBuf> {
    let extension = path.extension().unwrap_or_default().display();
    let made = path.with_extension(format!("part.{extension}"));
    let mut child = command.arg(&made).spawn()?;
    let fed = child
        .stdin
        .take()
        .map_or(Ok(()), |mut pipe| feed(&mut pipe));
    if !child.wait()?.success() {
        return Err(io::Error::other(format!("{command:?} failed")));
    }
    fed?;
    Ok(made)
}
