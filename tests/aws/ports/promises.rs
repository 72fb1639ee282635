//! The same suite that runs over one SQLite file and a folder.

use crate::stack;
use service::model::SnapshotType;
use service::test_suite as suite;

#[tokio::test]
async fn the_ports_keep_their_promises() {
    suite::all(&stack!().ports().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_registrations_of_a_url_one_is_new() {
    suite::registrations(&stack!().ports().await.videos, 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_completions_one_holds() {
    suite::completions(&stack!().ports().await.jobs, 20).await;
}

#[tokio::test]
async fn a_list_is_longer_than_one_batch() {
    let jobs = stack!().ports().await.jobs;
    for created_ms in 0..120 {
        let job = suite::job(&"v".into(), SnapshotType::NormalSnapshot, created_ms);
        jobs.create(&job).await.unwrap();
    }
    let listed = jobs.by_video(&"v".into(), 110).await.unwrap();
    let times: Vec<_> = listed.iter().map(|job| job.created_ms).collect();
    assert_eq!(times, (10..120).rev().collect::<Vec<_>>());
}
