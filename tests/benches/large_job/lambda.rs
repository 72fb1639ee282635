//! A queue and its workers, as Lambda runs them.

use crate::counted::{Sent, counted};
use crate::meter::Meter;
use crate::model;
use contract::request::RawRequest;
use decoder::Ffmpeg;
use embedded::{Store, StoreOptions};
use plan::Limits;
use serde_json::Value;
use service::api::{Api, Auth, Settings};
use service::model::Message;
use service::ports::{Clock, SystemClock};
use service::worker::{DeliveryAttempt, DeliveryOutcome, PartSettings, Worker};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use support::work;
use tempfile::TempDir;

/// One deployment, in which one job is run.
pub(crate) struct Lambda {
    clip: PathBuf,
    ffmpeg: Ffmpeg,
    /// What a picture takes of a processor.
    picture: Duration,
    parts: Option<PartSettings>,
    folder: TempDir,
}

/// What a job came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) wall: Duration,
    pub(crate) pictures: usize,
    pub(crate) parts: u32,
    pub(crate) cold_starts: u32,
    pub(crate) requests: u32,
    billed: Duration,
    invocations: u32,
    of_requests: f64,
    /// By the end of their keys.
    files: BTreeMap<String, Vec<u8>>,
}

impl Outcome {
    pub(crate) fn cost(&self) -> f64 {
        self.billed.as_secs_f64() * model::WORKER_GB * model::GB_SECOND
            + f64::from(self.invocations) * model::INVOCATION
            + self.of_requests
    }

    /// Whether both left the same pictures.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.pictures == other.pictures && self.files == other.files
    }
}

/// The workers that there are by now: when each is free.
#[derive(Default)]
struct Environments(Vec<Duration>);

impl Environments {
    /// When a message that is there at `from` comes to a worker, and whether that is a new one.
    fn next(&mut self, from: Duration) -> (usize, Duration, bool) {
        let mut at = from + model::TO_THE_WORKER;
        loop {
            let busy = self.0.iter().filter(|free| **free > at).count();
            let ramp = model::RAMP_BEGINS_WITH + model::RAMP_PER_SECOND * at.as_secs_f64();
            if (busy as f64) < ramp.floor().min(model::WORKERS as f64) {
                break;
            }
            at += Duration::from_millis(20);
        }
        match self.0.iter().position(|free| *free <= at) {
            Some(warm) => (warm, at, false),
            None => {
                self.0.push(at);
                (self.0.len() - 1, at, true)
            }
        }
    }
}

impl Lambda {
    pub(crate) fn new(
        clip: &Path,
        ffmpeg: &Ffmpeg,
        picture: Duration,
        parts: Option<PartSettings>,
    ) -> Self {
        Self {
            clip: clip.canonicalize().unwrap(),
            ffmpeg: ffmpeg.clone(),
            picture,
            parts,
            folder: TempDir::new_in("/dev/shm").unwrap_or_else(|_| TempDir::new().unwrap()),
        }
    }

    /// A job of so many pictures, one a second.
    pub(crate) fn run(&self, pictures: u32) -> Outcome {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(self.job(pictures))
    }

    async fn job(&self, pictures: u32) -> Outcome {
        let store = self.open();
        let (video, first) = submit(&store, &self.clip, pictures).await;
        let (meter, sent) = (Arc::<Meter>::default(), Sent::default());
        let ports = counted(&store.ports(), &meter, &sent);
        let limits = Limits::default();
        let mut engine = work::engine(&self.ffmpeg, limits);
        engine.max_snapshots = pictures.max(engine.max_snapshots);
        let mut worker = Worker::new(ports, engine);
        if let Some(parts) = self.parts {
            worker = worker.with_parts(parts);
        }
        let mut outcome = Outcome::default();
        let (mut environments, mut queue) = (Environments::default(), Waiting::new());
        queue.insert(turn(Duration::ZERO, &first), first);
        while let Some(((from, _), message)) = queue.pop_first() {
            let is_part = matches!(message, Message::Part { .. });
            let attempt = DeliveryAttempt {
                number: 1,
                sent_ms: SystemClock.now_ms(),
            };
            let ended = worker.run(message, attempt).await;
            assert_eq!(ended, DeliveryOutcome::Done);
            let counts = meter.take();
            let (place, at, is_cold) = environments.next(from);
            let cold = if is_cold {
                model::COLD_START
            } else {
                Duration::ZERO
            };
            let took = cold + counts.time(self.picture);
            let end = at + took;
            environments.0[place] = end;
            outcome.wall = outcome.wall.max(end);
            outcome.billed += took;
            outcome.invocations += 1;
            outcome.parts += u32::from(is_part);
            outcome.cold_starts += u32::from(is_cold);
            outcome.requests += counts.requests();
            outcome.of_requests += counts.cost();
            for message in sent.lock().unwrap().drain(..) {
                // The job itself goes on once the last of its parts has ended.
                let from = match message {
                    Message::Part { .. } => end,
                    _ => outcome.wall,
                };
                queue.insert(turn(from, &message), message);
            }
        }
        self.read(&mut outcome, &video);
        outcome
    }

    fn open(&self) -> Store {
        let options = StoreOptions {
            public_base: "http://pictures".to_owned(),
            media_roots: vec![self.clip.parent().unwrap().to_owned()],
            subscribers: Vec::new(),
            ..StoreOptions::default()
        };
        Store::open(self.folder.path(), options).unwrap()
    }

    /// The pictures that there are.
    fn read(&self, outcome: &mut Outcome, video: &str) {
        let folder = self.folder.path().join("objects").join(video);
        for entry in std::fs::read_dir(folder.join("snapshots")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let (_, end) = name.split_once('-').unwrap();
            if end.ends_with(".jpg") {
                let body = std::fs::read(&path).unwrap();
                outcome.files.insert(end.to_owned(), body);
            }
        }
        outcome.pictures = outcome.files.len();
    }
}

/// What is on the queue, by when it is handed out.
type Waiting = BTreeMap<(Duration, Reverse<u32>), Message>;

/// Of parts that came at the same time the first ones come last, since others wait for these: SQS keeps no
/// order, and this is the worst.
fn turn(from: Duration, message: &Message) -> (Duration, Reverse<u32>) {
    let number = match message {
        Message::Part { number, .. } => *number,
        _ => u32::MAX,
    };
    (from, Reverse(number))
}

/// The video, and the message of a job on it.
async fn submit(store: &Store, clip: &Path, pictures: u32) -> (String, Message) {
    let url = url::Url::from_file_path(clip).unwrap();
    let metadata = serde_json::json!([{ "FileURL": url.as_str(), "Title": "t" }]).to_string();
    let settings = Settings {
        max_qps: 0,
        max_snapshots: pictures.max(20_000),
        ..Settings::new(Auth::None)
    };
    let api = Api::new(store.ports(), settings);
    let register = [
        ("Action", "RegisterMedia"),
        ("RegisterMetadatas", &*metadata),
    ];
    let answer = call(&api, &register).await;
    let video = answer["RegisteredMediaList"][0]["MediaId"]
        .as_str()
        .unwrap()
        .to_owned();
    // The look into it is left out.
    next(store).await;
    let count = pictures.to_string();
    let job = [
        ("Action", "SubmitSnapshotJob"),
        ("VideoId", &*video),
        ("Count", &*count),
        ("Interval", "1"),
    ];
    call(&api, &job).await;
    (video, next(store).await)
}

async fn next(store: &Store) -> Message {
    let received = store
        .receive(SystemClock.now_ms(), 1000)
        .await
        .unwrap()
        .unwrap();
    assert!(store.delete(&received.receipt).await.unwrap());
    received.message
}

async fn call(api: &Api, parameters: &[(&str, &str)]) -> Value {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([("Version", "2017-03-21"), ("Format", "JSON")]);
    query.extend_pairs(parameters);
    let raw = RawRequest {
        method: "GET".to_owned(),
        raw_query: query.finish(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    let answer = api.handle(raw).await;
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    serde_json::from_slice(&answer.body).unwrap()
}
