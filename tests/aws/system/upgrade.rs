//! A stack of release 0.1.0, with what is in it, becomes one of this release by `sam deploy` alone.

use crate::deployed::{Sam, deployed_folder, runtime};
use crate::package::{package, package_of_0_1_0};
use artifacts::key;
use aws::{Clients, Deployment};
use aws_config::SdkConfig;
use bytes::Bytes;
use cloud::Emulator;
use cloud::faults::Faults;
use service::model::{Job, SnapshotType, Video};
use service::ports::{Clock, Ports, SystemClock};
use service::test_suite as suite;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// What clients and people have written down.
const KEPT: [&str; 8] = [
    "Endpoint",
    "TopicArn",
    "PictureBucket",
    "SourceBucketNames",
    "QueueUrl",
    "DeadLetterQueueUrl",
    "TableName",
    "KeysSecret",
];

async fn secret(config: &SdkConfig, outputs: &HashMap<String, String>) -> String {
    let secrets = aws_sdk_secretsmanager::Client::new(config);
    let get = secrets.get_secret_value().secret_id(&outputs["KeysSecret"]);
    get.send().await.unwrap().secret_string.unwrap()
}

async fn ports(config: &SdkConfig, outputs: &HashMap<String, String>) -> Ports {
    let told = |name: &str| {
        let output = match name {
            "TABLE" => "TableName",
            "BUCKET" => "PictureBucket",
            "QUEUE_URL" => "QueueUrl",
            "SOURCE_BUCKETS" => "SourceBucketNames",
            _ => return None,
        };
        Some(outputs[output].clone())
    };
    let deployment = Deployment::read(&told).unwrap();
    aws::ports(&Clients::new(config), &deployment)
        .await
        .unwrap()
}

/// A video, a job that waits, and a picture of another.
async fn fill(config: &SdkConfig, outputs: &HashMap<String, String>) -> (Video, Job) {
    let bucket = &outputs["SourceBucketNames"];
    let s3 = aws_sdk_s3::Client::new(config);
    let put = s3.put_object().bucket(bucket).key("a.mp4");
    let film = cloud::clips::encode(3, "320x180", 25);
    put.body(film.into()).send().await.unwrap();
    let ports = ports(config, outputs).await;
    let video = Video {
        file_url: format!("s3://{bucket}/a.mp4"),
        place: None,
        ..suite::video()
    };
    ports.videos.register(video.clone()).await.unwrap();
    let job = Job {
        callback_url: None,
        ..suite::job(
            &video.id,
            SnapshotType::NormalSnapshot,
            SystemClock.now_ms(),
        )
    };
    ports.jobs.create(&job).await.unwrap();
    let old = key::picture(&video.id, "0123456789abcdef0123456789abcdef", 1);
    let put = ports
        .objects
        .put(&old, "image/jpeg", Bytes::from_static(b"jpeg"));
    put.await.unwrap();
    // As release 0.1.0 wrote it.
    let message = format!(
        r#"{{"Snapshot":{{"job_id":"{}","request_id":"572D0966"}}}}"#,
        job.id
    );
    let sqs = aws_sdk_sqs::Client::new(config);
    let send = sqs.send_message().queue_url(&outputs["QueueUrl"]);
    send.message_body(message).send().await.unwrap();
    (video, job)
}

#[test]
fn an_upgrade_loses_the_secret_the_table_pictures_or_queued_jobs() {
    let emulator = Emulator::of_templates();
    let (endpoint, config) = runtime().block_on(async {
        let (endpoint, _) = Faults::TLS.way_to(&emulator.endpoint).await;
        let config = cloud::stack::config(&endpoint).await;
        (endpoint, config)
    });
    let sam = Sam::at(&endpoint);
    let upgrade = concat!(env!("CARGO_MANIFEST_DIR"), "/system/upgrade.py");
    let old = package_of_0_1_0(&deployed_folder("old"));
    let at = format!("EndpointUrl={endpoint}");
    let parameters = [at.as_str(), "WorkerTimeout=60", "MaxReceives=3"];
    let before = sam.deploy(&old, &parameters);
    sam.run(&[upgrade, &before["WorkerFunction"], "off"]);
    let ((video, job), secret_before) = runtime()
        .block_on(async { (fill(&config, &before).await, secret(&config, &before).await) });

    let after = sam.deploy(&package(&deployed_folder("new")), &[]);
    for name in KEPT {
        let ends = |outputs: &HashMap<String, String>| {
            // Of the secret, 0.1.0 told what the emulator takes for its ARN.
            outputs[name].rsplit(':').next().unwrap().to_owned()
        };
        assert!(
            ends(&after).starts_with(&ends(&before)),
            "{name}: {before:?} {after:?}"
        );
    }
    sam.fill_gaps(&after);
    sam.run(&[upgrade, &after["WorkerFunction"], "on"]);
    runtime().block_on(async {
        assert_eq!(secret(&config, &after).await, secret_before);
        let ports = ports(&config, &after).await;
        let kept = ports.videos.by_id(&video.id).await.unwrap();
        assert_eq!(kept.map(|kept| kept.file_url), Some(video.file_url));
        let old = key::picture(&video.id, "0123456789abcdef0123456789abcdef", 1);
        let picture = ports.objects.get(&old).await.unwrap();
        assert_eq!(picture.as_deref(), Some(&b"jpeg"[..]));
        let until = Instant::now() + Duration::from_secs(120);
        let manifest = key::manifest(&video.id, &job.id);
        while ports.objects.get(&manifest).await.unwrap().is_none() {
            assert!(Instant::now() < until, "the queued job is not done");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    });
}
