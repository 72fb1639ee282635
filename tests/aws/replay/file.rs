//! The files of `events/`.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use contract::request::RawRequest;
use contract::signature::Secret;
use contract::signature::client::Signer;
use serde_json::{Map, Value};
use service::ports::{Clock, SystemClock};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events");

/// What the calls are signed with.
pub(crate) const KEY: (&str, &str) = ("vod-snapshot", "sample-secret");

pub(crate) fn names() -> Vec<String> {
    let files = std::fs::read_dir(FOLDER).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".json")).collect()
}

pub(crate) fn event(name: &str) -> Value {
    let text = std::fs::read_to_string(format!("{FOLDER}/{name}")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A call as if it were made now.
pub(crate) fn signed(name: &str, secret: &str) -> Value {
    let mut event = event(name);
    let signer = Signer::now(KEY.0, &Secret::new(secret), SystemClock.now_ms());
    let again = signer.resign(&raw(&event), &[]).unwrap();
    if let Some(again) = again {
        write(&mut event, again);
    }
    event
}

fn raw(event: &Value) -> RawRequest {
    let body = event["body"].as_str().unwrap_or_default();
    let headers = event["headers"].as_object().unwrap().iter();
    RawRequest {
        method: event["requestContext"]["http"]["method"]
            .as_str()
            .unwrap()
            .to_owned(),
        raw_query: event["rawQueryString"].as_str().unwrap().to_owned(),
        headers: headers
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
            .collect(),
        body: match event["isBase64Encoded"].as_bool().unwrap() {
            true => BASE64_STANDARD.decode(body).unwrap(),
            false => body.as_bytes().to_vec(),
        },
    }
}

fn write(event: &mut Value, raw: RawRequest) {
    event["rawQueryString"] = raw.raw_query.into();
    let headers = raw.headers.into_iter();
    event["headers"] = headers
        .map(|(name, value)| (name, value.into()))
        .collect::<Map<_, _>>()
        .into();
    if event["isBase64Encoded"] == true {
        event["body"] = BASE64_STANDARD.encode(raw.body).into();
    }
}
