//! `/openapi.json` as a tool gets it: unsigned, whole, and of OpenAPI's shape.

use contract::action::Action;
use contract::parameters;
use serde_json::Value;

#[test]
fn the_document_is_served_to_anybody_and_covers_every_parameter() {
    let bench = super::bench(super::Scheme::Http, &["--qps", "0"]);
    let reply = bench
        .server
        .get(&format!("{}/openapi.json", bench.server.url));
    assert_eq!(
        (reply.status, reply.content_type.as_str()),
        (200, "application/json")
    );
    let document = reply.json();
    shape(&document);
    assert_eq!(document["servers"][0]["url"], bench.server.url);
    for action in Action::ALL {
        covers(&document["components"]["schemas"][action.name()], action);
    }
}

/// What OpenAPI 3.1 asks of every document, with an operation for each action.
fn shape(document: &Value) {
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["info"]["title"].is_string());
    assert!(document["info"]["version"].is_string());
    for action in Action::ALL {
        let operation = &document["paths"][format!("/{}", action.name())]["post"];
        assert_eq!(operation["operationId"], action.name());
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.contains_key("200"), "{action:?}");
        for (status, response) in responses {
            let response = followed(document, response);
            assert!(response["description"].is_string(), "{action:?} {status}");
            assert!(response["content"]["application/json"]["schema"].is_object());
        }
    }
}

fn followed<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{reference} leads nowhere")),
        None => value,
    }
}

fn covers(schema: &Value, action: Action) {
    assert_eq!(schema["type"], "object", "{action:?}");
    for parameter in parameters::of(action) {
        let property = &schema["properties"][parameter.name];
        assert!(property.is_object(), "{action:?} {}", parameter.name);
        let required = schema["required"].as_array().unwrap();
        let said = required.iter().any(|name| name == parameter.name);
        let should = parameter.required == parameters::Required::Always;
        assert_eq!(said, should, "{action:?} {}", parameter.name);
    }
}
