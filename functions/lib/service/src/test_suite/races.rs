use super::sample::{completion, job, video};
use crate::model::SnapshotType;
use crate::ports::{Jobs, Registration, Videos};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Of `count` registrations of one URL at once, one makes a video and the others are told of it.
pub async fn registrations(videos: &Arc<dyn Videos>, count: usize) {
    let mut tasks = JoinSet::new();
    let file = video();
    for _ in 0..count {
        let (videos, mut video) = (videos.clone(), video());
        video.file_url.clone_from(&file.file_url);
        video.place.clone_from(&file.place);
        tasks.spawn(async move { videos.register(video).await.unwrap() });
    }
    let (mut new, mut ids) = (0, BTreeSet::new());
    for registered in tasks.join_all().await {
        let (Registration::New(video) | Registration::Known(video)) = &registered else {
            panic!("{registered:?}")
        };
        ids.insert(video.id.clone());
        new += u32::from(matches!(registered, Registration::New(_)));
    }
    assert_eq!((new, ids.len()), (1, 1));
}

/// Of `count` completions of one job at once, one holds and the others are told of it.
pub async fn completions(jobs: &Arc<dyn Jobs>, count: usize) {
    let job = job(&"v".into(), SnapshotType::NormalSnapshot, 1);
    jobs.create(&job).await.unwrap();
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let (jobs, id) = (jobs.clone(), job.id.clone());
        let given = completion(number % 2 == 0);
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
