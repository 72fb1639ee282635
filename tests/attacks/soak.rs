//! An hour of ordinary and hostile use by one command, memory and descriptors printed each minute:
//!
//! `SOAK_MINUTES=60 cargo test --release -p promises --test attacks soak -- --ignored --nocapture`

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use support::server::{Reply, Server, Setup};
use support::subscriber::Subscriber;

/// Clients that submit, wait, fetch, list and delete.
const CLIENTS: usize = 4;

/// Between two jobs of a client: 2,000 in an hour and more, and time for other work beside it.
const PAUSE: Duration = Duration::from_secs(2);

/// How often a call is made that is answered 503, as the SDKs do.
const TRIES: usize = 5;

/// What the memory may grow by between the middle and the end, kB.
const GROWTH_KB: u64 = 10 * 1024;

/// What was done so far.
#[derive(Default)]
struct Counts {
    calls: AtomicU64,
    jobs: AtomicU64,
    /// Answers that asked the client to try again.
    unavailable: AtomicU64,
}

/// What the server holds.
#[derive(Debug, Clone, Copy)]
struct Held {
    resident_kb: u64,
    descriptors: usize,
}

#[test]
#[ignore = "takes an hour: see the command at the head of this file"]
fn an_hour_of_use_leaves_memory_and_descriptors_as_they_were() {
    let minutes: u64 = std::env::var("SOAK_MINUTES").map_or(60, |text| text.parse().unwrap());
    let folder = tempfile::TempDir::new().unwrap();
    let subscriber = Subscriber::start(&[]);
    let server = server(folder.path(), &subscriber);
    let videos = videos(folder.path(), &server);
    let counts = Counts::default();
    let half = Duration::from_secs(minutes * 30);
    let middle = use_for(half, &server, &videos, &counts, &subscriber);
    let end = use_for(half, &server, &videos, &counts, &subscriber);
    let (calls, jobs) = (counts.calls.into_inner(), counts.jobs.into_inner());
    let unavailable = counts.unavailable.into_inner();
    println!(
        "{minutes} min: {calls} calls, {unavailable} of them tried again, {jobs} jobs; \
         at half {middle:?}, at the end {end:?}"
    );
    assert!(calls >= minutes * 10_000 / 60, "{calls} calls");
    assert!(jobs >= minutes * 2_000 / 60, "{jobs} jobs");
    assert!(
        end.resident_kb <= middle.resident_kb + GROWTH_KB,
        "the memory grew: {middle:?}, {end:?}"
    );
    assert_eq!(end.descriptors, middle.descriptors, "descriptors leak");
}

fn server(folder: &Path, subscriber: &Subscriber) -> Server {
    std::fs::create_dir(folder.join("videos")).unwrap();
    let arguments = ["--workers", "2", "--notify", &subscriber.url];
    Server::start(&Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: folder.join("data"),
        media_root: folder.join("videos"),
        arguments: arguments.map(str::to_owned).to_vec(),
    })
}

/// One for each client: what one deletes is not the other's.
fn videos(folder: &Path, server: &Server) -> Vec<String> {
    let file = |client| folder.join(format!("videos/{client}.mp4"));
    let video = |client| {
        std::fs::copy(support::bench::clip(), file(client)).unwrap();
        server.register(&file(client))
    };
    (0..CLIENTS).map(video).collect()
}

/// Uses the server for so long; what it holds once it has come to rest.
fn use_for(
    time: Duration,
    server: &Server,
    videos: &[String],
    counts: &Counts,
    subscriber: &Subscriber,
) -> Held {
    let (over, failed) = (AtomicBool::new(false), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for video in videos {
            let (over, failed) = (&over, &failed);
            scope.spawn(move || {
                let _told = TellOfPanic(failed);
                let mut rounds = 0..;
                while !over.load(Ordering::Relaxed) {
                    one_round(server, video, rounds.next().unwrap_or_default(), counts);
                    std::thread::sleep(PAUSE);
                }
            });
        }
        print_each_minute(time, &failed, server, counts, subscriber);
        over.store(true, Ordering::Relaxed);
    });
    // Idle connections and decoders are gone by then.
    std::thread::sleep(Duration::from_secs(5));
    held(server)
}

fn print_each_minute(
    time: Duration,
    failed: &AtomicBool,
    server: &Server,
    counts: &Counts,
    subscriber: &Subscriber,
) {
    let begun = Instant::now();
    let mut next = Duration::from_secs(60);
    while begun.elapsed() < time && !failed.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(500).min(time));
        // What nobody takes would grow here, not in the server.
        while subscriber.try_next().is_some() {}
        if begun.elapsed() >= next {
            next += Duration::from_secs(60);
            let (calls, jobs) = (&counts.calls, &counts.jobs);
            println!(
                "{:>4} s: {:?}, {} calls, {} jobs",
                begun.elapsed().as_secs(),
                held(server),
                calls.load(Ordering::Relaxed),
                jobs.load(Ordering::Relaxed)
            );
        }
    }
}

/// A client that finds something wrong ends the soak at once.
struct TellOfPanic<'a>(&'a AtomicBool);

impl Drop for TellOfPanic<'_> {
    fn drop(&mut self) {
        self.0.fetch_or(std::thread::panicking(), Ordering::Relaxed);
    }
}

/// A job from submission to its pictures, and calls that are refused.
fn one_round(server: &Server, video: &str, round: u64, counts: &Counts) {
    let call = |number: u64| counts.calls.fetch_add(number, Ordering::Relaxed);
    let sprite = ("SpriteSnapshotConfig", r#"{"Columns":2,"Lines":2}"#);
    let mut parameters = vec![("Count", "2"), ("Interval", "0"), ("Width", "64")];
    if round.is_multiple_of(4) {
        parameters.push(sprite);
    }
    parameters.push(("VideoId", video));
    let submitted = answered(server, counts, "SubmitSnapshotJob", &parameters);
    let job = submitted.json()["SnapshotJob"]["JobId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(server.wait(&job), "Success");
    counts.jobs.fetch_add(1, Ordering::Relaxed);
    let manifest = server.manifest(video, &job);
    for picture in manifest.pictures.iter().filter_map(|p| p.key.as_ref()) {
        assert_eq!(server.get(&format!("{}/{picture}", server.url)).status, 200);
        call(1);
    }
    call(3);
    assert_eq!(
        server.get(&format!("{}/{video}/none", server.url)).status,
        404
    );
    assert_eq!(server.call("NoSuchAction", &[]).status, 404);
    let long = "x".repeat(4_000);
    let refused = server.call("SubmitSnapshotJob", &[("VideoId", &long)]);
    assert_eq!(refused.status, 400);
    call(3);
    // Two in three are deleted again: the folder and the tables are no measure of use.
    if !round.is_multiple_of(3) {
        let all = [
            ("DeleteImageType", "VideoId"),
            ("VideoId", video),
            ("ImageType", "NormalSnapshot"),
        ];
        let deleted = answered(server, counts, "DeleteImage", &all);
        assert!(deleted.status < 500, "{}", deleted.status);
    }
}

/// Tries again where the server is too busy, after a pause.
fn answered(server: &Server, counts: &Counts, action: &str, parameters: &[(&str, &str)]) -> Reply {
    for _ in 1..TRIES {
        let reply = server.call(action, parameters);
        counts.calls.fetch_add(1, Ordering::Relaxed);
        if reply.status != 503 {
            return reply;
        }
        counts.unavailable.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(Duration::from_secs(1));
    }
    server.call(action, parameters)
}

fn held(server: &Server) -> Held {
    let descriptors = std::fs::read_dir(format!("/proc/{}/fd", server.id()));
    Held {
        resident_kb: server.resident_kb(),
        descriptors: descriptors.unwrap().count(),
    }
}
