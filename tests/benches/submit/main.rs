//! SubmitSnapshotJob under load: `serve` with V3 signatures, beside a bare axum handler that
//! answers a constant, with the same requests over the same 64 connections, one after the other.
//!
//! `cargo bench -p promises --bench submit`. Requests are signed before the clock starts. The
//! jobs are real: the server's one worker takes pictures meanwhile, on the same cores.

mod bare;
mod load;
mod served;

use contract::request::RawRequest;
use contract::signature::Secret;
use contract::signature::client::Signer;
use load::Measured;
use served::Served;
use std::time::{SystemTime, UNIX_EPOCH};

const CONNECTIONS: usize = 64;
const REQUESTS_EACH: usize = 150;
const KEY: (&str, &str) = ("testid", "testsecret");

fn main() {
    if std::env::args().any(|argument| argument == bare::ARGUMENT) {
        return bare::serve();
    }
    let server = measure_server();
    let bare = measure_bare();
    println!("SubmitSnapshotJob, {CONNECTIONS} connections, {REQUESTS_EACH} requests each");
    println!(
        "{:<28}{:>12}{:>12}{:>12}",
        "", "requests/s", "p50 ms", "p99 ms"
    );
    row("serve, V3 signatures", &server);
    row("axum, a constant", &bare);
    println!(
        "{:<28}{:>12.3}{:>12.1}{:>12.1}",
        "ratio",
        server.per_second() / bare.per_second(),
        server.ms(50) / bare.ms(50),
        server.ms(99) / bare.ms(99)
    );
}

fn row(name: &str, measured: &Measured) {
    let (rate, p50, p99) = (measured.per_second(), measured.ms(50), measured.ms(99));
    println!("{name:<28}{rate:>12.0}{p50:>12.2}{p99:>12.2}");
}

fn measure_server() -> Measured {
    let served = Served::start(KEY.0, KEY.1);
    let video = register(&served.host);
    load::run(&served.host, &requests(&served.host, &video))
}

fn measure_bare() -> Measured {
    let bare = bare::Bare::start();
    load::run(&bare.host, &requests(&bare.host, "0123456789abcdef"))
}

fn register(host: &str) -> String {
    let clip = url::Url::from_file_path(support::bench::clip()).unwrap();
    let files = serde_json::json!([{"FileURL": clip.as_str(), "Title": "load"}]).to_string();
    let parameters = [("RegisterMetadatas", files.as_str())];
    let answer = load::ask(
        host,
        &load::bytes(&signed(host, "RegisterMedia", &parameters)),
    );
    let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
    let id = &answer["RegisteredMediaList"][0]["MediaId"];
    id.as_str().unwrap().to_owned()
}

/// For each connection its requests, each as bytes.
fn requests(host: &str, video: &str) -> Vec<Vec<Vec<u8>>> {
    let parameters = [("VideoId", video), ("Count", "1")];
    let one = || load::bytes(&signed(host, "SubmitSnapshotJob", &parameters));
    let each = || (0..REQUESTS_EACH).map(|_| one()).collect();
    (0..CONNECTIONS).map(|_| each()).collect()
}

fn signed(host: &str, action: &str, parameters: &[(&str, &str)]) -> RawRequest {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now_ms = i64::try_from(now.as_millis()).unwrap();
    let signer = Signer::now(KEY.0, &Secret::new(KEY.1), now_ms);
    signer.v3(host, action, parameters).unwrap()
}
