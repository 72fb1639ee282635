//! The calls: `http-*.json`.

use crate::file::{self, KEY};
use crate::opened;
use crate::place::{NORMAL, Place, TEMPLATE, VIDEO, read};
use cloud::http_api::led_to;
use serde_json::{Value, json};

pub(crate) const FILES: &[&str] = &[
    "http-register-media.json",
    "http-submit-normal.json",
    "http-submit-sprite.json",
    "http-submit-times.json",
    "http-submit-template.json",
    "http-submit-form.json",
    "http-submit-v3.json",
    "http-bad-signature.json",
    "http-unknown-video.json",
    "http-add-template.json",
    "http-get-job-detail.json",
    "http-list-snapshots.json",
    "http-picture.json",
    "http-openapi.json",
];

/// Submits by a file's call, and has the worker take the message that comes of it.
async fn job(place: &Place, name: &str) -> (String, Value) {
    let (status, body) = place.call(name).await;
    assert_eq!(status, 200, "{name}: {body}");
    let job = body["SnapshotJob"]["JobId"].as_str().unwrap().to_owned();
    let message = place.message().await.expect("a message");
    assert_eq!(message["Snapshot"]["job_id"], json!(job), "{name}");
    assert_eq!(message["Snapshot"]["request_id"], body["RequestId"]);
    let mut event = file::event("sqs-normal.json");
    event["Records"][0]["body"] = message.to_string().into();
    let answer = place.worker.answer(&event).await;
    assert_eq!(answer["batchItemFailures"], json!([]), "{name}");
    let event = place.event().await;
    assert_eq!(event["Status"], "success", "{name}: {event}");
    (job, event)
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_submitted_by_each_file_take_their_pictures() {
    let place = opened!();
    for (name, pictures) in [
        ("http-submit-normal.json", 8),
        ("http-submit-times.json", 3),
        ("http-submit-template.json", 5),
        ("http-submit-form.json", 3),
        ("http-submit-v3.json", 2),
    ] {
        let (job, event) = job(&place, name).await;
        let info = &event["SnapshotInfos"][0];
        assert_eq!(info["SnapshotCount"], pictures, "{name}");
        assert_eq!(info["JobId"], json!(job));
        let prefix = format!("{VIDEO}/snapshots/{job}");
        assert_eq!(place.pictures(&prefix).await, pictures, "{name}");
        let extend =
            (name == "http-submit-times.json").then_some(r#"{"localId":"xxx","test":"www"}"#);
        assert_eq!(event.get("Extend"), extend.map(|text| json!(text)).as_ref());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sprite_job_makes_its_sheet() {
    let place = opened!();
    let (job, event) = job(&place, "http-submit-sprite.json").await;
    let infos = event["SnapshotInfos"].as_array().unwrap();
    let sheets = infos
        .iter()
        .find(|info| info["SnapshotType"] == "SpriteSnapshot");
    assert_eq!(sheets.unwrap()["SnapshotCount"], 1, "{event}");
    let key = artifacts::key::sheet(VIDEO, &job, 1);
    assert_eq!(place.pictures(&key).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_by_its_code() {
    let place = opened!();
    let forged = file::signed("http-bad-signature.json", "not-the-secret");
    let (status, body) = read(&place.submit.answer(&forged).await);
    assert_eq!(
        (status, &body["Code"]),
        (400, &json!("SignatureDoesNotMatch"))
    );
    let (status, body) = place.call("http-unknown-video.json").await;
    assert_eq!(
        (status, &body["Code"]),
        (404, &json!("InvalidVideo.NotFound"))
    );
    // A call is good once.
    let once = file::signed("http-unknown-video.json", KEY.1);
    place.submit.answer(&once).await;
    let (status, body) = read(&place.submit.answer(&once).await);
    assert_eq!((status, &body["Code"]), (400, &json!("SignatureNonceUsed")));
    assert_eq!(place.message().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_added_can_be_used_and_seen() {
    let place = opened!();
    let (status, body) = place.call("http-register-media.json").await;
    assert_eq!(status, 200, "{body}");
    let media = &body["RegisteredMediaList"][0];
    assert_eq!(media["NewRegister"], true, "{body}");
    let probe = json!({"Probe": {"video_id": media["MediaId"]}});
    assert_eq!(place.message().await, Some(probe));

    let (status, body) = place.call("http-add-template.json").await;
    assert_eq!(status, 200, "{body}");
    let id = body["VodTemplateId"].as_str().unwrap();
    assert_ne!(id, TEMPLATE);
    assert!(
        place
            .ports
            .templates
            .get(&id.into())
            .await
            .unwrap()
            .is_some()
    );

    let (_, body) = place.call("http-get-job-detail.json").await;
    assert_eq!(body["SnapshotJobDetail"]["Status"], "Processing", "{body}");
    place.work("sqs-normal.json").await;
    let (_, body) = place.call("http-get-job-detail.json").await;
    assert_eq!(body["SnapshotJobDetail"]["Status"], "Success", "{body}");
    let (_, body) = place.call("http-list-snapshots.json").await;
    assert_eq!(body["MediaSnapshot"]["Total"], 8, "{body}");
    assert_eq!(body["MediaSnapshot"]["JobId"], NORMAL);
    let url = body
        .pointer("/MediaSnapshot/Snapshots/Snapshot/0/Url")
        .unwrap();
    // Where the sample says that the call came to.
    let base = "https://abcdefghij.execute-api.us-east-1.amazonaws.com/";
    let (address, signature) = url.as_str().unwrap().split_once('?').unwrap();
    let key = artifacts::key::picture(crate::place::VIDEO, NORMAL, 1);
    assert_eq!(address, format!("{base}{key}"));
    assert!(signature.starts_with("Expires="), "{url}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_a_redirect_to_it() {
    let place = opened!();
    place.work("sqs-normal.json").await;
    let event = file::event("http-picture.json");
    let answer = place.submit.answer(&event).await;
    let picture = led_to(&answer).await;
    assert_eq!(picture[..3], [0xff, 0xd8, 0xff]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_of_the_api_needs_no_signature() {
    let place = opened!();
    let answer = place.submit.answer(&file::event("http-openapi.json")).await;
    let (status, document) = read(&answer);
    assert_eq!(status, 200);
    let host = "https://abcdefghij.execute-api.us-east-1.amazonaws.com";
    assert_eq!(document["servers"][0]["url"], host);
}
