use crate::gate::{PARAMETERS, bench, clip, get, passed, post_form, signer, v3};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::server::{PATIENCE, Reply};

fn ok(reply: &Reply) -> Value {
    let text = String::from_utf8_lossy(&reply.bytes);
    assert_eq!(reply.status, 200, "{text}");
    reply.json()
}

#[test]
fn a_job_goes_from_register_to_submit_signed_in_all_three_ways() {
    let server = &bench(&[]).server;
    let url = format!("file://{}", clip().display());
    let metadata = json!([{ "FileURL": url, "Title": "Ein Film, 影片 (1)*~" }]).to_string();
    let register = [("RegisterMetadatas", metadata.as_str())];
    let answer = ok(&server.send(&post_form(&signer(), "RegisterMedia", &register)));
    let video = answer["RegisteredMediaList"][0]["MediaId"].as_str();
    let video = video.unwrap_or_else(|| panic!("{answer}"));

    let submit = [
        ("VideoId", video),
        ("Count", "1"),
        ("SpecifiedOffsetTimes", "[0, 1500]"),
    ];
    let submit = signer().v3(server.host(), "SubmitSnapshotJob", &submit);
    let answer = ok(&server.send(&submit.unwrap()));
    let job = answer["SnapshotJob"]["JobId"].as_str().unwrap();

    let detail = [("JobId", job), ("JobType", "snapshot")];
    let answer = ok(&server.send(&signer().v1("GET", "GetJobDetail", &detail)));
    assert_eq!(answer["SnapshotJobDetail"]["VideoId"], video);
}

#[test]
fn what_a_client_adds_unsigned_of_headers_does_no_harm() {
    let server = &bench(&[]).server;
    let mut raw = v3(server, &signer());
    raw.headers
        .push(("x-sdk-client".to_owned(), "any/1".to_owned()));
    assert!(passed(&server.send(&raw)));
}

#[test]
fn nothing_said_or_logged_has_a_secret_in_it() {
    let server = &bench(&[]).server;
    let mut wrong = get(&signer());
    wrong.raw_query.push_str("&OwnerId=1");
    for raw in [
        get(&signer()),
        post_form(&signer(), "GetVideoInfo", &PARAMETERS),
        v3(server, &signer()),
        wrong,
    ] {
        let reply = server.send(&raw);
        let said = String::from_utf8_lossy(&reply.bytes).into_owned();
        assert!(!said.contains(crate::gate::SECRET), "{said}");
    }
    let begun = Instant::now();
    while server.log_lines("\"answered\"").len() < 4 {
        assert!(begun.elapsed() < PATIENCE, "answers are logged");
        std::thread::sleep(Duration::from_millis(10));
    }
    for secret in [crate::gate::SECRET, crate::gate::OTHER_SECRET] {
        assert_eq!(server.log_lines(secret), Vec::<String>::new());
    }
}
