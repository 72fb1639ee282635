//! Events that their receivers refuse: how much they can hold up.

use crate::callbacks::{aged, notify, poll, publish, stack_of_this_machine, waiting};
use crate::receivers::{BAD, Call, OK, Receiver};
use aws::{CallbackMessage, Refused};
use cloud::Stack;
use serde_json::json;
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
        queue.send(&message).await.unwrap();
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
