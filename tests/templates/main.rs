//! Templates, WebVTT, and what lists and deletions say of it, through the real program.

mod deletions;
mod lists;
mod media;
mod store;
mod webvtt;

use serde_json::Value;
use std::path::PathBuf;
use std::sync::OnceLock;
use support::server::{Server, Setup};
use tempfile::TempDir;

/// A server over an empty folder, and that folder.
struct Bench {
    server: Server,
    data: TempDir,
}

fn bench() -> Bench {
    let data = TempDir::new().unwrap();
    let setup = Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: data.path().join("data"),
        media_root: clip().parent().unwrap().to_owned(),
        arguments: Vec::new(),
    };
    Bench {
        server: Server::start(&setup),
        data,
    }
}

/// See `support::numbered_clip`.
fn clip() -> &'static PathBuf {
    static CLIP: OnceLock<PathBuf> = OnceLock::new();
    CLIP.get_or_init(support::numbered_clip)
}

/// Adds a template; its id.
fn add(server: &Server, config: &str) -> String {
    let parameters = [
        ("Name", "a template"),
        ("TemplateType", "Snapshot"),
        ("TemplateConfig", config),
    ];
    let answer = server.ok("AddVodTemplate", &parameters);
    answer["VodTemplateId"].as_str().unwrap().to_owned()
}

/// Runs a job of a template to its success; its JobId.
fn run(server: &Server, video: &str, template: &str) -> String {
    let job = server.submit(video, &[("SnapshotTemplateId", template)]);
    assert_eq!(server.wait(&job), "Success");
    job
}

fn list(server: &Server, video: &str, kind: &str) -> Value {
    let parameters = [("VideoId", video), ("SnapshotType", kind)];
    server.ok("ListSnapshots", &parameters)["MediaSnapshot"].take()
}

/// Status, Code and Message of an answer that is no success.
fn refusal(server: &Server, action: &str, parameters: &[(&str, &str)]) -> (u16, String, String) {
    let reply = server.call(action, parameters);
    let body = reply.json();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (reply.status, text("Code"), text("Message"))
}

fn not_there(id: &str) -> (u16, String, String) {
    let message = format!("The specified resource {id} does not exist.");
    (404, "NoSuchResource".to_owned(), message)
}
