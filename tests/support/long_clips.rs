//! Clips of minutes and hours at the bit rates of real videos, every frame numbered.
//!
//! One segment is encoded and then joined to itself without encoding again, so a frame's number
//! says its place within its segment.

use crate::barcode;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How to make a long clip. H.264 in MP4, index in front, B-frames in a pyramid.
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
    /// Thousands of bits per second.
    pub kbps: u32,
    /// How often the segment is there.
    pub segments: u32,
}

/// 10 minutes, a keyframe every 2 s.
pub const GROUPS_OF_2_S: LongClip = LongClip {
    name: "1080p30-gop2",
    width: 1920,
    height: 1080,
    rate: 30,
    group: 60,
    kbps: 4880,
    segments: 5,
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
};

/// Length of a segment.
pub const SEGMENT_SECONDS: u32 = 120;

impl LongClip {
    /// Frames of one segment: the first number that is not there.
    #[must_use]
    pub fn segment_frames(&self) -> u32 {
        SEGMENT_SECONDS * self.rate
    }

    /// How long it is.
    #[must_use]
    pub fn seconds(&self) -> u32 {
        SEGMENT_SECONDS * self.segments
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
        let path = folder.join(format!("{}-{}s.mp4", self.name, self.seconds()));
        if path.exists() {
            return Ok(path);
        }
        fs::create_dir_all(folder)?;
        let segment = self.segment(ffmpeg, folder, say)?;
        say(&format!("joining {}, once", path.display()));
        let list = folder.join(format!(".{}.txt", self.name));
        let line = format!("file '{}'\n", segment.canonicalize()?.display());
        fs::write(&list, line.repeat(self.segments as usize))?;
        let mut command = quiet(ffmpeg);
        command.args(["-f", "concat", "-safe", "0", "-i"]).arg(list);
        command.args(["-c", "copy", "-movflags", "+faststart"]);
        finish(command, &path, |_| Ok(()))?;
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
        finish(command, &path, |pipe| {
            (0..self.segment_frames()).try_for_each(|number| {
                let number = u16::try_from(number).map_err(io::Error::other)?;
                pipe.write_all(&barcode::row(number))
            })
        })?;
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
        let band = height / 5;
        let picture = format!("testsrc2=size={width}x{height}:rate={rate},noise=alls=4:allf=t");
        let graph = format!(
            "[1]scale={width}:{band}:flags=neighbor,format=yuv420p[bar];\
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
            .args(["-c:v", "libx264", "-preset", "veryfast", "-bf", "3"])
            .args(["-x264-params", &keyframes(group)])
            .args(["-b:v", &format!("{kbps}k")])
            .args(["-maxrate", &format!("{}k", kbps * 3 / 2)])
            .args(["-bufsize", &format!("{}k", kbps * 3)]);
        command
    }
}

fn keyframes(group: u32) -> String {
    format!("b-pyramid=normal:keyint={group}:min-keyint={group}:scenecut=0")
}

fn quiet(ffmpeg: &Path) -> Command {
    let mut command = Command::new(ffmpeg);
    command.args(["-hide_banner", "-loglevel", "error", "-y"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    command
}

/// Lets `command` write beside `path`, and names the file so when it is whole.
fn finish(
    mut command: Command,
    path: &Path,
    feed: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let made = path.with_extension("part.mp4");
    let mut child = command.arg(&made).spawn()?;
    let fed = child
        .stdin
        .take()
        .map_or(Ok(()), |mut pipe| feed(&mut pipe));
    if !child.wait()?.success() {
        return Err(io::Error::other(format!("{command:?} failed")));
    }
    fed?;
    fs::rename(made, path)
}
