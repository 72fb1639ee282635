//! A video that becomes another between two runs of one job.

use crate::one_picture;
use crate::promise;
use crate::runner::{Runner, recipe};
use crate::schedule::{Schedule, Work};
use crate::simulation::Simulation;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// As long as any clip here.
const BYTES: usize = 16 << 10;

/// The clip at `from`, filled up to so many bytes.
fn put(from: &Path, to: &Path) {
    let mut bytes = fs::read(from).unwrap();
    let room = BYTES.checked_sub(bytes.len()).unwrap();
    bytes.extend(u32::try_from(room).unwrap().to_be_bytes());
    bytes.extend(b"free");
    bytes.resize(BYTES, 0);
    fs::write(to, bytes).unwrap();
}

/// Those of one job, by their order.
type Pictures = Vec<Vec<u8>>;

/// The pictures of a job on `file` after so many runs, and when it has ended. In between `meddle` may
/// change the file.
fn pictures(
    runner: &Runner,
    (work, runs): (&str, usize),
    file: &Path,
    meddle: impl FnOnce(),
) -> (Pictures, Pictures) {
    let schedule = Schedule::parse(work);
    let engine = runner.engine_for(schedule.work);
    let mut simulation = Simulation::new(&schedule, file.to_owned(), engine);
    let is_divided = schedule.work == Work::Divided;
    simulation.parts = runner.parts.filter(|_| is_divided);
    let url = url::Url::from_file_path(file).unwrap();
    let metadata = serde_json::json!([{ "FileURL": url.as_str(), "Title": "t" }]).to_string();
    let answer = simulation.call(&[
        ("Action", "RegisterMedia"),
        ("RegisterMetadatas", &metadata),
    ]);
    let video_id = simulation.registered(&answer);
    let mut submit = vec![("Action", "SubmitSnapshotJob"), ("VideoId", &*video_id)];
    submit.extend(one_picture::POINTS);
    if is_divided {
        submit.push((
            "SpriteSnapshotConfig",
            "{'CellWidth': 32, 'Columns': 1, 'Lines': 1}",
        ));
    }
    simulation.ask(&submit);
    for _ in 0..runs {
        assert!(simulation.step());
    }
    let first = promise::pictures(&simulation);
    meddle();
    simulation.settle();
    let report = promise::of_jobs(&mut simulation, &video_id, &schedule, None);
    assert_eq!(report.wrongs, Vec::<String>::new());
    let last = promise::pictures(&simulation);
    // With a sheet for each.
    assert_eq!(last.len(), if is_divided { 6 } else { 3 });
    (first, last)
}

/// A place for a video, and a clip that looks like that of `runner`.
fn stage(runner: &Runner) -> (TempDir, PathBuf, PathBuf) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().canonicalize().unwrap().join("a.mp4");
    let other = recipe().with("-vf negate");
    let other = other.clip(&runner.engine.ffmpeg.path);
    (folder, file, other)
}

#[test]
fn a_job_handed_on_never_mixes_a_video_with_one_that_looks_alike() {
    let runner = Runner::new();
    let (_folder, file, other) = stage(&runner);
    put(&other, &file);
    let (_, of_other) = pictures(&runner, ("normal", 1), &file, || ());
    put(&runner.clip, &file);
    let (_, of_clip) = pictures(&runner, ("normal", 1), &file, || ());
    let replace = || put(&other, &file);
    let (first, last) = pictures(&runner, ("handed", 1), &file, replace);
    assert_eq!(first.len(), 1, "pictures of the first run");
    assert!(
        first[0] == of_clip[0],
        "not of the video that was there first"
    );
    assert!(
        last == of_other,
        "not the pictures of the video that was there last"
    );
}

#[test]
fn a_job_in_parts_never_mixes_a_video_with_one_that_looks_alike() {
    let runner = Runner::new();
    let (_folder, file, other) = stage(&runner);
    put(&other, &file);
    let (_, of_other) = pictures(&runner, ("divided", 0), &file, || ());
    // Once it is divided, and once one, two or all of its parts are done.
    for runs in 1..=4 {
        put(&runner.clip, &file);
        let replace = || put(&other, &file);
        let (first, last) = pictures(&runner, ("divided", runs), &file, replace);
        assert_eq!(first.len(), 2 * (runs - 1), "pictures after {runs} runs");
        assert!(last == of_other, "replaced after {runs} runs");
    }
}
