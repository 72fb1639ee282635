//! A clip to show the service on, when no video is named.

use crate::error::Error;
use decoder::Ffmpeg;
use std::path::Path;
use std::process::{Command, Stdio};

/// Lasts this long.
const SECONDS: u32 = 60;

/// Makes a clip whose picture shows a running clock. H.264 where this ffmpeg can make it.
pub(super) fn make(ffmpeg: &Ffmpeg, out: &Path) -> Result<(), Error> {
    let h264: &[&str] = &["libx264", "-preset", "veryfast", "-g", "50", "-bf", "2"];
    let mpeg4: &[&str] = &["mpeg4", "-q:v", "3", "-g", "50", "-bf", "2"];
    let made = encode(ffmpeg, h264, out)? || encode(ffmpeg, mpeg4, out)?;
    if made {
        Ok(())
    } else {
        Err(Error::Said(
            "this ffmpeg cannot make the demo's clip".to_owned(),
        ))
    }
}

fn encode(ffmpeg: &Ffmpeg, codec: &[&str], out: &Path) -> Result<bool, Error> {
    let picture = format!(
        "testsrc=size=960x540:rate=25:duration={SECONDS}:decimals=2,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    );
    // It needs none of our variables, of which some are secrets and some are ffmpeg's switches.
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
