use crate::names::wire::{get, post};
use serde_json::Value;
use support::bench::clip;

const MIB: usize = 1024 * 1024;

#[test]
fn ten_megabytes_of_any_name_are_refused_and_the_server_goes_on() {
    let bench = crate::names::bench();
    let server = &bench.server;
    let long = "a".repeat(10 * MIB);
    for name in [
        "VideoId",
        "ReferenceId",
        "UserData",
        "RegisterMetadatas",
        "TemplateConfig",
    ] {
        let raw = post(
            server,
            &[
                ("Action", "SubmitSnapshotJob"),
                ("Version", "2017-03-21"),
                (name, &long),
            ],
        );
        let answer: Value = serde_json::from_slice(&raw.body).unwrap();
        assert!((400..500).contains(&raw.status), "{name}: {answer}");
        assert!(answer["Message"].as_str().unwrap().len() < 1000);
    }
    let raw = get(server, &format!("/?Action={long}"));
    assert!((400..500).contains(&raw.status), "{}", raw.status);
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "64")]);
    assert_eq!(server.wait(&job), "Success");
}

#[test]
fn a_name_just_over_its_length_is_refused_with_the_length() {
    let bench = crate::names::bench();
    let long = "a".repeat(65);
    let raw = post(
        &bench.server,
        &[
            ("Action", "GetVideoInfo"),
            ("Version", "2017-03-21"),
            ("Format", "JSON"),
            ("ReferenceId", &long),
        ],
    );
    let answer: Value = serde_json::from_slice(&raw.body).unwrap();
    let message = answer["Message"].as_str().unwrap();
    assert_eq!(raw.status, 400);
    assert!(
        message.contains("ReferenceId") && message.contains("64"),
        "{message}"
    );
}
