use crate::watched::bench;
use std::path::Path;
use std::time::{Duration, Instant};
use support::server::Server;

/// Longer than an answer holds.
const ANEW: Duration = Duration::from_millis(1100);

/// What is missing, as `/readyz` says.
fn missing(server: &Server) -> Vec<String> {
    std::thread::sleep(ANEW);
    let reply = server.get(&format!("{}/readyz", server.url));
    let missing = reply.json()["missing"].clone();
    let missing: Vec<String> = serde_json::from_value(missing).unwrap();
    let expected = if missing.is_empty() { 200 } else { 503 };
    assert_eq!(reply.status, expected);
    missing
}

/// What is missing while `path` is away.
fn missing_without(server: &Server, path: &Path) -> Vec<String> {
    let aside = path.with_extension("aside");
    std::fs::rename(path, &aside).unwrap();
    let missing = missing(server);
    std::fs::rename(&aside, path).unwrap();
    missing
}

#[test]
fn a_server_without_its_disk_database_or_decoder_is_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let ffmpeg = folder.path().join("ffmpeg");
    std::fs::copy(&support::clips::ffmpegs()[0].path, &ffmpeg).unwrap();
    let bench = bench(&["--ffmpeg", ffmpeg.to_str().unwrap()]);
    let (server, data) = (&bench.server, bench.data());
    assert!(missing(server).is_empty());
    assert_eq!(missing_without(server, &ffmpeg), ["ffmpeg"]);
    assert_eq!(missing_without(server, &data.join("tmp")), ["disk"]);
    assert_eq!(missing_without(server, &data.join("objects")), ["disk"]);
    let database = data.join("vod-snapshot.db");
    assert_eq!(missing_without(server, &database), ["database"]);
    assert!(missing(server).is_empty(), "all is back");
}

#[test]
fn health_is_answered_at_once_while_jobs_run() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(support::bench::clip());
    let jobs: Vec<String> = (0..4)
        .map(|_| server.submit(&video, &[("Count", "40"), ("Interval", "0")]))
        .collect();
    let url = format!("{}/healthz", server.url);
    let mut times: Vec<Duration> = (0..40)
        .map(|_| {
            let begun = Instant::now();
            let reply = server.get(&url);
            assert_eq!(reply.status, 200);
            begun.elapsed()
        })
        .collect();
    // A machine that is busy with other things delays some of them.
    times.sort();
    assert!(times[20] < Duration::from_millis(50), "{times:?}");
    for job in jobs {
        assert_eq!(server.wait(&job), "Success");
    }
}
