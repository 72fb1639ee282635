use crate::stack;
use service::model::Event;
use service::test_suite as suite;

#[tokio::test]
async fn a_subscriber_hears_exactly_the_event_and_may_filter_by_it() {
    let stack = stack!();
    let body = r#"{"EventType":"SnapshotComplete","SubType":"SpecifiedTime","Extend":"🎬 \" &"}"#;
    let event = Event {
        body: body.as_bytes().to_vec(),
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
    ] {
        assert_eq!(attributes[name].string_value(), Some(expected), "{name}");
    }
    assert_eq!(attributes.len(), 5);
}

#[tokio::test]
async fn an_event_that_sns_would_change_is_an_error() {
    let events = stack!().ports().await.events;
    assert!(events.publish(&suite::event()).await.is_err(), "not UTF-8");
}
