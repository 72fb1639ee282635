//! Events that their receivers refuse: how much they can hold up, and that none of them gets lost on
//! its way between the queues.

use crate::callbacks::{
    aged, dead_letter, notify, poll, poll_once, publish, stack_of_this_machine, waiting,
};
use crate::receivers::{BAD, Call, OK, Receiver};
use crate::stack;
use aws::{CallbackMessage, Refused};
use aws_sdk_sqs::types::MessageSystemAttributeName::{MessageDeduplicationId, MessageGroupId};
use cloud::Stack;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What a slow receiver takes for its answer.
const SLOWLY: Duration = Duration::from_millis(1500);

fn refused_slowly(_: &Call, _: usize) -> Option<&'static str> {
    std::thread::sleep(SLOWLY);
    Some(BAD)
}

/// Events that were refused once, twice and so on, and are due.
async fn put_aside(stack: &Stack, url: &str, count: u32) {
    let queue = aws::callback_queue(&stack.clients(), &stack.deployment).unwrap();
    for times in 1..=count {
        let message = CallbackMessage {
            url: url.to_owned(),
            event_id: format!("refused-{times}"),
            body: "{}".to_owned(),
            refused: Some(Refused {
                times,
                first_ms: service::ports::Clock::now_ms(&service::ports::SystemClock),
                due_ms: 1,
                pause_ms: i64::from(5000 << (times - 1)),
            }),
        };
        queue.pass_on(&message, &times.to_string()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_refuses_slowly_delays_nobody_else() {
    let stack = stack_of_this_machine().await;
    let slow = Receiver::start(refused_slowly);
    let healthy = Receiver::start(|_, _| Some(OK));
    put_aside(&stack, &slow.url(), 10).await;
    for number in 0..10 {
        publish(&stack, &format!("slow-{number}"), &slow.url()).await;
    }
    for number in 0..4 {
        publish(&stack, &format!("healthy-{number}"), &healthy.url()).await;
    }
    // CallbackConcurrency as it is where nobody sets it.
    let mut environments = Vec::new();
    for _ in 0..5 {
        environments.push(notify(&stack).await);
    }
    let started = Instant::now();
    let polls = environments.into_iter().map(|environment| {
        let stack = stack.clone();
        tokio::spawn(async move { poll(&stack, &environment, Duration::from_secs(4)).await })
    });
    for poll in polls.collect::<Vec<_>>() {
        poll.await.unwrap();
    }
    let calls = healthy.calls();
    assert_eq!(calls.len(), 4, "{calls:?}");
    let last = calls.iter().map(|call| call.at).max().unwrap();
    let took = last - started;
    assert!(took < SLOWLY, "it waited for the other one: {took:?}");
    // Two of the first attempts, two of those that were put aside; then each lane has its pause.
    let calls = slow.calls();
    assert!((1..=4).contains(&calls.len()), "{calls:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_refused_slowly_waits_in_its_lane() {
    let stack = stack_of_this_machine().await;
    let slow = Receiver::start(refused_slowly);
    let notify = notify(&stack).await;
    let event = json!({"url": slow.url(), "event_id": "e", "body": "{}"});
    let answer = notify.answer(aged(&event, 0)).await;
    assert_eq!(answer["batchItemFailures"].as_array().unwrap().len(), 1);
    assert!(waiting(&stack).await.is_none(), "it was put aside");
}

/// The next dead letter, given back as `StartMessageMoveTask` does: the same body, group and
/// deduplication id, as another message.
async fn give_back(stack: &Stack) -> Option<Value> {
    let dead = stack.deployment.callback_dead_letters_url.as_deref();
    let message = stack.receive(dead.unwrap()).await?;
    let attributes = message.attributes().unwrap();
    let send = stack.sqs().send_message();
    let send = send.queue_url(stack.deployment.callbacks_url.as_deref().unwrap());
    let send = send.message_group_id(&attributes[&MessageGroupId]);
    let send = send.message_deduplication_id(&attributes[&MessageDeduplicationId]);
    let sent = send.message_body(message.body().unwrap()).send().await;
    sent.unwrap();
    Some(serde_json::from_str(message.body().unwrap()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_that_is_given_back_and_fails_again_at_once_is_a_dead_letter_again() {
    // No address but public ones may be called.
    let stack = stack!();
    let notify = notify(&stack).await;
    publish(&stack, "e", "http://127.0.0.1:9/").await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        assert!(poll_once(&stack, &notify).await, "it is nowhere: {seen:?}");
        seen.extend(give_back(&stack).await);
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert!(seen.iter().all(|letter| letter == &seen[0]), "{seen:?}");
}

/// The record of another message.
fn record(mut event: Value, id: &str) -> Value {
    event["Records"][0]["messageId"] = json!(id);
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_passed_on_twice_is_one_message_and_what_comes_anew_is_another() {
    let stack = stack_of_this_machine().await;
    let receiver = Receiver::start(|_, _| Some(BAD));
    let notify = notify(&stack).await;
    let event = json!({"url": receiver.url(), "event_id": "e", "body": "{}"});
    // It is no message of ours either way, and goes on to the dead letters.
    let strange = json!({"Nothing": 1});
    for (id, is_new) in [("1", true), ("1", false), ("2", true)] {
        notify.answer(record(aged(&event, 0), id)).await;
        assert_eq!(waiting(&stack).await.is_some(), is_new, "{id}");
        notify.answer(record(aged(&strange, 0), id)).await;
        let letter = dead_letter(&stack).await;
        assert_eq!(letter, is_new.then(|| strange.clone()), "{id}");
    }
}
