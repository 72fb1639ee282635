//! A client of the HTTP API with nothing but HTTP.

use crate::error::Error;
use artifacts::Manifest;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

pub(super) struct Client {
    http: reqwest::Client,
    url: String,
}

impl Client {
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?;
        Ok(Self { http, url: url.to_owned() })
    }

    /// The VideoId of a local file.
    pub(super) async fn register(&self, video: &Path) -> Result<String, Error> {
        let title = video.file_name().map(|name| name.to_string_lossy().into_owned());
        let url = reqwest::Url::from_file_path(video)
            .map_err(|()| Error::Said(format!("{} is no absolute path", video.display())))?;
        let metadata = json!([{ "FileURL": url.as_str(), "Title": title.unwrap_or_default() }]);
        let answer = self
            .call("RegisterMedia", &[("RegisterMetadatas", &metadata.to_string())])
            .await?;
        let id = answer.pointer("/RegisteredMediaList/0/MediaId").and_then(Value::as_str);
        id.map(str::to_owned).ok_or_else(|| Error::Said(format!("not registered: {answer}")))
    }

    /// The JobId of a new job.
    pub(super) async fn submit(
        &self,
        video_id: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String, Error> {
        let mut all = vec![("VideoId", video_id)];
        all.extend_from_slice(parameters);
        let answer = self.call("SubmitSnapshotJob", &all).await?;
        let id = answer.pointer("/SnapshotJob/JobId").and_then(Value::as_str);
        id.map(str::to_owned).ok_or_else(|| Error::Said(format!("no job: {answer}")))
    }

    /// What a job took.
    pub(super) async fn manifest(&self, video_id: &str, job_id: &str) -> Result<Manifest, Error> {
        let key = artifacts::key::manifest(video_id, job_id);
        let answer = self.http.get(format!("{}/{key}", self.url)).send().await?;
        let body = answer.error_for_status()?.bytes().await?;
        Manifest::from_slice(&body).map_err(|error| Error::Said(error.to_string()))
    }

    async fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Result<Value, Error> {
        let mut all = vec![("Action", action), ("Version", "2017-03-21"), ("Format", "JSON")];
        all.extend_from_slice(parameters);
        let url = reqwest::Url::parse_with_params(&self.url, all)
            .map_err(|error| Error::Said(error.to_string()))?;
        let answer = self.http.get(url).send().await?;
        let refused = !answer.status().is_success();
        let body: Value = answer.json().await?;
        if refused {
            return Err(Error::Said(format!("{action}: {body}")));
        }
        Ok(body)
    }
}
