use crate::jobs::{bench, clip};
use support::server::Server;

const NO_VIDEO: &str = "00000000000000000000000000000000";

fn refused(server: &Server, action: &str, parameters: &[(&str, &str)]) -> (u16, String, String) {
    let reply = server.call(action, parameters);
    assert_eq!(reply.content_type, "application/json;charset=utf-8");
    let body = reply.json();
    let text = |key: &str| {
        body[key]
            .as_str()
            .unwrap_or_else(|| panic!("{key}: {body}"))
            .to_owned()
    };
    assert_eq!(text("RequestId").len(), 36);
    // The vendor's site knows nothing of the RequestId.
    let site = format!("{}/openapi.json", server.url);
    assert!(!text("HostId").is_empty());
    assert_eq!(text("Recommend"), site);
    (reply.status, text("Code"), text("Message"))
}

#[test]
fn the_documented_errors_have_their_codes_and_texts() {
    let bench = bench(&[]);
    let server = &bench.server;
    let (status, code, message) = refused(
        server,
        "SubmitSnapshotJob",
        &[("VideoId", NO_VIDEO), ("Count", "1")],
    );
    assert_eq!((status, code.as_str()), (404, "InvalidVideo.NotFound"));
    assert_eq!(message, "The video does not exist.");
    let (status, code, _) = refused(server, "ListSnapshots", &[]);
    assert_eq!((status, code.as_str()), (400, "MissingVideoId"));
    let (status, code, _) = refused(server, "NoSuchAction", &[]);
    assert_eq!((status, code.as_str()), (404, "InvalidAction.NotFound"));
}

#[test]
fn every_bad_parameter_is_named() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    for (name, value) in [
        ("Count", "0"),
        ("Count", "abc"),
        ("Count", "20001"),
        ("Interval", "-1"),
        ("SpecifiedOffsetTime", "1.5"),
        ("SpecifiedOffsetTimes", "[1,"),
        ("SpecifiedOffsetTimes", "[-1]"),
        ("Width", "7"),
        ("Width", "4097"),
        ("Height", "wide"),
        ("SpriteSnapshotConfig", "{'Columns': 0}"),
        ("SpriteSnapshotConfig", "{'Color': 'nocolour'}"),
        ("SpriteSnapshotConfig", "[1]"),
        ("UserData", "{'MessageCallback': [1]}"),
    ] {
        let mut parameters = vec![("VideoId", video.as_str()), (name, value)];
        if name != "Count" {
            parameters.push(("Count", "1"));
        }
        let (status, code, message) = refused(server, "SubmitSnapshotJob", &parameters);
        assert_eq!(status, 400, "{name}={value}: {message}");
        assert!(code.starts_with("Invalid"), "{name}={value}: {code}");
        assert!(message.contains(name), "{name}={value}: {message}");
    }
}

#[test]
fn a_job_with_nothing_to_take_names_what_is_missing() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    let (status, code, message) = refused(server, "SubmitSnapshotJob", &[("VideoId", &video)]);
    assert_eq!((status, code.as_str()), (400, "MissingParameter"));
    assert!(
        message.contains("Count") && message.contains("Interval"),
        "{message}"
    );
    let (status, code, message) = refused(server, "SubmitSnapshotJob", &[("Count", "1")]);
    assert_eq!((status, code.as_str()), (400, "MissingParameter"));
    assert!(message.contains("VideoId"), "{message}");
}

#[test]
fn a_video_without_snapshots_lists_none() {
    let bench = bench(&[]);
    let video = bench.server.register(clip());
    let parameters = [
        ("VideoId", video.as_str()),
        ("SnapshotType", "NormalSnapshot"),
    ];
    let (status, code, _) = refused(&bench.server, "ListSnapshots", &parameters);
    assert_eq!((status, code.as_str()), (404, "NoSuchResource"));
}

#[test]
fn files_outside_the_media_root_cannot_be_registered() {
    let bench = bench(&[]);
    let metadata = r#"[{"FileURL":"file:///etc/ld.so.conf","Title":"x"},{"FileURL":"file:///no/such.mp4","Title":"x"}]"#;
    let answer = bench
        .server
        .ok("RegisterMedia", &[("RegisterMetadatas", metadata)]);
    assert_eq!(answer["RegisteredMediaList"].as_array().unwrap().len(), 0);
    let failed = answer["FailedFileURLs"].as_array().unwrap();
    assert_eq!(failed.len(), 2, "{answer}");
}

#[test]
fn the_same_file_registered_twice_is_the_same_video() {
    let bench = bench(&[]);
    let first = bench.server.register(clip());
    let url = format!("file://{}", clip().display());
    let metadata = format!(r#"[{{"FileURL":"{url}","Title":"again"}}]"#);
    let answer = bench
        .server
        .ok("RegisterMedia", &[("RegisterMetadatas", &metadata)]);
    assert_eq!(answer["RegisteredMediaList"][0]["MediaId"], first.as_str());
    assert_eq!(answer["RegisteredMediaList"][0]["NewRegister"], false);
}

#[test]
fn post_with_a_form_body_is_the_same_call() {
    let bench = bench(&[]);
    let video = bench.server.register(clip());
    let reply = bench.server.post_form(&[
        ("Action", "SubmitSnapshotJob"),
        ("Version", "2017-03-21"),
        ("Format", "json"),
        ("VideoId", &video),
        ("Count", "1"),
        ("Width", "160"),
    ]);
    assert_eq!(reply.status, 200);
    let job = reply.json()["SnapshotJob"]["JobId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(job.len(), 32);
    assert_eq!(bench.server.wait(&job), "Success");
}

#[test]
fn nothing_outside_the_pictures_is_served() {
    let bench = bench(&[]);
    let url = &bench.server.url;
    for path in [
        "/../vod-snapshot.db",
        "/%2e%2e/vod-snapshot.db",
        "/vod-snapshot.db",
        "//etc/passwd",
    ] {
        let reply = bench.server.get(&format!("{url}{path}"));
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.json()["Code"].is_string(), "the envelope, here too");
    }
}
