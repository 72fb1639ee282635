//! A data folder with uploaded files that is moved, and calls that are repeated.

use super::site::{self, Site};
use super::{files, upload, wait};
use std::path::PathBuf;
use support::bench::clip;
use support::server::{Server, Setup};

/// Their FileURLs named the folder of before: no job, no player and no deletion found the file.
#[test]
fn uploaded_videos_break_when_the_data_folder_is_moved() {
    let bytes = std::fs::read(clip()).unwrap();
    let site = Site::start(move |_, into| site::file(into, &bytes));
    let folder = tempfile::TempDir::new().unwrap();
    let mut setup = Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: folder.path().join("before"),
        media_root: clip().parent().unwrap().to_owned(),
        arguments: vec!["--upload-allow".to_owned(), site.host()],
    };
    let mut server = Server::start(&setup);
    let url = [
        ("UploadURLs", site.url("/a.mp4")),
        ("SessionId", "s".to_owned()),
    ];
    let url = url.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = server.ok("UploadMediaByURL", &url);
    let job = answer["UploadJobs"][0]["JobId"].as_str().unwrap();
    let video = wait(&server, job)["MediaId"].as_str().unwrap().to_owned();
    let again = server.ok("UploadMediaByURL", &url);
    assert_eq!(again["UploadJobs"], answer["UploadJobs"], "it is repeated");
    let other = wait(&server, &upload(&server, &site.url("/b.mp4")))["MediaId"].clone();
    assert!(server.terminate());

    let after = folder.path().join("after");
    std::fs::rename(&setup.data, &after).unwrap();
    setup.data = after;
    let server = Server::start(&setup);
    let submitted = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&submitted), "Success");
    let file = server.ok("GetMezzanineInfo", &[("VideoId", &video)]);
    let file = file["Mezzanine"]["FileURL"].as_str().unwrap();
    assert!(file.contains("/after/uploads/"), "{file}");
    let uploads = setup.data.join("uploads");
    assert_eq!(files(&uploads).len(), 2);
    let kept = server.ok("DeleteMezzanines", &[("VideoIds", &video)]);
    assert_eq!(kept["UnRemoveableVideoIds"], serde_json::json!([]));
    assert_eq!(files(&uploads).len(), 1);
    let other = other.as_str().unwrap();
    let _ = server.ok("DeleteVideo", &[("VideoIds", other)]);
    assert!(files(&uploads).is_empty());
}
