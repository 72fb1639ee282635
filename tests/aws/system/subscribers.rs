//! Who hears the topic: a queue, and an HTTP server.

use aws_config::SdkConfig;
use aws_sdk_sqs::types::QueueAttributeName;
use axum::Router;
use axum::extract::State;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// All that one of them heard.
type Heard = Arc<Mutex<Vec<String>>>;

pub(crate) struct Subscribers {
    queue: Heard,
    http: Heard,
}

impl Subscribers {
    pub(crate) async fn to(config: &SdkConfig, topic: &str) -> Self {
        let both = Self {
            queue: Heard::default(),
            http: Heard::default(),
        };
        let queue = listen_by_queue(config, topic, Arc::clone(&both.queue)).await;
        subscribe(config, topic, "sqs", &queue, true).await;
        let url = listen_by_http(config, topic, Arc::clone(&both.http)).await;
        subscribe(config, topic, "http", &url, false).await;
        both
    }

    /// The event with this text, as both of them got it: the same.
    pub(crate) fn event_with(&self, text: &str, patience: Duration) -> String {
        let until = Instant::now() + patience;
        loop {
            let one = self.all_with(text);
            if let [Some(queue), Some(http)] = &one {
                assert_eq!(queue, http);
                return queue.clone();
            }
            assert!(Instant::now() < until, "no event with {text}: {one:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Of each the first event with this text; whatever else has it must be the same.
    fn all_with(&self, text: &str) -> [Option<String>; 2] {
        [&self.queue, &self.http].map(|heard| {
            let heard = heard.lock().unwrap();
            let mut events = heard.iter().filter(|event| event.contains(text));
            let first = events.next().cloned();
            assert!(events.all(|event| Some(event) == first.as_ref()));
            first
        })
    }
}

async fn subscribe(config: &SdkConfig, topic: &str, protocol: &str, to: &str, raw: bool) {
    let sns = aws_sdk_sns::Client::new(config);
    let subscribe = sns.subscribe().topic_arn(topic).protocol(protocol);
    let subscribe = subscribe.endpoint(to);
    let subscribe = subscribe.attributes("RawMessageDelivery", raw.to_string());
    subscribe.send().await.unwrap();
}

/// The queue's ARN.
async fn listen_by_queue(config: &SdkConfig, topic: &str, heard: Heard) -> String {
    let sqs = aws_sdk_sqs::Client::new(config);
    let made = sqs.create_queue().queue_name("heard").send().await.unwrap();
    let url = made.queue_url.unwrap();
    let arn = QueueAttributeName::QueueArn;
    let get = sqs.get_queue_attributes().queue_url(&url);
    let got = get.attribute_names(arn.clone()).send().await.unwrap();
    let arn = got.attributes.unwrap()[&arn].clone();
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage", "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }]});
    let set = sqs.set_queue_attributes().queue_url(&url);
    let set = set.attributes(QueueAttributeName::Policy, policy.to_string());
    set.send().await.unwrap();
    tokio::spawn(async move {
        loop {
            let receive = sqs.receive_message().queue_url(&url).wait_time_seconds(5);
            let Ok(received) = receive.send().await else {
                continue;
            };
            for message in received.messages.unwrap_or_default() {
                heard.lock().unwrap().push(message.body.unwrap());
                let delete = sqs.delete_message().queue_url(&url);
                let delete = delete.set_receipt_handle(message.receipt_handle);
                delete.send().await.unwrap();
            }
        }
    });
    arn
}

#[derive(Clone)]
struct Server {
    sns: aws_sdk_sns::Client,
    topic: String,
    heard: Heard,
}

/// Its URL.
async fn listen_by_http(config: &SdkConfig, topic: &str, heard: Heard) -> String {
    let server = Server {
        sns: aws_sdk_sns::Client::new(config),
        topic: topic.to_owned(),
        heard,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().fallback(take).with_state(server);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn take(State(server): State<Server>, body: String) {
    let notice: Value = serde_json::from_str(&body).unwrap();
    if notice["Type"] == "SubscriptionConfirmation" {
        let token = notice["Token"].as_str().unwrap().to_owned();
        // The emulator waits for this answer before it takes the confirmation.
        tokio::spawn(async move {
            let confirm = server.sns.confirm_subscription().topic_arn(server.topic);
            confirm.token(token).send().await.unwrap();
        });
        return;
    }
    let event = notice["Message"].as_str().unwrap().to_owned();
    server.heard.lock().unwrap().push(event);
}
