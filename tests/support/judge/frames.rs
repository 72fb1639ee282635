//! What a plain decode shows: each frame's time, size, format and colours, from ffmpeg's `showinfo`.

use super::edits::TrackEdits;
use super::track;
use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// A decode that takes longer is given up, s.
const LONGEST_DECODE_SECONDS: &str = "600";

/// The colours of a frame, in ffmpeg's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColourTags {
    /// `tv`, `pc` or `unknown`.
    pub range: String,
    /// The matrix, such as `bt709`.
    pub space: String,
    /// Such as `bt2020`.
    pub primaries: String,
    /// Such as `smpte2084`.
    pub transfer: String,
}

/// One frame as it leaves the decoder: neither turned nor scaled.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Its time in units of the time base; none where ffmpeg knows none.
    pub ticks: Option<i64>,
    /// px
    pub width: usize,
    /// px
    pub height: usize,
    /// Of a pixel: width, height. 0 where it is unknown.
    pub pixel_aspect: (u64, u64),
    /// ffmpeg's name of its pixel format.
    pub format: String,
    /// Of two fields.
    pub interlaced: bool,
    /// Its colours.
    pub colour: ColourTags,
    /// Turned by so many degrees, anticlockwise, where a side datum of this frame says so.
    pub rotation_degrees: Option<f64>,
    /// Its chroma lies in the middle of the pixels it belongs to, not above the left one.
    pub chroma_is_centred: bool,
}

/// A whole file, decoded plainly.
#[derive(Debug, Clone, Default)]
pub struct PlainDecode {
    /// In the decoder's output order.
    pub frames: Vec<Frame>,
    /// Seconds of a tick, as a fraction.
    pub time_base: (i64, i64),
    /// The track: ffmpeg's index of the stream.
    pub stream: usize,
    /// What ffmpeg said when it gave no frame.
    pub last_words: String,
    /// What of it is shown, where that is for us to say.
    pub edits: Option<TrackEdits>,
    /// The codec has chroma in the middle between luma samples.
    centres_chroma: bool,
}

/// Of the decoders that have it so.
const CENTRED_CHROMA: [&str; 4] = ["(mjpeg", "(mpeg1video", "(h263", "(theora"];

/// Arguments that let ffmpeg decode a track of a file as a player would, in one thread, for what
/// several conceal of damage depends on chance.
pub(super) fn decoding(ffmpeg: &Path, file: &Path, stream: usize) -> Command {
    let mut command = Command::new("timeout");
    command
        .arg(LONGEST_DECODE_SECONDS)
        .arg(ffmpeg)
        .args(["-nostdin", "-hide_banner", "-nostats", "-threads", "1"])
        .args(["-noautorotate", "-copyts"]);
    if TrackEdits::of(file, stream).is_some() {
        command.args(["-ignore_editlist", "1"]);
    }
    command
        .arg("-i")
        .arg(file)
        .args(["-map", &format!("0:{stream}"), "-fps_mode", "passthrough"])
        .arg("-noautoscale")
        .stdin(Stdio::null());
    command
}

impl PlainDecode {
    /// Decodes the whole file.
    ///
    /// # Panics
    /// ffmpeg does not start.
    #[must_use]
    pub fn of(ffmpeg: &Path, file: &Path) -> Self {
        let Some(stream) = track::played(ffmpeg, file) else {
            let last_words = "no video track".to_owned();
            return Self {
                last_words,
                ..Self::default()
            };
        };
        let output = decoding(ffmpeg, file, stream)
            .args(["-vf", "showinfo=checksum=0", "-f", "null", "-"])
            .output()
            .expect("timeout and ffmpeg start");
        let mut decode = Self::read(&String::from_utf8_lossy(&output.stderr));
        decode.stream = stream;
        decode.edits = TrackEdits::of(file, stream);
        decode
    }

    /// Takes each frame's pixel aspect from another version's decode: from ffmpeg 7 on, filters
    /// see that of the first frame where nothing else changes with it. Frames are told by their
    /// times; of several with one time the last ones belong together.
    pub fn take_aspects(&mut self, other: &Self) {
        let mut aspects: HashMap<i64, Vec<&Frame>> = HashMap::new();
        for frame in &other.frames {
            if let Some(ticks) = frame.ticks {
                aspects.entry(ticks).or_default().push(frame);
            }
        }
        for frame in self.frames.iter_mut().rev() {
            let same = frame.ticks.and_then(|ticks| aspects.get_mut(&ticks));
            if let Some(other) = same.and_then(Vec::pop)
                && (other.width, other.height) == (frame.width, frame.height)
            {
                frame.pixel_aspect = other.pixel_aspect;
            }
        }
    }

    fn read(said: &str) -> Self {
        let mut decode = Self {
            time_base: (1, 1000),
            ..Self::default()
        };
        for line in said.lines() {
            match line.strip_prefix("[Parsed_showinfo_") {
                Some(rest) => decode.read_line(rest.split_once("] ").map_or("", |(_, text)| text)),
                None if line.contains(" -> #0:0 (") => {
                    let is_it = |name: &&str| line.contains(&format!(" -> #0:0 {name} "));
                    decode.centres_chroma = CENTRED_CHROMA.iter().any(is_it);
                }
                None if !line.trim().is_empty() => line.trim().clone_into(&mut decode.last_words),
                None => {}
            }
        }
        decode
    }

    fn read_line(&mut self, text: &str) {
        if let Some(base) = text.strip_prefix("config in time_base: ") {
            let fraction = base.split(',').next().and_then(|f| f.split_once('/'));
            if let Some((num, den)) = fraction {
                self.time_base = (num.parse().unwrap_or(1), den.parse().unwrap_or(1000));
            }
        } else if text.starts_with("n:") {
            self.frames.extend(Frame::read(text, self.centres_chroma));
        } else if let Some(frame) = self.frames.last_mut() {
            frame.read_more(text);
        }
    }
}

/// The word after `name`, which ends with a colon.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let at = text.find(name)?;
    text[at + name.len()..].split_whitespace().next()
}

fn pair(text: &str, between: char) -> Option<(u64, u64)> {
    let (one, two) = text.split_once(between)?;
    Some((one.parse().ok()?, two.parse().ok()?))
}

impl Frame {
    /// `centres_chroma` is what its codec does.
    fn read(text: &str, centres_chroma: bool) -> Option<Self> {
        let (width, height) = pair(field(text, " s:")?, 'x')?;
        let format = field(text, " fmt:")?.to_owned();
        let centred = match field(text, " cl:") {
            Some(place) => place == "center",
            // ffmpeg 5 does not say.
            None => centres_chroma || format.starts_with("yuvj"),
        };
        Some(Self {
            ticks: field(text, " pts:").and_then(|ticks| ticks.parse().ok()),
            width: width as usize,
            height: height as usize,
            pixel_aspect: field(text, " sar:")
                .and_then(|sar| pair(sar, '/'))
                .unwrap_or((0, 1)),
            format,
            interlaced: field(text, " i:").is_some_and(|kind| kind != "P"),
            colour: ColourTags::default(),
            rotation_degrees: None,
            chroma_is_centred: centred,
        })
    }

    fn read_more(&mut self, text: &str) {
        if text.starts_with("color_range:") {
            let word = |name: &str| field(text, name).unwrap_or("unknown").to_owned();
            self.colour = ColourTags {
                range: word("color_range:"),
                space: word("color_space:"),
                primaries: word("color_primaries:"),
                transfer: word("color_trc:"),
            };
        } else if let Some(degrees) = text.trim().strip_prefix("side data - displaymatrix: ") {
            let degrees = degrees.strip_prefix("rotation of ").unwrap_or(degrees);
            self.rotation_degrees = degrees.split(' ').next().and_then(|d| d.parse().ok());
        }
    }

    /// Whether the two need the same decode of raw frames and the same graph.
    #[must_use]
    pub fn is_shaped_as(&self, other: &Self) -> bool {
        self.width == other.width
            && self.height == other.height
            && self.pixel_aspect == other.pixel_aspect
            && self.format == other.format
            && self.interlaced == other.interlaced
            && self.colour == other.colour
    }
}
