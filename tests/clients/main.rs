//! The vendor's own clients against the real program, with only the endpoint changed.

mod documents;
mod generated;
mod openapi;
mod paths;
mod programs;
mod vendor;

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use support::clients::Runtime;
use support::server::{Server, Setup};
use support::tls::Authority;
use tempfile::TempDir;

const KEYS: &str = r#"{"testid":"test/secret+","off":{"secret":"offsecret","active":false}}"#;

/// A web site of one file, which uploads come from; its address.
fn site() -> &'static str {
    static SITE: OnceLock<String> = OnceLock::new();
    SITE.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let bytes = std::fs::read(clip()).unwrap();
        std::thread::spawn(move || {
            for mut connection in listener.incoming().map_while(Result::ok) {
                let _ = connection.read(&mut [0; 4096]);
                let length = bytes.len();
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
                let _ = connection.write_all(head.as_bytes());
                let _ = connection.write_all(&bytes);
            }
        });
        address
    })
}

/// A server of its own for each client: what one leaves behind no other sees.
struct Bench {
    server: Server,
    /// Of its certificate, if it serves https.
    authority: Option<Arc<Authority>>,
    #[allow(dead_code, reason = "removed with the bench")]
    data: TempDir,
}

/// How a server is reached.
#[derive(Debug, Clone, Copy)]
enum Scheme {
    Http,
    Https,
}

fn bench(scheme: Scheme, more: &[&str]) -> Bench {
    let authority = matches!(scheme, Scheme::Https).then(Authority::new);
    bench_of(authority.map(Arc::new), more)
}

fn bench_of(authority: Option<Arc<Authority>>, more: &[&str]) -> Bench {
    let data = TempDir::new().unwrap();
    let keys = data.path().join("keys.json");
    std::fs::write(&keys, KEYS).unwrap();
    std::fs::set_permissions(&keys, PermissionsExt::from_mode(0o600)).unwrap();
    let tls = authority
        .as_ref()
        .map(|authority| authority.issue("server").arguments());
    let mut arguments = ["--keys", keys.to_str().unwrap(), "--upload-allow", site()]
        .map(str::to_owned)
        .to_vec();
    arguments.extend(tls.unwrap_or_default());
    arguments.extend(more.iter().map(|&text| text.to_owned()));
    let setup = Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: data.path().join("data"),
        media_root: clip().parent().unwrap().to_owned(),
        arguments,
    };
    let certificate = authority.as_ref().map(|known| known.certificate());
    Bench {
        server: Server::start_with(&setup, certificate.as_deref()),
        authority,
        data,
    }
}

fn clip() -> &'static PathBuf {
    static CLIP: OnceLock<PathBuf> = OnceLock::new();
    CLIP.get_or_init(support::numbered_clip)
}

impl Bench {
    /// What a driver is told.
    fn setup(&self) -> Value {
        let ca = self.authority.as_ref().map(|known| known.certificate());
        json!({
            "endpoint": self.server.host(), "id": "testid", "secret": "test/secret+",
            "inactive_id": "off", "inactive_secret": "offsecret",
            "clip_url": format!("http://{}/a%20clip.mp4", site()),
            "clip": url::Url::from_file_path(clip()).unwrap().as_str(),
            "ca": ca,
        })
    }
}

/// Runs the driver of a runtime in one of its modes; it ends with 0 or says what is wrong.
fn drive(runtime: Runtime, mode: &str) {
    drive_by(runtime, mode, Scheme::Http);
}

fn drive_by(runtime: Runtime, mode: &str, scheme: Scheme) {
    let bench = bench(scheme, &["--qps", "0"]);
    let mut setup = bench.setup();
    let slow = bench_of(bench.authority.clone(), &["--qps", "1"]);
    setup["slow_endpoint"] = slow.server.host().into();
    runtime.drive(mode, &setup);
}

#[test]
fn python_legacy_by_get() {
    drive(Runtime::Python, "legacy-get");
}

#[test]
fn python_legacy_by_post() {
    drive(Runtime::Python, "legacy-post");
}

#[test]
fn python_tea_with_v3_signatures() {
    drive(Runtime::Python, "tea-v3");
}

#[test]
fn python_tea_with_v1_signatures() {
    drive(Runtime::Python, "tea-v1");
}

#[test]
#[cfg_attr(not(node), ignore = "needs node and npm")]
fn node_pop_core_by_get() {
    drive(Runtime::Node, "pop-get");
}

#[test]
#[cfg_attr(not(node), ignore = "needs node and npm")]
fn node_pop_core_by_post() {
    drive(Runtime::Node, "pop-post");
}

#[test]
#[cfg_attr(not(node), ignore = "needs node and npm")]
fn node_openapi_client_with_v3_signatures() {
    drive(Runtime::Node, "openapi-v3");
}

#[test]
#[cfg_attr(not(node), ignore = "needs node and npm")]
fn node_openapi_client_with_v1_signatures() {
    drive(Runtime::Node, "openapi-v1");
}

#[test]
fn python_legacy_by_get_over_https() {
    drive_by(Runtime::Python, "legacy-get", Scheme::Https);
}

#[test]
fn python_legacy_by_post_over_https() {
    drive_by(Runtime::Python, "legacy-post", Scheme::Https);
}

#[test]
fn python_tea_with_v3_signatures_over_https() {
    drive_by(Runtime::Python, "tea-v3", Scheme::Https);
}

#[test]
fn python_tea_with_v1_signatures_over_https() {
    drive_by(Runtime::Python, "tea-v1", Scheme::Https);
}

#[test]
#[cfg_attr(not(node), ignore = "needs node and npm")]
fn node_pop_core_by_get_over_https() {
    drive_by(Runtime::Node, "pop-get", Scheme::Https);
}

#[test]
#[cfg_attr(not(node), ignore = "needs node and npm")]
fn node_pop_core_by_post_over_https() {
    drive_by(Runtime::Node, "pop-post", Scheme::Https);
}

#[test]
#[cfg_attr(not(node), ignore = "needs node and npm")]
fn node_openapi_client_with_v3_signatures_over_https() {
    drive_by(Runtime::Node, "openapi-v3", Scheme::Https);
}

#[test]
#[cfg_attr(not(node), ignore = "needs node and npm")]
fn node_openapi_client_with_v1_signatures_over_https() {
    drive_by(Runtime::Node, "openapi-v1", Scheme::Https);
}
