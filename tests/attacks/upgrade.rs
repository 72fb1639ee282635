//! A data folder of the last release.
//!
//! `last_release.sql` was made by that release itself. It is never changed: a later release adds
//! a file of its own.

use service::model::VideoInfo;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::server::{PATIENCE, Server, Setup};
use support::subscriber::Subscriber;

const VIDEO: &str = "f5925806985a441da172ef6527a5d039";
const OTHER_VIDEO: &str = "2897278a052c4002980ce03ea3efa371";
const ENDED: &str = "fb4c9e0d86404fa1978bec135c87e25e";
const RUNS: &str = "a49d4d98dfdc474ba9cac43121ba09c0";
const WAITS: &str = "2bb9ee7578cd41869d56c596106a4da2";
const WAITS_WITH_TEMPLATE: &str = "b1e514a739994bc9ae5cafc050dac96f";
const TEMPLATE: &str = "ae6a001eb8dc49f2a15bb0b75cf3504e";
/// What the last release signed for the first picture of the job that has ended.
const SIGNED: &str =
    "Expires=4102444800&Signature=4edc863b1719c4cf0da0fe0e64278b5af3e04ce44ab6174777905bad89b81361";

/// The folder as the last release left it, but for what differs by machine.
fn unpack(folder: &Path, receiver: &str) -> Setup {
    let (data, media) = (folder.join("data"), folder.join("media"));
    fs::create_dir_all(&media).unwrap();
    for name in ["one", "two", "arrived"] {
        fs::copy(support::bench::clip(), media.join(format!("{name}.mp4"))).unwrap();
    }
    let media = media.canonicalize().unwrap();
    let snapshots = data.join("objects").join(VIDEO).join("snapshots");
    fs::create_dir_all(&snapshots).unwrap();
    fs::create_dir_all(data.join("tmp")).unwrap();
    fs::write(data.join("lock"), b"").unwrap();
    for number in 1..=2 {
        let picture = snapshots.join(format!("{ENDED}-{number:05}.jpg"));
        fs::write(picture, b"a picture of before").unwrap();
    }
    fs::write(snapshots.join(format!("{RUNS}-00001.jpg")), b"half").unwrap();
    let progress = snapshots.join(format!("{RUNS}-progress.json"));
    fs::write(progress, progress_of_before().to_string()).unwrap();
    let media_url = url::Url::from_file_path(&media).unwrap();
    let dump = include_str!("last_release.sql")
        .replace("@MEDIA@", media_url.as_str())
        .replace("@RECEIVER@", receiver);
    let sql = rusqlite::Connection::open(data.join("vod-snapshot.db")).unwrap();
    sql.execute_batch(&dump).unwrap();
    Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data,
        media_root: media,
        arguments: ["--callback-allow", "127.0.0.0/8"]
            .map(str::to_owned)
            .to_vec(),
    }
}

/// The file of a job in hand, of a run that came as far as its first picture.
fn progress_of_before() -> serde_json::Value {
    let facts = VideoInfo {
        duration_ms: 10_000,
        width: 640,
        height: 360,
        frame_rate: 25.0,
        codec: "h264".to_owned(),
        size_bytes: 1,
        content: None,
    };
    let key = artifacts::key::picture(VIDEO, RUNS, 1);
    serde_json::json!({
        "source": null, "facts": facts, "relists": 0, "damaged": [],
        "pictures": { "0": {
            "Index": 1, "RequestedMs": 0, "PresentationMs": 0.0, "Key": key,
            "Width": 160, "Height": 90, "Bytes": 4
        } },
        "sheets": [], "written": [key],
        "usage": { "GbSeconds": 0.0, "Reads": 0, "Writes": 0, "BytesRead": 0, "BytesWritten": 0 }
    })
}

#[test]
fn a_data_folder_of_the_last_release_goes_on_where_it_was() {
    let folder = tempfile::TempDir::new().unwrap();
    let receiver = Subscriber::start(&[]);
    let setup = unpack(folder.path(), &receiver.url);
    let server = Server::start(&setup);
    for job in [RUNS, WAITS, WAITS_WITH_TEMPLATE] {
        assert_eq!(server.wait(job), "Success", "{job}");
    }

    let mut told: Vec<_> = (0..5).map(|_| receiver.next().json()).collect();
    assert!(receiver.is_quiet());
    let arrived = told
        .iter()
        .position(|event| event["EventType"] == "FileUploadComplete");
    assert!(
        arrived.map(|nth| told.remove(nth)).is_some(),
        "of the file that came into its place"
    );
    told.sort_by_key(|event| event["SnapshotInfos"][0]["JobId"].to_string());
    let jobs: Vec<_> = told
        .iter()
        .map(|event| event["SnapshotInfos"][0]["JobId"].as_str().unwrap())
        .collect();
    assert_eq!(jobs, [WAITS, RUNS, WAITS_WITH_TEMPLATE, ENDED]);
    assert_eq!(told[0]["Extend"], r#"{"a":1}"#);

    for (video, job, count) in [(VIDEO, RUNS, 3), (OTHER_VIDEO, WAITS, 1)] {
        let manifest = server.manifest(video, job);
        assert_eq!(manifest.pictures.len(), count);
        for picture in &manifest.pictures {
            let pixels = server.picture(picture.key.as_ref().unwrap());
            let frame = picture.requested_ms * 25 / 1000;
            assert_eq!(support::number(&pixels), Some(frame), "{picture:?}");
        }
    }
    let progress = artifacts::key::progress(VIDEO, RUNS);
    assert!(!setup.data.join("objects").join(progress).exists());

    let picture = artifacts::key::picture(VIDEO, ENDED, 1);
    let old = server.get(&format!("{}/{picture}?{SIGNED}", server.url));
    assert_eq!(
        (old.status, old.bytes),
        (200, b"a picture of before".into())
    );
    let other = artifacts::key::picture(VIDEO, ENDED, 2);
    let wrong = server.get(&format!("{}/{other}?{SIGNED}", server.url));
    assert_eq!(wrong.status, 403);

    let parameters = [("VideoId", VIDEO), ("SnapshotType", "NormalSnapshot")];
    let list = server.ok("ListSnapshots", &parameters);
    assert_eq!(list["MediaSnapshot"]["Total"], 3, "of the newest job");
    let template = server.ok("GetVodTemplate", &[("VodTemplateId", TEMPLATE)]);
    assert_eq!(template["VodTemplateInfo"]["Name"], "a template");
    until_registered(&setup.data, "arrived.mp4");
}

/// The message of a file that came into its place was understood.
fn until_registered(data: &Path, title: &str) {
    let sql = rusqlite::Connection::open(data.join("vod-snapshot.db")).unwrap();
    let count = || -> (i64, i64) {
        let count = "SELECT (SELECT count(*) FROM videos WHERE title = ?1),
            (SELECT count(*) FROM messages)";
        sql.query_row(count, [title], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
    };
    let begun = Instant::now();
    while count() != (1, 0) {
        assert!(begun.elapsed() < PATIENCE, "{:?}", count());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// What came with a later release holds for what was registered before it.
#[test]
fn a_video_of_the_last_release_is_missing_in_lists() {
    let folder = tempfile::TempDir::new().unwrap();
    let receiver = Subscriber::start(&[]);
    let setup = unpack(folder.path(), &receiver.url);
    let server = Server::start(&setup);
    let list = server.ok("GetVideoList", &[("SortBy", "CreationTime:Asc")]);
    let videos = list["VideoList"]["Video"].as_array().unwrap();
    let ids: Vec<_> = videos.iter().map(|video| &video["VideoId"]).collect();
    assert_eq!(ids[..2], [VIDEO, OTHER_VIDEO]);
    let found = server.ok("SearchMedia", &[("Match", "Title = 'a test'")]);
    assert_eq!(found["Total"], 2);
    let play = server.ok("GetPlayInfo", &[("VideoId", VIDEO)]);
    let url = play["PlayInfoList"]["PlayInfo"][0]["PlayURL"].as_str();
    let clip = fs::read(support::bench::clip()).unwrap();
    assert_eq!(server.get(url.unwrap()).bytes, clip);

    let path = setup.media_root.join("./one.mp4").display().to_string();
    let entry = serde_json::json!([{"FileURL": path, "Title": "t", "ReferenceId": "given-later"}]);
    let registered = server.ok(
        "RegisterMedia",
        &[("RegisterMetadatas", &entry.to_string())],
    );
    assert_eq!(registered["RegisteredMediaList"][0]["MediaId"], VIDEO);
    let named = server.ok("GetVideoInfo", &[("ReferenceId", "given-later")]);
    assert_eq!(named["Video"]["VideoId"], VIDEO);

    for job in [RUNS, WAITS, WAITS_WITH_TEMPLATE] {
        assert_eq!(server.wait(job), "Success", "{job}");
    }
    let both = format!("{VIDEO},{OTHER_VIDEO}");
    let _ = server.ok("DeleteVideo", &[("VideoIds", &both)]);
    let objects = setup.data.join("objects");
    let begun = Instant::now();
    while objects.join(VIDEO).exists() || objects.join(OTHER_VIDEO).exists() {
        assert!(begun.elapsed() < PATIENCE, "files are left");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(setup.media_root.join("one.mp4").exists());
    let named = server.call("GetVideoInfo", &[("ReferenceId", "given-later")]);
    assert_eq!(named.status, 404);
}
