//! Frames as ffmpeg by itself decodes them, from the start of a file to its end.

use decoder::Ffmpeg;
use plan::Size;
use std::path::Path;
use std::process::{Command, Stdio};

/// How to decode a file.
#[derive(Debug)]
pub struct Plain<'a> {
    /// By this one.
    pub ffmpeg: &'a Ffmpeg,
    /// Options for the input.
    pub input: Vec<&'a str>,
    /// Of the frames as they are given back.
    pub size: Size,
    /// Options for the scaler, such as `out_range=full`.
    pub scaler: &'a str,
    /// No more frames than these.
    pub most: usize,
}

impl Plain<'_> {
    /// The frames as `rgb24`, as far as ffmpeg comes.
    #[must_use]
    pub fn frames(&self, file: &Path) -> Vec<Vec<u8>> {
        let Size { width, height } = self.size;
        let scale = format!("scale={width}:{height}:{}", self.scaler);
        let said = Command::new(&self.ffmpeg.path)
            .args(["-nostdin", "-hide_banner", "-loglevel", "quiet", "-copyts"])
            .args(&self.input)
            .arg("-i")
            .arg(file)
            .args(["-map", "0:V:0", "-vf", &scale, "-fps_mode", "passthrough"])
            .args(["-frames:v", &self.most.to_string()])
            .args(["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let frames = said.stdout.chunks_exact(3 * self.size.pixels() as usize);
        frames.map(<[u8]>::to_vec).collect()
    }
}
