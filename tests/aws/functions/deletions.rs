//! Deletions: answered at once, done by messages that go on in as many runs as it takes.

use crate::stack;
use crate::system::{System, delivery, film, none_failed};
use artifacts::key;
use cloud::{Function, Stack};
use serde_json::Value;
use service::model::{Completion, JobResult, SnapshotType};
use service::test_suite as suite;
use std::time::Duration;
use tokio::task::JoinSet;

/// More than some answers of S3 hold, and more than some requests delete: thousands and a few.
const SOME: u32 = 2100;
const MANY: u32 = 6100;
/// As many as a job makes at most, unless MaxSnapshots says otherwise.
const MOST: u32 = 20_000;

/// A job that ended, with all its pictures.
async fn ended_job(stack: &Stack, video: &str, count: u32) {
    let jobs = stack.ports().await.jobs;
    let job = suite::job(&video.into(), SnapshotType::NormalSnapshot, 1);
    jobs.create(&job).await.unwrap();
    let completion = Completion {
        result: JobResult::Success {
            pictures: count,
            sheets: 0,
            keeps_pictures: true,
            content: None,
            animation: None,
            grid: None,
        },
        ..suite::completion(true)
    };
    jobs.complete(&job.id, &completion).await.unwrap();
    let pictures = (1..=count).map(|number| key::picture(video, &job.id, number));
    let others = [
        key::manifest(video, &job.id),
        // What a run left that died, and nothing names.
        key::picture(video, &job.id, count + 7),
    ];
    let mut puts = JoinSet::new();
    for key in pictures.chain(others) {
        let put = stack.s3().put_object().bucket(&stack.deployment.bucket);
        puts.spawn(put.key(key).body(vec![7].into()).send());
        if puts.len() >= 16 {
            puts.join_next().await.unwrap().unwrap().unwrap();
        }
    }
    while let Some(put) = puts.join_next().await {
        put.unwrap().unwrap();
    }
}

/// Delivers what is in the queue until nothing is, each with so much time; how many there were.
async fn run_all(system: &System, worker: &Function, time: Duration) -> usize {
    for count in 0..100 {
        let Some(message) = system.next_message().await else {
            return count;
        };
        let answer = worker.call(delivery(&message), time).await;
        let answer = answer.unwrap().unwrap();
        assert!(none_failed(&answer), "{:#?}", worker.lines_so_far());
    }
    panic!("it goes on for ever");
}

async fn refusal(system: &System, video: &str) -> Value {
    let query = format!("Action=ListSnapshots&Version=2017-03-21&VideoId={video}");
    let query = format!("{query}&SnapshotType=NormalSnapshot");
    let call = contract::request::RawRequest {
        method: "GET".to_owned(),
        raw_query: query,
        ..Default::default()
    };
    let answer = system.submit.answer(cloud::http_api::event(&call)).await;
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    body["Code"].clone()
}

/// It was answered with 503 for ever: one call had to delete them all.
#[tokio::test]
async fn many_pictures_are_not_deleted_within_one_call_or_one_run() {
    delete_each(&[(false, SOME, 3), (true, MANY, 7)]).await;
}

/// The same, in a time that not every run has.
#[tokio::test]
#[ignore = "puts 20,000 objects, in minutes"]
async fn as_many_pictures_as_a_job_makes_are_not_deleted() {
    delete_each(&[(true, MOST, 21)]).await;
}

/// A video, or pictures of one; how many there are, and in how many runs they go.
async fn delete_each(cases: &[(bool, u32, usize)]) {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    for &(is_video, count, pages) in cases {
        let video = system
            .register(&format!("{is_video}.mp4"), vec![7; 9])
            .await;
        ended_job(&system.stack, &video, count).await;
        let (parameters, code) = match is_video {
            true => (vec![("VideoIds", video.as_str())], "InvalidVideo.NotFound"),
            false => (
                vec![
                    ("DeleteImageType", "VideoId"),
                    ("VideoId", video.as_str()),
                    ("ImageType", "NormalSnapshot"),
                ],
                "NoSuchResource",
            ),
        };
        let action = if is_video {
            "DeleteVideo"
        } else {
            "DeleteImage"
        };
        let _ = system.call(action, &parameters).await;
        assert_eq!(refusal(&system, &video).await, code);
        // No time is left after the first page of each run.
        let runs = run_all(&system, &worker, Duration::from_millis(1)).await;
        assert_eq!(system.objects(&video).await, [""; 0]);
        assert_eq!(runs, pages, "a page is a thousand keys");
        assert_eq!(refusal(&system, &video).await, code);
    }
}

/// What it made after the deletion had passed by stayed for ever.
#[tokio::test]
async fn a_job_that_runs_during_a_deletion_leaves_its_pictures() {
    let system = System::start(stack!()).await;
    let (one, two) = (system.worker().await, system.worker().await);
    for is_video in [false, true] {
        let video = system.register(&format!("{is_video}.mp4"), film()).await;
        system
            .job(&video, &[("Count", "700"), ("Interval", "1")])
            .await;
        let message = system.next_message().await.unwrap();
        let running = tokio::spawn(one.call(delivery(&message), Duration::from_secs(600)));
        while system.objects(&video).await.len() < 20 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let parameters = [
            ("DeleteImageType", "VideoId"),
            ("VideoId", &video),
            ("ImageType", "All"),
        ];
        let _ = match is_video {
            true => system.call("DeleteVideo", &[("VideoIds", &video)]).await,
            false => system.call("DeleteImage", &parameters).await,
        };
        let runs = run_all(&system, &two, Duration::from_secs(60)).await;
        assert_eq!(runs, 1, "the deletion alone");
        assert!(!running.is_finished(), "the job was too short");
        let ended = running.await.unwrap().unwrap().unwrap();
        assert!(none_failed(&ended), "{:#?}", one.lines_so_far());
        run_all(&system, &two, Duration::from_secs(60)).await;
        assert_eq!(system.objects(&video).await, [""; 0]);
    }
}
