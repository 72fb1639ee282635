//! A deployment, from where its users stand.

use crate::{Deployment, KEYS, front};
use aws_config::SdkConfig;
use cloud::Emulator;
use contract::signature::Secret;
use contract::signature::client::Signer;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

/// The API, and the buckets beside it.
pub(crate) struct Service {
    deployment: Deployment,
    host: String,
    sources: String,
    pub(crate) config: SdkConfig,
}

impl Service {
    /// Lets so many calls of a key a second pass; 0: any number.
    pub(crate) async fn deploy(emulator: &Emulator, name: &str, qps: u32) -> Self {
        let config = cloud::stack::config(&emulator.endpoint).await;
        let sources = format!("{name}-{}", contract::id::new());
        let s3 = aws_sdk_s3::Client::new(&config);
        s3.create_bucket().bucket(&sources).send().await.unwrap();
        tell_of_uploads(&s3, &sources).await;
        let secrets = aws_sdk_secretsmanager::Client::new(&config);
        let create = secrets.create_secret().name(format!("{sources}-keys"));
        let keys = create.secret_string(KEYS).send().await.unwrap();
        let parameters = [
            format!("EndpointUrl={}", emulator.endpoint),
            format!("SourceBuckets={sources}"),
            format!("KeysSecretArn={}", keys.arn.unwrap()),
            format!("MaxQps={qps}"),
            "RegisterPrefix=arrivals/".to_owned(),
            "UserId=7".to_owned(),
            "WorkerTimeout=60".to_owned(),
            "WorkerConcurrency=2".to_owned(),
        ];
        let deployment =
            tokio::task::block_in_place(|| Deployment::make(emulator, name, &parameters));
        let host = front::open(&emulator.endpoint, &deployment.api());
        let service = Self {
            deployment,
            host,
            sources,
            config,
        };
        service.count_receives().await;
        service
    }

    /// As with the number of workers.
    async fn count_receives(&self) {
        use aws_sdk_sqs::types::QueueAttributeName::RedrivePolicy;
        let sqs = aws_sdk_sqs::Client::new(&self.config);
        let url = self.output("QueueUrl");
        let get = sqs
            .get_queue_attributes()
            .queue_url(url)
            .attribute_names(RedrivePolicy);
        let policy = get.send().await.unwrap().attributes.unwrap()[&RedrivePolicy].clone();
        let mut policy: Value = serde_json::from_str(&policy).unwrap();
        let count = &mut policy["maxReceiveCount"];
        if let Some(text) = count.as_str() {
            *count = text.parse::<u32>().unwrap().into();
        }
        let set = sqs.set_queue_attributes().queue_url(url);
        set.attributes(RedrivePolicy, policy.to_string())
            .send()
            .await
            .unwrap();
    }

    pub(crate) fn outputs(&self) -> &BTreeMap<String, String> {
        &self.deployment.outputs
    }

    pub(crate) fn output(&self, name: &str) -> &str {
        self.deployment.output(name)
    }

    /// `host:port`, all that a client is told.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Puts a file where files may be registered; its URL.
    pub(crate) async fn put_source(&self, key: &str, bytes: Vec<u8>) -> String {
        let s3 = aws_sdk_s3::Client::new(&self.config);
        let put = s3.put_object().bucket(&self.sources).key(key);
        put.body(bytes.into()).send().await.unwrap();
        format!("s3://{}/{key}", self.sources)
    }

    pub(crate) async fn object(&self, key: &str) -> Vec<u8> {
        let s3 = aws_sdk_s3::Client::new(&self.config);
        let get = s3
            .get_object()
            .bucket(self.output("PictureBucket"))
            .key(key);
        let object = get.send().await.unwrap_or_else(|e| panic!("{key}: {e:?}"));
        object.body.collect().await.unwrap().to_vec()
    }

    /// What a signed call gives, which must succeed.
    pub(crate) async fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Value {
        let now_ms = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_millis();
        let secret = Secret::new("test/secret+");
        let signer = Signer::now("testid", &secret, i64::try_from(now_ms).unwrap());
        let raw = signer.v1("GET", action, parameters);
        let url = format!("http://{}/?{}", self.host, raw.raw_query);
        let get = move || {
            let config = ureq::Agent::config_builder().http_status_as_error(false);
            let http: ureq::Agent = config.build().into();
            let mut answer = http.get(&url).call().unwrap();
            let status = answer.status().as_u16();
            (status, answer.body_mut().read_to_string().unwrap())
        };
        let (status, body) = tokio::task::spawn_blocking(get).await.unwrap();
        assert_eq!(status, 200, "{action}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// The VideoId of a file.
    pub(crate) async fn register(&self, key: &str, bytes: Vec<u8>) -> String {
        let url = self.put_source(key, bytes).await;
        let metadata = serde_json::json!([{"FileURL": url, "Title": key}]).to_string();
        let answer = self
            .call("RegisterMedia", &[("RegisterMetadatas", &metadata)])
            .await;
        let id = answer["RegisteredMediaList"][0]["MediaId"].as_str();
        id.unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// The JobId of a new job.
    pub(crate) async fn submit(&self, video: &str, parameters: &[(&str, &str)]) -> String {
        let all = [&[("VideoId", video)], parameters].concat();
        let answer = self.call("SubmitSnapshotJob", &all).await;
        answer["SnapshotJob"]["JobId"].as_str().unwrap().to_owned()
    }
}

/// As the owner of an existing bucket has to switch on.
async fn tell_of_uploads(s3: &aws_sdk_s3::Client, bucket: &str) {
    use aws_sdk_s3::types::{EventBridgeConfiguration, NotificationConfiguration};
    let bridge = EventBridgeConfiguration::builder().build();
    let told = NotificationConfiguration::builder().event_bridge_configuration(bridge);
    let put = s3.put_bucket_notification_configuration().bucket(bucket);
    put.notification_configuration(told.build())
        .send()
        .await
        .unwrap();
}
