//! Calls of the service as an HTTP API hands them to the function behind it.

use crate::Function;
use contract::request::RawRequest;
use serde_json::{Map, Value, json};

/// Where the calls came to.
pub const HOST: &str = "abc.execute-api.us-east-1.amazonaws.com";

/// An event of payload format 2.0 with this call.
#[must_use]
pub fn event(raw: &RawRequest) -> Value {
    let headers = raw.headers.iter().cloned();
    let headers: Map<_, _> = headers.map(|(name, text)| (name, text.into())).collect();
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/",
        "rawQueryString": raw.raw_query, "headers": headers,
        "requestContext": {
            "http": {"method": raw.method, "path": "/", "protocol": "HTTP/1.1"},
            "domainName": HOST, "stage": "$default", "timeEpoch": 0,
        },
        "body": String::from_utf8(raw.body.clone()).unwrap(), "isBase64Encoded": false,
    })
}

/// What a successful call without a signature gives.
pub async fn call(submit: &Function, action: &str, parameters: &[(&str, &str)]) -> Value {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([("Action", action), ("Version", "2017-03-21")]);
    query.extend_pairs(parameters);
    let raw = RawRequest {
        method: "POST".to_owned(),
        raw_query: query.finish(),
        ..RawRequest::default()
    };
    let answer = submit.answer(event(&raw)).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
}

/// The bytes that whoever is led by this answer, a redirect, ends at.
pub async fn led_to(answer: &Value) -> Vec<u8> {
    let url = location(answer);
    let get = move || ureq::get(&url).call().unwrap().body_mut().read_to_vec();
    tokio::task::spawn_blocking(get).await.unwrap().unwrap()
}

/// Where a redirect leads; that it is one is checked.
#[allow(clippy::must_use_candidate, reason = "the check alone is of use")]
pub fn location(answer: &Value) -> String {
    assert_eq!(answer["statusCode"], 302, "{answer}");
    answer["headers"]["location"].as_str().unwrap().to_owned()
}
