//! Clips whose every frame carries its number, and which frame is to be seen when.
//!
//! The truth comes from the recipe alone: from how the frames were timed when they were made.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

use crate::barcode;
use decoder::{Ffmpeg, Search};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// How to make a clip.
#[derive(Debug, Clone, Hash)]
pub struct Recipe {
    /// Also the name of the file.
    pub name: &'static str,
    /// With the dot.
    pub extension: &'static str,
    /// The encoder this needs.
    pub encoder: &'static str,
    /// Options of the output.
    pub options: Vec<String>,
    /// px
    pub width: usize,
    /// px
    pub height: usize,
    /// How many frames are encoded.
    pub frames: u16,
    /// Frames per second, as a fraction.
    pub rate: (u64, u64),
    /// When each frame is shown.
    pub timing: Timing,
    /// Ticks per second that the container rounds to.
    pub ticks: u64,
    /// Length of a tone added to it, ms.
    pub sound_ms: Option<u64>,
    /// What is done to the finished clip.
    pub after: After,
}

/// When frame n is shown.
#[derive(Debug, Clone, Copy, Hash, PartialEq, Eq)]
pub enum Timing {
    /// At n / rate.
    Constant,
    /// The first 60 at `rate`, then one every 500 ms.
    Slowing,
}

/// What is done to a finished clip.
#[derive(Debug, Clone, Copy, Hash, PartialEq, Eq)]
pub enum After {
    /// Nothing.
    Nothing,
    /// Cut without decoding, so that an edit list hides what comes before this time, ms. The frame
    /// that is on the screen then is the first.
    CutAt(u64),
    /// Ends after so many of a hundred parts.
    Truncate(u64),
}

impl Recipe {
    /// H.264 in MP4: 10 s, 25 frames a second, a keyframe every 2 s, B-frames.
    #[must_use]
    pub fn h264(name: &'static str) -> Self {
        Self {
            name,
            extension: ".mp4",
            encoder: "libx264",
            options: words("-preset veryfast -g 50 -keyint_min 50 -sc_threshold 0 -bf 3"),
            width: 640,
            height: 360,
            frames: 250,
            rate: (25, 1),
            timing: Timing::Constant,
            ticks: 90_000,
            sound_ms: None,
            after: After::Nothing,
        }
    }

    /// The same with another encoder.
    #[must_use]
    pub fn encoded(mut self, encoder: &'static str, options: &str) -> Self {
        (self.encoder, self.options) = (encoder, words(options));
        self
    }

    /// The same with further options.
    #[must_use]
    pub fn with(mut self, options: &str) -> Self {
        self.options.extend(words(options));
        self
    }

    /// The same in another container, whose times are rounded to 1 / `ticks` s.
    #[must_use]
    pub fn inside(mut self, extension: &'static str, ticks: u64) -> Self {
        (self.extension, self.ticks) = (extension, ticks);
        self
    }

    /// When frame `number` is shown, ticks after frame 0.
    fn ticks_of(&self, number: u64) -> u64 {
        let (num, den) = self.rate;
        let rounded = |n: u64| (n * den * self.ticks * 2 + num) / (2 * num);
        match self.timing {
            Timing::Slowing if number >= 60 => rounded(60) + (number - 60) * self.ticks / 2,
            Timing::Constant | Timing::Slowing => rounded(number),
        }
    }

    /// The first frame to be seen.
    #[must_use]
    pub fn first(&self) -> u16 {
        match self.after {
            After::CutAt(ms) => {
                // What is left of it is not seen: less than a tick of the movie, which is a ms.
                let hidden = |&n: &u16| {
                    let until = self.ticks_of(u64::from(n) + 1) * 1000;
                    until < (ms + 1) * self.ticks
                };
                (0..self.frames).take_while(hidden).count() as u16
            }
            _ => 0,
        }
    }

    /// When frame `number` is shown, ms after the first one to be seen, rounded up.
    #[must_use]
    pub fn shown_ms(&self, number: u16) -> u64 {
        let first = match self.after {
            After::CutAt(ms) => ms * self.ticks / 1000,
            _ => self.ticks_of(self.first().into()),
        };
        let ticks = self.ticks_of(number.into()).saturating_sub(first);
        (ticks * 1000).div_ceil(self.ticks)
    }

    /// The frame to be seen `at_ms` after the first.
    #[must_use]
    pub fn seen_at(&self, at_ms: u64) -> u16 {
        (self.first()..self.frames)
            .take_while(|&number| self.shown_ms(number) <= at_ms)
            .last()
            .expect("the first frame is shown at 0")
    }

    /// The clip, made by `ffmpeg` if it is not there yet.
    ///
    /// # Panics
    /// It can't be made, such as by an ffmpeg without the encoder.
    #[must_use]
    pub fn clip(&self, ffmpeg: &Path) -> PathBuf {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/clips");
        fs::create_dir_all(&folder).unwrap();
        let mut hash = DefaultHasher::new();
        (self, ffmpeg, 1).hash(&mut hash);
        let path = folder.join(format!(
            "{}-{:016x}{}",
            self.name,
            hash.finish(),
            self.extension
        ));
        if !path.exists() {
            let scratch = tempfile::tempdir_in(&folder).unwrap();
            let made = self.finish(ffmpeg, &self.encode(ffmpeg, scratch.path()));
            // Several tests may make the same clip at once; all see the first that is whole, for a
            // job fails where its file is replaced while it runs.
            if let Err(cause) = fs::hard_link(made, &path) {
                assert_eq!(cause.kind(), ErrorKind::AlreadyExists, "{cause}");
            }
        }
        path
    }

    fn encode(&self, ffmpeg: &Path, folder: &Path) -> PathBuf {
        let out = folder.join(format!("a{}", self.extension));
        let (num, den) = self.rate;
        let mut command = quiet(ffmpeg);
        command
            .args([
                "-f",
                "rawvideo",
                "-pix_fmt",
                "gray",
                "-framerate",
                &format!("{num}/{den}"),
            ])
            .args([
                "-video_size",
                &format!("{}x{}", self.width, self.height),
                "-i",
                "pipe:0",
            ]);
        if let Some(ms) = self.sound_ms {
            let tone = format!("sine=frequency=440:duration={}.{:03}", ms / 1000, ms % 1000);
            command.args(["-f", "lavfi", "-i", &tone, "-map", "0:v", "-map", "1:a"]);
        }
        command
            .args(["-pix_fmt", "yuv420p", "-c:v", self.encoder])
            .args(&self.options);
        if self.timing == Timing::Slowing {
            let pts = format!("if(lt(N,60),N*{den}/{num},60*{den}/{num}+(N-60)/2)/TB");
            command.args(["-vf", &format!("settb=1/90000,setpts='{pts}'")]);
            command.args(["-fps_mode", "passthrough", "-enc_time_base", "1:90000"]);
        }
        let child = command.arg(&out).stdin(Stdio::piped()).spawn();
        let mut child = child.expect("ffmpeg starts");
        let mut pipe = child.stdin.take().unwrap();
        for number in 0..self.frames {
            if pipe.write_all(&self.paint(number)).is_err() {
                break;
            }
        }
        drop(pipe);
        assert!(
            child.wait().unwrap().success(),
            "ffmpeg could not make {}",
            self.name
        );
        out
    }

    /// The number, below something that moves so that frames depend on each other.
    fn paint(&self, number: u16) -> Vec<u8> {
        let (width, height) = (self.width, self.height);
        let mut pixels = vec![0; width * height];
        for (at, pixel) in pixels.iter_mut().enumerate() {
            let (x, y) = (at % width + 3 * usize::from(number), at / width);
            *pixel = if (x / 24 + y / 24) % 2 == 0 { 90 } else { 170 };
        }
        barcode::paint(&mut pixels, width, height, number);
        pixels
    }

    fn finish(&self, ffmpeg: &Path, made: &Path) -> PathBuf {
        let out = made.with_file_name(format!("b{}", self.extension));
        match self.after {
            After::Nothing => return made.to_owned(),
            After::CutAt(ms) => {
                let at = format!("{}.{:03}", ms / 1000, ms % 1000);
                let mut command = quiet(ffmpeg);
                command
                    .args(["-ss", &at, "-i"])
                    .arg(made)
                    .args(["-c", "copy"])
                    .arg(&out);
                assert!(
                    command.status().unwrap().success(),
                    "could not cut {}",
                    self.name
                );
            }
            After::Truncate(percent) => {
                let bytes = fs::read(made).unwrap();
                let kept = bytes.len() * usize::try_from(percent).unwrap() / 100;
                fs::write(&out, &bytes[..kept]).unwrap();
            }
        }
        out
    }
}

fn quiet(ffmpeg: &Path) -> Command {
    let mut command = Command::new(ffmpeg);
    command.args(["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// Makes an MP4 that shows each colour for so long, 320x180 at 10 frames a second, a sync sample a
/// second.
///
/// # Panics
/// This ffmpeg can't.
pub fn of_colours(ffmpeg: &Path, colours: &[[u8; 3]], seconds_each: f64, file: &Path) {
    let mut command = Command::new(ffmpeg);
    command.args(["-v", "error"]);
    for [r, g, b] in colours {
        let source =
            format!("color=0x{r:02x}{g:02x}{b:02x}:size=320x180:rate=10:duration={seconds_each}");
        command.args(["-f", "lavfi", "-i", &source]);
    }
    let inputs: String = (0..colours.len()).map(|n| format!("[{n}]")).collect();
    let joined = format!("{inputs}concat=n={}", colours.len());
    let made = command
        .args(["-filter_complex", &joined, "-c:v", "libx264", "-g", "10"])
        .args(["-pix_fmt", "yuv420p", "-movflags", "+faststart"])
        .arg(file)
        .status();
    assert!(made.unwrap().success());
}

fn words(options: &str) -> Vec<String> {
    options.split_whitespace().map(str::to_owned).collect()
}

/// The ffmpegs to test with: those of the variable `VOD_SNAPSHOT_TEST_FFMPEGS` (separated by
/// colons), else the one that would be used and, where that came from PATH, the newest too.
///
/// # Panics
/// One of them can't be had.
#[must_use]
pub fn ffmpegs() -> Vec<Ffmpeg> {
    static FOUND: OnceLock<Vec<Ffmpeg>> = OnceLock::new();
    FOUND.get_or_init(find_ffmpegs).clone()
}

fn find_ffmpegs() -> Vec<Ffmpeg> {
    let locate = |search: Search| decoder::locate(&search, &mut |line| eprintln!("{line}"));
    let given = std::env::var("VOD_SNAPSHOT_TEST_FFMPEGS").unwrap_or_default();
    let given = std::env::split_paths(&given).filter(|path| !path.as_os_str().is_empty());
    let given: Vec<PathBuf> = given.collect();
    if !given.is_empty() {
        let found = given
            .into_iter()
            .map(|path| locate(Search::new(Some(path))));
        return found
            .map(|found| found.unwrap_or_else(|error| panic!("{error}")))
            .collect();
    }
    let first = locate(Search::new(None)).unwrap_or_else(|error| panic!("{error}"));
    let newest = Search {
        given: None,
        path: None,
        ..Search::new(None)
    };
    match locate(newest) {
        Ok(newest) if newest.path != first.path => vec![first, newest],
        Ok(_) => vec![first],
        Err(error) => panic!("no newest ffmpeg beside {}: {error}", first.path.display()),
    }
}
