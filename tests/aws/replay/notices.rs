//! What subscribers get: `sns-*.json` are samples for their functions, so they must be what the
//! worker publishes.

use crate::file;
use crate::opened;
use crate::place::{NORMAL, Place};
use serde_json::Value;

pub(crate) const FILES: &[&str] = &[
    "sns-snapshot-complete.json",
    "sns-snapshot-failed.json",
    "sns-file-upload-complete.json",
];

/// The text of a sample, and the names of its attributes.
fn sample(name: &str) -> (String, Vec<String>) {
    let event = file::event(name);
    let notice = &event["Records"][0]["Sns"];
    let attributes = notice["MessageAttributes"].as_object().unwrap();
    let mut names: Vec<_> = attributes.keys().cloned().collect();
    names.sort();
    (notice["Message"].as_str().unwrap().to_owned(), names)
}

/// The text with the values of these members taken from `other`.
fn with(text: &str, members: &[&str], other: &str) -> String {
    let mut event: Value = serde_json::from_str(text).unwrap();
    let other: Value = serde_json::from_str(other).unwrap();
    assert_eq!(event.to_string(), text, "not as it is published");
    for member in members {
        event[member] = other[member].clone();
    }
    event.to_string()
}

async fn published(place: &Place, message: &str) -> (String, Vec<String>) {
    place.work(message).await;
    place.heard().await.expect("an event")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_of_a_finished_job_is_as_the_sample() {
    let place = opened!();
    let (heard, attributes) = published(&place, "sqs-normal.json").await;
    let (text, named) = sample("sns-snapshot-complete.json");
    let event: Value = serde_json::from_str(&heard).unwrap();
    let cover = event["CoverUrl"].as_str().unwrap();
    let base = cover.split(crate::place::VIDEO).next().unwrap();
    let expected = text.replace("https://abc.execute-api.us-east-1.amazonaws.com/", base);
    assert_eq!(heard, with(&expected, &["EventTime"], &heard));
    assert_eq!(attributes, named);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_of_a_failed_job_is_as_the_sample() {
    let place = Place::with(vec![7; 5000]).await;
    let (heard, attributes) = published(&place, "sqs-normal.json").await;
    let (text, named) = sample("sns-snapshot-failed.json");
    assert_eq!(heard, with(&text, &["EventTime"], &heard));
    assert!(heard.contains(NORMAL));
    assert_eq!(attributes, named);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_of_an_upload_is_as_the_sample() {
    let place = opened!();
    let (heard, attributes) = published(&place, "sqs-object-created.json").await;
    let (text, named) = sample("sns-file-upload-complete.json");
    let own = ["EventTime", "VideoId", "Size"];
    assert_eq!(heard, with(&text, &own, &heard));
    assert_eq!(attributes, named);
}
