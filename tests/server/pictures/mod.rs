//! Who gets pictures: with `--pictures signed` only those to whom a URL was given.

mod pages;

use crate::templates::{add, run};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use support::bench::{Bench, clip};
use support::server::Server;
use support::subscriber::Subscriber;

fn bench(arguments: &[&str]) -> Bench {
    Bench::start(env!("CARGO_BIN_EXE_vod-snapshot-under-test"), arguments)
}

/// A tiled WebVTT file.
const TILED: &str = r#"{"SnapshotType":"WebVttSnapshot","SnapshotConfig":{"Count":4,"Interval":1,"FrameType":"normal","Format":"vtt","SubOut":{"IsSptFrag":"true"},"SpriteSnapshotConfig":{"CellWidth":160,"CellHeight":90,"Columns":2,"Lines":1}}}"#;

fn status(server: &Server, url: &str) -> u16 {
    server.get(url).status
}

/// Status and headers of whatever is answered.
fn answer(method: &str, url: &str, headers: &[(&str, &str)]) -> (u16, Vec<(String, String)>) {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let config = config.allow_non_standard_methods(true).build();
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let agent = ureq::Agent::from(config);
    let answer = agent.run(request.body(()).unwrap()).unwrap();
    let headers = answer.headers().iter();
    let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap().to_owned();
    let headers = headers.map(|(name, value)| (name.to_string(), text(value)));
    (answer.status().as_u16(), headers.collect())
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = headers.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str())
}

fn listed(server: &Server, video: &str, kind: &str) -> (String, Vec<String>) {
    let parameters = [("VideoId", video), ("SnapshotType", kind)];
    let answer = server.ok("ListSnapshots", &parameters);
    let media = &answer["MediaSnapshot"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let urls = media["Snapshots"]["Snapshot"].as_array().unwrap().iter();
    (
        text(&media["Regular"]),
        urls.map(|entry| text(&entry["Url"])).collect(),
    )
}

#[test]
fn an_address_that_nobody_signed_gives_a_picture() {
    let subscriber = Subscriber::start(&[]);
    let bench = bench(&["--pictures", "signed", "--notify", &subscriber.url]);
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(
        &video,
        &[("Count", "2"), ("Interval", "1"), ("Width", "160")],
    );
    assert_eq!(server.wait(&job), "Success");
    let event = subscriber.next().json();
    let cover = event["CoverUrl"].as_str().unwrap();
    let regular = event["SnapshotInfos"][0]["SnapshotRegular"]
        .as_str()
        .unwrap();
    let (list_regular, urls) = listed(server, &video, "NormalSnapshot");
    let info = server.ok("GetVideoInfo", &[("VideoId", &video)]);
    let second = |pattern: &str| pattern.replace("{SnapshotCount}", "00002");
    for url in [
        cover,
        &second(regular),
        &second(&list_regular),
        &urls[1],
        info["Video"]["CoverURL"].as_str().unwrap(),
    ] {
        assert_eq!(status(server, url), 200, "{url}");
        let plain = url.split('?').next().unwrap();
        assert_eq!(status(server, plain), 403, "{plain}");
    }
    // The cover's is for the cover alone; that of all is for this job.
    let query = |url: &str| url.split_once('?').unwrap().1.to_owned();
    let at = |key: String, query: &str| format!("{}/{key}?{query}", server.url);
    let manifest = artifacts::key::manifest(&video, &job);
    assert_eq!(status(server, &at(manifest.clone(), &query(cover))), 403);
    assert_eq!(status(server, &at(manifest, &query(regular))), 200);
    let other = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&other), "Success");
    let other = artifacts::key::picture(&video, &other, 1);
    for wrong in [query(cover), query(regular), query(&urls[0])] {
        assert_eq!(status(server, &at(other.clone(), &wrong)), 403);
    }
}

#[test]
fn a_signed_web_vtt_file_names_sheets_without_signatures() {
    let bench = bench(&["--pictures", "signed"]);
    let server = &bench.server;
    let video = server.register(clip());
    let _ = run(server, &video, &add(server, TILED));
    let (_, urls) = listed(server, &video, "WebVttSnapshot");
    let reply = server.get(&urls[0]);
    assert_eq!(
        (reply.status, reply.content_type.as_str()),
        (200, "text/vtt")
    );
    let text = String::from_utf8(reply.bytes).unwrap();
    let base = url::Url::parse(&urls[0]).unwrap();
    let named: Vec<_> = text.lines().filter(|line| line.contains(".jpg")).collect();
    assert_eq!(named.len(), 4, "{text}");
    for line in named {
        let mut sheet = base.join(line).unwrap();
        assert!(sheet.fragment().unwrap().starts_with("xywh="), "{sheet}");
        sheet.set_fragment(None);
        assert_eq!(status(server, sheet.as_str()), 200, "{sheet}");
        sheet.set_query(None);
        assert_eq!(status(server, sheet.as_str()), 403, "{sheet}");
    }
    let (status, headers) = answer("HEAD", &urls[0], &[]);
    assert_eq!(
        (status, header(&headers, "content-length")),
        (200, Some(text.len().to_string().as_str()))
    );
}

/// It was kept for a day, and shown until a worker had removed its file.
#[test]
fn a_deleted_picture_is_shown_by_caches_for_a_day() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    let url = format!(
        "{}/{}",
        server.url,
        artifacts::key::picture(&video, &job, 1)
    );
    let (code, headers) = answer("GET", &url, &[]);
    assert_eq!(
        (code, header(&headers, "cache-control")),
        (200, Some("public, max-age=60"))
    );
    let (_, urls) = listed(server, &video, "NormalSnapshot");
    let (_, headers) = answer("GET", &urls[0], &[]);
    assert_eq!(
        header(&headers, "cache-control"),
        Some("private, max-age=60")
    );
    let parameters = [
        ("DeleteImageType", "VideoId"),
        ("VideoId", &video),
        ("ImageType", "All"),
    ];
    let _ = server.ok("DeleteImage", &parameters);
    for url in [&url, &urls[0]] {
        assert_eq!(status(server, url), 404);
    }
}

#[test]
fn a_page_of_another_origin_cannot_read_a_refusal() {
    let bench = bench(&["--pictures", "signed"]);
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    let (_, urls) = listed(server, &video, "NormalSnapshot");
    let plain = urls[0].split('?').next().unwrap();
    let nowhere = format!("{}/x/snapshots/x.txt", server.url);
    let origin = ("origin", "https://player.example");
    for (method, url, expected) in [
        ("GET", urls[0].as_str(), 200),
        ("HEAD", &urls[0], 200),
        ("GET", plain, 403),
        ("GET", &nowhere, 404),
        ("OPTIONS", &urls[0], 204),
        ("DELETE", &urls[0], 403),
    ] {
        let (status, headers) = answer(method, url, &[origin]);
        assert_eq!(status, expected, "{method} {url}");
        assert_eq!(
            header(&headers, "access-control-allow-origin"),
            Some("*"),
            "{method} {url}"
        );
        assert_eq!(
            header(&headers, "x-robots-tag"),
            Some("noindex"),
            "{method} {url}"
        );
    }
    let (_, headers) = answer("OPTIONS", &urls[0], &[origin]);
    assert_eq!(header(&headers, "access-control-allow-headers"), Some("*"));
    let (status, headers) = answer("GET", &urls[0], &[origin, ("range", "bytes=0-1")]);
    assert_eq!(
        (status, header(&headers, "content-length")),
        (206, Some("2"))
    );
}

/// What a run keeps of a job in hand, and whatever else lies in the folder.
#[test]
fn any_object_of_the_data_folder_is_served() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    let objects = bench.data().join("objects");
    let progress = artifacts::key::progress(&video, &job);
    for key in ["keys.json", &progress] {
        std::fs::write(objects.join(key), "{}").unwrap();
        assert_eq!(
            status(server, &format!("{}/{key}", server.url)),
            404,
            "{key}"
        );
    }
    let picture = artifacts::key::picture(&video, &job, 1);
    for path in [
        picture.replace("/snapshots/", "%2Fsnapshots%2F"),
        picture.replace("/snapshots/", "/snapshots/%2e%2e/snapshots/"),
        format!("{picture}/"),
        format!("{video}/snapshots/"),
        format!("{video}/snapshots"),
        picture.replace(&video, &"0".repeat(32)),
    ] {
        assert_eq!(
            status(server, &format!("{}/{path}", server.url)),
            404,
            "{path}"
        );
    }
}

fn keys(folder: &Path, members: &str) -> String {
    let file = folder.join("keys.json");
    std::fs::write(&file, members).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    file.to_str().unwrap().to_owned()
}

/// A key that got known could not be replaced without an end of all URLs.
#[test]
fn urls_end_with_a_change_of_the_key() {
    let folder = tempfile::TempDir::new().unwrap();
    let (old, new) = ("o".repeat(32), "n".repeat(40));
    let member = |id: &str, secret: &str| {
        format!(r#""pictures/{id}": {{"secret": "{secret}", "active": false}}"#)
    };
    let bench = bench(&["--pictures", "signed"]);
    let video = bench.server.register(clip());
    let job = bench
        .server
        .submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(bench.server.wait(&job), "Success");
    let key = artifacts::key::picture(&video, &job, 1);
    let query = |bench: &Bench| {
        let (_, urls) = listed(&bench.server, &video, "NormalSnapshot");
        urls[0].split_once('?').unwrap().1.to_owned()
    };
    let first = query(&bench);
    // Whoever signs calls is not asked here: what is served is.
    let restart = |mut bench: Bench, members: String| {
        let file = keys(
            folder.path(),
            &format!(r#"{{"AKID": "secret", {members}}}"#),
        );
        bench.restart(&["--pictures", "signed", "--keys", &file]);
        bench
    };
    let works = |bench: &Bench, query: &str| {
        let url = format!("{}/{key}?{query}", bench.server.url);
        status(&bench.server, &url) == 200
    };
    let signer = service::url_signature::UrlKeys::new(vec![service::url_signature::UrlKey::new(
        "1",
        old.as_bytes(),
    )]);
    let by_old = signer.sign(&key, 4_000_000_000).unwrap();
    assert!(by_old.contains("&KeyId=1&"), "{by_old}");
    let bench = restart(
        bench,
        format!("{}, {}", member("1", &old), member("2", &new)),
    );
    assert!(works(&bench, &first), "that of the data folder");
    assert!(works(&bench, &by_old));
    let bench = restart(bench, member("2", &new));
    assert!(works(&bench, &first));
    assert!(!works(&bench, &by_old), "it was taken away");
}
