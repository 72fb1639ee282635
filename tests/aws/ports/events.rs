use crate::stack;
use aws::CallbackMessage;
use service::model::{Event, SnapshotType};
use service::test_suite as suite;

#[tokio::test]
async fn a_subscriber_hears_exactly_the_event_and_may_filter_by_it() {
    let stack = stack!();
    let body = r#"{"EventType":"SnapshotComplete","SubType":"SpecifiedTime","Extend":"🎬 \" &"}"#;
    let event = Event {
        body: body.as_bytes().to_vec(),
        snapshot_type: Some(SnapshotType::SpriteSnapshot),
        ..suite::event()
    };
    stack.ports().await.events.publish(&event).await.unwrap();
    let heard = stack.receive(&stack.heard_url).await.unwrap();
    assert_eq!(heard.body(), Some(body));
    let attributes = heard.message_attributes().unwrap();
    for (name, expected) in [
        ("EventType", "SnapshotComplete"),
        ("SubType", "SpecifiedTime"),
        ("VideoId", &event.video_id),
        ("Status", "success"),
        ("EventId", &event.id),
        ("JobId", event.job_id.as_deref().unwrap()),
        ("SnapshotType", "SpriteSnapshot"),
    ] {
        assert_eq!(attributes[name].string_value(), Some(expected), "{name}");
    }
    assert_eq!(attributes.len(), 7);
}

#[tokio::test]
async fn an_event_that_sns_would_change_is_an_error() {
    let events = stack!().ports().await.events;
    assert!(events.publish(&suite::event()).await.is_err(), "not UTF-8");
}

#[tokio::test]
async fn an_event_with_a_callback_waits_for_it_once_however_often_it_is_published() {
    let stack = stack!();
    let url = "http://example.com/hook?token=x";
    let event = Event {
        body: b"{\"Extend\":\"\xf0\x9f\x8e\xac\"}".to_vec(),
        callback_url: Some(url.to_owned()),
        ..suite::event()
    };
    let events = stack.ports().await.events;
    for _ in 0..3 {
        events.publish(&event).await.unwrap();
    }
    let queue = stack.deployment.callbacks_url.as_deref().unwrap();
    let message = stack.receive(queue).await.unwrap();
    let message: CallbackMessage = serde_json::from_str(message.body().unwrap()).unwrap();
    assert_eq!((message.url.as_str(), &message.event_id), (url, &event.id));
    assert_eq!(message.body.as_bytes(), event.body);
    assert!(stack.receive(queue).await.is_none());
}
