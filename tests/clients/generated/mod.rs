//! Promise: programs read `/openapi.json`, the event and the manifest. Validators find no fault,
//! generated clients take pictures, and the schemas are those of what is sent.
//!
//! The lines of docs/openapi.md, run as they stand.

mod node;
mod python;
mod schemas;

use super::{Bench, clip};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::server::{Server, Setup};
use tempfile::TempDir;

/// What stands in the document for the reader's own.
const ENDPOINT: &str = "127.0.0.1:8080";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/generated")
}

/// The blocks of a language in the document.
fn blocks(language: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.md");
    let text = std::fs::read_to_string(path).unwrap();
    let begin = format!("\n```{language}\n");
    let blocks = text.split(&begin).skip(1);
    let blocks = blocks.map(|rest| rest.split("\n```").next().unwrap().to_owned() + "\n");
    blocks.collect()
}

/// A server that accepts unsigned calls.
fn open(data: &TempDir) -> Server {
    Server::start(&Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: data.path().join("data"),
        media_root: clip().parent().unwrap().to_owned(),
        arguments: Vec::new(),
    })
}

fn signed() -> Bench {
    super::bench(super::Scheme::Http, &["--qps", "0"])
}

fn clip_url() -> String {
    url::Url::from_file_path(clip()).unwrap().into()
}

/// Its standard output.
fn run(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let (said, told) = (
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr),
    );
    assert!(status.success(), "{command:?}\n{said}\n{told}");
    said.into_owned()
}

/// The installing line of a block names the versions of the lock; the other one is run in `folder`.
fn generate(block: &str, lock: &str, host: &str, command: &mut Command) {
    let (install, generate) = block.trim_end().split_once('\n').unwrap();
    for package in install
        .split(' ')
        .filter(|word| word.contains(|c| "@=".contains(c)))
    {
        let (name, version) = package.rsplit_once(['@', '=']).unwrap();
        let name = name.trim_end_matches('=');
        let locked = [
            format!("{name}=={version}"),
            format!("\"{name}\": \"{version}\""),
        ];
        assert!(locked.iter().any(|text| lock.contains(text)), "{package}");
    }
    run(command.arg("-c").arg(generate.replace(ENDPOINT, host)));
}

/// Eight pictures have eight addresses, and each leads to one.
fn is_there(server: &Server, urls: &[&str]) {
    assert_eq!(urls.len(), 8, "{urls:?}");
    for url in urls {
        let reply = server.get(url);
        assert_eq!(
            (reply.status, reply.content_type.as_str()),
            (200, "image/jpeg")
        );
    }
}
