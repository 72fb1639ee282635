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
