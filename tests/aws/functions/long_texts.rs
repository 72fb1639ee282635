//! WebVTT files and manifests that are longer than Lambda answers.

use crate::asking::{ask_with, parts};
use crate::pictures::{ended, first_listed, signed};
use crate::stack;
use crate::system::System;
use artifacts::key;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use cloud::http_api::led_to;
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use service::model::SnapshotType;
use std::fmt::Write;
use std::io::Read;

/// Above 6 MB.
const CUES: usize = 80_000;
/// On each sheet.
const CELLS: usize = 100;
const GZIP: [(&str, &str); 1] = [("accept-encoding", "gzip, deflate, br, zstd")];

fn cues(job: &str) -> String {
    (0..CUES).fold("WEBVTT\n".to_owned(), |mut text, cue| {
        let (sheet, x) = (cue / CELLS + 1, cue % CELLS * 160);
        writeln!(
            text,
            "\n00:00:00.000 --> 00:00:01.000\n{job}-{sheet:05}.jpg#xywh={x},0,160,90"
        )
        .unwrap();
        text
    })
}

fn decoded(answer: &Value) -> String {
    assert_eq!(answer["statusCode"], 200, "{}", answer["body"]);
    assert_eq!(answer["headers"]["content-encoding"], "gzip");
    assert_eq!(answer["headers"]["vary"], "Accept-Encoding");
    assert_eq!(answer["isBase64Encoded"], true);
    let sent = answer["body"].as_str().unwrap();
    assert!(answer.to_string().len() < 6 * 1024 * 1024, "{}", sent.len());
    let sent = BASE64_STANDARD.decode(sent).unwrap();
    let mut text = String::new();
    GzDecoder::new(&sent[..]).read_to_string(&mut text).unwrap();
    text
}

/// It was an InternalError, which no player can do anything about.
#[tokio::test]
async fn a_web_vtt_file_above_6_mb_is_an_internal_error() {
    for is_signed in [false, true] {
        let stack = stack!();
        let system = System::start(if is_signed { signed(stack) } else { stack }).await;
        let video = system.register("a.mp4", vec![7; 9]).await;
        let job = ended(&system, &video, SnapshotType::WebVttSnapshot).await;
        let text = cues(&job.id);
        let objects = system.stack.ports().await.objects;
        let vtt = key::web_vtt(&video, &job.id);
        let put = objects.put(&vtt, "text/vtt", Bytes::from(text.clone()));
        put.await.unwrap();
        let url = first_listed(&system, &video, "WebVttSnapshot").await;
        let (path, query) = parts(&url);
        let address = (path.as_str(), query.as_str());

        let answer = ask_with(&system.submit, "GET", address, &GZIP).await;
        let whole = decoded(&answer);
        if is_signed {
            let names = whole.lines().filter(|line| line.contains("&Signature="));
            assert_eq!(names.count(), CUES);
        } else {
            assert!(whole == text, "another text");
        }
        let head = ask_with(&system.submit, "HEAD", address, &GZIP).await;
        assert_eq!(
            (&head["statusCode"], &head["body"]),
            (&json!(200), &json!(""))
        );
        assert_eq!(head["headers"]["content-encoding"], "gzip");

        let refused = ask_with(&system.submit, "GET", address, &[]).await;
        assert_eq!(refused["statusCode"], 406, "{refused}");
        assert_eq!(refused["headers"]["access-control-allow-origin"], "*");
        let body: Value = serde_json::from_str(refused["body"].as_str().unwrap()).unwrap();
        assert_eq!(body["Code"], "NotAcceptable");
        let message = body["Message"].as_str().unwrap();
        assert!(
            message.ends_with("send the header Accept-Encoding: gzip."),
            "{message}"
        );
    }
}

/// A manifest names nothing by where it is itself: the bucket may give it.
#[tokio::test]
async fn a_manifest_above_6_mb_is_cut() {
    let system = System::start(stack!()).await;
    let video = system.register("a.mp4", vec![7; 9]).await;
    let job = ended(&system, &video, SnapshotType::NormalSnapshot).await;
    let key = key::manifest(&video, &job.id);
    let text = format!("{:?}\n", "0123456789".repeat(700_000));
    let objects = system.stack.ports().await.objects;
    let put = objects.put(&key, "application/json", Bytes::from(text.clone()));
    put.await.unwrap();
    let path = format!("/{key}");
    let answer = ask_with(&system.submit, "GET", (&path, ""), &GZIP).await;
    assert!(decoded(&answer) == text);
    let redirect = ask_with(&system.submit, "GET", (&path, ""), &[]).await;
    assert!(led_to(&redirect).await == text.as_bytes());
}

/// What is short is sent as it is to whoever takes nothing else.
#[tokio::test]
async fn a_short_web_vtt_file_is_compressed_for_nobody_who_asks() {
    let system = System::start(stack!()).await;
    let video = system.register("a.mp4", vec![7; 9]).await;
    let job = ended(&system, &video, SnapshotType::WebVttSnapshot).await;
    let text = cues(&job.id)[..100_000].to_owned();
    let vtt = key::web_vtt(&video, &job.id);
    let objects = system.stack.ports().await.objects;
    let put = objects.put(&vtt, "text/vtt", Bytes::from(text.clone()));
    put.await.unwrap();
    let path = format!("/{vtt}");
    let plain = ask_with(&system.submit, "GET", (&path, ""), &[]).await;
    assert_eq!(plain["body"].as_str().unwrap(), text);
    assert_eq!(plain["isBase64Encoded"], false);
    assert_eq!(plain["headers"]["vary"], "Accept-Encoding");
    let answer = ask_with(&system.submit, "GET", (&path, ""), &GZIP).await;
    assert!(decoded(&answer) == text);
}
