//! What goes out by HTTP.

use crate::file;
use crate::opened;
use crate::place::NOTIFY;
use cloud::Emulated;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

pub(crate) const FILES: &[&str] = &["sqs-callback.json"];

#[tokio::test(flavor = "multi_thread")]
async fn the_url_of_a_callback_is_called_and_comes_again_where_nobody_answers() {
    let place = opened!();
    let mut stack = place.stack.clone();
    stack.deployment.callback_allow = vec!["127.0.0.1".to_owned()];
    let minute = Duration::from_secs(60);
    let notify = Emulated::start(NOTIFY, &stack.environment(), minute).await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let mut event = file::event("sqs-callback.json");
    let record = &mut event["Records"][0];
    let mut message: Value = serde_json::from_str(record["body"].as_str().unwrap()).unwrap();
    let body = message["body"].as_str().unwrap().to_owned();
    message["url"] = json!(url);
    record["body"] = json!(message.to_string());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    record["attributes"]["SentTimestamp"] = json!(now.unwrap().as_millis().to_string());
    let end = body.clone();
    let taken = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = String::new();
        while !request.ends_with(&end) {
            let mut part = [0; 4096];
            let count = stream.read(&mut part).unwrap();
            request.push_str(std::str::from_utf8(&part[..count]).unwrap());
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    });
    assert_eq!(
        notify.answer(&event).await,
        json!({"batchItemFailures": []})
    );
    taken.join().unwrap();
    // The port is closed now.
    let failed = notify.answer(&event).await;
    let id = &event["Records"][0]["messageId"];
    assert_eq!(&failed["batchItemFailures"][0]["itemIdentifier"], id);
}

/// As `sam-local.sh` invokes it.
#[tokio::test(flavor = "multi_thread")]
async fn a_callback_comes_again_where_the_settings_cannot_be_read() {
    let place = opened!();
    let mut environment = place.stack.environment();
    let nowhere = "http://127.0.0.1:9".to_owned();
    environment.retain(|(name, _)| name != "AWS_ENDPOINT_URL");
    environment.push(("ENDPOINT_URL".to_owned(), nowhere));
    // The function's own time.
    let notify = Emulated::start(NOTIFY, &environment, Duration::from_secs(15)).await;
    let event = file::event("sqs-callback.json");
    let failed = notify.answer(&event).await;
    let id = &event["Records"][0]["messageId"];
    assert_eq!(&failed["batchItemFailures"][0]["itemIdentifier"], id);
}
