//! Clients that keep silent, dribble, or never read.

mod answers;
mod deadlines;
mod descriptors;
mod logs;
mod memory;
mod stop;
mod tls;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};
use support::bench::Bench;

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The largest that the server may ever have been, kB.
const MOST_MEMORY_KB: u64 = 120_000;

/// One answer, unread by any library.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) status: u16,
    /// As it came.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Raw {
    /// The value of a header; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

pub(crate) fn connect(host: &str) -> TcpStream {
    let socket = TcpStream::connect(host).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

/// Sends `request` as it stands on a connection of its own, and reads to the end.
pub(crate) fn exchange(host: &str, request: &str) -> Raw {
    let mut socket = connect(host);
    let _ = socket.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    parsed(&answer)
}

/// `first` is method and target, `headers` are lines without their ends.
pub(crate) fn ask(host: &str, first: &str, headers: &[&str]) -> Raw {
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    exchange(
        host,
        &format!("{first} HTTP/1.1\r\nConnection: close\r\n{lines}\r\n"),
    )
}

pub(crate) fn parsed(answer: &[u8]) -> Raw {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no head: {}", String::from_utf8_lossy(answer)));
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Raw {
        status,
        head,
        body: answer[end + 4..].to_vec(),
    }
}

fn bench(arguments: &[&str]) -> Bench {
    Bench::start(env!("CARGO_BIN_EXE_vod-snapshot-under-test"), arguments)
}

/// Puts `bytes` under `key`, as a job would.
fn put(data: &Path, key: &str, bytes: &[u8]) {
    let path = data.join("objects").join(key);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let written = path.with_extension("written");
    std::fs::write(&written, bytes).unwrap();
    std::fs::rename(written, path).unwrap();
}

/// The path of a picture of some job, in whose place `bytes` are put.
fn placed(data: &Path, host: &str, bytes: &[u8]) -> String {
    let call = |action: &str, parameters: &[(&str, &str)]| {
        let common = [("Action", action), ("Version", "2017-03-21")];
        let all = common.iter().chain(parameters).copied();
        let get = ureq::get(format!("http://{host}/")).query_pairs(all);
        let text = get.call().unwrap().body_mut().read_to_string().unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let url = url::Url::from_file_path(support::bench::clip()).unwrap();
    let metadata = serde_json::json!([{ "FileURL": url.as_str(), "Title": "t" }]).to_string();
    let registered = call("RegisterMedia", &[("RegisterMetadatas", &metadata)]);
    let video = registered["RegisteredMediaList"][0]["MediaId"]
        .as_str()
        .unwrap();
    let parameters = [("VideoId", video), ("Count", "1"), ("Width", "160")];
    let submitted = call("SubmitSnapshotJob", &parameters);
    let job = submitted["SnapshotJob"]["JobId"].as_str().unwrap();
    let detail = [("JobId", job), ("JobType", "snapshot")];
    let begun = Instant::now();
    while call("GetJobDetail", &detail)["SnapshotJobDetail"]["Status"] != "Success" {
        assert!(begun.elapsed() < PATIENCE, "the job does not end");
        std::thread::sleep(Duration::from_millis(50));
    }
    let key = artifacts::key::picture(video, job, 1);
    put(data, &key, bytes);
    format!("/{key}")
}

/// Bytes that differ everywhere.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..len).map(next).collect()
}

/// The most memory that a process ever had, kB.
fn most_memory_kb(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.unwrap().split_whitespace().nth(1);
    number.unwrap().parse().unwrap()
}
