//! A file that was replaced: nothing is told of what was there before, and nothing judged by it.

use super::{Place, make, video_of};
use serde_json::Value;
use std::path::Path;
use std::time::{Duration, Instant};
use support::server::{PATIENCE, Server};

/// Puts a video in the place of `path`, as an upload does.
fn put(path: &Path, seconds: u32, size: &str) {
    let new = path.with_extension("new.mp4");
    make(&new, seconds, size);
    std::fs::rename(new, path).unwrap();
}

/// What GetVideoInfo and GetMezzanineInfo say of duration and size, once that is `expected`.
fn wait_for(server: &Server, video: &str, path: &Path, expected: (f64, u64, u64)) {
    let begun = Instant::now();
    loop {
        let info = server.ok("GetVideoInfo", &[("VideoId", video)])["Video"].take();
        let file = server.ok("GetMezzanineInfo", &[("VideoId", video)])["Mezzanine"].take();
        let number = |value: &Value| value.as_u64().unwrap_or_default();
        let found = (
            info["Duration"].as_f64().unwrap_or_default(),
            number(&file["Width"]),
            number(&file["Height"]),
        );
        if found == expected {
            let bytes = std::fs::metadata(path).unwrap().len();
            assert_eq!(
                (number(&info["Size"]), number(&file["Size"])),
                (bytes, bytes)
            );
            assert_eq!(file["Duration"], expected.0.to_string());
            let kbit_s = bytes as f64 * 8.0 / (expected.0 * 1000.0);
            let bitrate: f64 = file["Bitrate"].as_str().unwrap().parse().unwrap();
            assert!((bitrate - kbit_s).abs() <= 1.0, "{bitrate}, not {kbit_s}");
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{found:?}, not {expected:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The old duration and size stayed for ever.
#[test]
fn a_replaced_file_shows_its_own_facts_after_registration_and_after_a_job() {
    let place = Place::start();
    let (server, path) = (&place.server, place.path("a.mp4"));
    put(&path, 2, "160x90");
    let url = path.display().to_string();
    let video = video_of(server, &url);
    wait_for(server, &video, &path, (2.0, 160, 90));

    put(&path, 6, "320x240");
    assert_eq!(video_of(server, &url), video);
    wait_for(server, &video, &path, (6.0, 320, 240));
    // Past the end of the file of before.
    let job = server.submit(&video, &[("Count", "1"), ("SpecifiedOffsetTime", "5000")]);
    assert_eq!(server.wait(&job), "Success");

    put(&path, 3, "200x100");
    let job = server.submit(&video, &[("Count", "1"), ("SpecifiedOffsetTime", "2500")]);
    assert_eq!(server.wait(&job), "Success");
    wait_for(server, &video, &path, (3.0, 200, 100));
}

/// A sheet was refused for the size of the pictures of before.
#[test]
fn a_sheet_is_not_judged_by_the_file_of_before() {
    let place = Place::start();
    let (server, path) = (&place.server, place.path("a.mp4"));
    put(&path, 1, "1280x720");
    let video = video_of(server, &path.display().to_string());
    wait_for(server, &video, &path, (1.0, 1280, 720));
    let sheet = [
        ("Count", "4"),
        ("SpriteSnapshotConfig", r#"{"Columns":60,"Lines":60}"#),
    ];
    let parameters = [&[("VideoId", video.as_str())], &sheet[..]].concat();
    assert_eq!(server.call("SubmitSnapshotJob", &parameters).status, 400);
    put(&path, 1, "64x64");
    let job = server.submit(&video, &sheet);
    assert_eq!(server.wait(&job), "Success");
}

/// Nobody learnt what a job that came to no pictures had found: the old facts stayed until somebody
/// registered or played the file.
#[test]
fn a_replaced_file_keeps_the_facts_of_before_after_a_job_that_failed() {
    let place = Place::start();
    let (server, path) = (&place.server, place.path("a.mp4"));
    put(&path, 6, "160x90");
    let video = video_of(server, &path.display().to_string());
    wait_for(server, &video, &path, (6.0, 160, 90));

    put(&path, 2, "200x100");
    let past_the_end = [("Count", "1"), ("SpecifiedOffsetTime", "4000")];
    let job = server.submit(&video, &past_the_end);
    assert_eq!(server.wait(&job), "Fail");
    wait_for(server, &video, &path, (2.0, 200, 100));

    std::fs::write(&path, "no video at all").unwrap();
    let job = server.submit(&video, &[("Count", "1")]);
    assert_eq!(server.wait(&job), "Fail");
    let info = server.ok("GetVideoInfo", &[("VideoId", &video)])["Video"].take();
    assert_eq!(
        (&info["Duration"], &info["Size"]),
        (&Value::Null, &15.into()),
        "{info}"
    );
    let file = server.ok("GetMezzanineInfo", &[("VideoId", &video)])["Mezzanine"].take();
    assert_eq!(file["Width"], Value::Null, "{file}");
}

/// The cover of a video, once it is not `before`.
fn new_cover(server: &Server, video: &str, before: &[u8]) -> Vec<u8> {
    let begun = Instant::now();
    loop {
        let info = server.ok("GetVideoInfo", &[("VideoId", video)])["Video"].take();
        let picture = info["CoverURL"].as_str().map(|url| server.get(url).bytes);
        if let Some(picture) = picture.filter(|picture| picture != before) {
            return picture;
        }
        assert!(begun.elapsed() < PATIENCE, "no new cover comes");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The covers of the old one stayed for ever.
#[test]
fn a_replaced_file_keeps_the_covers_of_the_one_before() {
    let place = Place::start_with(&["--covers", "on"]);
    let (server, path) = (&place.server, place.path("a.mp4"));
    put(&path, 2, "160x90");
    let url = path.display().to_string();
    let video = video_of(server, &url);
    let first = new_cover(server, &video, b"");
    put(&path, 2, "320x240");
    assert_eq!(video_of(server, &url), video);
    let second = new_cover(server, &video, &first);
    // Nobody registers this one: a job finds it.
    put(&path, 2, "200x100");
    let sheet = [("Count", "1"), ("SpriteSnapshotConfig", "{}")];
    let job = server.submit(&video, &sheet);
    assert_eq!(server.wait(&job), "Success");
    let _ = new_cover(server, &video, &second);
}
