//! The functions of one deployment, and the poller between queue and worker.

use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use cloud::clips::encode;
use cloud::http_api::call;
use cloud::{Function, Stack};
use serde_json::{Value, json};
use std::sync::OnceLock;
use std::time::Duration;

pub(crate) const SUBMIT: &str = env!("CARGO_BIN_EXE_submit-under-test");
pub(crate) const WORKER: &str = env!("CARGO_BIN_EXE_worker-under-test");
pub(crate) const NOTIFY: &str = env!("CARGO_BIN_EXE_notify-under-test");

/// A deployment that answers whoever calls.
pub(crate) struct System {
    pub(crate) stack: Stack,
    pub(crate) submit: Function,
}

impl System {
    pub(crate) async fn start(mut stack: Stack) -> Self {
        stack.deployment.open = true;
        let submit = Function::start(SUBMIT, &stack.environment()).await;
        Self { stack, submit }
    }

    pub(crate) async fn worker(&self) -> Function {
        Function::start(WORKER, &self.stack.environment()).await
    }

    /// What a successful call gives.
    pub(crate) async fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Value {
        call(&self.submit, action, parameters).await
    }

    /// The VideoId of a file, whose own message is taken from the queue.
    pub(crate) async fn register(&self, key: &str, file: Vec<u8>) -> String {
        let url = self.stack.put_source(key, file).await;
        let metadata = json!([{"FileURL": url, "Title": "t"}]).to_string();
        let body = self
            .call("RegisterMedia", &[("RegisterMetadatas", &metadata)])
            .await;
        assert_eq!(body["FailedFileURLs"], json!([]), "{body}");
        self.next_message().await.unwrap();
        let id = &body["RegisteredMediaList"][0]["MediaId"];
        id.as_str().unwrap().to_owned()
    }

    /// The JobId of a new job.
    pub(crate) async fn job(&self, video_id: &str, parameters: &[(&str, &str)]) -> String {
        let all = [&[("VideoId", video_id)], parameters].concat();
        let body = self.call("SubmitSnapshotJob", &all).await;
        body["SnapshotJob"]["JobId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn next_message(&self) -> Option<Message> {
        self.stack.receive(&self.stack.deployment.queue_url).await
    }

    /// The next event, if one comes.
    pub(crate) async fn heard(&self) -> Option<Value> {
        let message = self.stack.receive(&self.stack.heard_url).await?;
        Some(serde_json::from_str(message.body().unwrap()).unwrap())
    }

    pub(crate) async fn objects(&self, prefix: &str) -> Vec<String> {
        let list = self.stack.s3().list_objects_v2();
        let list = list.bucket(&self.stack.deployment.bucket).prefix(prefix);
        let mut pages = list.into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.unwrap().contents.unwrap_or_default();
            keys.extend(page.into_iter().map(|object| object.key.unwrap()));
        }
        keys
    }

    pub(crate) async fn object(&self, key: &str) -> Vec<u8> {
        let get = self
            .stack
            .s3()
            .get_object()
            .bucket(&self.stack.deployment.bucket);
        let object = get.key(key).send().await.unwrap();
        object.body.collect().await.unwrap().to_vec()
    }

    pub(crate) async fn manifest(&self, video_id: &str, job_id: &str) -> artifacts::Manifest {
        let key = artifacts::key::manifest(video_id, job_id);
        artifacts::Manifest::from_slice(&self.object(&key).await).unwrap()
    }
}

/// An event of the queue with these bodies, received so often.
pub(crate) fn batch(bodies: &[&str], receives: u32) -> Value {
    let record = |(number, body): (usize, &&str)| {
        json!({
            "messageId": number.to_string(), "receiptHandle": "none", "body": body,
            "attributes": {
                "ApproximateReceiveCount": receives.to_string(), "SentTimestamp": "1700000000000",
            },
        })
    };
    json!({ "Records": bodies.iter().enumerate().map(record).collect::<Vec<_>>() })
}

/// As a message was received.
pub(crate) fn delivery(message: &Message) -> Value {
    let mut event = batch(&[message.body().unwrap()], 1);
    let trace = message.attributes().unwrap();
    let trace = trace.get(&MessageSystemAttributeName::AwsTraceHeader);
    event["Records"][0]["attributes"]["AWSTraceHeader"] = json!(trace);
    event
}

pub(crate) fn none_failed(answer: &Value) -> bool {
    answer["batchItemFailures"] == json!([])
}

/// 25 minutes, a sync sample each 2 seconds.
pub(crate) fn film() -> Vec<u8> {
    static FILM: OnceLock<Vec<u8>> = OnceLock::new();
    FILM.get_or_init(|| encode(1500, "320x180", 5)).clone()
}

/// 25 pictures a second.
pub(crate) fn clip(seconds: u32, size: &str) -> Vec<u8> {
    encode(seconds, size, 25)
}

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
