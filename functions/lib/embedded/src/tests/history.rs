use super::{folder, open};
use crate::JobPlace;
use service::model::{JobId, SnapshotType, VideoId};
use service::test_suite as suite;

/// Page by page, each job once, also where several were accepted in one millisecond.
#[tokio::test]
async fn jobs_of_all_videos_are_listed_newest_first() {
    let data = folder();
    let store = open(data.path());
    let known = suite::video();
    let ports = store.ports();
    ports.videos.register(known.clone()).await.unwrap();
    let deleted: VideoId = "deleted".into();
    let mut all: Vec<(i64, JobId)> = Vec::new();
    for at in 0..9 {
        let video = if at % 2 == 0 { &known.id } else { &deleted };
        let job = suite::job(video, SnapshotType::NormalSnapshot, at / 3);
        ports.jobs.create(&job).await.unwrap();
        all.push((job.created_ms, job.id));
    }
    all.sort();
    all.reverse();
    let mut listed = Vec::new();
    let mut before = None;
    loop {
        let page = store.recent_jobs(None, before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        let (created_ms, id) = (last.job.created_ms, last.job.id.clone());
        before = Some(JobPlace { created_ms, id });
        listed.extend(page);
    }
    let places: Vec<_> = listed
        .iter()
        .map(|listed| (listed.job.created_ms, listed.job.id.clone()))
        .collect();
    assert_eq!(places, all);
    for one in &listed {
        let title = (one.job.video_id == known.id).then_some(known.title.clone());
        assert_eq!(one.video_title, title);
    }
    let of_one = store
        .recent_jobs(Some(deleted.clone()), None, 100)
        .await
        .unwrap();
    assert_eq!(of_one.len(), 4);
    assert!(of_one.iter().all(|listed| listed.job.video_id == deleted));
    assert_eq!(store.open_jobs(100).await.unwrap().len(), 9);
}
