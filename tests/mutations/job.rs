//! One job on one file, as a worker runs it.

use decoder::Ffmpeg;
use image::RgbImage;
use plan::Limits;
use service::pictures::{Interrupted, JobFailure, PassOutput, PicturesTaken, take};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;
use support::work::{at, engine, order};

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
    let times = times[nth / 4 % times.len()].clone();
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
            stop @ (Interrupted::Paused(_) | Interrupted::NotYetWritten | Interrupted::FileMissing),
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
        &order(path, at(&times))?,
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
    for entry in &taken.manifest.pictures {
        let key = entry.key.as_ref().ok_or("a picture has no file")?;
        let bytes = files.get(key).ok_or("a picture was not given")?;
        let picture = image::load_from_memory(bytes).map_err(|error| error.to_string())?;
        let pixels = picture.into_rgb8();
        if pixels.dimensions() != (entry.width, entry.height) {
            return Err(format!("a picture has {:?}", pixels.dimensions()));
        }
        let at_us = entry.presentation_us;
        pictures.push(Picture { pixels, at_us });
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
