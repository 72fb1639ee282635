//! A deployment with pictures in it, and an account before it.

use crate::account::Account;
use aws_sdk_s3::types::{CorsConfiguration, CorsRule};
use cloud::clips::encoder;
use cloud::{Front, Function, Stack};
use serde_json::{Value, json};
use service::picture_access::PictureAccess;
use std::sync::Arc;
use support::clips::of_colours;

const SUBMIT: &str = env!("CARGO_BIN_EXE_submit-under-test");
const WORKER: &str = env!("CARGO_BIN_EXE_worker-under-test");

/// Of each second of the film, in turn.
pub(crate) const COLOURS: [[u8; 3]; 4] =
    [[200, 30, 30], [30, 160, 30], [30, 30, 200], [200, 200, 30]];

/// Sheets of two cells, of which the second one is behind a border.
const TILED: &str = r#"{"SnapshotType":"WebVttSnapshot","SnapshotConfig":{"Count":4,"Interval":1,"FrameType":"normal","Format":"vtt","SubOut":{"IsSptFrag":"true"},"SpriteSnapshotConfig":{"CellWidth":160,"CellHeight":90,"Columns":2,"Lines":1,"Padding":10,"Margin":20}}}"#;

/// Both functions, and what their API is reached by.
pub(crate) struct Deployment {
    pub(crate) account: Arc<Account>,
    pub(crate) front: Front,
    stack: Stack,
    api: String,
}

impl Deployment {
    /// With so much concurrency for the function behind the API.
    pub(crate) async fn start(access: PictureAccess, concurrency: usize) -> Self {
        let mut stack = Stack::new().await;
        stack.deployment.open = true;
        stack.deployment.pictures = access;
        // As the template makes it: the suite `template` holds it to this.
        let rule = CorsRule::builder()
            .allowed_origins("*")
            .allowed_methods("GET")
            .allowed_methods("HEAD")
            .allowed_headers("*")
            .build();
        let rules = CorsConfiguration::builder()
            .cors_rules(rule.unwrap())
            .build();
        let put = stack
            .s3()
            .put_bucket_cors()
            .bucket(&stack.deployment.bucket);
        put.cors_configuration(rules.unwrap()).send().await.unwrap();
        let mut environment = stack.environment();
        let s3 = crate::s3::way_to(&stack).await;
        environment.push(("AWS_ENDPOINT_URL_S3".to_owned(), s3));
        let account = Account::new(SUBMIT, environment, concurrency);
        let api = account.serve().await;
        Self {
            front: Front::before(&api, "api", ""),
            account,
            stack,
            api,
        }
    }

    /// What a call gives, and its status. It comes by the name of the API.
    pub(crate) async fn call(&self, action: &str, parameters: &[(&str, &str)]) -> (u16, Value) {
        let (url, host) = (self.api.clone(), self.front.host());
        let query = {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.extend_pairs([("Action", action), ("Version", "2017-03-21")]);
            query.extend_pairs(parameters);
            query.finish()
        };
        let call = move || {
            let get = ureq::get(format!("{url}/?{query}")).header("x-host", &host);
            let mut answer = get
                .config()
                .http_status_as_error(false)
                .build()
                .call()
                .unwrap();
            let text = answer.body_mut().read_to_string().unwrap();
            (
                answer.status().as_u16(),
                serde_json::from_str(&text).unwrap(),
            )
        };
        tokio::task::spawn_blocking(call).await.unwrap()
    }

    async fn ok(&self, action: &str, parameters: &[(&str, &str)]) -> Value {
        let (status, answer) = self.call(action, parameters).await;
        assert_eq!(status, 200, "{action}: {answer}");
        answer
    }

    pub(crate) async fn register(&self, film: Vec<u8>) -> String {
        let url = self.stack.put_source("film.mp4", film).await;
        let metadata = json!([{"FileURL": url, "Title": "t"}]).to_string();
        let answer = self
            .ok("RegisterMedia", &[("RegisterMetadatas", &metadata)])
            .await;
        let queue = &self.stack.deployment.queue_url;
        self.stack.receive(queue).await.unwrap();
        let id = &answer["RegisteredMediaList"][0]["MediaId"];
        id.as_str().unwrap().to_owned()
    }

    /// Runs a job; its event.
    pub(crate) async fn run(&self, video: &str, parameters: &[(&str, &str)]) -> Value {
        let all = [&[("VideoId", video)], parameters].concat();
        self.ok("SubmitSnapshotJob", &all).await;
        let queue = &self.stack.deployment.queue_url;
        let message = self.stack.receive(queue).await.unwrap();
        let worker = Function::start(WORKER, &self.stack.environment()).await;
        let record = json!({
            "messageId": "0", "receiptHandle": "none", "body": message.body().unwrap(),
            "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1700000000000"},
        });
        let answer = worker.answer(json!({"Records": [record]})).await;
        assert_eq!(
            answer["batchItemFailures"],
            json!([]),
            "{:#?}",
            worker.lines_so_far()
        );
        let event = self.stack.receive(&self.stack.heard_url).await.unwrap();
        serde_json::from_str(event.body().unwrap()).unwrap()
    }

    /// Runs a job of a tiled WebVTT file.
    pub(crate) async fn run_tiled(&self, video: &str) {
        let template = [
            ("Name", "t"),
            ("TemplateType", "Snapshot"),
            ("TemplateConfig", TILED),
        ];
        let added = self.ok("AddVodTemplate", &template).await;
        let template = added["VodTemplateId"].as_str().unwrap();
        let _ = self.run(video, &[("SnapshotTemplateId", template)]).await;
    }

    /// The URLs that ListSnapshots gives.
    pub(crate) async fn listed(&self, video: &str, kind: &str) -> Vec<String> {
        let parameters = [
            ("VideoId", video),
            ("SnapshotType", kind),
            ("PageSize", "100"),
        ];
        let answer = self.ok("ListSnapshots", &parameters).await;
        let list = answer["MediaSnapshot"]["Snapshots"]["Snapshot"].as_array();
        let url = |entry: &Value| entry["Url"].as_str().unwrap().to_owned();
        list.unwrap().iter().map(url).collect()
    }
}

/// Seconds of one colour each.
pub(crate) fn film() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("film.mp4");
    of_colours(&encoder(), &COLOURS, 1.0, &file);
    std::fs::read(file).unwrap()
}
