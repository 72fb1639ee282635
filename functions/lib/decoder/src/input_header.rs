//! What ffmpeg says of its input on stderr: the container, and which stream is the video.

use crate::LineSink;

/// Collected line by line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InputHeader {
    /// The name of the demuxer, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    pub container: String,
    videos: Vec<VideoStream>,
    sounds: Vec<SoundStream>,
    streams: usize,
    over: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct SoundStream {
    index: usize,
    has_sample_rate: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct VideoStream {
    index: usize,
    /// The container's own number of it, such as the packet identifier of MPEG-TS.
    id: Option<u32>,
    is_default: bool,
    is_picture: bool,
    is_dolby_vision_5: bool,
    /// How it is to be turned, where that is said.
    rotation_degrees: Option<f64>,
}

impl VideoStream {
    /// Whether it is to be turned by anything but quarters.
    fn is_tilted(&self) -> bool {
        let degrees = self.rotation_degrees;
        degrees.is_some_and(|degrees| degrees % 90.0 != 0.0)
    }
}

impl LineSink for InputHeader {
    fn line(&mut self, line: &str) {
        let text = line.strip_prefix("[info] ").unwrap_or(line);
        if let Some(input) = text.strip_prefix("Input #0, ") {
            let container = input.split(", from ").next();
            container.unwrap_or("").clone_into(&mut self.container);
        } else if text.starts_with("Output #") || text.starts_with("Stream mapping") {
            self.over = true;
        } else if !self.over
            && let Some(stream) = text.trim_start().strip_prefix("Stream #0:")
        {
            self.streams += 1;
            self.videos.extend(video_stream(stream));
            self.sounds.extend(sound_stream(stream));
        } else if !self.over
            && let Some(degrees) = rotation(text)
            && let Some(video) = self.videos.last_mut()
        {
            video.rotation_degrees = Some(degrees);
        } else if !self.over
            && let Some(record) = text
                .trim_start()
                .strip_prefix("DOVI configuration record: ")
            && let Some(video) = self.videos.last_mut()
        {
            video.is_dolby_vision_5 = record.contains("profile: 5,");
        }
    }
}

impl InputHeader {
    /// How many there are, of any kind.
    pub fn streams(&self) -> usize {
        self.streams
    }

    /// The streams to take as a player prefers them: those marked as default go first.
    pub fn videos(&self) -> Vec<usize> {
        let shows = self.videos.iter().filter(|video| !video.is_picture);
        let mut shows: Vec<_> = shows.collect();
        shows.sort_by_key(|video| !video.is_default);
        shows.into_iter().map(|video| video.index).collect()
    }

    /// Whether the stream of this number is Dolby Vision of profile 5.
    pub fn is_dolby_vision_5(&self, stream: usize) -> bool {
        let found = self.videos.iter().find(|video| video.index == stream);
        found.is_some_and(|video| video.is_dolby_vision_5)
    }

    /// The container's own number of a stream, where it has one.
    pub fn id(&self, stream: usize) -> Option<u32> {
        let video = self.videos.iter().find(|video| video.index == stream);
        video.and_then(|video| video.id)
    }

    /// The one that ffmpeg's `0:V:0` means.
    pub fn first_video(&self) -> Option<usize> {
        self.videos
            .iter()
            .find(|video| !video.is_picture)
            .map(|video| video.index)
    }

    /// The audio streams whose parameters are known. ffmpeg writes no stream without a sample rate,
    /// not even the packets of one.
    pub fn known_sounds(&self) -> impl Iterator<Item = usize> {
        let known = self.sounds.iter().filter(|sound| sound.has_sample_rate);
        known.map(|sound| sound.index)
    }

    /// Whether a seek lands on the keyframe at or before the time asked for. Other containers
    /// are searched by bytes and may land later.
    pub fn seeks_exactly(&self) -> bool {
        self.container.starts_with("mov,") || self.container.starts_with("matroska,")
    }

    /// Whether the container always tells the shape of a pixel, which then counts for all frames.
    pub fn tells_aspect(&self) -> bool {
        self.seeks_exactly() || self.container == "mxf"
    }

    /// How much earlier than it is told to ffmpeg seeks where pictures are held back, microseconds:
    /// it takes most containers to be searched by decoding times. Broadcasts land later by
    /// themselves.
    pub fn seek_lead_us(&self) -> i64 {
        match self.container.starts_with("mov,") || self.is_broadcast() {
            true => 0,
            false => 3 * 1_000_000 / 23 + 1,
        }
    }

    /// Whether it may be a part of what was sent, and begin anywhere.
    pub fn is_broadcast(&self) -> bool {
        ["mpegts", "mpeg", "h264", "hevc", "mpegvideo", "m4v"].contains(&&*self.container)
    }

    /// Whether nothing but a keyframe can be first: Ogg counts frames from it.
    pub fn begins_with_a_keyframe(&self) -> bool {
        self.container == "ogg"
    }

    /// Whether its demuxer knows edit lists.
    pub fn has_edits(&self) -> bool {
        self.container.starts_with("mov,")
    }

    /// Whether the container may say how pictures are turned; it says it of all of them. Elsewhere
    /// only the video says it, and decoders tell it of some pictures only.
    pub fn tells_turns(&self) -> bool {
        self.seeks_exactly()
    }

    /// Whether it says that the stream is to be turned by anything but quarters. Players show such
    /// pictures as they are.
    pub fn is_tilted(&self, stream: usize) -> bool {
        let video = self.videos.iter().find(|video| video.index == stream);
        video.is_some_and(VideoStream::is_tilted)
    }
}

/// `1[0x2](und): Video: h264 (High), yuv420p, 800x640, 30 fps (default)`
fn video_stream(text: &str) -> Option<VideoStream> {
    let (index, description) = stream(text)?;
    description.starts_with("Video: ").then(|| VideoStream {
        index,
        id: hexadecimal(text.trim_start_matches(|c: char| c.is_ascii_digit())),
        is_default: description.contains("(default)"),
        is_picture: ["(attached pic)", "(still image)", "(timed thumbnails)"]
            .iter()
            .any(|kind| description.contains(kind)),
        is_dolby_vision_5: false,
        rotation_degrees: None,
    })
}

/// `displaymatrix: rotation of -90.00 degrees`; newer versions write the name as words.
fn rotation(text: &str) -> Option<f64> {
    let (name, rest) = text.trim_start().split_once(": rotation of ")?;
    let is_it = matches!(name, "displaymatrix" | "Display Matrix");
    let degrees = rest.strip_suffix(" degrees").filter(|_| is_it)?;
    degrees.parse().ok()
}

fn hexadecimal(text: &str) -> Option<u32> {
    let (id, _) = text.strip_prefix("[0x")?.split_once(']')?;
    u32::from_str_radix(id, 16).ok()
}

/// `1[0x101]: Audio: aac (LC), 48000 Hz, stereo, fltp`
fn sound_stream(text: &str) -> Option<SoundStream> {
    let (index, description) = stream(text)?;
    description.starts_with("Audio: ").then(|| SoundStream {
        index,
        has_sample_rate: description.contains(" Hz,"),
    })
}

fn stream(text: &str) -> Option<(usize, &str)> {
    let (number, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let (_, description) = rest.split_once(": ")?;
    Some((number.parse().unwrap_or(usize::MAX), description))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> InputHeader {
        let mut header = InputHeader::default();
        text.lines().for_each(|line| header.line(line));
        header
    }

    #[test]
    fn the_default_stream_wins_and_cover_art_never_does() {
        let header = header(
            "[info] Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:x':\n\
             [info]   Stream #0:0: Video: mjpeg (Baseline), 90k tbn (default) (attached pic)\n\
             [info]   Stream #0:1[0x1](und): Video: h264 (avc1 / 0x31637661), 30 fps\n\
             [info]   Stream #0:2[0x2](und): Audio: aac (default)\n\
             [info]   Stream #0:3[0x3](und): Video: hevc, 30 fps (default)\n\
             [info] Output #0, framecrc, to 'pipe:':\n\
             [info]   Stream #0:0: Video: h264 (default)\n",
        );
        assert_eq!(
            (header.first_video(), header.videos()),
            (Some(1), vec![3, 1])
        );
        assert!(header.seeks_exactly());
    }

    #[test]
    fn dolby_vision_without_a_base_is_told() {
        let header = header(
            "[info]   Stream #0:0: Video: hevc (Main 10), yuv420p10le(pc), 64x64\n\
             [info]     Side data:\n\
             [info]       DOVI configuration record: version: 1.0, profile: 5, level: 1, rpu flag: 1\n\
             [info]   Stream #0:1: Video: hevc (Main 10), yuv420p10le, 64x64\n",
        );
        assert!(header.is_dolby_vision_5(0) && !header.is_dolby_vision_5(1));
    }

    #[test]
    fn pictures_that_are_tilted_are_left_as_they_are() {
        let turns = |rotation: &str| {
            let text = format!(
                "Input #0, mov,mp4, from 'x':\n  Stream #0:0: Video: h264\n    Side data:\n      {rotation}\n"
            );
            !header(&text).is_tilted(0)
        };
        assert!(turns("displaymatrix: rotation of -90.00 degrees"));
        assert!(turns("Display Matrix: rotation of 180.00 degrees"));
        assert!(!turns("displaymatrix: rotation of -89.40 degrees"));
        assert!(!turns("Display Matrix: rotation of 30.00 degrees"));
        assert!(!turns("displaymatrix: rotation of nan degrees"));
    }

    #[test]
    fn without_a_default_the_first_is_taken() {
        let header = header(
            "Input #0, mpegts, from 'x':\n  Stream #0:0[0x100]: Video: h264, 25 fps\n  \
             Stream #0:1[0x101]: Video: h264, 25 fps\n",
        );
        assert_eq!(header.videos(), [0, 1]);
        assert_eq!(header.id(1), Some(0x101));
        assert!(!header.seeks_exactly());
    }

    #[test]
    fn sound_without_a_sample_rate_is_told_from_the_rest() {
        let header = header(
            "Input #0, mpegts, from 'x':\n  Stream #0:0[0x100]: Video: h264, 25 fps\n  \
             Stream #0:1[0x101]: Audio: aac ([15][0][0][0] / 0x000F), 0 channels\n  \
             Stream #0:2[0x102](deu): Audio: mp2 ([3][0][0][0] / 0x0003), 48000 Hz, stereo\n",
        );
        assert!(header.known_sounds().eq([2]));
    }
}
