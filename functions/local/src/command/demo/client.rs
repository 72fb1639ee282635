//! A client of the HTTP API. It blocks; the server runs on other threads.

use crate::error::DemoError;
use artifacts::Manifest;
use contract::id;
use contract::signature::Secret;
use contract::signature::client::Signer;
use serde_json::{Value, json};
use service::ports::{Clock, SystemClock};
use std::path::Path;
use std::time::Duration;
use ureq::Agent;
use url::Url;

/// An access key made for one demo.
pub(super) struct DemoKey {
    pub(super) id: &'static str,
    pub(super) secret: Secret,
}

impl DemoKey {
    pub(super) fn random() -> Self {
        Self {
            id: "demo",
            secret: Secret::new(id::new()),
        }
    }
}

pub(super) struct DemoClient {
    http: Agent,
    url: String,
    key: DemoKey,
}

impl DemoClient {
    pub(super) fn new(url: &str, key: DemoKey) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false);
        Self {
            http: config.build().into(),
            url: url.to_owned(),
            key,
        }
    }

    /// Registers a local file, and returns its VideoId.
    pub(super) fn register(&self, video: &Path) -> Result<String, DemoError> {
        let title = video
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let url = Url::from_file_path(video).map_err(|()| {
            DemoError::Answer(format!("{} is not an absolute path", video.display()))
        })?;
        let metadata = json!([{ "FileURL": url.as_str(), "Title": title.unwrap_or_default() }]);
        let answer = self.call(
            "RegisterMedia",
            &[("RegisterMetadatas", &metadata.to_string())],
        )?;
        id_in(&answer, "/RegisteredMediaList/0/MediaId")
    }

    /// Submits a job, and returns its JobId.
    pub(super) fn submit(
        &self,
        video_id: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String, DemoError> {
        let mut all = vec![("VideoId", video_id)];
        all.extend_from_slice(parameters);
        id_in(&self.call("SubmitSnapshotJob", &all)?, "/SnapshotJob/JobId")
    }

    /// Downloads the manifest of a job.
    pub(super) fn manifest(&self, video_id: &str, job_id: &str) -> Result<Manifest, DemoError> {
        let key = artifacts::key::manifest(video_id, job_id);
        let body = self
            .http
            .get(format!("{}/{key}", self.url))
            .call()?
            .body_mut()
            .read_to_vec()?;
        Manifest::from_slice(&body).map_err(|error| DemoError::Answer(error.to_string()))
    }

    fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Result<Value, DemoError> {
        let signer = Signer::now(self.key.id, &self.key.secret, SystemClock.now_ms());
        let query = signer.v1("GET", action, parameters).raw_query;
        let mut answer = self.http.get(format!("{}/?{query}", self.url)).call()?;
        let body: Value = answer.body_mut().read_json()?;
        if !answer.status().is_success() {
            return Err(DemoError::Refused {
                action: action.to_owned(),
                answer: body.to_string(),
            });
        }
        Ok(body)
    }
}

fn id_in(answer: &Value, pointer: &str) -> Result<String, DemoError> {
    let id = answer.pointer(pointer).and_then(Value::as_str);
    id.map(str::to_owned)
        .ok_or_else(|| DemoError::Answer(format!("no id in {answer}")))
}
