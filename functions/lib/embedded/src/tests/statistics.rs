use super::{folder, open};
use service::model::SnapshotType;

#[tokio::test]
async fn what_there_is_is_counted() {
    let data = folder();
    let store = open(data.path());
    let empty = store.statistics().await.unwrap();
    assert!(empty.jobs.is_empty() && empty.queue.iter().all(|queue| queue.waiting == 0));
    for _ in 0..3 {
        let job = service::test_suite::job(&"v".into(), SnapshotType::NormalSnapshot, 1);
        store.ports().submissions.accept(&job, None).await.unwrap();
    }
    store.receive(0, 1000).await.unwrap().unwrap();
    let statistics = store.statistics().await.unwrap();
    assert_eq!(statistics.jobs, [("Queued".to_owned(), 3)]);
    let jobs = statistics.queue.iter().find(|queue| queue.lane == "jobs");
    let jobs = jobs.unwrap();
    assert_eq!((jobs.waiting, jobs.in_flight), (2, 1));
    assert!(jobs.oldest_sent_ms.is_some());
    assert_eq!(statistics.deliveries_open, 0);
}

#[tokio::test]
async fn a_database_that_was_removed_or_replaced_is_missed() {
    let data = folder();
    let store = open(data.path());
    let database = data.path().join("vod-snapshot.db");
    assert!(store.check_database_file().is_ok() && store.check_disk().is_ok());
    store.check_database().await.unwrap();
    std::fs::rename(&database, data.path().join("aside")).unwrap();
    assert!(store.check_database_file().is_err());
    std::fs::write(&database, b"").unwrap();
    assert!(store.check_database_file().is_err(), "it is another file");
    std::fs::remove_dir(data.path().join("tmp")).unwrap();
    assert!(store.check_disk().is_err());
}
