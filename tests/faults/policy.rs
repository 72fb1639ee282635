//! What ends a job that is not its pictures, by a clock that goes when told.

use crate::runner::Runner;
use crate::schedule::Schedule;
use crate::simulation::Simulation;
use decoder::Ffmpeg;
use service::model::{Completion, JobResult, JobState};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const MINUTE_MS: i64 = 60_000;

/// How a job of three pictures on `file` ended, and how long after it was accepted, where
/// `meddle` happens before its first run.
fn end(runner: &Runner, schedule: &str, file: &Path, meddle: impl FnOnce()) -> (Completion, i64) {
    let schedule = Schedule::parse(schedule);
    let mut simulation = Simulation::new(&schedule, file.to_owned(), runner.engine.clone());
    let url = url::Url::from_file_path(file).unwrap();
    let metadata = serde_json::json!([{ "FileURL": url.as_str(), "Title": "t" }]).to_string();
    let register = [
        ("Action", "RegisterMedia"),
        ("RegisterMetadatas", &*metadata),
    ];
    let answer = simulation.call(&register);
    let video_id = simulation.registered(&answer);
    let submit = [
        ("Action", "SubmitSnapshotJob"),
        ("VideoId", &*video_id),
        ("Count", "3"),
        ("Interval", "0"),
    ];
    simulation.ask(&submit);
    meddle();
    simulation.settle();
    let jobs = simulation.store().ports().jobs;
    let job = simulation
        .runtime
        .block_on(jobs.by_video(&video_id.as_str().into(), 1));
    let job = job.unwrap().pop().unwrap();
    assert!(job.event_published);
    let JobState::Completed(completion) = job.state else {
        panic!("{job:?}")
    };
    let took_ms = completion.at_ms - job.created_ms;
    (completion, took_ms)
}

fn code(completion: &Completion) -> (&str, &str) {
    match &completion.result {
        JobResult::Fail { code, message } => (code, message),
        other @ JobResult::Success { .. } => panic!("{other:?}"),
    }
}

/// A clip that may be taken away.
fn own_clip(runner: &Runner) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let file = folder
        .path()
        .canonicalize()
        .unwrap()
        .join("secret-name.mp4");
    fs::copy(&runner.clip, &file).unwrap();
    (folder, file)
}

#[test]
fn a_job_that_meets_nothing_but_trouble_ends_after_a_day_with_a_code_of_its_own() {
    let runner = Runner::new();
    for (call, awaited) in [
        ("sources.open", "the file of the video"),
        ("objects.put", "the store of the service"),
        ("videos.record_facts", "the store of the service"),
    ] {
        let schedule = format!("normal {call}#*=error");
        let (completion, took_ms) = end(&runner, &schedule, &runner.clip, || ());
        let (code, message) = code(&completion);
        assert_eq!(code, "TransientFailure", "{call}");
        assert!(message.contains(awaited), "{call}: {message}");
        assert!(
            !message.contains('/') && !message.contains("no answer"),
            "{message}"
        );
        assert!(took_ms >= 24 * 60 * MINUTE_MS, "{call}: {took_ms} ms");
        assert!(took_ms < 26 * 60 * MINUTE_MS, "{call}: {took_ms} ms");
    }
}

#[test]
fn a_file_that_is_missing_is_waited_for_five_minutes() {
    let runner = Runner::new();
    let (_folder, file) = own_clip(&runner);
    let remove = || fs::remove_file(&file).unwrap();
    let (completion, took_ms) = end(&runner, "normal", &file, remove);
    assert_eq!(code(&completion).0, "InvalidParameter.ResourceNotFound");
    let waited = 5 * MINUTE_MS..6 * MINUTE_MS;
    assert!(waited.contains(&took_ms), "{took_ms} ms");
}

/// The real ffmpeg, but for what `script` does in its place where pictures are made.
fn impostor(real: &Ffmpeg, folder: &TempDir, script: &str) -> Ffmpeg {
    let script = format!("case \"$*\" in *rawvideo*) {script};; esac");
    support::impostor::impostor(real, folder.path(), &script)
}

#[test]
fn a_decoder_that_crashes_in_five_runs_ends_its_job() {
    let mut runner = Runner::new();
    let folder = TempDir::new().unwrap();
    runner.engine.ffmpeg = impostor(&runner.engine.ffmpeg, &folder, "kill -SEGV $$");
    let (completion, took_ms) = end(&runner, "normal", &runner.clip, || ());
    let (code, message) = code(&completion);
    assert_eq!(code, "InternalError");
    assert!(!message.contains("signal"), "{message}");
    // Four pauses: 1, 2, 4 and 8 s.
    assert!((15_000..120_000).contains(&took_ms), "{took_ms} ms");
}

#[test]
fn a_decoder_that_others_end_is_waited_for() {
    let mut runner = Runner::new();
    let folder = TempDir::new().unwrap();
    let told = "echo '[info] Exiting normally, received signal 15.' >&2; exit 255";
    runner.engine.ffmpeg = impostor(&runner.engine.ffmpeg, &folder, told);
    // Nothing really fails but the decoder; the clock goes an hour a run.
    let (completion, _) = end(&runner, "normal no-call#*=error", &runner.clip, || ());
    assert_eq!(code(&completion).0, "TransientFailure");
}
