use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::bench::{Bench, clip};
use support::server::{PATIENCE, Server};
use support::subscriber::Subscriber;

fn covers(server: &Server, video: &str) -> Value {
    let begun = Instant::now();
    loop {
        let reply = server.call("ListSnapshots", &[("VideoId", video)]);
        if reply.status == 200 {
            return reply.json()["MediaSnapshot"].take();
        }
        assert!(begun.elapsed() < PATIENCE, "no covers come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_new_video_gets_covers_that_nobody_is_told_of() {
    let subscriber = Subscriber::start(&[]);
    let program = env!("CARGO_BIN_EXE_vod-snapshot-under-test");
    let bench = Bench::start(program, &["--covers", "on", "--notify", &subscriber.url]);
    let server = &bench.server;
    let video = server.register(clip());
    let list = covers(server, &video);
    let urls = list["Snapshots"]["Snapshot"].as_array().unwrap();
    assert!((1..=8).contains(&urls.len()), "{list}");
    assert_eq!(list["Total"], urls.len());
    let picture = |entry: &Value| server.get(entry["Url"].as_str().unwrap()).bytes;
    let mut pictures: Vec<_> = urls.iter().map(picture).collect();
    pictures.sort();
    pictures.dedup();
    assert_eq!(pictures.len(), urls.len(), "no cover twice");

    let info = server.ok("GetVideoInfo", &[("VideoId", &video)]);
    let cover = info["Video"]["CoverURL"].as_str().unwrap();
    assert_eq!(server.get(cover).content_type, "image/jpeg");
    let jobs = server.ok(
        "ListJobInfo",
        &[("MediaId", &video), ("JobType", "snapshot")],
    );
    assert_eq!(jobs["JobInfoList"], json!([]), "nobody asked for one");
    assert!(subscriber.is_quiet(), "no event");
    let again = server.register(clip());
    assert_eq!(again, video);
    let delete = [
        ("DeleteImageType", "VideoId"),
        ("VideoId", &video),
        ("ImageType", "CoverSnapshot"),
    ];
    let _ = server.ok("DeleteImage", &delete);
    assert_eq!(
        server.call("ListSnapshots", &[("VideoId", &video)]).status,
        404
    );
}

#[test]
fn covers_replace_no_cover_of_the_callers() {
    let program = env!("CARGO_BIN_EXE_vod-snapshot-under-test");
    let bench = Bench::start(program, &["--covers", "on"]);
    let server = &bench.server;
    let url = url::Url::from_file_path(clip()).unwrap();
    let own = "https://a.example/own.jpg";
    let entry = json!([{"FileURL": url.as_str(), "Title": "t", "CoverURL": own}]);
    let answer = server.ok(
        "RegisterMedia",
        &[("RegisterMetadatas", &entry.to_string())],
    );
    let video = answer["RegisteredMediaList"][0]["MediaId"]
        .as_str()
        .unwrap();
    covers(server, video);
    let info = server.ok("GetVideoInfo", &[("VideoId", video)]);
    assert_eq!(info["Video"]["CoverURL"], own);
}

/// Those of the file of before stayed for ever.
#[test]
fn a_replaced_file_keeps_the_covers_of_before() {
    let program = env!("CARGO_BIN_EXE_vod-snapshot-under-test");
    let bench = Bench::start(program, &["--covers", "on"]);
    let server = &bench.server;
    let file = clip().with_file_name("replaced-covers.mp4");
    let put = |from: &std::path::Path| {
        let new = file.with_extension("new.mp4");
        std::fs::copy(from, &new).unwrap();
        std::fs::rename(new, &file).unwrap();
    };
    put(clip());
    let video = server.register(&file);
    let mut known = vec![covers(server, &video)["JobId"].clone()];
    let mut wait_for_others = |what: &str| {
        let begun = Instant::now();
        while known.contains(&covers(server, &video)["JobId"]) {
            assert!(begun.elapsed() < PATIENCE, "{what}");
            std::thread::sleep(Duration::from_millis(50));
        }
        known.push(covers(server, &video)["JobId"].clone());
    };
    put(clip());
    assert_eq!(server.register(&file), video);
    wait_for_others("by a registration");
    put(clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    wait_for_others("by a job");
    // The same once more is no other content.
    assert_eq!(server.register(&file), video);
    let job = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(covers(server, &video)["JobId"], known[2]);
}
