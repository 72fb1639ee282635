//! Whom SetMessageCallback and UserData name is called, for a day if need be, and one receiver's
//! trouble is its own.

use crate::receivers::{BAD, Call, OK, Receiver};
use crate::stack;
use crate::system::{NOTIFY, System, batch, clip, delivery, none_failed};
use aws::CallbackMessage;
use aws_sdk_sqs::types::MessageSystemAttributeName;
use cloud::{Function, Stack};
use serde_json::{Value, json};
use service::model::Event;
use service::test_suite as suite;
use std::sync::Arc;
use std::time::{Duration, Instant};

const KEY: &str = "aB3";
const DAY_MS: i64 = 86_400_000;

/// A deployment whose callbacks may reach this machine.
pub(crate) async fn stack_of_this_machine() -> Stack {
    let mut stack = stack!();
    stack.deployment.callback_allow = vec!["127.0.0.1".to_owned()];
    stack
}

pub(crate) async fn notify(stack: &Stack) -> Arc<Function> {
    Arc::new(Function::start(NOTIFY, &stack.environment()).await)
}

fn event(id: &str, callback_url: &str) -> Event {
    Event {
        id: id.to_owned(),
        callback_url: Some(callback_url.to_owned()),
        body: json!({"EventType": "SnapshotComplete", "Extend": id})
            .to_string()
            .into_bytes(),
        ..suite::event()
    }
}

pub(crate) async fn publish(stack: &Stack, id: &str, url: &str) {
    let events = stack.ports().await.events;
    events.publish(&event(id, url)).await.unwrap();
}

/// What Lambda does with one message of the queue; whether there was one.
pub(crate) async fn poll_once(stack: &Stack, function: &Function) -> bool {
    let url = stack.deployment.callbacks_url.as_deref().unwrap();
    let receive = stack.sqs().receive_message().queue_url(url);
    let receive = receive.message_system_attribute_names(MessageSystemAttributeName::All);
    let received = receive.visibility_timeout(90).send().await.unwrap();
    let Some(message) = received.messages.unwrap_or_default().pop() else {
        return false;
    };
    let attribute = |name: MessageSystemAttributeName| message.attributes().unwrap()[&name].clone();
    let record = json!({
        "messageId": message.message_id(), "receiptHandle": message.receipt_handle(),
        "body": message.body(),
        "attributes": {
            "ApproximateReceiveCount": attribute(MessageSystemAttributeName::ApproximateReceiveCount),
            "SentTimestamp": attribute(MessageSystemAttributeName::SentTimestamp),
        },
    });
    let answer = function.answer(json!({ "Records": [record] })).await;
    if none_failed(&answer) {
        let delete = stack.sqs().delete_message().queue_url(url);
        let receipt = message.receipt_handle().unwrap();
        delete.receipt_handle(receipt).send().await.unwrap();
    }
    true
}

/// One environment of the function for so long, each message after the other.
pub(crate) async fn poll(stack: &Stack, function: &Function, time: Duration) {
    let until = Instant::now() + time;
    while Instant::now() < until {
        if !poll_once(stack, function).await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The next message of the dead-letter queue.
pub(crate) async fn dead_letter(stack: &Stack) -> Option<Value> {
    let url = stack.deployment.callback_dead_letters_url.as_deref();
    let message = stack.receive(url.unwrap()).await?;
    let body = message.body().unwrap();
    Some(serde_json::from_str(body).unwrap_or_else(|_| json!(body)))
}

pub(crate) async fn waiting(stack: &Stack) -> Option<CallbackMessage> {
    let url = stack.deployment.callbacks_url.as_deref();
    let message = stack.receive(url.unwrap()).await?;
    Some(serde_json::from_str(message.body().unwrap()).unwrap())
}

fn extends(calls: &[Call]) -> Vec<String> {
    let extend = |call: &Call| {
        let event: Value = serde_json::from_str(&call.body).unwrap();
        event["Extend"].as_str().unwrap().to_owned()
    };
    calls.iter().map(extend).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_client_names_is_called_with_the_bytes_and_signatures_of_one_machine() {
    let system = System::start(stack_of_this_machine().await).await;
    let (worker, notify) = (system.worker().await, notify(&system.stack).await);
    let (global, own) = (
        Receiver::start(|_, _| Some(OK)),
        Receiver::start(|_, _| Some(OK)),
    );
    let set = [
        ("CallbackURL", global.url()),
        ("AuthSwitch", "on".to_owned()),
        ("AuthKey", KEY.to_owned()),
    ];
    let set: Vec<_> = set.iter().map(|(name, text)| (*name, &**text)).collect();
    system.call("SetMessageCallback", &set).await;
    let video = system.register("clip.mp4", clip(2, "320x180")).await;
    let user_data = json!({"MessageCallback": {"CallbackURL": own.url()}, "Extend": "x"});
    let user_data = user_data.to_string();
    for parameters in [
        &[("Count", "1")][..],
        &[("Count", "1"), ("UserData", &user_data)],
    ] {
        system.job(&video, parameters).await;
        let message = system.next_message().await.unwrap();
        assert!(none_failed(&worker.answer(delivery(&message)).await));
        assert!(poll_once(&system.stack, &notify).await);
        let heard = system.stack.receive(&system.stack.heard_url).await.unwrap();
        let receiver = if parameters.len() == 1 { &global } else { &own };
        let calls = receiver.calls();
        assert_eq!(calls.len(), 1);
        let call = &calls[0];
        assert!(
            call.head.starts_with("post /hook?token=secret http/1.1"),
            "{}",
            call.head
        );
        assert_eq!(Some(call.body.as_str()), heard.body());
        let timestamp = call.header("x-vod-timestamp").unwrap();
        let expected = webhook::signature_headers(
            &receiver.url(),
            timestamp.parse().unwrap(),
            KEY,
            call.body.as_bytes(),
        );
        for (name, value) in expected {
            assert_eq!(call.header(name), Some(value.as_str()), "{name}");
        }
        assert_eq!(
            call.header("content-type"),
            Some("application/json;charset=utf-8")
        );
        let id = &heard.message_attributes().unwrap()["EventId"];
        let id = id.string_value().unwrap().to_ascii_lowercase();
        assert_eq!(call.header("x-vod-event-id"), Some(id.as_str()));
    }
    assert!(!poll_once(&system.stack, &notify).await, "and no more");
    let lines = notify.lines("Attempt", 2).await;
    let told = format!("{lines:?}");
    assert!(
        told.contains("127.0.0.1") && !told.contains("SECRET") && !told.contains(KEY),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_hangs_delays_nobody_else() {
    let stack = stack_of_this_machine().await;
    let (hanging, healthy) = (
        Receiver::start(|_, _| None),
        Receiver::start(|_, _| Some(OK)),
    );
    for number in 0..8 {
        publish(&stack, &format!("hanging-{number}"), &hanging.url()).await;
    }
    for number in 0..4 {
        publish(&stack, &format!("healthy-{number}"), &healthy.url()).await;
    }
    // One more than one receiver can have at a time.
    let environments = [
        notify(&stack).await,
        notify(&stack).await,
        notify(&stack).await,
    ];
    let started = Instant::now();
    let polls = environments.map(|environment| {
        let stack = stack.clone();
        tokio::spawn(async move { poll(&stack, &environment, Duration::from_secs(4)).await })
    });
    for poll in polls {
        poll.await.unwrap();
    }
    let calls = healthy.calls();
    assert_eq!(calls.len(), 4, "{calls:?}");
    let last = calls.iter().map(|call| call.at).max().unwrap();
    assert!(
        last - started < Duration::from_secs(3),
        "{:?}",
        last - started
    );
    assert!(
        (1..=2).contains(&hanging.calls().len()),
        "{:?}",
        hanging.calls()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_down_gets_its_events_once_it_is_there() {
    let stack = stack_of_this_machine().await;
    let port = Receiver::start(|_, _| None).port;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = closed.local_addr().map_or(port, |address| address.port());
    drop(closed);
    let url = format!("http://127.0.0.1:{port}/hook");
    let ids: Vec<_> = (0..4).map(|number| format!("e{number}")).collect();
    for id in &ids {
        publish(&stack, id, &url).await;
    }
    let notify = notify(&stack).await;
    poll(&stack, &notify, Duration::from_secs(2)).await;
    let receiver = Receiver::at(port, |_, _| Some(OK));
    poll(&stack, &notify, Duration::from_secs(7)).await;
    let mut heard = extends(&receiver.calls());
    heard.sort();
    assert_eq!(heard, ids);
    let failed = notify.lines("PauseS", 1).await;
    let failed = failed.iter().filter(|line| line.get("PauseS").is_some());
    // The first of each lane alone was tried: what is behind it waited.
    assert!((1..=2).contains(&failed.count()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_refused_holds_up_no_other_and_comes_again() {
    let stack = stack_of_this_machine().await;
    let receiver = Receiver::start(|call, before| match call.body.contains("poison") {
        true if before < 6 => Some(BAD),
        _ => Some(OK),
    });
    publish(&stack, "poison", &receiver.url()).await;
    for number in 0..5 {
        publish(&stack, &format!("e{number}"), &receiver.url()).await;
    }
    let notify = notify(&stack).await;
    poll(&stack, &notify, Duration::from_secs(3)).await;
    let heard = extends(&receiver.calls());
    assert_eq!(
        heard.len(),
        6,
        "all at once, the refused one too: {heard:?}"
    );
    poll(&stack, &notify, Duration::from_secs(6)).await;
    let calls = receiver.calls();
    let refused: Vec<_> = calls
        .iter()
        .filter(|call| call.body.contains("poison"))
        .collect();
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert!(refused[1].at - refused[0].at >= Duration::from_secs(5));
    assert_eq!(refused[0].body, refused[1].body);
    assert_eq!(refused[0].header("x-vod-event-id"), Some("poison"));
    assert_eq!(refused[1].header("x-vod-event-id"), Some("poison"));
    assert!(waiting(&stack).await.is_none());
}

/// A record of the queue, of an event published so long ago.
pub(crate) fn aged(message: &Value, age_ms: i64) -> Value {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now_ms = i64::try_from(now.unwrap().as_millis()).unwrap();
    let mut event = batch(&[&message.to_string()], 30);
    event["Records"][0]["attributes"]["SentTimestamp"] = json!((now_ms - age_ms).to_string());
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_day_an_event_lies_where_a_person_sees_it_as_it_was_published() {
    let stack = stack_of_this_machine().await;
    let receiver = Receiver::start(|_, _| Some(BAD));
    let notify = notify(&stack).await;
    let fresh = json!({"url": receiver.url(), "event_id": "old", "body": "{\"Extend\":\"x\"}"});
    // Not yet.
    let answer = notify.answer(aged(&fresh, DAY_MS - 60_000)).await;
    assert!(none_failed(&answer), "put aside: {answer}");
    assert!(dead_letter(&stack).await.is_none());
    let aside = waiting(&stack).await.unwrap().refused.unwrap();
    assert_eq!(aside.times, 1);
    // Hour for hour: the pause grows by deliveries.
    assert!(aside.due_ms - aside.first_ms > DAY_MS, "{aside:?}");
    // Now, by its own age, and by that which it had before it was put aside.
    assert!(none_failed(&notify.answer(aged(&fresh, DAY_MS)).await));
    assert_eq!(dead_letter(&stack).await, Some(fresh.clone()));
    let mut refused = fresh.clone();
    refused["event_id"] = json!("old too");
    let of_old = refused.clone();
    refused["refused"] = json!({"times": 30, "first_ms": 1, "due_ms": 2});
    assert!(none_failed(&notify.answer(aged(&refused, 0)).await));
    assert_eq!(dead_letter(&stack).await, Some(of_old));
    assert_eq!(receiver.calls().len(), 3, "each had its last attempt");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_that_may_not_be_called_and_a_message_that_is_none_are_given_up_at_once() {
    // The default: no address but public ones.
    let stack = stack!();
    let receiver = Receiver::start(|_, _| Some(OK));
    let notify = notify(&stack).await;
    let port = receiver.port;
    for (number, url) in [
        receiver.url(),
        format!("http://localhost:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://user:SECRET@93.184.216.34/".to_owned(),
        "file:///etc/passwd".to_owned(),
    ]
    .into_iter()
    .enumerate()
    {
        let message = json!({"url": url, "event_id": format!("e{number}"), "body": "{}"});
        assert!(
            none_failed(&notify.answer(aged(&message, 0)).await),
            "{url}"
        );
        assert_eq!(dead_letter(&stack).await, Some(message), "{url}");
    }
    assert!(receiver.calls().is_empty());
    assert!(none_failed(
        &notify.answer(batch(&["{\"Nothing\":1}"], 1)).await
    ));
    assert_eq!(dead_letter(&stack).await, Some(json!({"Nothing": 1})));
    let lines = notify.lines("Attempt", 6).await;
    assert!(!format!("{lines:?}").contains("SECRET"), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_published_until_both_ways_have_it_and_called_once() {
    let system = System::start(stack_of_this_machine().await).await;
    let receiver = Receiver::start(|_, _| Some(OK));
    system
        .call("SetMessageCallback", &[("CallbackURL", &receiver.url())])
        .await;
    let video = system.register("clip.mp4", clip(2, "320x180")).await;
    system.job(&video, &[("Count", "1")]).await;
    let message = system.next_message().await.unwrap();
    // Neither way alone is enough for the job to remember that its event was published.
    for breaks in [
        |stack: &mut Stack| stack.deployment.callbacks_url = Some(nowhere(stack)),
        |stack: &mut Stack| {
            let arn = stack.deployment.topic_arn.as_mut().unwrap();
            arn.push_str("-nowhere");
        },
    ] {
        let mut broken = system.stack.clone();
        breaks(&mut broken);
        let worker = Function::start(crate::system::WORKER, &broken.environment()).await;
        assert!(!none_failed(&worker.answer(delivery(&message)).await));
    }
    let worker = system.worker().await;
    for _ in 0..2 {
        assert!(none_failed(&worker.answer(delivery(&message)).await));
    }
    assert!(system.heard().await.is_some());
    assert!(system.heard().await.is_none());
    let notify = notify(&system.stack).await;
    poll(&system.stack, &notify, Duration::from_secs(1)).await;
    assert_eq!(
        receiver.calls().len(),
        1,
        "the queue knows what it was sent again"
    );
}

fn nowhere(stack: &Stack) -> String {
    let url = stack.deployment.callbacks_url.as_deref().unwrap();
    url.replace("-callbacks", "-nowhere")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_delivered_twice_is_one_event_to_its_receiver() {
    let stack = stack_of_this_machine().await;
    let receiver = Receiver::start(|_, _| Some(OK));
    let notify = notify(&stack).await;
    let message = json!({"url": receiver.url(), "event_id": "e", "body": "{\"Extend\":\"e\"}"});
    for _ in 0..2 {
        assert!(none_failed(&notify.answer(aged(&message, 0)).await));
    }
    let calls = receiver.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].body, calls[1].body);
    for call in calls {
        assert_eq!(call.header("x-vod-event-id"), Some("e"));
        assert_eq!(call.header("x-vod-signature"), None, "nobody set a key");
    }
}

/// Of an earlier release, which stored and called nobody.
#[tokio::test(flavor = "multi_thread")]
async fn settings_of_a_message_queue_call_nobody() {
    let system = System::start(stack_of_this_machine().await).await;
    let worker = system.worker().await;
    let settings: service::model::CallbackSettings = serde_json::from_value(json!({
        "app_id": "app-1000000", "callback_type": "MNS", "callback_url": "http://127.0.0.1:9/",
        "event_types": ["ALL"], "auth_key": null, "auth_switch": false,
        "mns_endpoint": "http://mns.example.com/", "mns_queue_name": "q",
    }))
    .unwrap();
    let ports = system.stack.ports().await;
    ports.callbacks.put(&settings).await.unwrap();
    let video = system.register("clip.mp4", clip(2, "320x180")).await;
    system.job(&video, &[("Count", "1")]).await;
    let message = system.next_message().await.unwrap();
    assert!(none_failed(&worker.answer(delivery(&message)).await));
    assert!(system.heard().await.is_some());
    assert!(waiting(&system.stack).await.is_none());
}
