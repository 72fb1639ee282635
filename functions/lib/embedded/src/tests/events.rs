use super::{folder, open};
use crate::{Attempted, DueDelivery, EventLog, Remains, RetryPolicy, Standing, Store, StoreError};
use service::model::{Event, SnapshotType};
use service::ports::{Clock, SystemClock};
use service::test_suite as suite;
use std::collections::BTreeSet;

/// What is due, whoever it is for.
async fn due(store: &Store, now_ms: i64) -> Vec<DueDelivery> {
    let mut due = Vec::new();
    for standing in [Standing::Quick, Standing::New, Standing::Slow] {
        for receiver in store.due_receivers(standing, now_ms, 1000).await.unwrap() {
            due.extend(
                store
                    .due_deliveries(&receiver.origin, now_ms, 1000)
                    .await
                    .unwrap(),
            );
        }
    }
    due
}

async fn origins(store: &Store, standing: Standing, now_ms: i64) -> Vec<String> {
    let due = store.due_receivers(standing, now_ms, 1000).await.unwrap();
    due.into_iter().map(|receiver| receiver.origin).collect()
}

const POLICY: RetryPolicy = RetryPolicy {
    pause_ms: |attempts| 1000 * (1 + i64::from(attempts)),
    give_up_after_ms: 100_000,
};

async fn record(store: &Store, delivery: &DueDelivery, attempted: Attempted, now_ms: i64) {
    let recorded = store.record_attempt(delivery.id, attempted, now_ms, POLICY);
    recorded.await.unwrap();
}

/// Publishes an event for `url` and the two subscribers; its delivery to `url`.
async fn publish_for(store: &Store, url: &str) -> DueDelivery {
    let event = Event {
        callback_url: Some(url.to_owned()),
        ..suite::event()
    };
    store.ports().events.publish(&event).await.unwrap();
    let mut due = due(store, i64::MAX).await.into_iter();
    due.find(|delivery| delivery.event == event && delivery.url == url)
        .unwrap()
}

const QUICKLY: Attempted = Attempted::Delivered { quick: true };

#[tokio::test]
async fn every_subscriber_gets_an_event_once_however_often_it_is_published() {
    let data = folder();
    let store = open(data.path());
    let event = Event {
        callback_url: Some("http://own/".to_owned()),
        ..suite::event()
    };
    let before = SystemClock.now_ms();
    let events = store.ports().events;
    let (a, b) = tokio::join!(events.publish(&event), events.publish(&event));
    a.unwrap();
    b.unwrap();
    let now_ms = SystemClock.now_ms();
    let all = due(&store, now_ms).await;
    let urls: BTreeSet<_> = all.iter().map(|delivery| delivery.url.as_str()).collect();
    assert_eq!(urls, ["http://one/", "http://own/", "http://two/"].into());
    assert_eq!(all.len(), 3);
    assert!(
        all.iter()
            .all(|delivery| delivery.event == event && delivery.attempts == 0)
    );
    assert!(all.iter().all(|delivery| delivery.first_ms >= before));
    for delivery in all {
        record(&store, &delivery, QUICKLY, now_ms).await;
    }
    events.publish(&event).await.unwrap();
    assert_eq!(due(&store, i64::MAX).await, []);
    assert_eq!(store.next_turn_ms(0).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_left_to_do_is_counted() {
    let data = folder();
    let store = open(data.path());
    let nothing = Remains {
        jobs: 0,
        deliveries: 0,
    };
    assert_eq!(store.remains().await.unwrap(), nothing);
    let ports = store.ports();
    ports
        .jobs
        .create(&suite::job(&"v".into(), SnapshotType::NormalSnapshot, 1))
        .await
        .unwrap();
    ports.events.publish(&suite::event()).await.unwrap();
    let left = Remains {
        jobs: 1,
        deliveries: 2,
    };
    assert_eq!(store.remains().await.unwrap(), left);
    let now_ms = SystemClock.now_ms();
    for delivery in due(&store, now_ms).await {
        record(&store, &delivery, QUICKLY, now_ms).await;
    }
    assert_eq!(store.remains().await.unwrap().deliveries, 0);
}

#[tokio::test]
async fn a_callback_that_is_a_subscriber_gets_the_event_once() {
    let data = folder();
    let store = open(data.path());
    let event = Event {
        callback_url: Some("http://two/".to_owned()),
        ..suite::event()
    };
    store.ports().events.publish(&event).await.unwrap();
    assert_eq!(due(&store, i64::MAX).await.len(), 2);
}

#[tokio::test]
async fn a_delivery_that_is_refused_is_due_again_when_its_time_comes() {
    let data = folder();
    let store = open(data.path());
    let first = publish_for(&store, "http://own/").await;
    let now_ms = SystemClock.now_ms();
    for other in due(&store, now_ms).await {
        let attempted = match other.id == first.id {
            true => Attempted::Refused { quick: true },
            false => Attempted::Forbidden,
        };
        record(&store, &other, attempted, now_ms).await;
    }
    assert_eq!(due(&store, now_ms + 999).await, []);
    assert_eq!(
        store.next_turn_ms(now_ms).await.unwrap(),
        Some(now_ms + 1000)
    );
    let again = due(&store, now_ms + 1000).await;
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].id, again[0].attempts), (first.id, 1));
    assert_eq!(again[0].first_ms, first.first_ms);
    record(
        &store,
        &again[0],
        Attempted::Refused { quick: true },
        first.first_ms + 100_000,
    )
    .await;
    assert_eq!(due(&store, i64::MAX).await, [], "given up");
}

#[tokio::test]
async fn a_silent_receiver_holds_up_itself_and_is_called_for_one_delivery() {
    let data = folder();
    let store = open(data.path());
    let mut waiting = Vec::new();
    for job in 0..5 {
        waiting.push(publish_for(&store, &format!("http://away/?job={job}")).await);
    }
    let now_ms = SystemClock.now_ms();
    assert_eq!(
        origins(&store, Standing::New, now_ms).await,
        ["http://away"]
    );
    record(&store, &waiting[0], Attempted::Unanswered, now_ms).await;
    // A second one that was on its way is the same failure.
    record(&store, &waiting[1], Attempted::Unanswered, now_ms + 1).await;
    assert_eq!(origins(&store, Standing::Slow, now_ms + 999).await, [""; 0]);
    assert_eq!(
        origins(&store, Standing::Slow, now_ms + 1000).await,
        ["http://away"]
    );
    let _ = publish_for(&store, "http://away/?job=6").await;
    assert_eq!(origins(&store, Standing::Slow, now_ms + 999).await, [""; 0]);
    assert!(
        !origins(&store, Standing::Quick, now_ms + 999)
            .await
            .is_empty()
    );
    let next = store
        .due_deliveries("http://away", now_ms + 1000, 1)
        .await
        .unwrap();
    assert_eq!(
        (next[0].id, next[0].attempts),
        (waiting[2].id, 0),
        "not the same again"
    );
    record(&store, &next[0], QUICKLY, now_ms + 1000).await;
    assert_eq!(
        origins(&store, Standing::Quick, now_ms + 1000).await.len(),
        3
    );
    let open = store
        .due_deliveries("http://away", now_ms + 1001, 9)
        .await
        .unwrap();
    assert_eq!(open.len(), 5, "all at once when it is back");
}

#[tokio::test]
async fn a_receiver_that_is_silent_for_a_day_costs_one_attempt_for_all_of_them() {
    let data = folder();
    let store = open(data.path());
    let first = publish_for(&store, "http://away/1").await;
    let late = publish_for(&store, "http://away/2").await;
    let now_ms = SystemClock.now_ms();
    record(&store, &first, Attempted::Unanswered, now_ms).await;
    record(&store, &first, Attempted::Unanswered, now_ms + 99_000).await;
    let open = store
        .due_deliveries("http://away", i64::MAX, 9)
        .await
        .unwrap();
    assert_eq!(open.len(), 2);
    record(&store, &first, Attempted::Unanswered, now_ms + 101_001).await;
    let open = store
        .due_deliveries("http://away", i64::MAX, 9)
        .await
        .unwrap();
    assert_eq!(open, [], "nor {}", late.id);
}

#[tokio::test]
async fn turns_go_round() {
    let data = folder();
    let store = open(data.path());
    let busy = publish_for(&store, "http://busy/").await;
    let _ = publish_for(&store, "http://busy/").await;
    let _ = publish_for(&store, "http://idle/").await;
    let now_ms = SystemClock.now_ms();
    let order = async |standing| origins(&store, standing, now_ms + 1).await;
    assert_eq!(order(Standing::New).await, ["http://busy", "http://idle"]);
    record(
        &store,
        &busy,
        Attempted::Delivered { quick: false },
        now_ms + 1,
    )
    .await;
    assert_eq!(order(Standing::New).await, ["http://idle"]);
    let idle = store
        .due_deliveries("http://idle", now_ms, 1)
        .await
        .unwrap();
    record(
        &store,
        &idle[0],
        Attempted::Refused { quick: false },
        now_ms - 5000,
    )
    .await;
    assert_eq!(order(Standing::Slow).await, ["http://idle", "http://busy"]);
}

#[tokio::test]
async fn a_waiting_loop_hears_of_an_event() {
    let data = folder();
    let store = open(data.path());
    let waiting = store.clone();
    let delivery = tokio::spawn(async move {
        loop {
            let now_ms = SystemClock.now_ms();
            let next_turn = waiting.next_turn(now_ms);
            let due = due(&waiting, now_ms).await;
            if !due.is_empty() {
                return due.len();
            }
            next_turn.await;
        }
    });
    tokio::task::yield_now().await;
    store.ports().events.publish(&suite::event()).await.unwrap();
    assert_eq!(delivery.await.unwrap(), 2);
}

#[tokio::test]
async fn what_was_published_during_the_look_is_heard_of() {
    let data = folder();
    let store = open(data.path());
    let now_ms = SystemClock.now_ms();
    let next_turn = store.next_turn(now_ms);
    store.ports().events.publish(&suite::event()).await.unwrap();
    let heard = tokio::time::timeout(std::time::Duration::from_secs(10), next_turn);
    heard.await.unwrap();
}

/// A thousand receivers that are away and one with 20,000 deliveries: nobody reads their rows.
#[tokio::test]
async fn a_look_costs_the_same_however_much_is_waiting() {
    let data = folder();
    drop(open(data.path()));
    let sql = rusqlite::Connection::open(data.path().join("vod-snapshot.db")).unwrap();
    sql.execute_batch(
        "INSERT INTO events VALUES (1, 'e', 't', 's', 'v', 'j', 0, NULL, x'00');
         WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
         INSERT INTO deliveries (event_seq, url, first_ms, receiver)
             SELECT 1, 'http://busy/' || i, 1, 'http://busy' FROM n;
         INSERT INTO receivers (origin, standing, turn_ms, seen_ms) VALUES ('http://busy', 'new', 1, 1);",
    )
    .unwrap();
    for query in [
        "SELECT origin, standing FROM receivers WHERE standing = ?1 AND turn_ms <= ?2
                 ORDER BY turn_ms LIMIT ?3",
        "SELECT deliveries.id AS delivery_id, url, attempts, first_ms, events.*
                 FROM deliveries JOIN events ON events.seq = event_seq
                 WHERE receiver = ?1 AND outcome IS NULL AND next_ms <= ?2
                 ORDER BY next_ms, deliveries.id LIMIT ?3",
        "SELECT min(next_ms) FROM deliveries WHERE receiver = ?1 AND outcome IS NULL",
        "SELECT min(turn_ms) FROM receivers WHERE standing = ?1 AND turn_ms > ?2",
    ] {
        let mut plan = sql.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
        let count = plan.parameter_count();
        let steps = plan
            .query_map(rusqlite::params_from_iter(vec!["x"; count]), |row| {
                row.get(3)
            })
            .unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        let text = steps.join("; ");
        assert!(
            !text.contains("SCAN") && !text.contains("TEMP B-TREE"),
            "{query}: {text}"
        );
    }
}

#[tokio::test]
async fn the_log_is_read_beside_the_server_and_after_it() {
    let data = folder();
    let store = open(data.path());
    let log = EventLog::open_read_only(data.path()).unwrap();
    assert_eq!(log.events_after(0, 10).unwrap(), []);
    let events = [suite::event(), suite::event(), suite::event()];
    for event in &events {
        store.ports().events.publish(event).await.unwrap();
    }
    let read = log.events_after(0, 2).unwrap();
    assert_eq!(
        read.iter().map(|(_, event)| event).collect::<Vec<_>>(),
        [&events[0], &events[1]]
    );
    let rest = log.events_after(read[1].0, 10).unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].1, events[2]);
    assert_eq!(log.events_after(rest[0].0, 10).unwrap(), []);
    drop((log, store));
    let later = EventLog::open_read_only(data.path()).unwrap();
    let ids: BTreeSet<_> = later
        .events_after(0, 10)
        .unwrap()
        .into_iter()
        .map(|e| e.1.id)
        .collect();
    assert_eq!(ids, events.into_iter().map(|event| event.id).collect());
}

#[test]
fn a_folder_without_data_has_no_log() {
    let data = folder();
    let error = EventLog::open_read_only(data.path()).unwrap_err();
    assert!(matches!(error, StoreError::NoData { .. }), "{error}");
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
}

/// A receiver that was away for a day: what was given up can be had again.
#[tokio::test]
async fn what_was_given_up_is_tried_again_when_a_person_says_so() {
    let data = folder();
    let store = open(data.path());
    let url = "http://own/";
    let delivery = publish_for(&store, url).await;
    let late_ms = SystemClock.now_ms() + 2 * POLICY.give_up_after_ms;
    record(&store, &delivery, Attempted::Unanswered, late_ms).await;
    let listed = async || {
        let events = store.recent_events(None, 10).await.unwrap();
        let mut deliveries = events[0].deliveries.clone().into_iter();
        deliveries.find(|listed| listed.id == delivery.id).unwrap()
    };
    let given_up = listed().await;
    assert_eq!((given_up.next_ms, given_up.is_delivered), (None, false));
    assert!(store.retry_delivery(delivery.id, late_ms).await.unwrap());
    let open_again = listed().await;
    assert_eq!(
        (open_again.next_ms, open_again.failed_attempts),
        (Some(late_ms), 0)
    );
    // At once, however long the receiver was to be left alone.
    let due = due(&store, late_ms).await;
    let again = due.iter().find(|due| due.id == delivery.id).unwrap();
    assert_eq!(again.first_ms, late_ms);
    record(&store, again, QUICKLY, late_ms).await;
    assert!(listed().await.is_delivered);
    assert!(!store.retry_delivery(delivery.id, late_ms).await.unwrap());
    assert!(!store.retry_delivery(i64::MAX, late_ms).await.unwrap());
}
