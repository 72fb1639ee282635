//! `vod-snapshot snapshot`: the engine without a server.

use crate::cli::{FrameKind, Snapshot};
use crate::error::Error;
use artifacts::Manifest;
use artifacts::manifest::PictureEntry;
use contract::snapshot::{FrameType, PointSpec, SnapshotSpec};
use indicatif::{ProgressBar, ProgressStyle};
use media::FileSource;
use service::model::SnapshotType;
use service::pictures::{Engine, JobRequest, PassOutput, SnapshotTask, take};
use service::ports::{Clock, SystemClock};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub(super) fn run(arguments: &Snapshot) -> Result<(), Error> {
    let spec = spec(arguments)?;
    let ffmpeg = super::decoder(&arguments.decoder)?;
    std::fs::create_dir_all(&arguments.out).map_err(Error::file(&arguments.out))?;
    let quality = artifacts::Quality::new(arguments.decoder.quality).unwrap_or_default();
    let limits = arguments.decoder.limits();
    let engine = Engine {
        ffmpeg,
        limits,
        max_snapshots: arguments.max_snapshots,
        quality,
        executable: Engine::OWN_EXECUTABLE.into(),
        checkpoint_every: Duration::MAX,
    };
    let source = FileSource::open(&arguments.video)
        .map_err(|cause| Error::Said(format!("{}: {cause}", arguments.video.display())))?;
    let request = JobRequest::whole(task(spec, &arguments.video), Arc::new(source));
    let manifest = write(&engine, &request, &arguments.out)?;
    report(&manifest, arguments)
}

/// The job of this call: named after the video's file, and asked for now.
fn task(spec: SnapshotSpec, video: &Path) -> SnapshotTask {
    let name = video.file_name().unwrap_or(video.as_os_str());
    SnapshotTask {
        job_id: "snapshot".into(),
        video_id: name.to_string_lossy().into_owned().into(),
        kind: SnapshotType::of(&spec),
        spec,
        created_ms: SystemClock.now_ms(),
    }
}

/// Stores every file under its name, then the manifest.
fn write(engine: &Engine, request: &JobRequest, out: &Path) -> Result<Manifest, Error> {
    let bar = ProgressBar::no_length().with_style(style());
    let mut failed = None;
    let taken = take(engine, request, &mut |made| {
        let PassOutput::File(file) = made else {
            return true;
        };
        bar.set_length(file.of as u64);
        let written = store(&out.join(name(&file.key)), &file.bytes);
        bar.inc(1);
        written.map_err(|error| failed = Some(error)).is_ok()
    });
    bar.finish_and_clear();
    if let Some(error) = failed {
        return Err(error);
    }
    let taken = taken.map_err(|cause| Error::Said(cause.to_string()))?;
    let manifest = with_names(taken.manifest);
    let path = out.join("manifest.json");
    store(&path, &manifest.to_bytes())?;
    Ok(manifest)
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:40} {pos}/{len} pictures {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn store(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(Error::file(folder))?;
    std::fs::write(path, bytes).map_err(Error::file(path))
}

/// Below `--out` files lie as they do in the service below their video.
fn name(key: &str) -> &str {
    key.split_once("/snapshots/").map_or(key, |(_, name)| name)
}

/// Keys as names of the files below `--out`.
fn with_names(mut manifest: Manifest) -> Manifest {
    let keys = manifest
        .pictures
        .iter_mut()
        .filter_map(|picture| picture.key.as_mut());
    for key in keys.chain(manifest.sheets.iter_mut().map(|sheet| &mut sheet.key)) {
        *key = name(key).to_owned();
    }
    manifest
}

fn report(manifest: &Manifest, arguments: &Snapshot) -> Result<(), Error> {
    for missing in &manifest.missing {
        super::say(&format!(
            "no picture at {} ms: {:?}",
            missing.requested_ms, missing.reason
        ));
    }
    if !arguments.json {
        let rows: Vec<_> = manifest.pictures.iter().map(row).collect();
        super::print(&super::table::render(
            &["requested", "shown since", "file"],
            &rows,
        ));
        return Ok(());
    }
    for picture in &manifest.pictures {
        let line = serde_json::to_string(picture).map_err(|e| Error::Said(e.to_string()))?;
        super::print(&line);
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss)]
fn row(picture: &PictureEntry) -> Vec<String> {
    let place = match (&picture.key, picture.sheet, picture.cell) {
        (Some(key), ..) => key.clone(),
        (None, Some(sheet), Some(cell)) => format!("sheet {sheet}, cell {cell}"),
        _ => String::new(),
    };
    let requested = super::table::clock(picture.requested_ms as f64);
    vec![
        requested,
        super::table::clock(picture.presentation_us as f64 / 1000.0),
        place,
    ]
}

/// The most times of `--at`, as of the API's SpecifiedOffsetTimes.
const MOST_TIMES: usize = 30;

/// What the API refuses before it looks at a video is refused here too: what a run may ask for is
/// memory and time.
fn check(arguments: &Snapshot) -> Result<(), Error> {
    let most = arguments.max_snapshots;
    let refused = |option: &str, rule: String| Err(Error::Said(format!("{option}: {rule}")));
    match arguments.count {
        Some(count) if !(1..=most).contains(&count) => refused(
            "--count",
            format!("it must be from 1 to {most} (see --max-snapshots), not {count}"),
        ),
        _ if arguments.at.len() > MOST_TIMES => refused(
            "--at",
            format!(
                "it takes 1 to {MOST_TIMES} times, not {}",
                arguments.at.len()
            ),
        ),
        _ => Ok(()),
    }
}

/// The same rules as the API's (contract section 0, decisions 1 to 3).
fn spec(arguments: &Snapshot) -> Result<SnapshotSpec, Error> {
    check(arguments)?;
    let points = match (arguments.at.is_empty(), arguments.count, arguments.interval) {
        (false, ..) => PointSpec::At {
            times_ms: arguments.at.clone(),
        },
        (true, None, None) => {
            return Err(Error::Said("give --count, --interval or --at".to_owned()));
        }
        (true, count, interval) => {
            PointSpec::spread(count, interval.unwrap_or(1), arguments.offset)
        }
    };
    let sprite = match &arguments.sprite {
        None => None,
        Some(json) => {
            contract::sprite::read(json).map_err(|e| Error::Said(format!("--sprite: {e}")))?
        }
    };
    let frame_type = match arguments.frame_type {
        FrameKind::Normal => FrameType::Normal,
        FrameKind::Intra => FrameType::Intra,
    };
    Ok(SnapshotSpec {
        points,
        width: arguments.width,
        height: arguments.height,
        frame_type,
        sprite,
    })
}
