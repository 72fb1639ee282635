//! Two subscribers of the topic: a queue, and a server over HTTP that consents as one has to.

use aws_config::SdkConfig;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::Value;
use std::collections::BTreeMap;
use support::subscriber::Subscriber;

/// Both, of one topic.
pub(crate) struct Hearing {
    sqs: aws_sdk_sqs::Client,
    queue_url: String,
    http: Subscriber,
}

impl Hearing {
    pub(crate) async fn subscribe(config: &SdkConfig, topic_arn: &str) -> Self {
        let (sns, sqs) = (
            aws_sdk_sns::Client::new(config),
            aws_sdk_sqs::Client::new(config),
        );
        let name = format!("heard-{}", contract::id::new());
        let queue = sqs.create_queue().queue_name(name).send().await.unwrap();
        let queue_url = queue.queue_url.unwrap();
        let wanted = QueueAttributeName::QueueArn;
        let attributes = sqs.get_queue_attributes().queue_url(&queue_url);
        let attributes = attributes
            .attribute_names(wanted.clone())
            .send()
            .await
            .unwrap();
        let arn = attributes.attributes.unwrap()[&wanted].clone();
        let subscribe = sns.subscribe().topic_arn(topic_arn).protocol("sqs");
        subscribe.endpoint(arn).send().await.unwrap();
        let http = Subscriber::start(&[]);
        let subscribe = sns.subscribe().topic_arn(topic_arn).protocol("http");
        subscribe.endpoint(&http.url).send().await.unwrap();
        let asked = http.next().json();
        assert_eq!(asked["Type"], "SubscriptionConfirmation", "{asked}");
        let confirm = sns.confirm_subscription().topic_arn(topic_arn);
        let token = asked["Token"].as_str().unwrap();
        confirm.token(token).send().await.unwrap();
        Self {
            sqs,
            queue_url,
            http,
        }
    }

    /// The next event, which both get, and its attributes.
    pub(crate) async fn next(&self) -> (Value, BTreeMap<String, String>) {
        let queued = self.queued().await;
        let posted = self.http.next().json();
        assert_eq!(posted["Type"], "Notification");
        assert_eq!(posted["Message"], queued["Message"]);
        let attributes = queued["MessageAttributes"].as_object().unwrap().iter();
        let text = |value: &Value| value["Value"].as_str().unwrap().to_owned();
        let attributes = attributes.map(|(name, value)| (name.clone(), text(value)));
        let event = serde_json::from_str(queued["Message"].as_str().unwrap());
        (event.unwrap(), attributes.collect())
    }

    /// Whether no more events come for a while.
    pub(crate) fn is_quiet(&self) -> bool {
        self.http.is_quiet()
    }

    async fn queued(&self) -> Value {
        for _ in 0..60 {
            let receive = self.sqs.receive_message().queue_url(&self.queue_url);
            let received = receive.wait_time_seconds(2).send().await.unwrap();
            let Some(message) = received.messages.and_then(|mut all| all.pop()) else {
                continue;
            };
            let delete = self.sqs.delete_message().queue_url(&self.queue_url);
            let receipt = message.receipt_handle().unwrap();
            delete.receipt_handle(receipt).send().await.unwrap();
            return serde_json::from_str(message.body().unwrap()).unwrap();
        }
        panic!("no event came");
    }
}
