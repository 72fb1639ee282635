//! What a deployment may switch on: templates with given ids, and covers of new videos.

use crate::stack;
use crate::system::{System, clip, delivery, none_failed};
use serde_json::{Value, json};

/// Code with an id of its own in it found no such template.
#[tokio::test]
async fn a_template_with_a_given_id_cannot_be_used() {
    let mut stack = stack!();
    let id = "0123456789abcdef0123456789abcdef";
    let config = json!({"SnapshotType": "NormalSnapshot", "SnapshotConfig": {
        "Count": 2, "Interval": 1, "SpecifiedOffsetTime": 0, "Width": "64", "Height": "36",
        "FrameType": "normal"}});
    let template = json!({
        "VodTemplateId": id, "Name": "given", "TemplateType": "Snapshot",
        "TemplateConfig": config,
    });
    let file = json!([template]).to_string().into_bytes();
    stack.deployment.templates_uri = Some(stack.put_source("templates.json", file).await);
    let system = System::start(stack).await;
    let worker = system.worker().await;
    let video = system.register("a.mp4", clip(3, "320x180")).await;
    let job = system.job(&video, &[("SnapshotTemplateId", id)]).await;
    let message = system.next_message().await.unwrap();
    assert!(none_failed(&worker.answer(delivery(&message)).await));
    assert_eq!(system.manifest(&video, &job).await.pictures.len(), 2);
}

/// Registers a video and works on what follows; its CoverURL, and how many events there were.
async fn registered(covers: bool) -> (Value, usize) {
    let mut stack = stack!();
    stack.deployment.system_covers = covers;
    let system = System::start(stack).await;
    let worker = system.worker().await;
    let url = system.stack.put_source("a.mp4", clip(3, "320x180")).await;
    let metadata = json!([{"FileURL": url, "Title": "t"}]).to_string();
    let body = system
        .call("RegisterMedia", &[("RegisterMetadatas", &metadata)])
        .await;
    let video = body["RegisteredMediaList"][0]["MediaId"].as_str().unwrap();
    let probe = system.next_message().await.unwrap();
    assert!(none_failed(&worker.answer(delivery(&probe)).await));
    // Kept back for a minute: others are begun first.
    assert!(system.next_message().await.is_none());
    if covers {
        let waiting = std::time::Instant::now();
        let message = loop {
            if let Some(message) = system.next_message().await {
                break message;
            }
            assert!(waiting.elapsed().as_secs() < 90, "no covers are taken");
        };
        assert!(none_failed(&worker.answer(delivery(&message)).await));
    }
    let info = system.call("GetVideoInfo", &[("VideoId", video)]).await;
    let mut events = 0;
    while system.heard().await.is_some() {
        events += 1;
    }
    (info["Video"]["CoverURL"].clone(), events)
}

#[tokio::test]
async fn covers_are_taken_where_nobody_asked_for_them_or_of_no_video() {
    let ((with, with_events), (without, without_events)) =
        tokio::join!(registered(true), registered(false));
    assert!(
        with.as_str().is_some_and(|url| url.contains("-00001.jpg")),
        "{with}"
    );
    assert!(without.as_str().unwrap_or_default().is_empty(), "{without}");
    assert_eq!((with_events, without_events), (0, 0));
}
