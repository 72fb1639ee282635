//! The vendor's own clients against the real program, with only the endpoint changed.

mod openapi;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::OnceLock;
use support::clients::Runtime;
use support::server::{Server, Setup};
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
    #[allow(dead_code, reason = "removed with the bench")]
    data: TempDir,
}

fn bench(qps: &str) -> Bench {
    let data = TempDir::new().unwrap();
    let keys = data.path().join("keys.json");
    std::fs::write(&keys, KEYS).unwrap();
    std::fs::set_permissions(&keys, PermissionsExt::from_mode(0o600)).unwrap();
    let keys = keys.to_str().unwrap();
    let arguments = ["--keys", keys, "--qps", qps, "--upload-allow", site()];
    let setup = Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: data.path().join("data"),
        media_root: clip().parent().unwrap().to_owned(),
        arguments: arguments.map(str::to_owned).to_vec(),
    };
    Bench {
        server: Server::start(&setup),
        data,
    }
}

fn clip() -> &'static PathBuf {
    static CLIP: OnceLock<PathBuf> = OnceLock::new();
    CLIP.get_or_init(support::numbered_clip)
}

/// Runs the driver of a runtime in one of its modes; it ends with 0 or says what is wrong.
fn drive(runtime: Runtime, mode: &str) {
    let (bench, slow) = (bench("0"), bench("1"));
    let setup = serde_json::json!({
        "endpoint": bench.server.host(), "slow_endpoint": slow.server.host(),
        "id": "testid", "secret": "test/secret+",
        "inactive_id": "off", "inactive_secret": "offsecret",
        "clip_url": format!("http://{}/a%20clip.mp4", site()),
        "clip": url::Url::from_file_path(clip()).unwrap().as_str(),
    });
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
