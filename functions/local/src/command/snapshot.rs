//! `vod-snapshot snapshot`: takes pictures without a server.

use super::ffmpeg;
use crate::cli::{FrameTypeArg, SnapshotArgs};
use crate::console;
use crate::error::CommandError;
use crate::table::{clock, render};
use artifacts::Manifest;
use artifacts::manifest::PictureEntry;
use contract::snapshot::{FrameType, PointSpec, SnapshotSpec};
use indicatif::{ProgressBar, ProgressStyle};
use service::model::SnapshotType;
use service::pictures::{Engine, JobRequest, PassOutput, SnapshotTask, take};
use service::ports::{Clock, SystemClock};
use source::FileSource;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub(super) fn run(arguments: &SnapshotArgs) -> Result<(), CommandError> {
    let spec = spec(arguments)?;
    let ffmpeg = ffmpeg::find(&arguments.decoder)?;
    std::fs::create_dir_all(&arguments.out).map_err(CommandError::file(&arguments.out))?;
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
    let video = &arguments.video;
    let source = FileSource::open(video)
        .map_err(|cause| CommandError::Video(format!("{}: {cause}", video.display())))?;
    let request = JobRequest::whole(task(spec, video), Arc::new(source));
    let manifest = with_file_names(take_into(&arguments.out, &engine, &request)?);
    write_file(&arguments.out.join("manifest.json"), &manifest.to_bytes())?;
    report(&manifest, arguments)
}

/// The job of this run: there is no registered video, so it names the file.
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

/// Writes every file below `out`. The manifest is left to the caller.
fn take_into(out: &Path, engine: &Engine, request: &JobRequest) -> Result<Manifest, CommandError> {
    let bar = ProgressBar::no_length().with_style(progress_style());
    let mut failed = None;
    let taken = take(engine, request, &mut |made| {
        let PassOutput::File(file) = made else {
            return true;
        };
        bar.set_length(file.of as u64);
        let written = write_file(&out.join(file_name(&file.key)), &file.bytes);
        bar.inc(1);
        written.map_err(|error| failed = Some(error)).is_ok()
    });
    bar.finish_and_clear();
    if let Some(error) = failed {
        return Err(error);
    }
    let taken = taken.map_err(|cause| CommandError::Video(cause.to_string()))?;
    Ok(taken.manifest)
}

fn progress_style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:40} {pos}/{len} pictures {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(CommandError::file(folder))?;
    std::fs::write(path, bytes).map_err(CommandError::file(path))
}

/// The path below `--out`: that of the key below its video's `snapshots` folder.
fn file_name(key: &str) -> &str {
    key.split_once("/snapshots/").map_or(key, |(_, name)| name)
}

/// Paths below `--out` in place of object keys.
fn with_file_names(mut manifest: Manifest) -> Manifest {
    let keys = manifest
        .pictures
        .iter_mut()
        .filter_map(|picture| picture.key.as_mut());
    for key in keys.chain(manifest.sheets.iter_mut().map(|sheet| &mut sheet.key)) {
        *key = file_name(key).to_owned();
    }
    manifest
}

fn report(manifest: &Manifest, arguments: &SnapshotArgs) -> Result<(), CommandError> {
    for missing in &manifest.missing {
        console::note(&format!(
            "no picture at {} ms: {:?}",
            missing.requested_ms, missing.reason
        ));
    }
    for picture in manifest.pictures.iter().filter(|picture| picture.damaged) {
        console::note(&format!(
            "the picture at {} ms is damaged: its frame did not decode as it was coded",
            picture.requested_ms
        ));
    }
    if !arguments.json {
        let rows: Vec<_> = manifest.pictures.iter().map(row).collect();
        console::print(&render(&["requested", "shown since", "file"], &rows));
        return Ok(());
    }
    for picture in &manifest.pictures {
        let line = serde_json::to_string(picture).map_err(std::io::Error::from)?;
        console::print(&line);
    }
    Ok(())
}

fn row(picture: &PictureEntry) -> Vec<String> {
    let file = match (&picture.key, picture.sheet, picture.cell) {
        (Some(key), ..) => key.clone(),
        (None, Some(sheet), Some(cell)) => format!("sheet {sheet}, cell {cell}"),
        _ => String::new(),
    };
    vec![
        clock(picture.requested_ms as f64),
        clock(picture.presentation_us as f64 / 1000.0),
        file,
    ]
}

/// The most times of `--at`, as of SpecifiedOffsetTimes in the API.
const MAX_TIMES: usize = 30;

/// Refuses what the API refuses before it opens a video: every picture costs memory and time.
fn check(arguments: &SnapshotArgs) -> Result<(), CommandError> {
    let max = arguments.max_snapshots;
    let invalid = |option, rule| Err(CommandError::OptionValue { option, rule });
    match (arguments.count, arguments.at.len()) {
        (Some(count), _) if !(1..=max).contains(&count) => invalid(
            "--count",
            format!("it must be from 1 to {max} (see --max-snapshots), not {count}"),
        ),
        (_, times) if times > MAX_TIMES => invalid(
            "--at",
            format!("it takes 1 to {MAX_TIMES} times, not {times}"),
        ),
        _ => Ok(()),
    }
}

/// What the options ask for. An omitted --interval is one second, as in the API.
fn spec(arguments: &SnapshotArgs) -> Result<SnapshotSpec, CommandError> {
    check(arguments)?;
    let points = match arguments.at.is_empty() {
        false => PointSpec::At {
            times_ms: arguments.at.clone(),
        },
        true => PointSpec::spread(
            arguments.count,
            arguments.interval.unwrap_or(1),
            arguments.offset,
        ),
    };
    let sprite = match &arguments.sprite {
        None => None,
        Some(json) => contract::sprite::read(json).map_err(|error| CommandError::OptionValue {
            option: "--sprite",
            rule: error.to_string(),
        })?,
    };
    let frame_type = match arguments.frame_type {
        FrameTypeArg::Normal => FrameType::Normal,
        FrameTypeArg::Intra => FrameType::Intra,
    };
    Ok(SnapshotSpec {
        points,
        width: arguments.width,
        height: arguments.height,
        frame_type,
        sprite,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{CliCommand, CommandLine};
    use clap::Parser;

    fn parsed(options: &[&str]) -> Result<SnapshotArgs, clap::Error> {
        let all = [
            &["vod-snapshot", "snapshot", "v.mp4", "--out", "o"],
            options,
        ]
        .concat();
        match CommandLine::try_parse_from(all)?.command {
            CliCommand::Snapshot(arguments) => Ok(arguments),
            other => panic!("{other:?}"),
        }
    }

    /// It exited with 1 and without usage.
    #[test]
    fn a_run_that_names_no_times_is_a_usage_error() {
        for options in [&[][..], &["--offset", "5"], &["--json"]] {
            let error = parsed(options).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            let text = error.to_string();
            assert!(
                text.contains("Usage:") && text.contains("--count"),
                "{text}"
            );
        }
        for options in [
            &["--count", "1"][..],
            &["--interval", "5"],
            &["--count", "1", "--interval", "0", "--offset", "5"],
            &["--at", "0,40"],
        ] {
            assert!(parsed(options).is_ok(), "{options:?}");
        }
        assert!(parsed(&["--at", "0", "--count", "1"]).is_err());
    }

    /// It said 1970-01-01T00:00:00Z and "video".
    #[test]
    fn the_job_names_the_file_and_the_time_of_the_run() {
        let spec = spec(&parsed(&["--at", "0"]).unwrap()).unwrap();
        let before_ms = SystemClock.now_ms();
        let task = task(spec, Path::new("/videos/\u{7247}\u{6bb5}.mp4"));
        assert_eq!(task.video_id.as_str(), "\u{7247}\u{6bb5}.mp4");
        assert!(task.created_ms >= before_ms);
    }

    #[test]
    fn the_manifest_has_paths_below_the_folder_in_place_of_keys() {
        let manifest = Manifest::from_slice(
            br#"{"JobId": "snapshot", "VideoId": "v.mp4", "SnapshotType": "NormalSnapshot",
                 "Status": "Success", "CreationTime": "2026-01-02T03:04:05Z", "Path": "cut",
                 "Ffmpeg": "7.0", "DurationMs": 1000, "Width": 64, "Height": 64,
                 "Codec": "h264", "Sheets": [], "Missing": [],
                 "Pictures": [{"Index": 1, "RequestedMs": 0, "PresentationMs": 0,
                     "Key": "v.mp4/snapshots/snapshot-00001.jpg", "Width": 64, "Height": 64}]}"#,
        );
        let manifest = with_file_names(manifest.unwrap());
        let key = manifest.pictures[0].key.as_deref();
        assert_eq!(key, Some("snapshot-00001.jpg"));
    }
}
