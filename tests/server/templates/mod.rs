//! Templates, WebVTT, and what lists and deletions say of it, through the real program.

mod at_once;
mod deletions;
mod lists;
mod media;
mod store;
mod webvtt;

use serde_json::Value;
use support::bench::{Bench, clip};
use support::server::Server;

fn bench() -> Bench {
    Bench::start(env!("CARGO_BIN_EXE_vod-snapshot-under-test"), &[])
}

/// Adds a template; its id.
pub(crate) fn add(server: &Server, config: &str) -> String {
    let parameters = [
        ("Name", "a template"),
        ("TemplateType", "Snapshot"),
        ("TemplateConfig", config),
    ];
    let answer = server.ok("AddVodTemplate", &parameters);
    answer["VodTemplateId"].as_str().unwrap().to_owned()
}

/// Runs a job of a template to its success; its JobId.
pub(crate) fn run(server: &Server, video: &str, template: &str) -> String {
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
