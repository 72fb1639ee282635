//! Which track a player plays: the first default one that has frames, and more than a thumbnail.

use std::path::Path;
use std::process::{Command, Stdio};

/// ffmpeg's index of the stream.
pub(super) fn played(ffmpeg: &Path, file: &Path) -> Option<usize> {
    let said = Command::new("timeout")
        .arg("60")
        .arg(ffmpeg)
        .args(["-nostdin", "-hide_banner", "-i"])
        .arg(file)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&said.stderr);
    let mut tracks: Vec<Track> = said.lines().filter_map(Track::read).collect();
    // A stable sort: of several default tracks the first one stays the first.
    tracks.sort_by_key(|track| (!track.has_format, !track.is_default));
    if tracks.len() > 1 {
        let moves = |track: &&Track| track.has_format && frames(ffmpeg, file, track.stream) > 1;
        if let Some(track) = tracks.iter().find(moves) {
            return Some(track.stream);
        }
    }
    tracks.first().map(|track| track.stream)
}

#[derive(Debug)]
struct Track {
    stream: usize,
    is_default: bool,
    /// ffmpeg saw a frame of it: a track without samples has none.
    has_format: bool,
}

impl Track {
    /// A line such as `  Stream #0:1[0x2](und): Video: h264 (High), yuv420p, 320x240 (default)`.
    fn read(line: &str) -> Option<Self> {
        let rest = line.trim().strip_prefix("Stream #0:")?;
        let (_, video) = rest.split_once(": Video: ")?;
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        if video.contains("(attached pic)") {
            return None;
        }
        Some(Self {
            stream: rest[..digits].parse().ok()?,
            is_default: video.contains("(default)"),
            has_format: !video.contains(", none"),
        })
    }
}

/// How many of its first three frames decode.
fn frames(ffmpeg: &Path, file: &Path, stream: usize) -> usize {
    let said = super::frames::decoding(ffmpeg, file, stream)
        .args(["-vf", "showinfo=checksum=0", "-frames:v", "3"])
        .args(["-f", "null", "-"])
        .output();
    let said = said.map(|said| String::from_utf8_lossy(&said.stderr).into_owned());
    said.map_or(0, |said| said.matches(" pts_time:").count())
}

#[cfg(test)]
mod tests {
    use super::Track;

    #[test]
    fn covers_are_no_tracks_and_empty_ones_have_no_format() {
        let cover = "  Stream #0:1: Video: mjpeg, yuvj420p, 90x90, 90k tbr (attached pic)";
        assert!(Track::read(cover).is_none());
        let empty = "  Stream #0:0(eng): Video: h264, none, 320x240, 1k tbn (default)";
        let empty = Track::read(empty).unwrap();
        assert!(empty.is_default && !empty.has_format);
    }
}
