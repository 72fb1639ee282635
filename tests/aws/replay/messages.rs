//! The queue's messages: `sqs-*.json`.

use crate::file;
use crate::opened;
use crate::place::{BUCKET, CONTINUED, NORMAL, Place, SPRITE, VIDEO, WORKER};
use cloud::Function;
use cloud::clips::encode;
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) const FILES: &[&str] = &[
    "sqs-normal.json",
    "sqs-sprite.json",
    "sqs-continuation.json",
    "sqs-given-up.json",
    "sqs-probe.json",
    "sqs-batch-one-poison.json",
    "sqs-object-created.json",
    "eventbridge-object-created.json",
];

fn none_failed(answer: &Value) {
    assert_eq!(*answer, json!({"batchItemFailures": []}));
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_the_queue_become_pictures_a_manifest_and_an_event() {
    let place = opened!();
    none_failed(&place.work("sqs-normal.json").await);
    let event = place.event().await;
    assert_eq!(event["SnapshotInfos"][0]["SnapshotCount"], 8, "{event}");
    let prefix = format!("{VIDEO}/snapshots/{NORMAL}");
    assert_eq!(place.pictures(&prefix).await, 8);
    none_failed(&place.work("sqs-sprite.json").await);
    let event = place.event().await;
    assert_eq!(event["SnapshotInfos"][0]["JobId"], SPRITE, "{event}");
    assert_eq!(manifest(&place, SPRITE).await.sheets.len(), 2);
    let originals = format!("{VIDEO}/snapshots/sprite-origin/{SPRITE}");
    assert_eq!(place.pictures(&originals).await, 10);
    // A message that comes again changes nothing and is done.
    none_failed(&place.work("sqs-normal.json").await);
    assert_eq!(place.pictures(&prefix).await, 8);
}

async fn manifest(place: &Place, job: &str) -> artifacts::Manifest {
    let get = place.stack.s3().get_object();
    let get = get.bucket(&place.stack.deployment.bucket);
    let key = artifacts::key::manifest(VIDEO, job);
    let object = get.key(key).send().await.unwrap();
    let bytes = object.body.collect().await.unwrap().to_vec();
    artifacts::Manifest::from_slice(&bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_a_job_is_taken_by_another_run() {
    let place = Place::with(encode(900, "320x180", 5)).await;
    let event = file::event("sqs-continuation.json");
    // The run before it, whose time was too short.
    let first = Function::start(WORKER, &place.stack.environment()).await;
    let run = first.call(event.clone(), Duration::from_secs(2));
    none_failed(&run.await.unwrap().unwrap());
    let message = place.message().await.expect("the rest");
    let body = event["Records"][0]["body"].as_str().unwrap();
    assert_eq!(message, serde_json::from_str::<Value>(body).unwrap());
    assert_eq!(place.heard().await, None);
    none_failed(&place.worker.answer(&event).await);
    assert_eq!(
        place.event().await["SnapshotInfos"][0]["SnapshotCount"],
        900
    );
    assert_eq!(manifest(&place, CONTINUED).await.pictures.len(), 900);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_batch_only_the_poison_fails() {
    let place = opened!();
    let answer = place.work("sqs-batch-one-poison.json").await;
    let batch = file::event("sqs-batch-one-poison.json");
    let poison = &batch["Records"][1]["messageId"];
    assert_eq!(
        answer,
        json!({"batchItemFailures": [{"itemIdentifier": poison}]})
    );
    for job in [NORMAL, SPRITE] {
        let event = place.event().await;
        assert_eq!(event["SnapshotInfos"][0]["JobId"], job, "{event}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_its_queue_gave_up_ends_with_its_event() {
    let place = opened!();
    none_failed(&place.work("sqs-given-up.json").await);
    let event = place.event().await;
    assert_eq!(event["Status"], "fail");
    assert_eq!(
        (&event["ErrorCode"], &event["JobId"]),
        (&json!("TransientFailure"), &json!(NORMAL))
    );
    // Whoever has the message all the same changes nothing.
    none_failed(&place.work("sqs-normal.json").await);
    let prefix = format!("{VIDEO}/snapshots/{NORMAL}");
    assert_eq!(place.pictures(&prefix).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_finds_length_and_size() {
    let place = opened!();
    none_failed(&place.work("sqs-probe.json").await);
    let video = place.ports.videos.by_id(VIDEO).await.unwrap().unwrap();
    let facts = video.facts.unwrap();
    assert_eq!(
        (facts.duration_ms, facts.width, facts.height),
        (10_000, 320, 180)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_registers_itself() {
    let place = opened!();
    let queued = file::event("sqs-object-created.json");
    let body = queued["Records"][0]["body"].as_str().unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body, file::event("eventbridge-object-created.json"));
    none_failed(&place.work("sqs-object-created.json").await);
    let event = place.event().await;
    assert_eq!(event["EventType"], "FileUploadComplete", "{event}");
    let url = format!("s3://{BUCKET}/incoming/sample video.mp4");
    assert_eq!(event["FileUrl"], json!(url));
    let id = event["VideoId"].as_str().unwrap();
    let video = place.ports.videos.by_id(id).await.unwrap();
    assert_eq!(video.unwrap().file_url, url);
}
