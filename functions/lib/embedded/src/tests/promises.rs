use super::{folder, open};
use crate::suite;
use service::model::SnapshotType;
use service::ports::Registered;
use std::collections::BTreeSet;
use tokio::task::JoinSet;

#[tokio::test]
async fn the_ports_keep_their_promises() {
    let data = folder();
    suite::all(&open(data.path()).ports()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_registrations_of_a_url_one_is_new() {
    let data = folder();
    let videos = open(data.path()).ports().videos;
    let mut tasks = JoinSet::new();
    let url = suite::video().file_url;
    for _ in 0..50 {
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_completions_one_holds() {
    let data = folder();
    let jobs = open(data.path()).ports().jobs;
    let job = suite::job("v", SnapshotType::NormalSnapshot, 1);
    jobs.create(&job).await.unwrap();
    let mut tasks = JoinSet::new();
    for number in 0..50 {
        let (jobs, id) = (jobs.clone(), job.id.clone());
        let given = suite::completion(number % 2 == 0);
        tasks.spawn(async move {
            let held = jobs.complete(&id, &given).await.unwrap();
            (held == given, held.event_id)
        });
    }
    let results = tasks.join_all().await;
    assert_eq!(results.iter().filter(|(won, _)| *won).count(), 1);
    assert_eq!(
        results
            .iter()
            .map(|(_, event)| event)
            .collect::<BTreeSet<_>>()
            .len(),
        1
    );
}
