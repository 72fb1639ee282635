//! A job that is longer than a run of the function.

use crate::client::Client;
use crate::deployment;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Takes minutes, so only when asked for:
/// `cargo test -p promises-on-aws --test system long -- --ignored --nocapture`
#[test]
#[ignore = "takes some minutes"]
fn a_job_of_1500_pictures_goes_on_after_a_minute_and_takes_each_once() {
    let deployed = deployment!();
    let mut client = Client::of(deployed, "tea-v3");
    let file = cloud::clips::encode(1500, "1280x720", 4);
    let video = client.register("long/film.mp4", file);
    let begun = Instant::now();
    let job = client.submit(&video, &json!({"Count": 1500, "Interval": 1}));
    let hour = Duration::from_secs(3600);
    let event = deployed.subscribers.event_with(&job, hour);
    let seconds = begun.elapsed().as_secs();
    eprintln!("1500 pictures in {seconds} s, in runs of at most 60 s");
    let event: Value = serde_json::from_str(&event).unwrap();
    assert_eq!(event["Status"], "success", "{event}");
    assert_eq!(event["SnapshotInfos"][0]["SnapshotCount"], 1500);
    assert!(seconds > 60, "it fitted in one run");
    let keys = deployed.keys(&format!("{video}/snapshots/{job}"));
    let mut expected: Vec<_> = (1..=1500)
        .map(|number| artifacts::key::picture(&video, &job, number))
        .collect();
    expected.push(artifacts::key::manifest(&video, &job));
    expected.sort();
    assert_eq!(keys, expected);
}
