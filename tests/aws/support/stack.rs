//! The resources of one deployment, as the template makes them.

use crate::Emulator;
use aws::{Clients, Deployment};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use aws_sdk_sqs::types::QueueAttributeName;
use service::picture_access::PictureAccess;
use std::collections::HashMap;

/// A table, two buckets, a queue, a topic that the second queue hears, and a secret, all with
/// names of their own.
#[derive(Debug, Clone)]
pub struct Stack {
    /// To look behind the ports.
    pub config: SdkConfig,
    /// What the functions would be told.
    pub deployment: Deployment,
    /// What the topic tells.
    pub heard_url: String,
}

/// The queue of what was given up, which exists in events alone.
pub const GIVEN_UP_ARN: &str = "arn:aws:sqs:us-east-1:123456789012:vod-snapshot-GivenUp-EXAMPLE";

/// Whoever is named here may call.
pub const KEYS: &str = r#"{"AKID": "secret"}"#;

impl Stack {
    /// A new one.
    pub async fn new() -> Self {
        let emulator = Emulator::get();
        let config = config(&emulator.endpoint).await;
        let name = format!("t{}", contract::id::new());
        let (queue_url, _) = queue(&config, &name).await;
        let (heard_url, heard_arn) = queue(&config, &format!("{name}-heard")).await;
        let deployment = Deployment {
            table: table(&config, &name).await,
            bucket: bucket(&config, &name).await,
            queue_url,
            callbacks_url: Some(fifo_queue(&config, &format!("{name}-callbacks")).await),
            callback_dead_letters_url: Some(fifo_queue(&config, &format!("{name}-dead")).await),
            callback_allow: Vec::new(),
            topic_arn: Some(topic(&config, &name, &heard_arn).await),
            source_buckets: vec![bucket(&config, &format!("{name}-source")).await],
            open: false,
            keys_secret: Some(secret(&config, &name).await),
            key_alias: None,
            public_base_url: None,
            pictures: PictureAccess::Public,
            max_snapshots: 20_000,
            max_qps: 0,
            endpoint_url: None,
            user_id: 7,
            given_up_arn: Some(GIVEN_UP_ARN.to_owned()),
            dead_letters_url: None,
            templates_uri: None,
            system_covers: false,
            uploads_bucket: Some(bucket(&config, &format!("{name}-uploads")).await),
            upload_max_mb: 40,
            upload_quota_mb: 60,
            upload_allow: Vec::new(),
            parts: None,
            jpeg_quality: None,
            worker_memory_mb: None,
            scratch_mb: None,
            limits: Vec::new(),
            require_confinement: None,
        };
        Self {
            config,
            deployment,
            heard_url,
        }
    }

    /// As a function would make them.
    #[must_use]
    pub fn clients(&self) -> Clients {
        Clients::new(&self.config)
    }

    /// The variables that tell a function of the deployment.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let told = &self.deployment;
        let endpoint = self.config.endpoint_url().unwrap();
        let path = std::env::var("PATH").unwrap();
        let ffmpeg = ffmpeg().path.display().to_string();
        let auth = if told.open { "none" } else { "keys" };
        let pictures = match told.pictures {
            PictureAccess::Public => "public",
            PictureAccess::Signed => "signed",
        };
        let scratch_mb = told
            .scratch_mb
            .map_or_else(String::new, |mb| mb.to_string());
        let (part_seconds, at_once) = match told.parts {
            Some(parts) => (parts.work.as_secs_f64(), parts.at_once.max(1)),
            None => (0.0, 1),
        };
        let (part_seconds, at_once) = (part_seconds.to_string(), at_once.to_string());
        let covers = if told.system_covers { "on" } else { "off" };
        [
            ("AWS_ENDPOINT_URL", endpoint),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("PATH", &path),
            ("VOD_SNAPSHOT_FFMPEG", &ffmpeg),
            ("TABLE", &told.table),
            ("BUCKET", &told.bucket),
            ("QUEUE_URL", &told.queue_url),
            ("TOPIC_ARN", told.topic_arn.as_deref().unwrap()),
            ("CALLBACKS_URL", told.callbacks_url.as_deref().unwrap()),
            (
                "CALLBACK_DEAD_LETTERS_URL",
                told.callback_dead_letters_url.as_deref().unwrap(),
            ),
            ("CALLBACK_ALLOW", &told.callback_allow.join(",")),
            ("SOURCE_BUCKETS", &told.source_buckets.join(",")),
            ("KEYS_SECRET", told.keys_secret.as_deref().unwrap()),
            ("AUTH", auth),
            ("MAX_QPS", &told.max_qps.to_string()),
            ("GIVEN_UP_ARN", GIVEN_UP_ARN),
            ("USER_ID", &told.user_id.to_string()),
            ("SYSTEM_COVERS", covers),
            ("PICTURES", pictures),
            (
                "PUBLIC_BASE_URL",
                told.public_base_url.as_deref().unwrap_or_default(),
            ),
            (
                "UPLOADS_BUCKET",
                told.uploads_bucket.as_deref().unwrap_or_default(),
            ),
            ("UPLOAD_MAX_MB", &told.upload_max_mb.to_string()),
            ("UPLOAD_QUOTA_MB", &told.upload_quota_mb.to_string()),
            ("UPLOAD_ALLOW", &told.upload_allow.join(",")),
            ("LIMITS", &told.limits.join(",")),
            ("SCRATCH_MB", &scratch_mb),
            ("PART_SECONDS", &part_seconds),
            ("PARTS_AT_ONCE", &at_once),
            (
                "TEMPLATES_URI",
                told.templates_uri.as_deref().unwrap_or_default(),
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// All ports of the deployment.
    pub async fn ports(&self) -> service::ports::Ports {
        aws::ports(&self.clients(), &self.deployment).await.unwrap()
    }

    /// S3, without a port between.
    #[must_use]
    pub fn s3(&self) -> aws_sdk_s3::Client {
        aws_sdk_s3::Client::new(&self.config)
    }

    /// DynamoDB, without a port between.
    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.config)
    }

    /// SQS, without a port between.
    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }

    /// Puts a file where files may be registered; its `s3://` URL.
    pub async fn put_source(&self, key: &str, bytes: Vec<u8>) -> String {
        let bucket = &self.deployment.source_buckets[0];
        let put = self.s3().put_object().bucket(bucket).key(key);
        put.body(bytes.into()).send().await.unwrap();
        format!("s3://{bucket}/{key}")
    }

    /// From now on the bucket of the files keeps what is replaced.
    pub async fn keep_versions(&self) {
        use aws_sdk_s3::types::{BucketVersioningStatus::Enabled, VersioningConfiguration};
        let put = self.s3().put_bucket_versioning();
        let on = VersioningConfiguration::builder().status(Enabled).build();
        let put = put.bucket(&self.deployment.source_buckets[0]);
        put.versioning_configuration(on).send().await.unwrap();
    }

    /// The same deployment, called by a way that gives ranges of versions of objects.
    #[must_use]
    pub async fn with_ranges_of_versions(self) -> Self {
        let faults = crate::faults::Faults {
            ranges_of_versions: true,
            ..crate::faults::Faults::NONE
        };
        let (url, _) = faults.way_to(self.config.endpoint_url().unwrap()).await;
        Self {
            config: self.config.to_builder().endpoint_url(url).build(),
            ..self
        }
    }

    /// The next message of a queue, deleted.
    pub async fn receive(&self, url: &str) -> Option<aws_sdk_sqs::types::Message> {
        let receive = self.sqs().receive_message().queue_url(url);
        let received = receive
            .message_system_attribute_names("All".into())
            .message_attribute_names("All")
            .wait_time_seconds(2)
            .send()
            .await
            .unwrap();
        let message = received.messages?.pop()?;
        let delete = self.sqs().delete_message().queue_url(url);
        let receipt = message.receipt_handle().unwrap();
        delete.receipt_handle(receipt).send().await.unwrap();
        Some(message)
    }
}

/// The decoder of the tests.
#[must_use]
pub fn ffmpeg() -> decoder::Ffmpeg {
    let search = decoder::Search::new(None);
    decoder::locate(&search, &mut |line| eprintln!("{line}")).unwrap()
}

/// The emulator's own account, at this endpoint.
pub async fn config(endpoint: &str) -> SdkConfig {
    let credentials = aws_sdk_s3::config::Credentials::new("test", "test", None, None, "tests");
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .credentials_provider(credentials)
        .load()
        .await
}

async fn table(config: &SdkConfig, name: &str) -> String {
    let mut create = aws_sdk_dynamodb::Client::new(config)
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest);
    for (attribute, role) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        let definition = AttributeDefinition::builder()
            .attribute_name(attribute)
            .attribute_type(ScalarAttributeType::S);
        let key = KeySchemaElement::builder()
            .attribute_name(attribute)
            .key_type(role);
        create = create
            .attribute_definitions(definition.build().unwrap())
            .key_schema(key.build().unwrap());
    }
    create.send().await.unwrap();
    name.to_owned()
}

async fn bucket(config: &SdkConfig, name: &str) -> String {
    let s3 = aws_sdk_s3::Client::new(config);
    s3.create_bucket().bucket(name).send().await.unwrap();
    name.to_owned()
}

/// Its URL and its ARN.
async fn queue(config: &SdkConfig, name: &str) -> (String, String) {
    let sqs = aws_sdk_sqs::Client::new(config);
    let created = sqs.create_queue().queue_name(name).send().await.unwrap();
    let url = created.queue_url.unwrap();
    let get = sqs.get_queue_attributes().queue_url(&url);
    let wanted = QueueAttributeName::QueueArn;
    let attributes = get.attribute_names(wanted.clone()).send().await.unwrap();
    let attributes: HashMap<_, _> = attributes.attributes.unwrap();
    (url, attributes[&wanted].clone())
}

/// Its URL.
async fn fifo_queue(config: &SdkConfig, name: &str) -> String {
    let sqs = aws_sdk_sqs::Client::new(config);
    let mut create = sqs.create_queue().queue_name(format!("{name}.fifo"));
    for (attribute, value) in [
        (QueueAttributeName::FifoQueue, "true"),
        (QueueAttributeName::DeduplicationScope, "messageGroup"),
        (QueueAttributeName::FifoThroughputLimit, "perMessageGroupId"),
    ] {
        create = create.attributes(attribute, value);
    }
    create.send().await.unwrap().queue_url.unwrap()
}

async fn topic(config: &SdkConfig, name: &str, heard_arn: &str) -> String {
    let sns = aws_sdk_sns::Client::new(config);
    let arn = sns.create_topic().name(name).send().await.unwrap();
    let arn = arn.topic_arn.unwrap();
    let subscribe = sns.subscribe().topic_arn(&arn).protocol("sqs");
    subscribe
        .endpoint(heard_arn)
        .attributes("RawMessageDelivery", "true")
        .send()
        .await
        .unwrap();
    arn
}

async fn secret(config: &SdkConfig, name: &str) -> String {
    let secrets = aws_sdk_secretsmanager::Client::new(config);
    let create = secrets.create_secret().name(name).secret_string(KEYS);
    create.send().await.unwrap();
    name.to_owned()
}
