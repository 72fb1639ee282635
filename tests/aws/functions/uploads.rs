//! Uploads by URL: a message pulls the file into a bucket of the deployment's own.

use crate::stack;
use crate::system::{System, clip, delivery, none_failed};
use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};

/// Serves `file`, and says what may be downloaded from.
async fn server(file: Vec<u8>) -> String {
    let large = || async { vec![0_u8; 41 << 20] };
    let router = Router::new()
        .route("/a.mp4", get(move || async move { file }))
        .route("/large.mp4", get(large));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn upload(system: &System, url: &str) -> Value {
    let metadata = json!([{"SourceURL": url, "Title": "a title"}]).to_string();
    let parameters = [("UploadURLs", url), ("UploadMetadatas", &metadata)];
    let answer = system.call("UploadMediaByURL", &parameters).await;
    answer["UploadJobs"][0]["JobId"].clone()
}

async fn info(system: &System, job: &Value) -> Value {
    let parameters = [("JobIds", job.as_str().unwrap())];
    let answer = system.call("GetURLUploadInfos", &parameters).await;
    answer["URLUploadInfoList"][0].clone()
}

#[tokio::test]
async fn a_url_cannot_be_uploaded_on_aws() {
    let file = clip(2, "320x180");
    let address = server(file.clone()).await;
    let mut stack = stack!();
    stack.deployment.upload_allow = vec![address.clone()];
    let system = System::start(stack).await;
    let worker = system.worker().await;
    let job = upload(&system, &format!("http://{address}/a.mp4?x=1")).await;
    assert_eq!(info(&system, &job).await["Status"], "PENDING");
    let message = system.next_message().await.unwrap();
    for _ in 0..2 {
        let answer = worker.answer(delivery(&message)).await;
        assert!(none_failed(&answer), "{:#?}", worker.lines_so_far());
    }
    let told = info(&system, &job).await;
    assert_eq!(told["Status"], "SUCCESS", "{told}");
    let video = told["MediaId"].as_str().unwrap().to_owned();
    let mut types = Vec::new();
    while let Some(event) = system.heard().await {
        assert_eq!(event["Status"], "success", "{event}");
        types.push(event["EventType"].as_str().unwrap().to_owned());
    }
    assert_eq!(types, ["FileUploadComplete", "UploadByURLComplete"]);
    let found = system
        .call("GetMezzanineInfo", &[("VideoId", &video)])
        .await;
    assert_eq!(found["Mezzanine"]["Size"], json!(file.len()), "{found}");
    let probe = system.next_message().await.unwrap();
    assert!(none_failed(&worker.answer(delivery(&probe)).await));
    let taken = system
        .job(&video, &[("Count", "2"), ("Interval", "1")])
        .await;
    let message = system.next_message().await.unwrap();
    assert!(none_failed(&worker.answer(delivery(&message)).await));
    assert_eq!(system.manifest(&video, &taken).await.pictures.len(), 2);
    let sources = &system.stack.deployment.source_buckets[0];
    let listed = system.stack.s3().list_objects_v2().bucket(sources);
    assert_eq!(listed.send().await.unwrap().contents().len(), 0);
}

#[tokio::test]
async fn a_file_that_is_too_large_or_not_public_is_uploaded() {
    let address = server(Vec::new()).await;
    let mut stack = stack!();
    stack.deployment.upload_allow = vec![address.clone()];
    let bucket = stack.deployment.uploads_bucket.clone().unwrap();
    let system = System::start(stack).await;
    let worker = system.worker().await;
    for (url, code) in [
        (
            format!("http://{address}/large.mp4"),
            "larger than one upload may be",
        ),
        (format!("http://{address}/a.mp4"), "the file is empty"),
        ("http://127.0.0.1:9/a.mp4".to_owned(), "not public"),
        ("http://169.254.169.254/a.mp4".to_owned(), "not public"),
        ("https://[fd00:ec2::254]/a.mp4".to_owned(), "not public"),
    ] {
        let job = upload(&system, &url).await;
        let message = system.next_message().await.unwrap();
        let answer = worker.answer(delivery(&message)).await;
        assert!(none_failed(&answer), "{:#?}", worker.lines_so_far());
        let told = info(&system, &job).await;
        assert_eq!(told["Status"], "FAIL", "{url}: {told}");
        assert!(
            told["ErrorMessage"].as_str().unwrap().contains(code),
            "{told}"
        );
    }
    let (files, parts) = (
        system.stack.s3().list_objects_v2().bucket(&bucket),
        system.stack.s3().list_multipart_uploads().bucket(&bucket),
    );
    assert_eq!(files.send().await.unwrap().contents().len(), 0);
    assert_eq!(parts.send().await.unwrap().uploads().len(), 0);
}

/// A run that has no more time began the same download again, for ever.
#[tokio::test]
async fn a_file_that_takes_longer_than_a_run_is_downloaded_for_ever() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut stack = stack!();
    stack.deployment.upload_allow = vec![address.clone()];
    let system = System::start(stack).await;
    let worker = system.worker().await;
    let job = upload(&system, &format!("http://{address}/a.mp4")).await;
    let message = system.next_message().await.unwrap();
    for receives in 1..=5 {
        let event = crate::system::batch(&[message.body().unwrap()], receives);
        let call = worker.call(event, std::time::Duration::from_millis(700));
        let answer = call.await.unwrap().unwrap();
        assert_eq!(none_failed(&answer), receives == 5, "{receives}: {answer}");
        assert!(system.next_message().await.is_none(), "it begins anew");
    }
    let told = info(&system, &job).await;
    assert_eq!(told["Status"], "FAIL", "{told}");
}

async fn keys(system: &System, bucket: &str) -> Vec<String> {
    let listed = system.stack.s3().list_objects_v2().bucket(bucket);
    let objects = listed.send().await.unwrap().contents.unwrap_or_default();
    objects
        .into_iter()
        .map(|object| object.key.unwrap())
        .collect()
}

/// What was downloaded stayed for ever, or what lay in a user's bucket went with it.
#[tokio::test]
async fn a_deleted_video_leaves_its_upload_or_takes_a_users_file() {
    let file = clip(2, "320x180");
    let address = server(file.clone()).await;
    let mut stack = stack!();
    stack.deployment.upload_allow = vec![address.clone()];
    let own = stack.deployment.uploads_bucket.clone().unwrap();
    let users = stack.deployment.source_buckets[0].clone();
    let system = System::start(stack).await;
    let worker = system.worker().await;
    let job = upload(&system, &format!("http://{address}/a.mp4")).await;
    let message = system.next_message().await.unwrap();
    assert!(none_failed(&worker.answer(delivery(&message)).await));
    let uploaded = info(&system, &job).await["MediaId"].clone();
    let probe = system.next_message().await.unwrap();
    assert!(none_failed(&worker.answer(delivery(&probe)).await));
    let names = keys(&system, &own).await;
    assert_eq!(names.len(), 1, "{names:?}");
    // The same name, and another file.
    let registered = system.register(&names[0], file).await;
    for (video, left) in [(registered.as_str(), 1), (uploaded.as_str().unwrap(), 0)] {
        let _ = system.call("DeleteVideo", &[("VideoIds", video)]).await;
        while let Some(message) = system.next_message().await {
            let answer = worker.answer(delivery(&message)).await;
            assert!(none_failed(&answer), "{:#?}", worker.lines_so_far());
        }
        assert_eq!(keys(&system, &own).await.len(), left);
        assert_eq!(keys(&system, &users).await, names, "it is its owner's");
    }
}
