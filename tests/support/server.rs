//! The real program, started as a user starts it, and a client that knows nothing but HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use crate::tls::trusting;
use contract::request::RawRequest;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

/// Longer than any wait in a test that passes.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// How to start a server.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The program.
    pub program: PathBuf,
    /// Its data folder.
    pub data: PathBuf,
    /// Where its videos lie.
    pub media_root: PathBuf,
    /// More arguments. Without `--keys` or `--auth` whoever calls is answered, however often;
    /// without `--covers` no system covers are taken.
    pub arguments: Vec<String>,
}

/// A running `vod-snapshot serve`, killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:port`, or `https://`
    pub url: String,
    http: ureq::Agent,
    log: Arc<Mutex<Vec<String>>>,
}

/// Status, headers that matter, body.
#[derive(Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Content-Type.
    pub content_type: String,
    /// x-acs-retry-after.
    pub retry_after_ms: Option<u64>,
    /// As received.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.bytes)))
    }
}

impl Server {
    /// Starts it on a free port and waits until it listens.
    #[must_use]
    pub fn start(setup: &Setup) -> Self {
        Self::start_with(setup, None)
    }

    /// The same for a server with a certificate of `authority`.
    #[must_use]
    pub fn start_with(setup: &Setup, authority: Option<&Path>) -> Self {
        let mut child = Command::new(&setup.program)
            .args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"])
            .arg("--data")
            .arg(&setup.data)
            .arg("--media-root")
            .arg(&setup.media_root)
            .args(&setup.arguments)
            .args(unsigned(&setup.arguments))
            .args(without_covers(&setup.arguments))
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = child.stderr.take().unwrap();
        let (sender, lines) = mpsc::channel();
        let log = Arc::<Mutex<Vec<String>>>::default();
        let kept = log.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                // Kept in the test's own output, shown when it fails.
                println!("server: {line}");
                kept.lock().unwrap().push(line.clone());
                let _ = sender.send(line);
            }
        });
        let scheme = if authority.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listening(&lines));
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .tls_config(authority.map(trusting).unwrap_or_default())
            .http_status_as_error(false);
        Self {
            child,
            url,
            http: config.build().into(),
            log,
        }
    }

    /// What it has logged so far that has `text` in it.
    #[must_use]
    pub fn log_lines(&self, text: &str) -> Vec<String> {
        let log = self.log.lock().unwrap();
        log.iter()
            .filter(|line| line.contains(text))
            .cloned()
            .collect()
    }

    /// Calls an action by GET.
    #[must_use]
    pub fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Reply {
        let mut all = vec![
            ("Action", action),
            ("Version", "2017-03-21"),
            ("Format", "JSON"),
        ];
        all.extend_from_slice(parameters);
        reply(self.http.get(&self.url).query_pairs(all).call().unwrap())
    }

    /// Calls an action that must succeed.
    #[must_use]
    pub fn ok(&self, action: &str, parameters: &[(&str, &str)]) -> Value {
        let reply = self.call(action, parameters);
        assert_eq!(
            reply.status,
            200,
            "{action}: {}",
            String::from_utf8_lossy(&reply.bytes)
        );
        reply.json()
    }

    /// Any URL.
    #[must_use]
    pub fn get(&self, url: &str) -> Reply {
        reply(self.http.get(url).call().unwrap())
    }

    /// An action by POST, its parameters in the form body.
    #[must_use]
    pub fn post_form(&self, parameters: &[(&str, &str)]) -> Reply {
        reply(
            self.http
                .post(&self.url)
                .send_form(parameters.iter().copied())
                .unwrap(),
        )
    }

    /// A call as it stands. `host` is left to the client.
    #[must_use]
    pub fn send(&self, raw: &RawRequest) -> Reply {
        let url = format!("{}{}?{}", self.url, raw.path(), raw.raw_query);
        let mut request = ureq::http::Request::builder()
            .method(raw.method.as_str())
            .uri(url);
        let by_client = |name: &str| name == "host" || name.starts_with(':');
        for (name, value) in raw.headers.iter().filter(|(name, _)| !by_client(name)) {
            request = request.header(name, value);
        }
        let request = request.body(raw.body.clone()).unwrap();
        reply(self.http.run(request).unwrap())
    }

    /// `127.0.0.1:port`
    #[must_use]
    pub fn host(&self) -> &str {
        let (_, host) = self.url.split_once("://").unwrap();
        host
    }

    /// Registers a local file; its VideoId.
    #[must_use]
    pub fn register(&self, file: &Path) -> String {
        let url = url::Url::from_file_path(file).unwrap();
        let metadata = serde_json::json!([{ "FileURL": url.as_str(), "Title": "a test" }]);
        let answer = self.ok(
            "RegisterMedia",
            &[("RegisterMetadatas", &metadata.to_string())],
        );
        let id = answer["RegisteredMediaList"][0]["MediaId"].as_str();
        id.unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// Submits a job; its JobId.
    #[must_use]
    pub fn submit(&self, video_id: &str, parameters: &[(&str, &str)]) -> String {
        let mut all = vec![("VideoId", video_id)];
        all.extend_from_slice(parameters);
        let answer = self.ok("SubmitSnapshotJob", &all);
        answer["SnapshotJob"]["JobId"].as_str().unwrap().to_owned()
    }

    /// Submits a job; its JobId, or none where no answer comes. A refusal is no such case.
    #[must_use]
    pub fn try_submit(&self, video_id: &str, parameters: &[(&str, &str)]) -> Option<String> {
        let mut all = vec![
            ("Action", "SubmitSnapshotJob"),
            ("Version", "2017-03-21"),
            ("VideoId", video_id),
        ];
        all.extend_from_slice(parameters);
        let mut answer = self.http.get(&self.url).query_pairs(all).call().ok()?;
        let bytes = answer.body_mut().read_to_vec().ok()?;
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        let job = answer["SnapshotJob"]["JobId"].as_str();
        Some(job.unwrap_or_else(|| panic!("{answer}")).to_owned())
    }

    /// The job's status, as GetJobDetail says.
    #[must_use]
    pub fn status(&self, job_id: &str) -> String {
        let detail = self.ok(
            "GetJobDetail",
            &[("JobId", job_id), ("JobType", "snapshot")],
        );
        detail["SnapshotJobDetail"]["Status"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Waits for the job's end; `Success` or `Fail`.
    #[must_use]
    pub fn wait(&self, job_id: &str) -> String {
        let begun = Instant::now();
        loop {
            let status = self.status(job_id);
            if status != "Processing" {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "the job {job_id} does not end");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The manifest of a job.
    #[must_use]
    pub fn manifest(&self, video_id: &str, job_id: &str) -> artifacts::Manifest {
        let key = artifacts::key::manifest(video_id, job_id);
        let reply = self.get(&format!("{}/{key}", self.url));
        assert_eq!(
            (reply.status, reply.content_type.as_str()),
            (200, "application/json")
        );
        artifacts::Manifest::from_slice(&reply.bytes).unwrap()
    }

    /// A picture by its key, decoded.
    #[must_use]
    pub fn picture(&self, key: &str) -> image::RgbImage {
        let reply = self.get(&format!("{}/{key}", self.url));
        assert_eq!(
            (reply.status, reply.content_type.as_str()),
            (200, "image/jpeg"),
            "{key}"
        );
        image::load_from_memory_with_format(&reply.bytes, image::ImageFormat::Jpeg)
            .unwrap()
            .to_rgb8()
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory of the server itself, kB.
    #[must_use]
    pub fn resident_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let number = line.unwrap().split_whitespace().nth(1);
        number.unwrap().parse().unwrap()
    }

    /// Sends a signal, such as `-HUP`.
    pub fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(sent.success());
    }

    /// SIGKILL: no chance to tidy up.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; whether it ended with 0.
    #[must_use]
    pub fn terminate(&mut self) -> bool {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What makes a server answer unsigned calls, unless something is said of keys.
fn unsigned(arguments: &[String]) -> &'static [&'static str] {
    let said = |name: &str| arguments.iter().any(|argument| argument == name);
    if said("--keys") || said("--auth") {
        &[]
    } else {
        &["--auth", "none", "--qps", "0"]
    }
}

/// Most tests count the jobs, files and pictures of what they asked for.
fn without_covers(arguments: &[String]) -> &'static [&'static str] {
    match arguments.iter().any(|argument| argument == "--covers") {
        true => &[],
        false => &["--covers", "off"],
    }
}

fn reply(mut response: ureq::http::Response<ureq::Body>) -> Reply {
    let content_type = response.headers().get("content-type");
    let content_type = content_type.map_or("", |v| v.to_str().unwrap()).to_owned();
    let retry_after = response.headers().get("x-acs-retry-after");
    let retry_after_ms = retry_after.map(|v| v.to_str().unwrap().parse().unwrap());
    let status = response.status().as_u16();
    Reply {
        status,
        content_type,
        retry_after_ms,
        bytes: response.body_mut().read_to_vec().unwrap(),
    }
}

fn listening(lines: &mpsc::Receiver<String>) -> String {
    loop {
        let line = lines
            .recv_timeout(PATIENCE)
            .expect("the server did not come up");
        let Ok(line) = serde_json::from_str::<Value>(&line) else {
            continue;
        };
        if line["Message"] == "listening" {
            return line["Address"].as_str().unwrap().to_owned();
        }
    }
}
