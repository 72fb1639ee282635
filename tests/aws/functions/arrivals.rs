//! Files that register themselves.

use crate::stack;
use crate::system::{System, batch, clip, delivery, none_failed};
use serde_json::{Value, json};

fn created(system: &System, key: &str, etag: &str) -> String {
    let bucket = &system.stack.deployment.source_buckets[0];
    let event = json!({
        "version": "0", "source": "aws.s3", "detail-type": "Object Created",
        "region": "us-east-1", "detail": {
            "bucket": {"name": bucket},
            "object": {"key": key, "size": 5, "etag": etag, "sequencer": "00"},
            "reason": "PutObject",
        },
    });
    event.to_string()
}

/// The event itself, and the EventId that came with it.
async fn heard(system: &System) -> Option<(Value, Value)> {
    let message = system.stack.receive(&system.stack.heard_url).await?;
    let id = &message.message_attributes.as_ref().unwrap()["EventId"];
    let event = serde_json::from_str(message.body().unwrap()).unwrap();
    Some((event, json!(id.string_value())))
}

#[tokio::test]
async fn an_object_that_arrives_twice_is_one_video_with_one_event_id() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let file = clip(2, "320x180");
    let bytes = file.len();
    let url = system.stack.put_source("in/a clip.mp4", file).await;
    let arrival = created(&system, "in/a clip.mp4", "e1");
    for _ in 0..2 {
        assert!(none_failed(&worker.answer(batch(&[&arrival], 1)).await));
    }
    let (event, id) = heard(&system).await.unwrap();
    assert_eq!(event["EventType"], "FileUploadComplete");
    assert_eq!(event["Status"], "success");
    assert_eq!(event["FileUrl"], json!(url));
    assert_eq!(event["Size"], json!(bytes));
    let (again, same_id) = heard(&system).await.unwrap();
    assert_eq!(
        (&again["VideoId"], same_id),
        (&event["VideoId"], id.clone())
    );

    let replaced = created(&system, "in/a clip.mp4", "e2");
    assert!(none_failed(&worker.answer(batch(&[&replaced], 1)).await));
    let (replaced, another_id) = heard(&system).await.unwrap();
    assert_eq!(replaced["VideoId"], event["VideoId"]);
    assert_ne!(another_id, id);

    // What subscribers were told of can be used.
    let probe = system.next_message().await.unwrap();
    assert!(none_failed(&worker.answer(delivery(&probe)).await));
    let video = event["VideoId"].as_str().unwrap();
    let info = system.call("GetVideoInfo", &[("VideoId", video)]).await;
    assert_eq!(info["Video"]["Title"], "a clip.mp4");
    assert_eq!(info["Video"]["Status"], "UploadSucc");
    assert!(info["Video"]["Duration"].as_f64().unwrap() > 1.9, "{info}");
    system.job(video, &[("Count", "1")]).await;
}

/// A text file in the bucket became a video, and a video that was declared a text did not.
#[tokio::test]
async fn an_object_is_judged_by_what_it_is_declared_to_be() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let put = async |key: &str, declared: &str, bytes: Vec<u8>| {
        let bucket = &system.stack.deployment.source_buckets[0];
        let put = system.stack.s3().put_object().bucket(bucket).key(key);
        let put = put.content_type(declared).body(bytes.into());
        put.send().await.unwrap();
        created(&system, key, "e")
    };
    let jpeg = include_bytes!("../../../docs/sprite.jpg").to_vec();
    let no_videos = [
        put("in/readme.mp4", "video/mp4", b"Not a video.\n".repeat(99)).await,
        put("in/a.json", "application/json", b"{\"a\": 1}".to_vec()).await,
        put("in/a.jpg", "image/jpeg", jpeg).await,
        put("in/zeros.ts", "video/mp2t", vec![0; 9000]).await,
    ];
    for (number, arrival) in no_videos.iter().enumerate() {
        let answer = worker.answer(batch(&[arrival], 1)).await;
        assert!(none_failed(&answer), "{number}: {answer}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let lines = worker.lines_so_far();
        let skipped = lines
            .iter()
            .filter(|line| line.to_string().contains("not registered"));
        assert_eq!(skipped.count(), number + 1, "one line each: {lines:?}");
    }
    assert_eq!(heard(&system).await, None);
    let film = clip(2, "320x180");
    let mut arrivals = vec![put("in/film", "text/vnd.trolltech.linguist", film.clone()).await];
    arrivals.push(put("in/film.jpg", "image/jpeg", film).await);
    for arrival in arrivals {
        assert!(none_failed(&worker.answer(batch(&[&arrival], 1)).await));
        assert!(heard(&system).await.is_some(), "{arrival}");
    }
}

#[tokio::test]
async fn what_is_gone_or_not_ours_registers_nothing_and_comes_no_more() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let gone = created(&system, "in/gone.mp4", "e");
    let bucket = &system.stack.deployment.source_buckets[0];
    let strange = gone.replace(bucket.as_str(), "not-a-source-bucket");
    let answer = worker.answer(batch(&[&gone, &strange], 1)).await;
    assert!(none_failed(&answer), "{answer}");
    assert_eq!(heard(&system).await, None);
    assert!(system.next_message().await.is_none());
}

/// It is an event like any other: who asked for its type is called.
#[tokio::test]
async fn an_object_that_arrives_is_told_to_the_callback_that_wants_it() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let callbacks = system.stack.deployment.callbacks_url.clone().unwrap();
    let waiting = || async {
        let message = system.stack.receive(&callbacks).await?;
        let message: aws::CallbackMessage = serde_json::from_str(message.body().unwrap()).unwrap();
        Some(message)
    };
    let url = "https://example.com/hook";
    for (number, (types, is_told)) in [("SnapshotComplete", false), ("FileUploadComplete", true)]
        .into_iter()
        .enumerate()
    {
        let set = [("CallbackURL", url), ("EventTypeList", types)];
        system.call("SetMessageCallback", &set).await;
        let key = format!("in/{number}.mp4");
        system.stack.put_source(&key, clip(2, "320x180")).await;
        let arrival = created(&system, &key, "e");
        assert!(none_failed(&worker.answer(batch(&[&arrival], 1)).await));
        let (event, id) = heard(&system).await.unwrap();
        let told = waiting().await;
        assert_eq!(told.is_some(), is_told, "{types}");
        if let Some(told) = told {
            assert_eq!((told.url.as_str(), json!(told.event_id)), (url, id));
            assert_eq!(told.body, event.to_string());
        }
    }
}
