//! A file as ffmpeg by itself decodes it, and what it says of each frame.

use super::PIXELS;
use decoder::{Complaint, Ffmpeg, complaint};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempPath;

/// One frame.
pub(super) struct DecodedFrame {
    /// From the start of the file's clock.
    pub(super) at_us: i64,
    /// `rgb24`
    pub(super) pixels: Vec<u8>,
    /// Whether ffmpeg calls it corrupt. Told only of versions whose lines are in order.
    pub(super) is_corrupt: bool,
    /// Whether it speaks of damage between the keyframe before and this one, likewise.
    pub(super) is_suspect: bool,
    /// Whether it complains, be it of references that are missing, between the keyframe before and
    /// this one.
    pub(super) is_doubted: bool,
}

/// Decoders hold back so many frames to put them in order, so that a complaint of a keyframe may
/// come before them.
const HELD_BACK: usize = 3;

/// Where decoders run on threads of their own, so many more may wait to be shown.
const QUEUED: usize = 13;

/// All frames, on one thread, from the start to the end.
pub(super) struct Decoded {
    pub(super) frames: Vec<DecodedFrame>,
}

impl Decoded {
    pub(super) fn of(ffmpeg: &Ffmpeg, file: &Path) -> Self {
        Self::with(&mut Command::new(&ffmpeg.path), ffmpeg, file)
    }

    /// When the frames are shown to which others refer: from the start of the file's clock.
    pub(super) fn referenced(ffmpeg: &Ffmpeg, file: &Path) -> Vec<i64> {
        let mut command = Command::new(&ffmpeg.path);
        command.args(["-skip_frame", "noref"]);
        let decoded = Self::with(&mut command, ffmpeg, file);
        decoded.frames.iter().map(|frame| frame.at_us).collect()
    }

    /// The same where the memory that ffmpeg is given holds something else than zeros.
    pub(super) fn in_used_memory(ffmpeg: &Ffmpeg, file: &Path) -> Self {
        let mut command = Command::new(&ffmpeg.path);
        // Of the C library.
        command.env("MALLOC_PERTURB_", "85");
        Self::with(&mut command, ffmpeg, file)
    }

    fn with(command: &mut Command, ffmpeg: &Ffmpeg, file: &Path) -> Self {
        let run = command
            .args(["-nostdin", "-hide_banner", "-nostats", "-copyts"])
            .args(["-loglevel", "level+info", "-threads", "1", "-i"])
            .arg(file)
            .args(["-map", "0:V:0", "-filter_threads", "1"])
            .args(["-vf", "showinfo,scale=160:120:out_range=full"])
            .args(["-fps_mode", "passthrough", "-frames:v", "200"])
            .args(["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stderr);
        let mut decoded = Self { frames: Vec::new() };
        let mut is_corrupt = false;
        // How many frames were shown when damage was spoken of last, and at the last keyframe.
        let (mut complained, mut doubted, mut key) = (None, None, 0);
        let mut named = None;
        let is_ordered = !ffmpeg.version.queues_output();
        let lines = said
            .lines()
            .skip_while(|line| !line.contains("Stream mapping"));
        let mut given = run.stdout.chunks_exact(3 * PIXELS);
        for line in lines {
            let shown = decoded.frames.len();
            let names_next = line.contains("corrupt decoded frame");
            match complaint(line) {
                // That is said of the frame that comes next, and of none that is held back.
                Some(_) if is_ordered && names_next => {
                    (named, doubted) = (Some(shown), Some(shown))
                }
                Some(Complaint::Damage) => (complained, doubted) = (Some(shown), Some(shown)),
                Some(Complaint::MissingReference) => doubted = Some(shown),
                None => {}
            }
            is_corrupt |= is_ordered && names_next;
            let Some(at_us) = shown_us(line) else {
                continue;
            };
            let Some(pixels) = given.next() else {
                break;
            };
            if line.contains(" iskey:1") {
                key = shown;
            }
            let is_since_key = complained.is_some_and(|at| at + HELD_BACK >= key)
                || named.is_some_and(|at| at >= key);
            let ahead = HELD_BACK + if is_ordered { 0 } else { QUEUED };
            decoded.frames.push(DecodedFrame {
                at_us,
                pixels: pixels.to_vec(),
                is_corrupt: std::mem::take(&mut is_corrupt),
                // Of a keyframe only what names it counts: frames before it are decoded after it.
                is_suspect: is_ordered && is_since_key && key != shown,
                is_doubted: doubted.is_some_and(|at| at + ahead >= key),
            });
        }
        decoded
    }

    /// The frame shown at a time after `zero_us`.
    pub(super) fn at(&self, zero_us: i64, at_us: i64) -> Option<&DecodedFrame> {
        let off = |frame: &&DecodedFrame| (frame.at_us - zero_us - at_us).abs();
        let nearest = self.frames.iter().min_by_key(off)?;
        (off(&nearest) < 5_000).then_some(nearest)
    }
}

/// Whether ffmpeg complains of nothing where it decodes the packets of `file` in these places and no
/// others. None where they can't be copied.
pub(super) fn is_silent(ffmpeg: &Ffmpeg, file: &Path, places: &[usize]) -> Option<bool> {
    let alone = packets_of(ffmpeg, file, places)?;
    let decoded = Command::new(&ffmpeg.path)
        .args(["-nostdin", "-loglevel", "level+info", "-threads", "1", "-i"])
        .arg(&*alone)
        .args(["-f", "null", "-"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&decoded.stderr);
    let mut lines = said
        .lines()
        .skip_while(|line| !line.contains("Stream mapping"));
    let is_decoded = decoded.status.success();
    is_decoded.then(|| lines.all(|line| complaint(line).is_none()))
}

/// What ffmpeg makes of the packet in this place by itself.
pub(super) fn pixels_alone(ffmpeg: &Ffmpeg, file: &Path, place: usize) -> Option<Vec<u8>> {
    let alone = packets_of(ffmpeg, file, &[place])?;
    let decoded = Decoded::of(ffmpeg, &alone);
    decoded.frames.into_iter().next().map(|frame| frame.pixels)
}

/// The packets in these places.
fn packets_of(ffmpeg: &Ffmpeg, file: &Path, places: &[usize]) -> Option<TempPath> {
    let kept: Vec<String> = places
        .iter()
        .map(|place| format!("eq(n,{place})"))
        .collect();
    let alone = tempfile::Builder::new().suffix(".nut").tempfile().unwrap();
    let copied = Command::new(&ffmpeg.path)
        .args([
            "-nostdin", "-y", "-v", "quiet", "-copyts", "-fflags", "+genpts", "-i",
        ])
        .arg(file)
        .args(["-map", "0:V:0", "-c", "copy", "-copyinkf:v", "-bsf:v"])
        .arg(format!("noise=drop='not({})'", kept.join("+")))
        .args(["-f", "nut"])
        .arg(alone.path())
        .stdin(Stdio::null())
        .status()
        .unwrap();
    copied.success().then(|| alone.into_temp_path())
}

/// Of a line of `showinfo` that tells of a frame.
fn shown_us(line: &str) -> Option<i64> {
    let line = line.strip_prefix("[Parsed_showinfo")?;
    let (_, after) = line.split_once(" pts_time:")?;
    let seconds: f64 = after.split_whitespace().next()?.parse().ok()?;
    Some((seconds * 1e6).round() as i64)
}
