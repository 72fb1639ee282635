//! A deployment in which the ids of the events are known, and its functions.

use crate::file::{self, KEY};
use cloud::clips::encode;
use cloud::{Emulated, Stack};
use serde_json::{Value, json};
use service::model::{Deletions, Job, JobState, SnapshotType, Template, Video, VideoStatus};
use service::ports::{Clock, Ports, SystemClock};
use std::time::Duration;

pub(crate) const SUBMIT: &str = env!("CARGO_BIN_EXE_submit-under-test");
pub(crate) const WORKER: &str = env!("CARGO_BIN_EXE_worker-under-test");
pub(crate) const NOTIFY: &str = env!("CARGO_BIN_EXE_notify-under-test");

pub(crate) const BUCKET: &str = "sample-source-bucket";
pub(crate) const VIDEO: &str = "2327a6ec24b44844b3a5e2c1b691aaaa";
pub(crate) const TEMPLATE: &str = "cf6969dd7a0a4f1e9cd6a5d0c8b8bbbb";
pub(crate) const NORMAL: &str = "ad90a501b1b94ba6afb72374ad005046";
pub(crate) const SPRITE: &str = "ee16d4bbf3f74a5e8c3c9dd2f0c1cccc";
pub(crate) const CONTINUED: &str = "0c9b3bb6c7ab4bb6a31a4be8a6a1dddd";
const REQUEST: &str = "25818875-5F78-4A13-BEF6-D7393642CA58";

/// Where the video of the events is; RegisterMedia's is another.
const PLACED: &str = "videos/placed.mp4";

pub(crate) struct Place {
    pub(crate) stack: Stack,
    pub(crate) ports: Ports,
    pub(crate) submit: Emulated,
    pub(crate) worker: Emulated,
}

impl Place {
    /// With a clip of ten seconds behind the video.
    pub(crate) async fn open() -> Self {
        Self::with(encode(10, "320x180", 25)).await
    }

    pub(crate) async fn with(file: Vec<u8>) -> Self {
        let mut stack = Stack::new().await;
        // The emulator's buckets are everybody's, so each test has a folder of its own: a bucket
        // that is named in the events is made again under the same name by whoever comes first.
        let _ = stack.s3().create_bucket().bucket(BUCKET).send().await;
        stack.deployment.source_buckets = vec![BUCKET.to_owned()];
        let keys = json!({ KEY.0: KEY.1 }).to_string();
        let secrets = aws_sdk_secretsmanager::Client::new(&stack.config);
        let name = stack.deployment.keys_secret.as_deref().unwrap();
        let put = secrets.put_secret_value().secret_id(name);
        put.secret_string(keys).send().await.unwrap();
        let placed = format!("{}/{PLACED}", stack.deployment.bucket);
        let url = stack.put_source(&placed, file.clone()).await;
        stack.put_source("videos/sample.mp4", file.clone()).await;
        stack.put_source("incoming/sample video.mp4", file).await;
        let ports = stack.ports().await;
        plant(&ports, url).await;
        let minute = Duration::from_secs(60);
        Self {
            submit: Emulated::start(SUBMIT, &stack.environment(), minute).await,
            worker: Emulated::start(WORKER, &stack.environment(), minute).await,
            ports,
            stack,
        }
    }

    /// What the worker makes of a file's event.
    pub(crate) async fn work(&self, name: &str) -> Value {
        self.worker.answer(&file::event(name)).await
    }

    /// What submit answers to a file's call made now, its body read.
    pub(crate) async fn call(&self, name: &str) -> (u64, Value) {
        let answer = self.submit.answer(&file::signed(name, KEY.1)).await;
        read(&answer)
    }

    /// The body of the next message of the queue.
    pub(crate) async fn message(&self) -> Option<Value> {
        let message = self.stack.receive(&self.stack.deployment.queue_url).await?;
        Some(serde_json::from_str(message.body().unwrap()).unwrap())
    }

    /// The next event, exactly as a subscriber gets it, and the names of its attributes.
    pub(crate) async fn heard(&self) -> Option<(String, Vec<String>)> {
        let message = self.stack.receive(&self.stack.heard_url).await?;
        let names = message.message_attributes.unwrap_or_default();
        let mut names: Vec<_> = names.into_keys().collect();
        names.sort();
        Some((message.body.unwrap(), names))
    }

    /// The next event, read.
    pub(crate) async fn event(&self) -> Value {
        let (body, _) = self.heard().await.expect("an event");
        serde_json::from_str(&body).unwrap()
    }

    /// The sizes of the pictures below a prefix, all of them JPEGs.
    pub(crate) async fn pictures(&self, prefix: &str) -> usize {
        let (s3, bucket) = (self.stack.s3(), &self.stack.deployment.bucket);
        let list = s3.list_objects_v2().bucket(bucket).prefix(prefix);
        let listed = list.send().await.unwrap().contents.unwrap_or_default();
        let keys = listed.into_iter().map(|object| object.key.unwrap());
        let keys: Vec<_> = keys.filter(|key| key.ends_with(".jpg")).collect();
        for key in &keys {
            let object = s3
                .get_object()
                .bucket(bucket)
                .key(key)
                .send()
                .await
                .unwrap();
            let bytes = object.body.collect().await.unwrap().to_vec();
            assert_eq!(
                (&bytes[..3], &bytes[bytes.len() - 2..]),
                (&b"\xff\xd8\xff"[..], &b"\xff\xd9"[..])
            );
        }
        keys.len()
    }
}

/// Status and body of an answer, which has the envelope.
pub(crate) fn read(answer: &Value) -> (u64, Value) {
    let body = answer["body"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"));
    let body: Value = serde_json::from_str(body).unwrap();
    (answer["statusCode"].as_u64().unwrap(), body)
}

async fn plant(ports: &Ports, file_url: String) {
    let now_ms = SystemClock.now_ms();
    let video = Video {
        id: VIDEO.into(),
        file_url,
        place: None,
        title: "Placed".to_owned(),
        description: None,
        tags: None,
        cate_id: None,
        reference_id: None,
        user_data: None,
        cover_url: None,
        status: VideoStatus::Normal,
        created_ms: now_ms,
        modified_ms: now_ms,
        size_bytes: 1,
        facts: None,
        deletions: Deletions::default(),
    };
    ports.videos.register(video).await.unwrap();
    let config = json!({
        "SnapshotType": "NormalSnapshot",
        "SnapshotConfig": {"Count": 5, "Interval": 1, "SpecifiedOffsetTime": 0, "FrameType": "normal"},
    });
    let template = Template {
        id: TEMPLATE.into(),
        name: "Five".to_owned(),
        config: config.to_string(),
        app_id: "app-1000000".to_owned(),
        created_ms: now_ms,
        modified_ms: now_ms,
    };
    ports.templates.put(&template).await.unwrap();
    for job in jobs(now_ms) {
        ports.jobs.create(&job).await.unwrap();
    }
}

fn jobs(now_ms: i64) -> [Job; 3] {
    let job = |id: &str, kind, points: Value, sprite: Value| Job {
        id: id.into(),
        video_id: VIDEO.into(),
        request_id: REQUEST.into(),
        spec: serde_json::from_value(json!({
            "points": points, "width": null, "height": null, "frame_type": "Normal",
            "sprite": sprite,
        }))
        .unwrap(),
        kind,
        extend: Some(r#"{"localId":"xxx","test":"www"}"#.to_owned()),
        callback_url: None,
        created_ms: now_ms,
        state: JobState::Queued,
        event_published: false,
        progress: None,
        event_urls: None,
    };
    let every = json!({"Every": {"interval_s": 1, "count": null, "offset_ms": 0}});
    let evenly = json!({"Evenly": {"count": 8, "offset_ms": 0}});
    let sheet = json!({
        "cell_width": 120, "cell_height": 68, "padding": 2, "margin": 3, "columns": 3, "lines": 2,
        "color": {"Rgb": [0, 0, 0]}, "keep_cell_pic": true,
    });
    let normal = SnapshotType::NormalSnapshot;
    [
        job(NORMAL, normal, evenly, Value::Null),
        job(SPRITE, SnapshotType::SpriteSnapshot, every.clone(), sheet),
        job(CONTINUED, normal, every, Value::Null),
    ]
}
