use super::{folder, open};
use crate::{Delivery, Lane, Store};
use service::model::Message;
use std::collections::BTreeSet;
use tokio::task::JoinSet;

fn message(id: &str) -> Message {
    Message::Snapshot {
        job_id: id.into(),
        request_id: "R".into(),
    }
}

async fn send(store: &Store, id: &str) {
    store.ports().queue.send(&message(id)).await.unwrap();
}

async fn receive(store: &Store, now_ms: i64) -> Option<Delivery> {
    store.receive(now_ms, 100).await.unwrap()
}

#[tokio::test]
async fn a_message_is_hidden_while_in_flight_and_gone_when_deleted() {
    let data = folder();
    let store = open(data.path());
    assert_eq!(receive(&store, 0).await, None);
    send(&store, "a").await;
    let delivery = receive(&store, 0).await.unwrap();
    assert_eq!(
        (delivery.message.clone(), delivery.receives),
        (message("a"), 1)
    );
    assert_eq!(receive(&store, 99).await, None);
    assert!(store.delete(&delivery.receipt).await.unwrap());
    assert!(!store.delete(&delivery.receipt).await.unwrap());
    assert_eq!(receive(&store, 1_000_000).await, None);
}

#[tokio::test]
async fn a_stale_receipt_settles_nothing() {
    let data = folder();
    let store = open(data.path());
    send(&store, "a").await;
    let stale = receive(&store, 0).await.unwrap().receipt;
    let again = receive(&store, 100).await.unwrap();
    assert_eq!(again.receives, 2);
    assert_ne!(again.receipt, stale);
    assert!(!store.delete(&stale).await.unwrap());
    assert!(!store.extend(&stale, 5000).await.unwrap());
    assert!(!store.release(&stale, 0).await.unwrap());
    assert_eq!(receive(&store, 199).await, None, "still in flight");
    assert!(store.delete(&again.receipt).await.unwrap());
}

#[tokio::test]
async fn extending_hides_longer_and_releasing_until_then() {
    let data = folder();
    let store = open(data.path());
    send(&store, "a").await;
    let first = receive(&store, 0).await.unwrap().receipt;
    assert!(store.extend(&first, 500).await.unwrap());
    assert_eq!(receive(&store, 499).await, None);
    assert!(store.release(&first, 2000).await.unwrap());
    assert!(
        !store.delete(&first).await.unwrap(),
        "a released message is nobody's"
    );
    assert_eq!(receive(&store, 1999).await, None);
    assert_eq!(receive(&store, 2000).await.unwrap().receives, 2);
}

#[tokio::test]
async fn messages_come_in_the_order_they_were_sent() {
    let data = folder();
    let store = open(data.path());
    for id in ["a", "b", "c"] {
        send(&store, id).await;
    }
    for id in ["a", "b", "c"] {
        assert_eq!(receive(&store, 0).await.unwrap().message, message(id));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_at_once_share_the_messages() {
    let data = folder();
    let store = open(data.path());
    let mut senders = JoinSet::new();
    for number in 0..100 {
        let store = store.clone();
        senders.spawn(async move { send(&store, &number.to_string()).await });
    }
    let mut workers = JoinSet::new();
    for _ in 0..4 {
        let store = store.clone();
        workers.spawn(async move {
            let mut seen = Vec::new();
            while seen.len() < 25 {
                match receive(&store, 0).await {
                    Some(delivery) => seen.push(delivery.receipt),
                    None => store.wait_for_message(0).await,
                }
            }
            seen
        });
    }
    senders.join_all().await;
    let receipts: Vec<_> = workers.join_all().await.into_iter().flatten().collect();
    let different: BTreeSet<_> = receipts
        .iter()
        .map(|receipt| format!("{receipt:?}"))
        .collect();
    assert_eq!((receipts.len(), different.len()), (100, 100));
}

#[tokio::test]
async fn a_waiting_worker_hears_of_a_message() {
    let data = folder();
    let store = open(data.path());
    let waiting = store.clone();
    let worker = tokio::spawn(async move {
        loop {
            match receive(&waiting, 0).await {
                Some(delivery) => return delivery,
                None => waiting.wait_for_message(0).await,
            }
        }
    });
    tokio::task::yield_now().await;
    send(&store, "a").await;
    assert_eq!(worker.await.unwrap().message, message("a"));
}

fn covers(id: &str) -> Message {
    Message::Covers {
        job_id: id.into(),
        request_id: "R".into(),
    }
}

/// Of a folder of files that were registered at once, one job would wait for all covers.
#[tokio::test]
async fn what_nobody_waits_for_comes_after_all_else() {
    let data = folder();
    let store = open(data.path());
    for message in [covers("a"), covers("b"), message("c")] {
        store.ports().queue.send(&message).await.unwrap();
    }
    let mut order = Vec::new();
    while let Some(delivery) = receive(&store, 0).await {
        order.push(delivery.message);
    }
    assert_eq!(order, [message("c"), covers("a"), covers("b")]);
}

#[tokio::test]
async fn a_download_is_for_those_who_download() {
    let data = folder();
    let store = open(data.path());
    let upload = Message::Upload { job_id: "u".into() };
    store.ports().queue.send(&upload).await.unwrap();
    assert_eq!(receive(&store, 0).await, None);
    // Nor does it keep them from waiting.
    let waiting = store.wait_for_message(0);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(100), waiting).await;
    assert!(waited.is_err());
    let received = store.receive_of(Lane::Uploads, 0, 100).await.unwrap();
    assert_eq!(received.map(|delivery| delivery.message), Some(upload));
}

fn deletions() -> [Message; 2] {
    [
        Message::DeletePictures {
            video_id: "v".into(),
            image_type: service::model::ImageType::All,
            until_ms: 1,
            after: None,
        },
        Message::DeleteVideo {
            video_id: "v".into(),
            file_name: None,
            after: None,
        },
    ]
}

/// One of 20,000 pictures held up the next job for some nine seconds.
#[tokio::test]
async fn a_deletion_holds_up_jobs_and_is_held_up_by_them() {
    let data = folder();
    let store = open(data.path());
    for deletion in deletions() {
        store.ports().queue.send(&deletion).await.unwrap();
    }
    let waiting = store.wait_for_message(0);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(100), waiting).await;
    assert!(waited.is_err(), "nothing is there for those who run jobs");
    send(&store, "a").await;
    let received = receive(&store, 0).await.unwrap();
    assert_eq!(received.message, message("a"));
    assert_eq!(receive(&store, 0).await, None);
    for deletion in deletions() {
        let received = store.receive_of(Lane::Deletions, 0, 100).await.unwrap();
        let received = received.expect("jobs in hand hold up no deletion");
        assert_eq!(received.message, deletion);
        // Given back, it is there for its own worker at once.
        assert!(store.release(&received.receipt, 0).await.unwrap());
        store.wait_for_message_of(Lane::Deletions, 0).await;
        let again = store.receive_of(Lane::Deletions, 0, 100).await.unwrap();
        assert!(store.delete(&again.unwrap().receipt).await.unwrap());
    }
}

/// Accepts a job of so many pictures; the message that its worker gets.
async fn accepted(store: &Store, pictures: u32) -> Message {
    let mut job =
        service::test_suite::job(&"v".into(), service::model::SnapshotType::NormalSnapshot, 1);
    let points = serde_json::json!({ "Evenly": { "count": pictures, "offset_ms": 0 } });
    job.spec.points = serde_json::from_value(points).unwrap();
    let submissions = store.ports().submissions;
    submissions.accept(&job, None).await.unwrap();
    job.message()
}

async fn taken(store: &Store, lane: Lane) -> Option<Message> {
    let received = store.receive_of(lane, i64::MAX / 2, 100).await.unwrap();
    let received = received?;
    assert!(store.delete(&received.receipt).await.unwrap());
    Some(received.message)
}

/// Covers waited for all jobs of thousands of pictures that came before them.
#[tokio::test]
async fn a_small_job_passes_large_ones_and_a_worker_of_its_own_takes_no_other() {
    let data = folder();
    let store = open(data.path());
    let large = [accepted(&store, 10_000).await, accepted(&store, 33).await];
    let small = [accepted(&store, 1).await, accepted(&store, 32).await];
    assert_eq!(
        taken(&store, Lane::SmallJobs).await.as_ref(),
        Some(&small[0])
    );
    let mut order = Vec::new();
    while let Some(message) = taken(&store, Lane::Jobs).await {
        order.push(message);
    }
    assert_eq!(
        order,
        [small[1].clone(), large[0].clone(), large[1].clone()]
    );
    accepted(&store, 10_000).await;
    assert_eq!(taken(&store, Lane::SmallJobs).await, None);
}

#[tokio::test]
async fn a_large_job_is_passed_by_small_ones_for_a_bounded_time() {
    let data = folder();
    let store = open(data.path());
    let large = accepted(&store, 10_000).await;
    let small = accepted(&store, 1).await;
    let sql = rusqlite::Connection::open(data.path().join("vod-snapshot.db")).unwrap();
    for (older_ms, first) in [(29_000, &small), (31_000, &large)] {
        let update = "UPDATE messages SET sent_ms = (SELECT max(sent_ms) FROM messages) - ?1
            WHERE job_id = ?2";
        let id = large.job().unwrap().as_str();
        assert_eq!(sql.execute(update, (older_ms, id)).unwrap(), 1);
        let received = store.receive_of(Lane::Jobs, i64::MAX / 2, 100).await;
        let received = received.unwrap().unwrap();
        assert_eq!(&received.message, first, "{older_ms}");
        assert!(store.release(&received.receipt, 0).await.unwrap());
    }
}
