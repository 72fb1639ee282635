//! Deletions of pictures and of videos, over ports in memory.

use super::engine;
use crate::api::{Api, Auth, Settings};
use crate::memory::MemoryStore;
use crate::model::{
    Completion, Job, JobId, JobState, Message, SnapshotType, Video, VideoId, VideoInfo,
};
use crate::picture_access::PictureAccess;
use crate::ports::{Clock, KeyPage, Objects, PortError, PortResult, Ports, SystemClock};
use crate::test_suite;
use crate::url_signature::UrlSignature;
use crate::worker::{Deadline, DeletionShares, DeliveryAttempt, DeliveryOutcome, Worker};
use artifacts::key;
use async_trait::async_trait;
use bytes::Bytes;
use contract::request::RawRequest;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[derive(Clone)]
struct Bench {
    shares: DeletionShares,
    store: MemoryStore,
    ports: Ports,
    video: Video,
}

impl Bench {
    async fn new() -> Self {
        let store = MemoryStore::default();
        let ports = store.ports();
        let video = test_suite::video();
        ports.videos.register(video.clone()).await.unwrap();
        Self {
            shares: DeletionShares::default(),
            store,
            ports,
            video,
        }
    }

    /// The same with a file that is known to be a video.
    async fn with_file() -> Self {
        let mut bench = Self::new().await;
        bench.ports.videos.delete(&bench.video.id).await.unwrap();
        let file_url = format!("memory:/{}.mp4", bench.video.id);
        bench.store.put_file(&file_url, b"video".to_vec());
        bench.video.file_url = file_url;
        bench.video.facts = Some(VideoInfo {
            duration_ms: 1,
            width: 1,
            height: 1,
            frame_rate: 1.0,
            codec: "h264".to_owned(),
            size_bytes: 5,
            content: None,
        });
        let register = bench.ports.videos.register(bench.video.clone());
        register.await.unwrap();
        bench
    }

    async fn call(&self, query: &str) -> (u16, String) {
        let api = Api::new(self.ports.clone(), Settings::new(Auth::None));
        let raw = RawRequest {
            method: "GET".to_owned(),
            raw_query: format!("Version=2017-03-21&{query}"),
            ..RawRequest::default()
        };
        let answer = api.handle(raw).await;
        (answer.status, String::from_utf8(answer.body).unwrap())
    }

    async fn ok(&self, query: &str) -> String {
        let (status, body) = self.call(query).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    async fn delete_images(&self, kind: &str) {
        let id = &self.video.id;
        let query = "Action=DeleteImage&DeleteImageType=VideoId";
        let _ = self
            .ok(&format!("{query}&VideoId={id}&ImageType={kind}"))
            .await;
    }

    async fn lists(&self, kind: &str) -> bool {
        let id = &self.video.id;
        let query = format!("Action=ListSnapshots&VideoId={id}&SnapshotType={kind}");
        match self.call(&query).await {
            (200, _) => true,
            (404, body) => {
                assert!(body.contains("NoSuchResource"), "{body}");
                false
            }
            other => panic!("{other:?}"),
        }
    }

    /// A job of two pictures that is in hand.
    async fn running(&self, kind: SnapshotType) -> Job {
        let mut job = test_suite::job(&self.video.id, kind, SystemClock.now_ms());
        job.spec.sprite = None;
        self.ports.jobs.create(&job).await.unwrap();
        self.ports.jobs.start(&job.id).await.unwrap();
        for number in 1..=2 {
            self.put(&key::picture(&self.video.id, &job.id, number))
                .await;
        }
        self.put(&key::manifest(&self.video.id, &job.id)).await;
        job
    }

    async fn put(&self, key: &str) {
        let body = Bytes::from_static(b"x");
        self.ports
            .objects
            .put(key, "image/jpeg", body)
            .await
            .unwrap();
    }

    async fn end(&self, job: &Job) {
        let completion = Completion {
            result: crate::model::JobResult::Success {
                pictures: 2,
                sheets: 0,
                keeps_pictures: true,
                content: Some("etag".to_owned()),
                animation: None,
                grid: None,
            },
            ..test_suite::completion(true)
        };
        self.ports
            .jobs
            .complete(&job.id, &completion)
            .await
            .unwrap();
    }

    async fn ended(&self, kind: SnapshotType) -> Job {
        let job = self.running(kind).await;
        self.end(&job).await;
        job
    }

    async fn keys(&self) -> usize {
        let (mut count, mut after) = (0, None);
        loop {
            let prefix = key::all_of_video(&self.video.id);
            // Past any fault of the ports.
            let page = Objects::list(&self.store, &prefix, after.as_deref()).await;
            let page = page.unwrap();
            count += page.keys.len();
            after = page.keys.last().cloned();
            if !page.has_more {
                return count;
            }
        }
    }

    async fn run(&self, message: Message) -> DeliveryOutcome {
        self.run_until(message, Deadline::none()).await
    }

    async fn run_until(&self, message: Message, until: Deadline) -> DeliveryOutcome {
        let attempt = DeliveryAttempt {
            number: 1,
            sent_ms: SystemClock.now_ms(),
        };
        let worker = Worker::new(self.ports.clone(), engine());
        let worker = worker.with_deletion_shares(self.shares);
        worker.run_until(message, attempt, until).await.0
    }

    async fn run_all(&self) {
        while let Some(message) = self.store.take_message() {
            assert_eq!(self.run(message).await, DeliveryOutcome::Done);
        }
    }
}

/// Pictures stayed in the list until the last of them was deleted.
#[tokio::test]
async fn a_list_shows_pictures_until_they_are_all_deleted() {
    let bench = Bench::new().await;
    bench.ended(SnapshotType::NormalSnapshot).await;
    assert!(bench.lists("NormalSnapshot").await);
    bench.delete_images("NormalSnapshot").await;
    assert!(!bench.lists("NormalSnapshot").await);
    assert_eq!(bench.keys().await, 3, "the call itself deletes nothing");
    bench.run_all().await;
    assert_eq!(bench.keys().await, 0);
}

#[tokio::test]
async fn a_deletion_takes_other_kinds_or_newer_jobs_with_it() {
    let bench = Bench::new().await;
    bench.ended(SnapshotType::NormalSnapshot).await;
    bench.ended(SnapshotType::CoverSnapshot).await;
    bench.delete_images("NormalSnapshot").await;
    let id = &bench.video.id;
    let submitted = bench
        .ok(&format!("Action=SubmitSnapshotJob&VideoId={id}&Count=1"))
        .await;
    let submitted: serde_json::Value = serde_json::from_str(&submitted).unwrap();
    let new = JobId::from(submitted["SnapshotJob"]["JobId"].as_str().unwrap());
    let new = bench.ports.jobs.get(&new).await.unwrap().unwrap();
    for number in 1..=2 {
        bench.put(&key::picture(id, &new.id, number)).await;
    }
    bench.end(&new).await;
    let deletion = bench.store.take_message().unwrap();
    assert_eq!(bench.run(deletion.clone()).await, DeliveryOutcome::Done);
    assert_eq!(
        bench.run(deletion).await,
        DeliveryOutcome::Done,
        "once more"
    );
    assert!(bench.lists("NormalSnapshot").await && bench.lists("CoverSnapshot").await);
    assert_eq!(bench.keys().await, 5);
}

/// The clock of who accepts may be behind that of who deletes.
#[tokio::test]
async fn a_job_that_is_newer_than_a_deletion_is_covered_by_it() {
    struct Behind;
    impl Clock for Behind {
        fn now_ms(&self) -> i64 {
            SystemClock.now_ms() - 60_000
        }
    }
    let mut bench = Bench::new().await;
    bench.delete_images("All").await;
    bench.ports.clock = Arc::new(Behind);
    let id = &bench.video.id;
    let _ = bench
        .ok(&format!("Action=SubmitSnapshotJob&VideoId={id}&Count=1"))
        .await;
    let job = &bench.ports.jobs.by_video(id, 1).await.unwrap()[0];
    let video = bench.ports.videos.by_id(id).await.unwrap().unwrap();
    assert!(
        !video
            .deletions
            .cover(SnapshotType::NormalSnapshot, job.created_ms)
    );
    // And the other way round: a job that was accepted by a clock ahead of this one.
    let mut bench = Bench::new().await;
    bench.ended(SnapshotType::NormalSnapshot).await;
    bench.ports.clock = Arc::new(Behind);
    bench.delete_images("NormalSnapshot").await;
    assert!(!bench.lists("NormalSnapshot").await);
}

/// What it had made stayed for ever: a deletion spared jobs that ran.
#[tokio::test]
async fn a_job_that_ran_during_a_deletion_leaves_its_pictures() {
    let kinds = [SnapshotType::NormalSnapshot, SnapshotType::CoverSnapshot];
    for (is_video, kind) in [false, true]
        .iter()
        .flat_map(|&is_video| kinds.map(|kind| (is_video, kind)))
    {
        let bench = Bench::new().await;
        let job = bench.running(kind).await;
        if is_video {
            let id = &bench.video.id;
            let _ = bench.ok(&format!("Action=DeleteVideo&VideoIds={id}")).await;
        } else {
            bench.delete_images("All").await;
        }
        bench.run_all().await;
        assert_eq!(bench.keys().await, 3, "they are of a job in hand");
        bench.end(&job).await;
        assert_eq!(bench.run(job.message()).await, DeliveryOutcome::Done);
        assert_eq!(bench.keys().await, 0);
    }
}

#[tokio::test]
async fn a_deletion_that_has_no_more_time_begins_anew_or_does_not_come_again() {
    let bench = Bench::new().await;
    for _ in 0..3 {
        bench.ended(SnapshotType::NormalSnapshot).await;
    }
    bench
        .put(&format!("{}/snapshots/stray.jpg", bench.video.id))
        .await;
    bench.delete_images("All").await;
    let (mut left, mut runs) = (bench.keys().await, 0);
    while let Some(deletion) = bench.store.take_message() {
        let until = Deadline::none();
        until.end();
        let outcome = bench.run_until(deletion, until).await;
        assert_eq!(
            outcome,
            DeliveryOutcome::Done,
            "a message of its own goes on"
        );
        let now = bench.keys().await;
        assert!(now < left, "each run comes further");
        (left, runs) = (now, runs + 1);
    }
    assert_eq!((left, runs), (0, 4), "by pages of three");
}

const NO_TIME: DeletionShares = DeletionShares {
    of_message: Duration::ZERO,
    of_job: Duration::ZERO,
};

/// Whatever else its worker had to do waited until the last picture was gone.
#[tokio::test]
async fn a_deletion_keeps_its_worker_to_its_end() {
    for is_video in [false, true] {
        let mut bench = Bench::new().await;
        bench.shares = NO_TIME;
        for _ in 0..4 {
            bench.ended(SnapshotType::NormalSnapshot).await;
        }
        match is_video {
            true => {
                let query = format!("Action=DeleteVideo&VideoIds={}", bench.video.id);
                let _ = bench.ok(&query).await;
            }
            false => bench.delete_images("All").await,
        }
        let other = Message::Upload { job_id: "u".into() };
        bench.ports.queue.send(&other).await.unwrap();
        let deletion = bench.store.take_message().unwrap();
        assert_eq!(bench.run(deletion).await, DeliveryOutcome::Done);
        assert_eq!(bench.keys().await, 9, "a page of three is gone");
        assert_eq!(bench.store.take_message(), Some(other), "it is next");
        bench.run_all().await;
        assert_eq!(bench.keys().await, 0);
    }
}

/// Each run began with what it does not delete, and came no further where that was much.
#[tokio::test]
async fn a_deletion_that_goes_on_begins_with_what_it_spared() {
    let mut bench = Bench::new().await;
    bench.shares = NO_TIME;
    for _ in 0..4 {
        bench.ended(SnapshotType::CoverSnapshot).await;
        bench.ended(SnapshotType::NormalSnapshot).await;
    }
    bench.delete_images("NormalSnapshot").await;
    for _ in 0..8 {
        let deletion = bench.store.take_message().unwrap();
        assert_eq!(bench.run(deletion).await, DeliveryOutcome::Done);
    }
    assert!(bench.store.messages().is_empty(), "eight pages");
    assert_eq!(bench.keys().await, 12);
    assert!(bench.lists("CoverSnapshot").await);
}

/// The worker of a job that was deleted while it ran was kept by its pictures.
#[tokio::test]
async fn a_job_that_ran_during_a_deletion_keeps_its_worker() {
    for is_video in [false, true] {
        let mut bench = Bench::new().await;
        bench.shares = NO_TIME;
        let job = bench.running(SnapshotType::NormalSnapshot).await;
        let left = match is_video {
            true => {
                let query = format!("Action=DeleteVideo&VideoIds={}", bench.video.id);
                let _ = bench.ok(&query).await;
                0
            }
            false => {
                bench.ended(SnapshotType::CoverSnapshot).await;
                bench.delete_images("NormalSnapshot").await;
                3
            }
        };
        bench.run_all().await;
        bench.end(&job).await;
        assert_eq!(bench.run(job.message()).await, DeliveryOutcome::Done);
        assert_eq!(bench.keys().await, left + 3, "a deletion of its own");
        assert_eq!(bench.store.messages().len(), 1);
        bench.run_all().await;
        assert_eq!(bench.keys().await, left, "and no more than was deleted");
    }
}

/// A call that dies after it sent its message has left no mark.
#[tokio::test]
async fn a_deletion_whose_call_died_is_done_by_half() {
    let bench = Bench::new().await;
    bench.ended(SnapshotType::NormalSnapshot).await;
    let message = Message::DeletePictures {
        video_id: bench.video.id.clone(),
        image_type: crate::model::ImageType::All,
        until_ms: SystemClock.now_ms() + 1,
        after: None,
    };
    assert_eq!(bench.run(message).await, DeliveryOutcome::Done);
    assert!(!bench.lists("NormalSnapshot").await);
    assert_eq!(bench.keys().await, 0);
    let bench = Bench::new().await;
    bench.ended(SnapshotType::NormalSnapshot).await;
    let video_id = bench.video.id.clone();
    let message = Message::DeleteVideo {
        video_id,
        file_name: None,
        after: None,
    };
    assert_eq!(bench.run(message).await, DeliveryOutcome::Done);
    assert_eq!(bench.keys().await, 0);
    let query = format!("Action=GetVideoInfo&VideoId={}", bench.video.id);
    assert_eq!(bench.call(&query).await.0, 404);
}

#[tokio::test]
async fn a_deleted_video_is_found_or_its_queued_job_does_not_end() {
    let bench = Bench::new().await;
    let video = &bench.video;
    let (id, reference) = (&video.id, video.reference_id.clone().unwrap());
    let queued = test_suite::job(id, SnapshotType::NormalSnapshot, 1);
    bench.ports.jobs.create(&queued).await.unwrap();
    bench.ended(SnapshotType::NormalSnapshot).await;
    let nobody = VideoId::random();
    let answer = bench
        .ok(&format!(
            "Action=DeleteVideo&VideoIds={id},{nobody}&ReferenceIds={reference},x"
        ))
        .await;
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["NonExistVideoIds"][0], nobody.as_str());
    assert_eq!(answer["NonExistReferenceIds"][0], "x");
    for query in [
        format!("Action=GetVideoInfo&VideoId={id}"),
        format!("Action=GetVideoInfo&ReferenceId={reference}"),
        format!("Action=GetPlayInfo&VideoId={id}"),
        format!("Action=ListSnapshots&VideoId={id}"),
        format!("Action=SubmitSnapshotJob&VideoId={id}&Count=1"),
        format!("Action=UpdateVideoInfo&VideoId={id}&Title=t"),
    ] {
        let (status, body) = bench.call(&query).await;
        assert_eq!(status, 404, "{query}: {body}");
        assert!(body.contains("InvalidVideo.NotFound"), "{body}");
    }
    let list = bench.ok("Action=GetVideoList").await;
    assert!(!list.contains(id.as_str()), "{list}");
    let jobs = format!("Action=ListJobInfo&MediaId={id}&JobType=snapshot");
    assert!(bench.ok(&jobs).await.contains(r#""JobInfoList":[]"#));
    bench.run_all().await;
    assert_eq!(bench.run(queued.message()).await, DeliveryOutcome::Done);
    let ended = bench.ports.jobs.get(&queued.id).await.unwrap().unwrap();
    assert!(matches!(ended.state, JobState::Completed(_)), "{ended:?}");
    assert_eq!(bench.store.events().len(), 1, "somebody may wait for it");
    assert_eq!(bench.keys().await, 0);
}

/// What nobody can ask for any more was kept for ever, and counted against the quota.
#[tokio::test]
async fn the_file_of_a_deleted_upload_stays() {
    for has_died in [false, true] {
        let mut bench = Bench::new().await;
        let name = test_suite::upload("http://a.example/a.mp4").file_name();
        let url = format!("memory:uploads/{name}");
        bench.store.put_file(&url, vec![1; 7]);
        let mut video = test_suite::video();
        video.file_url.clone_from(&url);
        video.reference_id = None;
        bench.ports.videos.register(video.clone()).await.unwrap();
        // It has the same name, and is another.
        let file = format!("memory:media/{name}");
        bench.store.put_file(&file, vec![1; 7]);
        let mut other = test_suite::video();
        other.file_url.clone_from(&file);
        other.reference_id = None;
        bench.ports.videos.register(other.clone()).await.unwrap();
        for (gone, file_name, left) in [(&other, None, 7), (&video, Some(name), 0)] {
            if has_died {
                let message = Message::DeleteVideo {
                    video_id: gone.id.clone(),
                    file_name,
                    after: None,
                };
                assert_eq!(bench.run(message).await, DeliveryOutcome::Done);
            } else {
                let query = format!("Action=DeleteVideo&VideoIds={}", gone.id);
                let _ = bench.ok(&query).await;
            }
            let used = bench.ports.upload_files.used_bytes().await.unwrap();
            assert_eq!(used, left, "with the answer, and no file of another");
            bench.run_all().await;
            let own = bench.ports.sources.open(&file).await;
            assert!(own.is_ok(), "it is its owner's");
        }
        bench.video = video;
        let query = format!("Action=GetVideoInfo&VideoId={}", bench.video.id);
        assert_eq!(bench.call(&query).await.0, 404);
    }
}

/// Presigned URLs of users went over the queue and into the log.
#[tokio::test]
async fn a_deletion_holds_the_url_of_the_file() {
    let bench = Bench::new().await;
    let mut video = test_suite::video();
    let name = test_suite::upload("http://a.example/a.mp4").file_name();
    video.file_url = format!("https://b.example/{name}?X-Amz-Signature=secret");
    video.reference_id = None;
    bench.ports.videos.register(video.clone()).await.unwrap();
    let query = format!("Action=DeleteVideo&VideoIds={}", video.id);
    let _ = bench.ok(&query).await;
    let message = bench.store.take_message().unwrap();
    let shown = format!("{message:?} {}", serde_json::to_string(&message).unwrap());
    assert!(!shown.contains("secret"), "{shown}");
    assert!(!shown.contains("b.example"), "{shown}");
}

/// The call was answered that it is deleted; the time for which the machine is off counted, too.
#[tokio::test]
async fn a_deletion_is_dropped_after_a_day() {
    let mut bench = Bench::new().await;
    bench.ended(SnapshotType::NormalSnapshot).await;
    bench.delete_images("All").await;
    let id = bench.video.id.clone();
    let _ = bench.ok(&format!("Action=DeleteVideo&VideoIds={id}")).await;
    let mut of_both = Vec::new();
    while let Some(message) = bench.store.take_message() {
        of_both.push(message);
    }
    assert_eq!(of_both.len(), 2);
    // Before the video is gone for the first of them.
    bench
        .ports
        .videos
        .register(bench.video.clone())
        .await
        .unwrap();
    for deletion in of_both {
        bench.ports.objects = Arc::new(DyingObjects {
            inner: bench.store.clone(),
            calls_left: AtomicUsize::new(0),
            has_effect: false,
        });
        let old = DeliveryAttempt {
            number: 700,
            sent_ms: SystemClock.now_ms() - 3 * 24 * 60 * 60 * 1000,
        };
        let worker = Worker::new(bench.ports.clone(), engine());
        let outcome = worker.run(deletion.clone(), old).await;
        assert!(matches!(outcome, DeliveryOutcome::Retry(_)), "{outcome:?}");
        // Somebody has to see those of which a queue has had enough.
        let (outcome, _) = worker.give_up(deletion, old).await;
        assert_eq!(outcome, DeliveryOutcome::GivenUp);
    }
}

/// It was kept, and counted against the quota, while its owner was told to delete it.
#[tokio::test]
async fn an_uploaded_file_is_kept_as_if_it_were_a_users() {
    let bench = Bench::new().await;
    let name = test_suite::upload("http://a.example/a.mp4").file_name();
    let url = format!("memory:uploads/{name}");
    bench.store.put_file(&url, vec![1; 7]);
    let mut video = test_suite::video();
    video.file_url.clone_from(&url);
    video.reference_id = None;
    bench.ports.videos.register(video.clone()).await.unwrap();
    let (own, other) = (&video.id, &bench.video.id);
    let query = format!("Action=DeleteMezzanines&VideoIds={own},{other}");
    let answer: serde_json::Value = serde_json::from_str(&bench.ok(&query).await).unwrap();
    assert_eq!(
        answer["UnRemoveableVideoIds"],
        serde_json::json!([other.as_str()])
    );
    let used = bench.ports.upload_files.used_bytes().await;
    assert_eq!(used.unwrap(), 0);
    let query = format!("Action=GetVideoInfo&VideoId={own}");
    assert_eq!(bench.call(&query).await.0, 200, "the video itself stays");
}

/// A source file belongs to whoever registered it.
#[tokio::test]
async fn a_source_file_is_deleted() {
    let bench = Bench::new().await;
    let id = &bench.video.id;
    let query = format!("Action=DeleteMezzanines&VideoIds={id},none&Force=true");
    let answer = bench.ok(&query).await;
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["UnRemoveableVideoIds"][0], id.as_str());
    assert_eq!(answer["NonExistVideoIds"][0], "none");
    assert!(bench.store.messages().is_empty());
}

#[tokio::test]
async fn a_cover_that_the_user_chose_gives_way_to_a_snapshot() {
    let bench = Bench::with_file().await;
    let id = &bench.video.id;
    bench.ended(SnapshotType::NormalSnapshot).await;
    let info = bench.ok(&format!("Action=GetVideoInfo&VideoId={id}")).await;
    assert!(
        info.contains(r#""CoverURL":"http://memory.test/"#),
        "{info}"
    );
    let cover = "https%3A%2F%2Fh%2Fmine.jpg";
    let _ = bench
        .ok(&format!(
            "Action=UpdateVideoInfo&VideoId={id}&CoverURL={cover}&CateId=5"
        ))
        .await;
    for query in [
        format!("Action=GetVideoInfo&VideoId={id}"),
        format!("Action=GetPlayInfo&VideoId={id}"),
        format!("Action=GetVideoInfos&VideoIds={id}"),
        "Action=GetVideoList&CateId=5".to_owned(),
        format!("Action=SearchMedia&Match=VideoId%3D'{id}'"),
    ] {
        let answer = bench.ok(&query).await;
        assert!(
            answer.contains(r#""CoverURL":"https://h/mine.jpg""#),
            "{answer}"
        );
        assert!(answer.contains(&bench.video.title), "{answer}");
    }
}

/// Lists went on showing the URL of a picture that was gone.
#[tokio::test]
async fn a_chosen_cover_outlives_its_picture() {
    for is_own in [true, false] {
        for delete in [
            "DeleteImage&DeleteImageType=VideoId&ImageType=All&VideoId",
            "DeleteVideo&VideoIds",
        ] {
            let bench = Bench::with_file().await;
            let pictured = Bench {
                video: test_suite::video(),
                ..bench.clone()
            };
            let register = bench.ports.videos.register(Video {
                reference_id: None,
                file_url: "memory:/other.mp4".to_owned(),
                place: None,
                ..pictured.video.clone()
            });
            register.await.unwrap();
            let owner = if is_own { &bench } else { &pictured };
            if is_own && delete.starts_with("DeleteVideo") {
                continue;
            }
            let job = owner.ended(SnapshotType::NormalSnapshot).await;
            let key = key::picture(&owner.video.id, &job.id, 2);
            let url = bench.store.signed_url(&key, 1).await.unwrap();
            let id = &bench.video.id;
            let chosen = url.replace('&', "%26");
            let _ = bench
                .ok(&format!(
                    "Action=UpdateVideoInfo&VideoId={id}&CoverURL={chosen}"
                ))
                .await;
            let queries = [
                format!("Action=GetVideoInfo&VideoId={id}"),
                format!("Action=GetPlayInfo&VideoId={id}"),
                format!("Action=SearchMedia&Match=VideoId%3D'{id}'"),
            ];
            for query in &queries {
                let answer = bench.ok(query).await;
                assert!(answer.contains(&key), "{answer}");
            }
            let _ = bench
                .ok(&format!("Action={delete}={}", owner.video.id))
                .await;
            for query in &queries {
                let answer = bench.ok(query).await;
                assert!(!answer.contains(&key), "{answer}");
            }
        }
    }
}

/// It was deleted for its age.
#[tokio::test]
async fn a_chosen_cover_gives_way_to_the_first_picture_once_it_is_gone() {
    let bench = Bench::with_file().await;
    let job = bench.ended(SnapshotType::NormalSnapshot).await;
    let id = &bench.video.id;
    let key = key::picture(id, &job.id, 2);
    let url = bench.store.public_url(&key);
    let _ = bench
        .ok(&format!(
            "Action=UpdateVideoInfo&VideoId={id}&CoverURL={url}"
        ))
        .await;
    bench.store.delete(&key).await.unwrap();
    let info = bench.ok(&format!("Action=GetVideoInfo&VideoId={id}")).await;
    let info: serde_json::Value = serde_json::from_str(&info).unwrap();
    let cover = info["Video"]["CoverURL"].as_str().unwrap();
    assert!(cover.contains(&key::picture(id, &job.id, 1)), "{cover}");
}

/// The deployment has several names, and had others: such a URL was told until its signature was over,
/// and after its picture was gone.
#[tokio::test]
async fn a_chosen_cover_is_ours_by_every_name_of_the_deployment() {
    let bench = Bench::with_file().await;
    let job = bench.ended(SnapshotType::NormalSnapshot).await;
    let id = &bench.video.id;
    let (key, query) = (key::picture(id, &job.id, 2), "?Expires=1%26Signature=x");
    let (info, video) = (format!("Action=GetVideoInfo&VideoId={id}"), &bench.video.id);
    let set = |url: String| format!("Action=UpdateVideoInfo&VideoId={video}&CoverURL={url}");
    let cover = async || {
        let info: serde_json::Value = serde_json::from_str(&bench.ok(&info).await).unwrap();
        info["Video"]["CoverURL"].as_str().unwrap().to_owned()
    };
    let names = [
        "https://x.lambda-url.example",
        "https://cdn.example/pictures",
    ];
    for name in names {
        bench.ok(&set(format!("{name}/{key}{query}"))).await;
        let told = cover().await;
        let expected = bench.store.public_url(&key);
        assert!(told.starts_with(&format!("{expected}?")), "{told}");
    }
    // It is none of ours: of no job of this video, of another video, or of another kind.
    for foreign in [
        key::picture(id, "0123456789abcdef0123456789abcdef", 2),
        key.replace(id.as_str(), "0123456789abcdef0123456789abcdef"),
        key::manifest(id, &job.id),
        format!("{key}.png"),
    ] {
        let url = format!("{}/{foreign}", names[0]);
        bench.ok(&set(url.clone())).await;
        assert_eq!(cover().await, url);
    }
    // Its deletion counts by every name too, and so does its age.
    bench.ok(&set(format!("{}/{key}", names[0]))).await;
    bench.store.delete(&key).await.unwrap();
    let told = cover().await;
    assert!(told.contains(&key::picture(id, &job.id, 1)), "{told}");
    let delete = "Action=DeleteImage&DeleteImageType=VideoId&ImageType=All&VideoId";
    bench.ok(&format!("{delete}={id}")).await;
    let answer = bench.ok(&info).await;
    assert!(!answer.contains(names[0]), "{answer}");
}

#[tokio::test]
async fn a_stream_that_is_not_there_is_played() {
    let bench = Bench::with_file().await;
    let play = format!("Action=GetPlayInfo&VideoId={}", bench.video.id);
    for good in [
        "",
        "&Formats=m3u8,MP4",
        "&Definition=LD,OD",
        "&StreamType=video,audio",
    ] {
        let answer = bench.ok(&format!("{play}{good}")).await;
        assert!(answer.contains("Expires="), "{answer}");
    }
    for bad in ["&Formats=m3u8", "&Definition=LD,HD", "&StreamType=audio"] {
        let (status, body) = bench.call(&format!("{play}{bad}")).await;
        assert_eq!(status, 404, "{body}");
        assert!(body.contains("InvalidVideo.NoneStream"), "{body}");
    }
}

/// Objects of which one call fails, before or after it has had its effect.
struct DyingObjects {
    inner: MemoryStore,
    calls_left: AtomicUsize,
    has_effect: bool,
}

impl DyingObjects {
    fn dies(&self) -> bool {
        self.calls_left.fetch_sub(1, Ordering::Relaxed) == 0
    }
}

#[async_trait]
impl Objects for DyingObjects {
    async fn put(&self, key: &str, kind: &'static str, body: Bytes) -> PortResult<()> {
        self.inner.put(key, kind, body).await
    }
    async fn get(&self, key: &str) -> PortResult<Option<Bytes>> {
        Objects::get(&self.inner, key).await
    }
    async fn size(&self, key: &str) -> PortResult<Option<u64>> {
        self.inner.size(key).await
    }
    async fn delete(&self, key: &str) -> PortResult<()> {
        Objects::delete(&self.inner, key).await
    }
    async fn delete_all(&self, keys: &[String]) -> PortResult<()> {
        let dies = self.dies();
        if !dies {
            return self.inner.delete_all(keys).await;
        }
        let some = if self.has_effect {
            keys.len()
        } else {
            keys.len() / 2
        };
        self.inner.delete_all(&keys[..some]).await?;
        Err(PortError::unavailable("objects", "on purpose"))
    }
    async fn list(&self, prefix: &str, after: Option<&str>) -> PortResult<KeyPage> {
        match self.dies() {
            true => Err(PortError::unavailable("objects", "on purpose")),
            false => Objects::list(&self.inner, prefix, after).await,
        }
    }
    fn public_url(&self, key: &str) -> String {
        self.inner.public_url(key)
    }
    async fn signed_url(&self, key: &str, expires_ms: i64) -> PortResult<String> {
        self.inner.signed_url(key, expires_ms).await
    }

    async fn verify(&self, scope: &str, signature: &UrlSignature) -> PortResult<bool> {
        self.inner.verify(scope, signature).await
    }

    fn access(&self) -> PictureAccess {
        self.inner.access()
    }
}

#[tokio::test]
async fn a_deletion_that_dies_at_some_call_leaves_files() {
    for (is_video, has_effect) in [(false, false), (false, true), (true, false), (true, true)] {
        for call in 0.. {
            let mut bench = Bench::new().await;
            let spared = bench.running(SnapshotType::NormalSnapshot).await;
            for _ in 0..2 {
                bench.ended(SnapshotType::NormalSnapshot).await;
            }
            bench.ports.objects = Arc::new(DyingObjects {
                inner: bench.store.clone(),
                calls_left: call.into(),
                has_effect,
            });
            match is_video {
                true => {
                    let query = format!("Action=DeleteVideo&VideoIds={}", bench.video.id);
                    let _ = bench.ok(&query).await;
                }
                false => bench.delete_images("All").await,
            }
            let deletion = bench.store.take_message().unwrap();
            let first = bench.run(deletion.clone()).await;
            let has_died = first != DeliveryOutcome::Done;
            if has_died {
                assert!(matches!(first, DeliveryOutcome::Retry(_)), "{first:?}");
                assert_eq!(bench.run(deletion.clone()).await, DeliveryOutcome::Done);
            }
            assert_eq!(bench.keys().await, 3, "of the job in hand: call {call}");
            bench.end(&spared).await;
            while bench.run(spared.message()).await != DeliveryOutcome::Done {}
            assert_eq!(bench.keys().await, 0, "call {call}");
            // Once more; the one fault may hit this run, too.
            while bench.run(deletion.clone()).await != DeliveryOutcome::Done {}
            assert_eq!(bench.keys().await, 0);
            if !has_died && call > 12 {
                break;
            }
        }
    }
}
