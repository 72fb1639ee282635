//! Videos that nobody registers.

use crate::client::Client;
use crate::deployed::{ARRIVALS, FILMS, runtime};
use crate::deployment;
use serde_json::{Value, json};
use std::time::Duration;

#[test]
fn an_upload_registers_itself_and_tells_its_video_id() {
    let deployed = deployment!();
    let mut client = Client::of(deployed, "tea-v3");
    let key = format!("{ARRIVALS}a new one.mp4");
    let put = deployed.s3().put_object().bucket(FILMS).key(&key);
    let file = cloud::clips::encode(2, "320x180", 25);
    runtime().block_on(put.body(file.into()).send()).unwrap();
    let patience = Duration::from_secs(60);
    let event = deployed.subscribers.event_with(&key, patience);
    let event: Value = serde_json::from_str(&event).unwrap();
    assert_eq!(event["EventType"], "FileUploadComplete");
    assert_eq!(event["FileUrl"], format!("s3://{FILMS}/{key}"));
    let job = json!({"Count": 1});
    let job = client.submit(event["VideoId"].as_str().unwrap(), &job);
    let event = deployed.subscribers.event_with(&job, patience);
    let event: Value = serde_json::from_str(&event).unwrap();
    assert_eq!(event["Status"], "success", "{event}");
}
