//! Work that ends when its time does, wherever it is; and time that is not the video's.

use decoder::{Ffmpeg, Search, locate};
use plan::Limits;
use service::pictures::{Order, Stop, take};
use source::{FileSource, RangeSource, ReadError};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::clips::{Recipe, ffmpegs};
use support::work::{at, engine, order, order_on};

fn clip(name: &'static str, extension: &'static str) -> PathBuf {
    let recipe = Recipe::h264(name).inside(extension, 90_000);
    recipe.clip(&ffmpegs()[0].path)
}

/// How long after the end of its time it took to stop.
fn stops_after(ffmpeg: &Ffmpeg, order: &Order, begins: Duration) -> Duration {
    let until = order.until.clone();
    let ending = std::thread::spawn(move || {
        std::thread::sleep(begins);
        until.end();
        Instant::now()
    });
    let taken = take(&engine(ffmpeg, Limits::default()), order, &mut |_| true);
    let late = ending.join().unwrap().elapsed();
    assert!(matches!(taken, Err(Stop::Pause(_))), "{taken:?}");
    late
}

#[test]
fn a_long_decode_stops_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let raw = clip("stopping_raw", ".h264");
    let path = folder.path().join("endless.h264");
    fs::write(&path, fs::read(raw).unwrap().repeat(300)).unwrap();
    let order = order(&path, at(&[2_900_000])).unwrap();
    // While it lists, and while it decodes all of it.
    for begins in [100, 1000, 2500].map(Duration::from_millis) {
        let order = Order {
            until: Default::default(),
            ..order.clone()
        };
        let late = stops_after(&ffmpegs()[0], &order, begins);
        eprintln!("after {begins:?}: stopped within {late:?}");
        assert!(late < Duration::from_secs(1), "{late:?}");
    }
}

/// An ffmpeg until it has been found.
fn silent(folder: &Path) -> Ffmpeg {
    let path = folder.join("ffmpeg");
    let real = ffmpegs()[0].path.display().to_string();
    let found = folder.join("found");
    let silence = format!("[ -e {} ] && exec sleep 60", found.display());
    let lines = format!("#!/bin/sh\n{silence}\nexec {real} \"$@\"\n");
    fs::write(&path, lines).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let ffmpeg = locate(&Search::new(Some(path)), &mut |_| ()).unwrap();
    fs::write(found, "").unwrap();
    ffmpeg
}

#[test]
fn a_silent_decoder_stops_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let ffmpeg = silent(folder.path());
    for extension in [".mp4", ".mkv", ".ts"] {
        let order = order(&clip("stopping", extension), at(&[0, 5000])).unwrap();
        let late = stops_after(&ffmpeg, &order, Duration::from_millis(500));
        eprintln!("{extension}: stopped within {late:?}");
        assert!(late < Duration::from_secs(1), "{extension}: {late:?}");
    }
}

/// Each read takes this long.
#[derive(Debug)]
struct Slow(FileSource, Duration);

impl RangeSource for Slow {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        std::thread::sleep(self.1);
        self.0.read_at(offset, into)
    }
}

fn impatient() -> Limits {
    Limits {
        wall: Duration::from_secs(1),
        idle: Duration::from_secs(1),
        ..Limits::default()
    }
}

#[test]
fn a_source_that_stalls_takes_none_of_the_videos_time() {
    let file = FileSource::open(&clip("stopping", ".mp4")).unwrap();
    let source = Slow(file, Duration::from_millis(1500));
    let order = order_on(Arc::new(source), at(&[0, 5000]));
    let taken = take(&engine(&ffmpegs()[0], impatient()), &order, &mut |_| true);
    assert_eq!(taken.unwrap().manifest.pictures.len(), 2);
}

#[test]
fn a_store_that_stalls_takes_none_of_the_videos_time() {
    for extension in [".mp4", ".ts"] {
        let order = order(&clip("stopping", extension), at(&[0, 3000, 5000])).unwrap();
        let taken = take(&engine(&ffmpegs()[0], impatient()), &order, &mut |_| {
            std::thread::sleep(Duration::from_millis(900));
            true
        });
        assert_eq!(taken.unwrap().manifest.pictures.len(), 3);
    }
}
