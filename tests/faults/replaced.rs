//! A video that becomes another between two runs of one job.

use crate::promise::{self, Files};
use crate::schedule::Schedule;
use crate::walk::{Ground, recipe};
use crate::world::World;
use std::fs;
use std::path::Path;

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

/// The pictures of a job on `file`, which `meddle` may change after its first run.
fn pictures(ground: &Ground, work: &str, file: &Path, meddle: impl FnOnce()) -> Files {
    let schedule = Schedule::parse(work);
    let mut world = World::new(&schedule, file.to_owned(), ground.engine.clone());
    let url = url::Url::from_file_path(file).unwrap();
    let metadata = serde_json::json!([{ "FileURL": url.as_str(), "Title": "t" }]).to_string();
    let answer = world.call(&[
        ("Action", "RegisterMedia"),
        ("RegisterMetadatas", &metadata),
    ]);
    let id = &answer["RegisteredMediaList"][0]["MediaId"];
    let video_id = id.as_str().unwrap().to_owned();
    world.forget_messages();
    world.watch.video_id.lock().unwrap().clone_from(&video_id);
    world.ask(&[
        ("Action", "SubmitSnapshotJob"),
        ("VideoId", &video_id),
        ("Count", "3"),
        ("Interval", "0"),
    ]);
    assert!(world.step());
    meddle();
    world.settle();
    let walked = promise::of_jobs(&mut world, &video_id, &schedule, None);
    assert_eq!(walked.wrongs, Vec::<String>::new());
    let mut files = walked.files.into_iter().next().unwrap();
    files.retain(|key, _| key.ends_with(".jpg"));
    assert_eq!(files.len(), 3);
    files
}

#[test]
fn a_job_handed_on_never_mixes_a_video_with_one_that_looks_alike() {
    let ground = Ground::new();
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().canonicalize().unwrap().join("a.mp4");
    let other = recipe().with("-vf negate");
    let other = other.clip(&ground.engine.ffmpeg.path).unwrap();
    put(&other, &file);
    let of_other = pictures(&ground, "normal", &file, || ());
    put(&ground.clip, &file);
    let of_clip = pictures(&ground, "normal", &file, || ());
    let handed = pictures(&ground, "handed", &file, || put(&other, &file));
    // A machine that is fast takes all of them before the job is stopped.
    let is_one = [&of_clip, &of_other].contains(&&handed);
    assert!(is_one, "pictures of both videos");
}
