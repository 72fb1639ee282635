//! What receivers of events get: those of SetMessageCallback, of UserData and of `--notify`.

use super::examples;
use super::schema::reference;
use crate::event::EventType;
use serde_json::{Map, Value, json};

pub(super) fn all() -> Value {
    let mut webhooks = Map::new();
    let snapshot = of(
        EventType::SnapshotComplete.name(),
        "A snapshot job has ended, with pictures or without.",
        &examples::snapshot_complete(),
    );
    webhooks.insert(EventType::SnapshotComplete.name().to_owned(), snapshot);
    for (kind, all, _) in examples::events() {
        let what = match kind {
            EventType::DynamicImageComplete => {
                "A job of an animated image has ended, with one or without."
            }
            _ => "A file has become a video, or could not.",
        };
        webhooks.insert(kind.name().to_owned(), of(kind.name(), what, &all));
    }
    Value::Object(webhooks)
}

fn of(name: &str, what: &str, example: &Value) -> Value {
    let header = |name: &str, what: &str| {
        json!({
            "name": name,
            "in": "header",
            "description": what,
            "schema": {"type": "string"},
        })
    };
    json!({"post": {
        "operationId": name,
        "summary": what,
        "description": format!("{what} An event may be delivered more than once, with the same body."),
        "tags": ["Events"],
        "security": [],
        "parameters": [
            header("X-VOD-EVENT-ID", "The same at each delivery of an event."),
            header("X-VOD-TIMESTAMP", "When it was signed, Unix time, s; with AuthSwitch on."),
            header("X-VOD-SIGNATURE", "MD5 of the URL, the timestamp and the AuthKey; with AuthSwitch on."),
            header("X-VOD-HMAC-SHA256", "HMAC of timestamp.body with the AuthKey; with AuthSwitch on."),
        ],
        "requestBody": {
            "required": true,
            "content": {"application/json": {"schema": reference(name), "example": example}},
        },
        "responses": {
            "200": {"description": "It was received."},
            "4XX": {"description": "It was not, and is delivered again later."},
        },
    }})
}
