//! One job on one file, as a worker runs it.

use decoder::Ffmpeg;
use image::RgbImage;
use plan::Limits;
use serde_json::Value;
use service::pictures::{Interrupted, JobFailure, PassOutput, PicturesTaken, take};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;
use support::work::{engine, order};

/// How a job ended.
pub(crate) enum Ending {
    Pictures(Vec<Picture>),
    Code(JobFailure),
    /// In none of the ways that are promised.
    Wrong(String),
}

pub(crate) struct Picture {
    pub(crate) pixels: RgbImage,
    /// When it is shown, counted from the first frame.
    pub(crate) at_us: u64,
    /// Whether the manifest says that it is not as it was coded.
    pub(crate) is_damaged: bool,
}

fn limits() -> Limits {
    Limits {
        wall: Duration::from_secs(40),
        idle: Duration::from_secs(20),
        cpu: Duration::from_secs(30),
        memory_bytes: 3 << 30,
        processes: 2,
        ..Limits::default()
    }
}

/// A worker opens the file and takes its pictures; so does this.
pub(crate) fn run(ffmpeg: &Ffmpeg, path: &Path, nth: usize) -> Ending {
    let times = [vec![0, 400, 1000], vec![0], vec![900], vec![40, 520]];
    at(ffmpeg, path, &times[nth / 4 % times.len()])
}

/// The same with pictures at these times, ms.
pub(crate) fn at(ffmpeg: &Ffmpeg, path: &Path, times_ms: &[u64]) -> Ending {
    let times = times_ms.to_vec();
    let mut files = BTreeMap::new();
    let caught = catch_unwind(AssertUnwindSafe(|| taken(ffmpeg, path, times, &mut files)));
    match caught {
        Err(_) => Ending::Wrong("panicked".to_owned()),
        Ok(Ok(taken)) => pictures(&taken, &files).unwrap_or_else(Ending::Wrong),
        Ok(Err(Interrupted::Failed(failure))) if failure.message.is_empty() => {
            Ending::Wrong("failed without saying why".to_owned())
        }
        Ok(Err(Interrupted::Failed(failure))) => Ending::Code(failure),
        Ok(Err(
            Interrupted::Retry(cause)
            | Interrupted::Crashed(cause)
            | Interrupted::UnreadableJob(cause),
        )) => Ending::Wrong(format!("to be tried again: {cause}")),
        Ok(Err(
            stop @ (Interrupted::Paused(_)
            | Interrupted::Large(_)
            | Interrupted::NotYetWritten
            | Interrupted::FileMissing),
        )) => Ending::Wrong(stop.to_string()),
    }
}

type Files = BTreeMap<String, Vec<u8>>;

fn taken(
    ffmpeg: &Ffmpeg,
    path: &Path,
    times: Vec<u64>,
    files: &mut Files,
) -> Result<PicturesTaken, Interrupted> {
    take(
        &engine(ffmpeg, limits()),
        &order(path, support::work::at(&times))?,
        &mut |made| {
            if let PassOutput::File(file) = made {
                files.insert(file.key, file.bytes);
            }
            true
        },
    )
}

/// Every picture of the manifest is there, is a JPEG, and has the size it is said to have.
fn pictures(taken: &PicturesTaken, files: &Files) -> Result<Ending, String> {
    let mut pictures = Vec::new();
    let manifest: Value =
        serde_json::from_slice(&taken.manifest.to_bytes()).map_err(|e| e.to_string())?;
    for (nth, entry) in taken.manifest.pictures.iter().enumerate() {
        let key = entry.key.as_ref().ok_or("a picture has no file")?;
        let bytes = files.get(key).ok_or("a picture was not given")?;
        let picture = image::load_from_memory(bytes).map_err(|error| error.to_string())?;
        let pixels = picture.into_rgb8();
        if pixels.dimensions() != (entry.width, entry.height) {
            return Err(format!("a picture has {:?}", pixels.dimensions()));
        }
        let at_us = entry.presentation_us;
        let is_damaged = manifest["Pictures"][nth]["Damaged"] == Value::Bool(true);
        pictures.push(Picture {
            pixels,
            at_us,
            is_damaged,
        });
    }
    if pictures.is_empty() {
        return Err("succeeded without a picture".to_owned());
    }
    Ok(Ending::Pictures(pictures))
}

/// Whether a clip that nobody has touched gives the frames that were asked for.
pub(crate) fn is_exact(ffmpeg: &Ffmpeg, path: &Path) -> Result<(), String> {
    let mut files = Files::new();
    let taken = taken(ffmpeg, path, vec![0, 400, 1000], &mut files);
    let taken = taken.map_err(|stop| format!("a whole clip: {stop}"))?;
    let numbers = match pictures(&taken, &files)? {
        Ending::Pictures(pictures) => {
            let numbers = pictures.iter();
            numbers.map(|p| support::number(&p.pixels)).collect()
        }
        _ => Vec::new(),
    };
    let wanted = [Some(0), Some(10), Some(25)];
    let right = numbers == wanted;
    right
        .then_some(())
        .ok_or_else(|| format!("a whole clip gave {numbers:?}"))
}
