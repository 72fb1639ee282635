//! One of the vendor's clients, as it is published, at the endpoint of the deployment.

use crate::Deployed;
use crate::deployed::KEY;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use support::clients::PYTHON;

pub(crate) struct Client {
    process: Child,
    calls: Option<ChildStdin>,
    deployed: &'static Deployed,
    answers: BufReader<ChildStdout>,
}

impl Client {
    /// `tea-v3`, `legacy-get`...
    pub(crate) fn of(deployed: &'static Deployed, mode: &str) -> Self {
        let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let folders = [PYTHON.installed(), format!("{tests}/clients").into()];
        let setup = json!({
            "endpoint": deployed.endpoint, "id": KEY.0, "secret": KEY.1,
        });
        let mut process = Command::new("python3")
            .arg(format!("{tests}/aws/system/client.py"))
            .args([mode, &setup.to_string()])
            .env("PYTHONPATH", std::env::join_paths(folders).unwrap())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = process.stdout.take().unwrap();
        Self {
            calls: process.stdin.take(),
            answers: BufReader::new(answers),
            deployed,
            process,
        }
    }

    /// What comes of a call.
    pub(crate) fn told(&mut self, action: &str, parameters: &Value) -> Value {
        let calls = self.calls.as_mut().unwrap();
        writeln!(calls, "{}", json!([action, parameters])).unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// The answer to a call that succeeds.
    pub(crate) fn call(&mut self, action: &str, parameters: &Value) -> Value {
        let mut told = self.told(action, parameters);
        let given = told["answer"].is_object();
        assert!(
            given,
            "{action} {parameters}: {told}\n{}",
            self.deployed.logs()
        );
        told["answer"].take()
    }

    /// Registers a file that it puts where files may be; its VideoId.
    pub(crate) fn register(&mut self, key: &str, file: Vec<u8>) -> String {
        let deployed = self.deployed;
        let bucket = &deployed.outputs["SourceBucketNames"];
        let put = deployed.s3().put_object().bucket(bucket).key(key);
        let put = put.body(file.into()).send();
        crate::deployed::runtime().block_on(put).unwrap();
        let url = format!("s3://{bucket}/{key}");
        let metadata = json!([{"FileURL": url, "Title": key}]).to_string();
        let answer = self.call("RegisterMedia", &json!({"RegisterMetadatas": metadata}));
        let id = &answer["RegisteredMediaList"][0]["MediaId"];
        id.as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// The JobId of a job with these parameters.
    pub(crate) fn submit(&mut self, video: &str, parameters: &Value) -> String {
        let mut all = parameters.clone();
        all["VideoId"] = video.into();
        let answer = self.call("SubmitSnapshotJob", &all);
        answer["SnapshotJob"]["JobId"].as_str().unwrap().to_owned()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It ends with its input.
        self.calls.take();
        let _ = self.process.wait();
    }
}
