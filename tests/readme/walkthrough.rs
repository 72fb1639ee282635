//! Blocks of the documents, run as they stand in a folder of their own: only ports, the data folder
//! and addresses outside of this machine are others.

use crate::blocks::block;
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use support::clients::Runtime;
use support::subscriber::Subscriber;
use tempfile::TempDir;

/// Stands for cargo: the program is built, and a test runs no release build. The server gets a port
/// that is free.
const CARGO: &str = r#"#!/bin/sh
test "$1" = run || exit 1
while [ "$1" != "--" ]; do shift; done
shift
test "$1" != serve || set -- "$@" --listen "$LISTEN" --covers off $SERVE
exec "$PROGRAM" "$@"
"#;

struct Place {
    folder: TempDir,
    listen: SocketAddr,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let bin = folder.path().join("bin");
        fs::create_dir(&bin).unwrap();
        fs::create_dir(folder.path().join("videos")).unwrap();
        fs::copy(support::numbered_clip(), folder.path().join("videos/a.mp4")).unwrap();
        fs::copy(support::numbered_clip(), folder.path().join("VIDEO")).unwrap();
        fs::write(bin.join("cargo"), CARGO).unwrap();
        fs::set_permissions(bin.join("cargo"), PermissionsExt::from_mode(0o755)).unwrap();
        let listen = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = listen.local_addr().unwrap();
        Self { folder, listen }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// With the addresses of this place.
    fn placed(&self, block: &str) -> String {
        let data = self.path().join("data");
        block
            .replace("127.0.0.1:8080", &self.listen.to_string())
            .replace("/tmp/vod", data.to_str().unwrap())
    }

    /// Runs it, and ends what it leaves in the background; its output.
    fn run(&self, script: &str, serve: &str) -> String {
        let path = format!(
            "{}/bin:{}",
            self.path().display(),
            std::env::var("PATH").unwrap()
        );
        let script = format!(
            "trap 'kill $(jobs -p) 2>/dev/null || true; wait || true' EXIT\nset -eu\n{}",
            self.placed(script)
        );
        let output = Command::new("timeout")
            .args(["120", "bash", "-c", &script])
            .current_dir(self.path())
            .env("PATH", path)
            .env("PROGRAM", env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
            .env("LISTEN", self.listen.to_string())
            .env("SERVE", serve)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let (said, told) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(output.status.success(), "{script}\n{said}\n{told}");
        said.into_owned()
    }
}

/// Goes behind a block that leaves a server in the foreground.
const READY: &str =
    "until curl -s http://127.0.0.1:8080/openapi.json > /dev/null; do sleep 0.2; done\n";

#[test]
fn the_command_line_of_the_readme_takes_pictures() {
    let place = Place::new();
    place.run(&block("README.md", "-- snapshot VIDEO"), "");
    let pictures = fs::read_dir(place.path().join("DIR")).unwrap();
    let pictures = pictures.filter(|entry| {
        let path = entry.as_ref().unwrap().path();
        path.extension().is_some_and(|ending| ending == "jpg")
    });
    assert_eq!(pictures.count(), 5);
}

/// The walkthrough left VIDEO_ID and JOB_ID to the reader.
#[test]
#[cfg_attr(not(jq), ignore = "needs jq and curl")]
fn the_walkthrough_leads_to_pictures() {
    let place = Place::new();
    let subscriber = Subscriber::start(&[]);
    let walk = block("docs/api.md", "/RegisterMedia");
    let walk = walk.replace("http://127.0.0.1:9000/events", &subscriber.url);
    let said = place.run(&format!("{walk}sleep 2\n"), "");
    let urls = said
        .lines()
        .filter(|line| line.contains(".jpg?Expires="))
        .count();
    assert_eq!(urls, 8, "{said}");
    assert_eq!(subscriber.next().json()["Status"], "success");
}

#[test]
#[cfg_attr(not(jq), ignore = "needs jq and curl")]
fn the_lines_of_an_upload_upload() {
    let place = Place::new();
    let site = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = site.local_addr().unwrap();
    let clip = fs::read(place.path().join("VIDEO")).unwrap();
    std::thread::spawn(move || {
        for mut connection in site.incoming().map_while(Result::ok) {
            let _ = connection.read(&mut [0; 4096]);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", clip.len());
            let _ = connection.write_all(head.as_bytes());
            let _ = connection.write_all(&clip);
        }
    });
    let serve = block("README.md", "-- serve --auth none");
    let upload = block("docs/api.md", "/UploadMediaByURL");
    let upload = upload.replace("https://example.com", &format!("http://{address}"));
    let script = format!("{} &\n{READY}{upload}", serve.trim_end());
    let said = place.run(&script, &format!("--upload-allow {address}"));
    let answer: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    let upload = &answer["URLUploadInfoList"][0];
    assert_eq!(
        upload["UploadURL"],
        format!("http://{address}/a.mp4"),
        "{said}"
    );
}

/// The server of the README, and its lines for the SDK.
#[test]
#[cfg_attr(not(jq), ignore = "needs jq and curl")]
fn the_sdk_of_the_readme_submits_a_job() {
    let place = Place::new();
    let python = place.placed(&block("README.md", "vod = client.Client("));
    fs::write(place.path().join("sdk.py"), python).unwrap();
    let sdk = Runtime::Python.interpreter(None);
    let packages = sdk.get_envs().find(|(name, _)| *name == "PYTHONPATH");
    let packages = packages.unwrap().1.unwrap().to_str().unwrap();
    let serve = block("README.md", "-- serve --auth none");
    let call = format!("PYTHONPATH={packages} python3 sdk.py");
    let said = place.run(&format!("{} &\n{READY}{call}\n", serve.trim_end()), "");
    assert_eq!(said.trim().len(), 32, "a JobId: {said}");
}

#[test]
#[cfg_attr(not(jq), ignore = "needs jq and curl")]
fn the_keys_of_the_documents_are_taken() {
    let place = Place::new();
    let keys = block("docs/operations.md", "> keys.json");
    let unsigned = "curl -s http://127.0.0.1:8080/GetVideoList | jq -r .Code\n";
    let script = format!("{} &\n{READY}{unsigned}", keys.trim_end());
    assert!(!place.run(&script, "").trim().is_empty());
    let picture_keys = block("docs/operations.md", "\"pictures/2026-11\"");
    fs::write(place.path().join("keys.json"), picture_keys).unwrap();
    let serve = keys.lines().last().unwrap();
    place.run(&format!("{serve} &\n{READY}"), "");
}
