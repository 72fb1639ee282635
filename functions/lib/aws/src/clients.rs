//! One client of each service, made once for a process.

use crate::deployment::Deployment;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use std::time::Duration;

/// How long calls may take, all tries together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallTimeouts {
    /// Somebody waits for the answer: three tries within 2 seconds, so that the caller hears from
    /// us before its own time is up (the vendor's Node clients give up after 3 seconds).
    Answer,
    /// A job waits: it is better to wait than to begin it again.
    Work,
}

impl CallTimeouts {
    fn config(self) -> TimeoutConfig {
        let (connect_ms, attempt_ms, whole_ms) = match self {
            Self::Answer => (500, 900, 2_000),
            // A sheet of some megabytes goes out within one attempt.
            Self::Work => (2_000, 20_000, 60_000),
        };
        TimeoutConfig::builder()
            .connect_timeout(Duration::from_millis(connect_ms))
            .operation_attempt_timeout(Duration::from_millis(attempt_ms))
            .operation_timeout(Duration::from_millis(whole_ms))
            .build()
    }

    fn retries(self) -> RetryConfig {
        let (attempts, first_pause_ms) = match self {
            Self::Answer => (3, 50),
            Self::Work => (5, 200),
        };
        RetryConfig::standard()
            .with_max_attempts(attempts)
            .with_initial_backoff(Duration::from_millis(first_pause_ms))
    }
}

/// The clients of a process. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Clients {
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) sns: aws_sdk_sns::Client,
    pub(crate) secrets: aws_sdk_secretsmanager::Client,
}

impl Clients {
    /// Region and credentials as the environment of the process says; so are endpoints, where the
    /// deployment names none.
    pub async fn load(timeouts: CallTimeouts, deployment: &Deployment) -> Self {
        let mut config = aws_config::defaults(BehaviorVersion::latest())
            .timeout_config(timeouts.config())
            .retry_config(timeouts.retries());
        if let Some(url) = &deployment.endpoint_url {
            config = config.endpoint_url(url);
        }
        Self::new(&config.load().await)
    }

    /// Clients of this configuration.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            s3: aws_sdk_s3::Client::new(config),
            sqs: aws_sdk_sqs::Client::new(config),
            sns: aws_sdk_sns::Client::new(config),
            secrets: aws_sdk_secretsmanager::Client::new(config),
        }
    }
}
