//! What the SDKs and people's programs send: however they spell values, files and paths, the call
//! means the same.

mod captured;
mod files;
mod paths;
mod replaced;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use support::server::{Server, Setup};
use tempfile::TempDir;

/// A server over a media folder of its own.
struct Place {
    server: Server,
    folder: TempDir,
}

impl Place {
    fn start() -> Self {
        Self::start_with(&[])
    }

    fn start_with(arguments: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let media = folder.path().join("media");
        std::fs::create_dir(&media).unwrap();
        let setup = Setup {
            program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
            data: folder.path().join("data"),
            media_root: media,
            arguments: arguments.iter().map(|&text| text.to_owned()).collect(),
        };
        Self {
            server: Server::start(&setup),
            folder,
        }
    }

    /// A file of the media folder.
    fn path(&self, name: &str) -> PathBuf {
        let media = self.folder.path().canonicalize().unwrap().join("media");
        media.join(name)
    }
}

/// A video of so many seconds and this size.
fn make(path: &Path, seconds: u32, size: &str) {
    let source = format!("testsrc=duration={seconds}:size={size}:rate=10");
    let made = Command::new(&support::clips::ffmpegs()[0].path)
        .args([
            "-nostdin",
            "-loglevel",
            "error",
            "-f",
            "lavfi",
            "-i",
            &source,
        ])
        .args([
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-pix_fmt",
            "yuv420p",
            "-y",
        ])
        .arg(path)
        .status();
    assert!(made.unwrap().success());
}

/// What RegisterMedia answers to one entry.
fn register(server: &Server, entry: &Value) -> Value {
    let metadata = json!([entry]).to_string();
    server.ok("RegisterMedia", &[("RegisterMetadatas", &metadata)])
}

/// The id of a file's video.
fn video_of(server: &Server, file_url: &str) -> String {
    let answer = register(server, &json!({"FileURL": file_url, "Title": "t"}));
    let id = answer["RegisteredMediaList"][0]["MediaId"].as_str();
    id.unwrap_or_else(|| panic!("{file_url}: {answer}"))
        .to_owned()
}
