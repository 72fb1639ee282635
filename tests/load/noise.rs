use crate::server;
use contract::signature::Secret;
use contract::signature::client::Signer;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use support::server::Server;
use tempfile::TempDir;

const QPS: usize = 20;
const KEYS: &str = r#"{"noisy":"a","quiet":"b"}"#;

/// Whether one call of this key passes.
fn passes(server: &Server, key: &str, secret: &str) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let signer = Signer::now(key, &Secret::new(secret), now.as_millis() as i64);
    let nobody = [
        ("VideoId", "00000000000000000000000000000000"),
        ("Format", "JSON"),
    ];
    let reply = server.send(&signer.v1("GET", "GetVideoInfo", &nobody));
    match reply.json()["Code"].as_str() {
        Some("InvalidVideo.NotFound") => true,
        Some("Throttling.User") => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_noisy_key_gets_its_rate_and_a_quiet_one_all_it_asks() {
    let folder = TempDir::new().unwrap();
    let keys = folder.path().join("keys.json");
    std::fs::write(&keys, KEYS).unwrap();
    std::fs::set_permissions(&keys, PermissionsExt::from_mode(0o600)).unwrap();
    let qps = QPS.to_string();
    let arguments = ["--keys", keys.to_str().unwrap(), "--qps", &qps];
    let server = server(&folder.path().join("data"), &arguments);
    let (passed, refused, over) = (
        AtomicUsize::new(0),
        AtomicUsize::new(0),
        AtomicBool::new(false),
    );
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let count = if passes(&server, "noisy", "a") {
                        &passed
                    } else {
                        &refused
                    };
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for _ in 0..30 {
            assert!(passes(&server, "quiet", "b"));
            std::thread::sleep(Duration::from_millis(100));
        }
        over.store(true, Ordering::Relaxed);
    });
    let seconds = started.elapsed().as_secs_f64();
    let (passed, refused) = (passed.into_inner(), refused.into_inner());
    println!(
        "{passed} calls passed and {refused} were refused in {seconds:.1} s at {QPS} a second"
    );
    // What it may save up for a start, and then its rate.
    assert!(passed as f64 <= QPS as f64 * (seconds + 1.0) + 1.0);
    assert!(
        passed > QPS && refused > passed,
        "too little noise to say anything"
    );
}
