//! The same suite that runs over one SQLite file and a folder.

use crate::stack;
use embedded::suite;
use service::model::SnapshotType;
use service::ports::Registered;
use std::collections::BTreeSet;
use tokio::task::JoinSet;

#[tokio::test]
async fn the_ports_keep_their_promises() {
    suite::all(&stack!().ports().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_registrations_of_a_url_one_is_new() {
    let videos = stack!().ports().await.videos;
    let url = suite::video().file_url;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (videos, mut video) = (videos.clone(), suite::video());
        video.file_url.clone_from(&url);
        tasks.spawn(async move { videos.register(video).await.unwrap() });
    }
    let (mut new, mut ids) = (0, BTreeSet::new());
    for registered in tasks.join_all().await {
        let (Registered::New(video) | Registered::Known(video)) = &registered else {
            panic!("{registered:?}")
        };
        ids.insert(video.id.clone());
        new += u32::from(matches!(registered, Registered::New(_)));
    }
    assert_eq!((new, ids.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_completions_one_holds() {
    let jobs = stack!().ports().await.jobs;
    let job = suite::job("v", SnapshotType::NormalSnapshot, 1);
    jobs.create(&job).await.unwrap();
    let mut tasks = JoinSet::new();
    for number in 0..20 {
        let (jobs, id) = (jobs.clone(), job.id.clone());
        let given = suite::completion(number % 2 == 0);
        tasks.spawn(async move {
            let held = jobs.complete(&id, &given).await.unwrap();
            (held == given, held.event_id)
        });
    }
    let results = tasks.join_all().await;
    assert_eq!(results.iter().filter(|(won, _)| *won).count(), 1);
    let events: BTreeSet<_> = results.iter().map(|(_, event)| event).collect();
    assert_eq!(events.len(), 1);
}

#[tokio::test]
async fn a_list_is_longer_than_one_batch() {
    let jobs = stack!().ports().await.jobs;
    for created_ms in 0..120 {
        let job = suite::job("v", SnapshotType::NormalSnapshot, created_ms);
        jobs.create(&job).await.unwrap();
    }
    let listed = jobs.by_video("v", 110).await.unwrap();
    let times: Vec<_> = listed.iter().map(|job| job.created_ms).collect();
    assert_eq!(times, (10..120).rev().collect::<Vec<_>>());
}
