//! What is left of uploaded videos and of system covers once they are deleted.

use super::site::{self, Site};
use super::{bench, files, upload, wait};
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};
use support::bench::{Bench, clip};
use support::server::PATIENCE;

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Messages that are not done, by another reader of the database.
fn messages(data: &Path) -> i64 {
    let sql = rusqlite::Connection::open(data.join("vod-snapshot.db")).unwrap();
    let count = "SELECT count(*) FROM messages";
    sql.query_row(count, [], |row| row.get(0)).unwrap()
}

/// The file stayed, counted against the quota, and could be registered again.
#[test]
fn the_file_of_a_deleted_upload_stays() {
    let bytes = std::fs::read(clip()).unwrap();
    let site = Site::start(move |_, into| site::file(into, &bytes));
    let bench = bench(&site, &[]);
    let server = &bench.server;
    let video = wait(server, &upload(server, &site.url("/a.mp4")))["MediaId"].clone();
    let kept = wait(server, &upload(server, &site.url("/b.mp4")))["MediaId"].clone();
    let [video, kept] = [&video, &kept].map(|id| id.as_str().unwrap());
    let uploads = bench.data().join("uploads");
    assert_eq!(files(&uploads).len(), 2);
    let file = server.ok("GetMezzanineInfo", &[("VideoId", video)]);
    let file = file["Mezzanine"]["FileURL"].as_str().unwrap().to_owned();
    let job = server.submit(video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");

    // A file of a media folder whose name is like those of uploads is a user's.
    let name = Path::new(&file).file_name().unwrap();
    let own = clip().with_file_name(name);
    std::fs::copy(clip(), &own).unwrap();
    let registered = server.register(&own);
    let _ = server.ok("DeleteVideo", &[("VideoIds", &registered)]);
    until("it is gone", || messages(&bench.data()) == 0);
    assert_eq!(files(&uploads).len(), 2, "the upload has its file still");
    let _ = server.ok("DeleteVideo", &[("VideoIds", video)]);
    assert_eq!(files(&uploads).len(), 1, "its file goes with the answer");
    until("the rest goes", || {
        messages(&bench.data()) == 0 && !bench.data().join("objects").join(video).exists()
    });
    assert!(own.exists(), "it is its owner's");
    let entry = json!([{"FileURL": file, "Title": "again"}]).to_string();
    let again = server.ok("RegisterMedia", &[("RegisterMetadatas", &entry)]);
    assert_eq!(again["FailedFileURLs"], json!([file]));
    let job = server.submit(kept, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
}

/// A file that was uploaded is one video however its URL is spelt, and has one identifier of the
/// caller's, whenever that was given.
#[test]
fn another_spelling_of_an_uploaded_file_is_another_video() {
    let bytes = std::fs::read(clip()).unwrap();
    let site = Site::start(move |_, into| site::file(into, &bytes));
    let bench = bench(&site, &[]);
    let server = &bench.server;
    let video = wait(server, &upload(server, &site.url("/a.mp4")))["MediaId"].clone();
    let file = server.ok("GetMezzanineInfo", &[("VideoId", video.as_str().unwrap())]);
    let url = file["Mezzanine"]["FileURL"].as_str().unwrap();
    let path = url.strip_prefix("file://").unwrap();
    let link = clip().with_file_name("to-an-upload.mp4");
    let _ = std::fs::remove_file(&link);
    std::os::unix::fs::symlink(path, &link).unwrap();
    for spelling in [
        path.to_owned(),
        format!("FILE://localhost{path}"),
        path.replace("/uploads/", "//uploads/x/.././"),
        format!("file://{}", path.replace(".mp4", "%2Emp4")),
        link.display().to_string(),
    ] {
        let entry = json!([{"FileURL": spelling, "Title": "t", "ReferenceId": "given-later"}]);
        let entry = entry.to_string();
        let again = server.ok("RegisterMedia", &[("RegisterMetadatas", &entry)]);
        let again = &again["RegisteredMediaList"][0];
        assert_eq!(again["MediaId"], video, "{spelling}");
    }
    std::fs::remove_file(link).unwrap();
    let named = server.ok("GetVideoInfo", &[("ReferenceId", "given-later")]);
    assert_eq!(named["Video"]["VideoId"], video);
    let list = server.ok("GetVideoList", &[]);
    assert_eq!(list["Total"], 1);
}

/// Whenever it is deleted: before its covers are begun, while they are taken, and after.
#[test]
fn a_deleted_video_leaves_covers() {
    let program = env!("CARGO_BIN_EXE_vod-snapshot-under-test");
    let bench = Bench::start(program, &["--covers", "on"]);
    let server = &bench.server;
    for wait_ms in [0, 10, 30, 60, 100, 150, 200, 300, 500, 800] {
        let file = clip().with_file_name(format!("covers-{wait_ms}.mp4"));
        std::fs::copy(clip(), &file).unwrap();
        let video = server.register(&file);
        std::thread::sleep(Duration::from_millis(wait_ms));
        let _ = server.ok("DeleteVideo", &[("VideoIds", &video)]);
        until("its work ends", || messages(&bench.data()) == 0);
        let left = bench.data().join("objects").join(&video);
        assert!(!left.exists(), "after {wait_ms} ms");
    }
}
