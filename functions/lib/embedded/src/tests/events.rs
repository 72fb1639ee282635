use super::{folder, open};
use crate::{EventLog, Remains, StoreError, suite};
use service::model::{Event, SnapshotType};
use service::ports::{Clock, SystemClock};
use std::collections::BTreeSet;

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
    let due = store.due_deliveries(0, 10).await.unwrap();
    let urls: Vec<_> = due.iter().map(|delivery| delivery.url.as_str()).collect();
    assert_eq!(urls, ["http://one/", "http://own/", "http://two/"]);
    assert!(
        due.iter()
            .all(|delivery| delivery.event == event && delivery.attempts == 0)
    );
    assert!(due.iter().all(|delivery| delivery.first_ms >= before));
    for delivery in due {
        store.record_delivered(delivery.id).await.unwrap();
    }
    events.publish(&event).await.unwrap();
    assert_eq!(store.due_deliveries(i64::MAX, 10).await.unwrap(), []);
    assert_eq!(store.next_due_ms().await.unwrap(), None);
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
        .create(&suite::job("v", SnapshotType::NormalSnapshot, 1))
        .await
        .unwrap();
    ports.events.publish(&suite::event()).await.unwrap();
    let left = Remains {
        jobs: 1,
        deliveries: 2,
    };
    assert_eq!(store.remains().await.unwrap(), left);
    for delivery in store.due_deliveries(0, 10).await.unwrap() {
        store.give_up(delivery.id).await.unwrap();
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
    assert_eq!(store.due_deliveries(0, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_failed_delivery_is_due_again_when_its_time_comes() {
    let data = folder();
    let store = open(data.path());
    store.ports().events.publish(&suite::event()).await.unwrap();
    let due = store.due_deliveries(0, 10).await.unwrap();
    store.record_failed(due[0].id, 5000).await.unwrap();
    store.give_up(due[1].id).await.unwrap();
    assert_eq!(store.due_deliveries(4999, 10).await.unwrap(), []);
    assert_eq!(store.next_due_ms().await.unwrap(), Some(5000));
    let again = store.due_deliveries(5000, 10).await.unwrap();
    assert_eq!(
        (again.len(), again[0].id, again[0].attempts),
        (1, due[0].id, 1)
    );
    assert_eq!(again[0].first_ms, due[0].first_ms);
}

#[tokio::test]
async fn a_new_event_does_not_wait_behind_failed_deliveries() {
    let data = folder();
    let store = open(data.path());
    store.ports().events.publish(&suite::event()).await.unwrap();
    for delivery in store.due_deliveries(0, 10).await.unwrap() {
        store.record_failed(delivery.id, 10).await.unwrap();
    }
    let fresh = suite::event();
    store.ports().events.publish(&fresh).await.unwrap();
    let due = store.due_deliveries(20, 2).await.unwrap();
    assert!(
        due.iter().all(|delivery| delivery.event == fresh),
        "{due:?}"
    );
}

#[tokio::test]
async fn a_waiting_loop_hears_of_an_event() {
    let data = folder();
    let store = open(data.path());
    let waiting = store.clone();
    let delivery = tokio::spawn(async move {
        loop {
            let due = waiting.due_deliveries(0, 10).await.unwrap();
            if !due.is_empty() {
                return due.len();
            }
            waiting.wait_for_delivery(0).await;
        }
    });
    tokio::task::yield_now().await;
    store.ports().events.publish(&suite::event()).await.unwrap();
    assert_eq!(delivery.await.unwrap(), 2);
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
