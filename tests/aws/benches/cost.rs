//! What typical jobs cost on AWS: the worker itself, over an emulator, on videos as they come. What
//! a job used is what its manifest says; prices are those below.
//!
//! `cargo bench -p promises-on-aws --bench cost`. A run on Lambda takes other time than here: the
//! share of Lambda is that of this machine's processors, at as many as the memory has there.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

use artifacts::manifest::Usage;
use artifacts::{Manifest, key};
use cloud::http_api::call;
use cloud::{Function, Stack};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::long_clips::{GROUPS_OF_2_S, HOUR, LongClip};

/// Lambda gives this much two whole processors, as many as a run here is given.
const MEMORY_MB: u64 = 3538;

/// List prices of us-east-1 in US dollars, x86_64, without any free tier.
mod price {
    pub(super) const GB_SECOND: f64 = 0.000_016_666_7;
    pub(super) const INVOKE: f64 = 0.20 / 1e6;
    pub(super) const HTTP_CALL: f64 = 1.00 / 1e6;
    pub(super) const QUEUE_REQUEST: f64 = 0.40 / 1e6;
    pub(super) const PUBLISH: f64 = 0.50 / 1e6;
    pub(super) const TABLE_WRITE: f64 = 0.625 / 1e6;
    pub(super) const TABLE_READ: f64 = 0.125 / 1e6;
    pub(super) const GET: f64 = 0.0004 / 1e3;
    pub(super) const PUT: f64 = 0.005 / 1e3;
}

/// What a job takes beside its pictures: a call of submit (0.5 GB for 20 ms), one message sent,
/// received and deleted, an event, and the table: nonce, throttle, video, job in submit; job,
/// start, end and publication in the worker. Items of a job are below 4 KB; transactions count twice.
fn each_job() -> f64 {
    let submit = price::HTTP_CALL + price::INVOKE + 0.5 * 0.020 * price::GB_SECOND;
    let queue = 3.0 * price::QUEUE_REQUEST + price::INVOKE;
    submit + queue + price::PUBLISH + 12.0 * price::TABLE_WRITE + 8.0 * price::TABLE_READ
}

fn cost(used: &Usage) -> f64 {
    each_job()
        + used.gb_ms as f64 / 1000.0 * price::GB_SECOND
        + used.reads as f64 * price::GET
        // The manifest says what was used before it.
        + (used.writes + 1) as f64 * price::PUT
}

struct Typical {
    name: &'static str,
    clip: &'static LongClip,
    pictures: u32,
    parameters: &'static [(&'static str, &'static str)],
}

const TYPICAL: [Typical; 4] = [
    Typical {
        name: "a cover: 1 picture of 10 minutes, 1080p",
        clip: &GROUPS_OF_2_S,
        pictures: 1,
        parameters: &[("SpecifiedOffsetTimes", "[301000]")],
    },
    Typical {
        name: "20 pictures of 10 minutes, 1280x720",
        clip: &GROUPS_OF_2_S,
        pictures: 20,
        parameters: &[
            ("Count", "20"),
            ("Interval", "29"),
            ("SpecifiedOffsetTime", "1200"),
            ("Width", "1280"),
        ],
    },
    Typical {
        name: "a scrub bar: sheets of 10x10 cells, 100 of 10 minutes",
        clip: &GROUPS_OF_2_S,
        pictures: 100,
        parameters: &[
            ("Count", "100"),
            ("Interval", "6"),
            (
                "SpriteSnapshotConfig",
                r#"{"CellWidth":"160","CellHeight":"90","KeepCellPic":"delete"}"#,
            ),
        ],
    },
    Typical {
        name: "360 pictures of an hour, 640x360",
        clip: &HOUR,
        pictures: 360,
        parameters: &[
            ("Count", "360"),
            ("Interval", "10"),
            ("SpecifiedOffsetTime", "1200"),
            ("Width", "640"),
        ],
    },
];

#[tokio::main]
async fn main() {
    let mut stack = Stack::new().await;
    stack.deployment.open = true;
    println!("| job | GB-seconds | GETs | PUTs | MB read | $ a job | $ for 1,000 pictures |");
    println!("|---|---|---|---|---|---|---|");
    for typical in &TYPICAL {
        // An environment of its own for each: the first run of one is a cold start.
        let told = stack.environment();
        let submit = Function::start(env!("CARGO_BIN_EXE_submit-under-test"), &told).await;
        let worker = Function::start(env!("CARGO_BIN_EXE_worker-under-test"), &told).await;
        let used = run(&stack, &submit, &worker, typical).await;
        let cost = cost(&used);
        println!(
            "| {} | {:.2} | {} | {} | {:.1} | {:.6} | {:.4} |",
            typical.name,
            used.gb_ms as f64 / 1000.0,
            used.reads,
            used.writes,
            used.bytes_read as f64 / 1e6,
            cost,
            cost / f64::from(typical.pictures) * 1000.0
        );
    }
}

/// As the manifest says.
async fn run(stack: &Stack, submit: &Function, worker: &Function, typical: &Typical) -> Usage {
    let name = format!("{}.mp4", typical.clip.name);
    let url = stack
        .put_source(&name, std::fs::read(made(typical.clip)).unwrap())
        .await;
    let metadata = json!([{"FileURL": url, "Title": "t"}]).to_string();
    let answer = call(submit, "RegisterMedia", &[("RegisterMetadatas", &metadata)]).await;
    let video = answer["RegisteredMediaList"][0]["MediaId"]
        .as_str()
        .unwrap()
        .to_owned();
    let all = [&[("VideoId", video.as_str())], typical.parameters].concat();
    let answer = call(submit, "SubmitSnapshotJob", &all).await;
    let job = answer["SnapshotJob"]["JobId"].as_str().unwrap();
    while let Some(message) = stack.receive(&stack.deployment.queue_url).await {
        let event = json!({"Records": [{
            "messageId": "0", "receiptHandle": "none", "body": message.body().unwrap(),
            "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1700000000000"},
        }]});
        let answer = worker.call(event, Duration::from_secs(900)).await;
        assert_eq!(answer.unwrap().unwrap()["batchItemFailures"], json!([]));
    }
    let get = stack.s3().get_object().bucket(&stack.deployment.bucket);
    let object = get.key(key::manifest(&video, job)).send().await.unwrap();
    let bytes = object.body.collect().await.unwrap().to_vec();
    let manifest = Manifest::from_slice(&bytes).unwrap();
    assert_eq!(manifest.pictures.len(), typical.pictures as usize);
    let mut used = manifest.usage.unwrap();
    // The test's environments say that they have 1024 MB.
    used.gb_ms = used.gb_ms * MEMORY_MB / 1024;
    used
}

fn made(clip: &LongClip) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers-clips");
    let ffmpeg = support::clips::ffmpegs().remove(0);
    clip.clip(&ffmpeg.path, &folder, &mut |line| eprintln!("{line}"))
        .unwrap()
}
