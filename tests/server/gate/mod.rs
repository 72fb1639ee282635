//! Who passes and who does not, through the real program.

mod order;
mod refused;
mod signed;
mod start;
mod throttle;

use contract::request::RawRequest;
use contract::signature::Secret;
use contract::signature::client::Signer;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};
use support::server::{Reply, Server, Setup};
use tempfile::TempDir;

const ID: &str = "testAccessKeyId";
const SECRET: &str = "testAccessKeySecret";
const OTHER_ID: &str = "otherAccessKeyId";
const OTHER_SECRET: &str = "otherAccessKeySecret";
const INACTIVE_ID: &str = "inactiveAccessKeyId";

const NO_VIDEO: &str = "00000000000000000000000000000000";

/// A call that needs nothing to be there, and a part of it to tamper with.
const ACTION: &str = "GetVideoInfo";
const PARAMETERS: [(&str, &str); 2] = [("Format", "JSON"), ("VideoId", NO_VIDEO)];

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
}

fn keys_file(folder: &Path, mode: u32) -> PathBuf {
    let keys = serde_json::json!({
        ID: SECRET,
        OTHER_ID: {"secret": OTHER_SECRET},
        INACTIVE_ID: {"secret": SECRET, "active": false},
    });
    let path = folder.join("keys.json");
    std::fs::write(&path, keys.to_string()).unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    path
}

/// A server with keys over an empty folder, and that folder.
struct Bench {
    server: Server,
    #[allow(dead_code, reason = "removed with the bench")]
    data: TempDir,
}

fn bench(arguments: &[&str]) -> Bench {
    let data = TempDir::new().unwrap();
    let keys = keys_file(data.path(), 0o600);
    let keys = ["--keys", keys.to_str().unwrap()];
    let setup = Setup {
        program: program(),
        data: data.path().join("data"),
        media_root: clip().parent().unwrap().to_owned(),
        arguments: keys
            .iter()
            .chain(arguments)
            .map(|&a| a.to_owned())
            .collect(),
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

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

fn signer() -> Signer {
    Signer::now(ID, &Secret::new(SECRET), now_ms())
}

fn get(signer: &Signer) -> RawRequest {
    signer.v1("GET", ACTION, &PARAMETERS)
}

/// What pop-core sends: everything in the form body.
fn post_form(signer: &Signer, action: &str, parameters: &[(&str, &str)]) -> RawRequest {
    let raw = signer.v1("POST", action, parameters);
    let form = "application/x-www-form-urlencoded";
    RawRequest {
        body: raw.raw_query.into_bytes(),
        raw_query: String::new(),
        headers: vec![("content-type".to_owned(), form.to_owned())],
        ..raw
    }
}

fn v3(server: &Server, signer: &Signer) -> RawRequest {
    signer.v3(server.host(), ACTION, &PARAMETERS[1..]).unwrap()
}

/// Status, code and message of an error, whose envelope must be whole.
fn error(reply: &Reply) -> (u16, String, String) {
    assert_eq!(reply.content_type, "application/json;charset=utf-8");
    let body = reply.json();
    let text = |key: &str| {
        let text = body[key].as_str();
        text.unwrap_or_else(|| panic!("{key}: {body}")).to_owned()
    };
    assert_eq!(text("RequestId").len(), 36);
    assert!(!text("HostId").is_empty() && !text("Recommend").is_empty());
    (reply.status, text("Code"), text("Message"))
}

/// What a call that passes the gate is told: the service itself looked for the video.
fn passed(reply: &Reply) -> bool {
    error(reply).1 == "InvalidVideo.NotFound"
}
