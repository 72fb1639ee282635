//! The deployment: `sam deploy`, and the ways into it.

use crate::package::package;
use crate::subscribers::Subscribers;
use aws_config::SdkConfig;
use cloud::Emulator;
use cloud::faults::Faults;
use cloud::install::SAM;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use support::install::target;
use tokio::runtime::Runtime;

/// The longest run of the worker, seconds: the least that a job of 1,500 pictures has to go on
/// in another run after.
const WORKER_SECONDS: u32 = 60;

const SAMCONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samconfig.toml");

/// The bucket of videos, and what registers itself in it.
pub(crate) const FILMS: &str = "films";
pub(crate) const ARRIVALS: &str = "arrivals/";

/// Of the buckets of the stack, of the films and of the secret. The emulator enforces none.
pub(crate) const KMS_KEYS: [&str; 3] = [
    "arn:aws:kms:us-east-1:123456789012:key/buckets",
    "arn:aws:kms:us-east-1:123456789012:key/films",
    "arn:aws:kms:us-east-1:123456789012:key/secret",
];

/// Who calls.
pub(crate) const KEY: (&str, &str) = ("vod-snapshot", "a-secret-of-the-tests");

/// One for all tests.
pub(crate) struct Deployed {
    /// The account, over TLS as far as the emulator knows.
    pub(crate) config: SdkConfig,
    pub(crate) outputs: HashMap<String, String>,
    /// Host and port of the API.
    pub(crate) endpoint: String,
    pub(crate) subscribers: Subscribers,
    _emulator: Emulator,
}

/// What serves the ways, whichever test is running.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

impl Deployed {
    pub(crate) fn get() -> &'static Self {
        static DEPLOYED: OnceLock<Deployed> = OnceLock::new();
        DEPLOYED.get_or_init(|| runtime().block_on(Self::new()))
    }

    async fn new() -> Self {
        let emulator = Emulator::of_templates();
        let (secure, _) = Faults::TLS.way_to(&emulator.endpoint).await;
        let config = cloud::stack::config(&secure).await;
        let outputs = deploy(&secure, &place(&config).await);
        let api = Sam::at(&secure).fill_gaps(&outputs);
        let stage = format!("{}/_aws/execute-api/{api}/$default", emulator.endpoint);
        let (front, _) = Faults::TLS.way_to(&stage).await;
        Self {
            subscribers: Subscribers::to(&config, &outputs["TopicArn"]).await,
            config,
            endpoint: front.trim_start_matches("http://").to_owned(),
            outputs,
            _emulator: emulator,
        }
    }

    /// What URLs begin with that the API gives out.
    pub(crate) fn api_url(&self) -> String {
        let api = self.outputs["Endpoint"].split(['/', '.']).nth(2).unwrap();
        format!("https://{api}.execute-api.127.0.0.1")
    }

    /// Such a URL where it can be reached: the emulator's APIs have one address and many names.
    pub(crate) fn reachable(&self, url: &str) -> String {
        let rest = url.strip_prefix(&self.api_url());
        let rest = rest.unwrap_or_else(|| panic!("not of the API: {url}"));
        format!("http://{}{rest}", self.endpoint)
    }

    pub(crate) fn s3(&self) -> aws_sdk_s3::Client {
        aws_sdk_s3::Client::new(&self.config)
    }

    pub(crate) fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }

    /// An object of the bucket of pictures.
    pub(crate) fn object(&self, key: &str) -> Vec<u8> {
        let get = self.s3().get_object().key(key);
        let get = get.bucket(&self.outputs["PictureBucket"]).send();
        runtime().block_on(async {
            let object = get.await.unwrap();
            object.body.collect().await.unwrap().to_vec()
        })
    }

    /// What the functions said last.
    pub(crate) fn logs(&self) -> String {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/system/logs.py");
        Sam::at(self.config.endpoint_url().unwrap()).run(&[script])
    }

    /// The keys below a prefix.
    pub(crate) fn keys(&self, prefix: &str) -> Vec<String> {
        let list = self.s3().list_objects_v2().prefix(prefix);
        let list = list.bucket(&self.outputs["PictureBucket"]);
        let mut pages = list.into_paginator().send();
        runtime().block_on(async {
            let mut keys = Vec::new();
            while let Some(page) = pages.next().await {
                let page = page.unwrap().contents.unwrap_or_default();
                keys.extend(page.into_iter().map(|object| object.key.unwrap()));
            }
            keys
        })
    }
}

/// What is there before the stack, as its parameters: a bucket of videos, and a secret with keys.
/// What the template makes of both by itself, the emulator knows by names that no policy means.
async fn place(config: &SdkConfig) -> [String; 3] {
    let s3 = aws_sdk_s3::Client::new(config);
    s3.create_bucket().bucket(FILMS).send().await.unwrap();
    tell_of_uploads(&s3).await;
    let secrets = aws_sdk_secretsmanager::Client::new(config);
    let keys = json!({ KEY.0: KEY.1 }).to_string();
    let create = secrets.create_secret().name("keys").secret_string(keys);
    let arn = create.send().await.unwrap().arn.unwrap();
    [
        format!("SourceBuckets={FILMS}"),
        format!("RegisterPrefix={ARRIVALS}"),
        format!("KeysSecretArn={arn}"),
    ]
}

/// As the owner of an existing bucket has to switch on.
async fn tell_of_uploads(s3: &aws_sdk_s3::Client) {
    use aws_sdk_s3::types::{EventBridgeConfiguration, NotificationConfiguration};
    let bridge = EventBridgeConfiguration::builder().build();
    let told = NotificationConfiguration::builder().event_bridge_configuration(bridge);
    let put = s3.put_bucket_notification_configuration().bucket(FILMS);
    let put = put.notification_configuration(told.build());
    put.send().await.unwrap();
}

/// The stack's outputs, once it is there.
fn deploy(endpoint: &str, parameters: &[String; 3]) -> HashMap<String, String> {
    let folder = deployed_folder("stack");
    let template = package(&folder);
    let endpoint_url = format!("EndpointUrl={endpoint}");
    let timeout = format!("WorkerTimeout={WORKER_SECONDS}");
    let [bucket, prefix, keys] = parameters;
    Sam::at(endpoint).deploy(
        &template,
        &[
            &endpoint_url,
            &timeout,
            "UploadQuotaMb=100",
            "UploadAllow=127.0.0.1",
            "CallbackAllow=127.0.0.1",
            &format!("BucketKeyArn={}", KMS_KEYS[0]),
            &format!("SourceKeyArns={}", KMS_KEYS[1]),
            &format!("KeysSecretKeyArn={}", KMS_KEYS[2]),
            "FunctionUrl=on",
            "AccessLogs=on",
            bucket,
            prefix,
            keys,
        ],
    )
}

/// A new one, of this process.
pub(crate) fn deployed_folder(name: &str) -> PathBuf {
    static OLD_ONES: std::sync::Once = std::sync::Once::new();
    OLD_ONES.call_once(remove_old_ones);
    let folder = format!("tmp/deployed-{}", std::process::id());
    let folder = target().join(folder).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What runs that are over have left: functions run from there to the very end of one.
fn remove_old_ones() {
    let Ok(all) = std::fs::read_dir(target().join("tmp")) else {
        return;
    };
    for entry in all.map_while(Result::ok) {
        let name = entry.file_name().into_string().unwrap_or_default();
        let process = name.strip_prefix("deployed-");
        let over = |id: &str| !std::path::Path::new("/proc").join(id).exists();
        if process.is_some_and(over) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// AWS's own tools.
pub(crate) struct Sam {
    folder: PathBuf,
    endpoint: String,
}

impl Sam {
    /// Makes a stack of a template, or changes it; its outputs.
    pub(crate) fn deploy(&self, template: &Path, parameters: &[&str]) -> HashMap<String, String> {
        let mut deploy = vec![
            "-m",
            "samcli",
            "deploy",
            "--template-file",
            template.to_str().unwrap(),
            // All else is as everybody has it who has the checkout.
            "--config-file",
            SAMCONFIG,
            "--stack-name",
            "vod",
            "--no-progressbar",
        ];
        if !parameters.is_empty() {
            deploy.push("--parameter-overrides");
            deploy.extend(parameters);
        }
        self.run(&deploy);
        let said = self.run(&[
            "-m",
            "samcli",
            "list",
            "stack-outputs",
            "--stack-name",
            "vod",
            "--output",
            "json",
        ]);
        let outputs: Vec<Value> = serde_json::from_str(&said).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let pair = |output: &Value| (text(&output["OutputKey"]), text(&output["OutputValue"]));
        outputs.iter().map(pair).collect()
    }

    /// The id of the stack's API, once what the emulator has left out of the stack is there.
    pub(crate) fn fill_gaps<'a>(&self, outputs: &'a HashMap<String, String>) -> &'a str {
        let api = outputs["Endpoint"].split(['/', '.']).nth(2).unwrap();
        let gaps = concat!(env!("CARGO_MANIFEST_DIR"), "/system/gaps.py");
        let [submit, worker, notify] =
            ["Submit", "Worker", "Notify"].map(|name| &*outputs[&format!("{name}Function")]);
        self.run(&[gaps, api, submit, worker, notify]);
        api
    }

    pub(crate) fn at(endpoint: &str) -> Self {
        Self {
            folder: SAM.installed(),
            endpoint: endpoint.to_owned(),
        }
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new("python3")
            .args(arguments)
            .env("PYTHONPATH", &self.folder)
            .env("HOME", target().join("tmp"))
            .env("SAM_CLI_TELEMETRY", "0")
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}\n{told}");
        said
    }
}
