//! What the next process finds.

use super::{folder, open};
use bytes::Bytes;
use service::model::{JobState, Message, SnapshotType};
use service::test_suite as suite;
use std::collections::BTreeSet;

fn snapshot(id: &str) -> Message {
    Message::Snapshot {
        job_id: id.into(),
        request_id: "R".into(),
    }
}

#[tokio::test]
async fn everything_is_there_after_reopening() {
    let data = folder();
    let (video, event) = (suite::video(), suite::event());
    let job = suite::job(&video.id, SnapshotType::NormalSnapshot, 1);
    let signed = {
        let ports = open(data.path()).ports();
        ports.videos.register(video.clone()).await.unwrap();
        ports.jobs.create(&job).await.unwrap();
        ports.queue.send(&snapshot("other")).await.unwrap();
        ports.events.publish(&event).await.unwrap();
        ports
            .objects
            .put("v/a.jpg", "image/jpeg", Bytes::from_static(b"x"))
            .await
            .unwrap();
        assert!(
            ports
                .nonces
                .use_once("k", "n", 4_000_000_000_000)
                .await
                .unwrap()
        );
        ports.objects.signed_url("v/a.jpg", 5000).await.unwrap()
    };
    let store = open(data.path());
    let ports = store.ports();
    assert_eq!(ports.videos.by_id(&video.id).await.unwrap(), Some(video));
    assert_eq!(ports.jobs.get(&job.id).await.unwrap().as_ref(), Some(&job));
    // The small job's own message comes first, whichever was sent first.
    let mut received = Vec::new();
    while let Some(delivery) = store.receive(0, 1).await.unwrap() {
        received.push(delivery.message.job().map(ToString::to_string));
    }
    let sent = [job.id.as_str(), "other"];
    assert_eq!(received, sent.map(|id| Some(id.to_owned())));
    for origin in ["http://one", "http://two"] {
        let due = store.due_deliveries(origin, 0, 9).await.unwrap();
        assert_eq!(due.len(), 1, "{origin}");
    }
    assert_eq!(
        ports.objects.get("v/a.jpg").await.unwrap(),
        Some(Bytes::from_static(b"x"))
    );
    assert!(
        !ports
            .nonces
            .use_once("k", "n", 4_000_000_000_000)
            .await
            .unwrap()
    );
    assert_eq!(
        ports.objects.signed_url("v/a.jpg", 5000).await.unwrap(),
        signed,
        "the secret stays"
    );
}

#[tokio::test]
async fn what_was_in_flight_is_received_again_at_once() {
    let data = folder();
    let first = {
        let store = open(data.path());
        store.ports().queue.send(&snapshot("a")).await.unwrap();
        store.receive(0, 1_000_000).await.unwrap().unwrap()
    };
    let store = open(data.path());
    assert!(!store.delete(&first.receipt).await.unwrap());
    let second = store.receive(0, 1000).await.unwrap().unwrap();
    assert_eq!((second.message, second.receives), (first.message, 2));
}

#[tokio::test]
async fn what_was_put_off_stays_put_off() {
    let data = folder();
    {
        let store = open(data.path());
        store.ports().queue.send(&snapshot("a")).await.unwrap();
        let delivery = store.receive(0, 1000).await.unwrap().unwrap();
        assert!(store.release(&delivery.receipt, 7000).await.unwrap());
    }
    let store = open(data.path());
    assert_eq!(store.receive(6999, 1).await.unwrap(), None);
    assert!(store.receive(7000, 1).await.unwrap().is_some());
}

#[tokio::test]
async fn jobs_with_work_left_have_exactly_one_message() {
    let data = folder();
    let jobs: Vec<_> = (0..5)
        .map(|at| suite::job(&"v".into(), SnapshotType::NormalSnapshot, at))
        .collect();
    let [queued, processing, unpublished, done, sent] = &jobs[..] else {
        panic!()
    };
    {
        let ports = open(data.path()).ports();
        for job in &jobs {
            ports.jobs.create(job).await.unwrap();
        }
        ports.jobs.start(&processing.id).await.unwrap();
        ports
            .jobs
            .complete(&unpublished.id, &suite::completion(true))
            .await
            .unwrap();
        ports
            .jobs
            .complete(&done.id, &suite::completion(true))
            .await
            .unwrap();
        ports.jobs.record_published(&done.id).await.unwrap();
        ports.queue.send(&snapshot(&sent.id)).await.unwrap();
    }
    drop(open(data.path()));
    let store = open(data.path());
    let mut received = Vec::new();
    while let Some(delivery) = store.receive(0, 1000).await.unwrap() {
        let Message::Snapshot { job_id, .. } = delivery.message else {
            panic!()
        };
        received.push(job_id);
    }
    let ids: BTreeSet<_> = received.iter().collect();
    assert_eq!(
        ids,
        BTreeSet::from([&queued.id, &processing.id, &unpublished.id, &sent.id])
    );
    assert_eq!(received.len(), 4, "{received:?}");
    let job = store.ports().jobs.get(&queued.id).await.unwrap().unwrap();
    assert_eq!(job.state, JobState::Queued);
}

#[tokio::test]
async fn what_is_written_is_in_the_file_when_the_answer_comes() {
    let data = folder();
    let store = open(data.path());
    let job = suite::job(&"v".into(), SnapshotType::NormalSnapshot, 1);
    store.ports().jobs.create(&job).await.unwrap();
    store.ports().queue.send(&snapshot(&job.id)).await.unwrap();
    // The files as a kill at this moment leaves them, read by a new process.
    let copy = folder();
    for entry in std::fs::read_dir(data.path()).unwrap() {
        let entry = entry.unwrap();
        if entry
            .file_name()
            .to_str()
            .unwrap()
            .starts_with("vod-snapshot.db")
            && entry.path().extension() != Some("db-shm".as_ref())
        {
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
    }
    let after = open(copy.path());
    assert_eq!(
        after.ports().jobs.get(&job.id).await.unwrap(),
        Some(job.clone())
    );
    assert_eq!(
        after.receive(0, 1).await.unwrap().unwrap().message,
        snapshot(&job.id)
    );
}
