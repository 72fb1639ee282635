//! Generates the clip that the demo uses when no video is given.

use crate::error::{CommandError, DemoError};
use decoder::Ffmpeg;
use std::path::Path;
use std::process::{Command, Stdio};

/// How long the clip is.
const DURATION_S: u32 = 60;

/// Makes a clip that shows a running clock: H.264, or MPEG-4 Part 2 where this ffmpeg has no x264.
pub(super) fn make(ffmpeg: &Ffmpeg, out: &Path) -> Result<(), CommandError> {
    let h264: &[&str] = &["libx264", "-preset", "veryfast", "-g", "50", "-bf", "2"];
    let mpeg4: &[&str] = &["mpeg4", "-q:v", "3", "-g", "50", "-bf", "2"];
    match encode(ffmpeg, h264, out)? || encode(ffmpeg, mpeg4, out)? {
        true => Ok(()),
        false => Err(DemoError::NoEncoder.into()),
    }
}

fn encode(ffmpeg: &Ffmpeg, codec: &[&str], out: &Path) -> Result<bool, CommandError> {
    let picture = format!(
        "testsrc=size=960x540:rate=25:duration={DURATION_S}:decimals=2,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    );
    // Without our environment: some variables are secrets, and some are switches of ffmpeg.
    let status = Command::new(&ffmpeg.path)
        .env_clear()
        .args([
            "-nostdin",
            "-hide_banner",
            "-loglevel",
            "error",
            "-y",
            "-f",
            "lavfi",
            "-i",
            &picture,
        ])
        .args([
            "-colorspace",
            "bt709",
            "-color_primaries",
            "bt709",
            "-color_trc",
            "bt709",
        ])
        .arg("-c:v")
        .args(codec)
        .args(["-movflags", "+faststart"])
        .arg(out)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    Ok(status.success())
}
