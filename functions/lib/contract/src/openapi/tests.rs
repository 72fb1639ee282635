use super::*;
use crate::parameters;

#[test]
fn every_parameter_of_every_action_is_there_with_its_rule() {
    let document = document("http://127.0.0.1:8080");
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], "http://127.0.0.1:8080");
    for action in Action::ALL {
        let schema = &document["components"]["schemas"][action.name()];
        assert_eq!(schema["properties"]["Action"]["const"], action.name());
        for parameter in parameters::of(action) {
            let text = schema["properties"][parameter.name]["description"]
                .as_str()
                .unwrap();
            assert!(
                text.starts_with(parameter.doc),
                "{action:?} {}",
                parameter.name
            );
        }
    }
    let submit = &document["components"]["schemas"]["SubmitSnapshotJob"];
    assert_eq!(submit["properties"]["Width"]["minimum"], 8);
    assert_eq!(submit["properties"]["Width"]["maximum"], 4096);
    assert_eq!(submit["properties"]["Interval"]["default"], 1);
    assert_eq!(submit["allOf"][0]["anyOf"][1]["required"][0], "ReferenceId");
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document("http://h");
    let mut stack = vec![&document];
    let mut seen = 0;
    while let Some(value) = stack.pop() {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
            seen += 1;
        }
        match value {
            Value::Object(fields) => stack.extend(fields.values()),
            Value::Array(items) => stack.extend(items),
            _ => {}
        }
    }
    assert!(seen > 2 * Action::ALL.len());
}

#[test]
fn answers_have_the_types_that_sdks_read() {
    let document = document("http://h");
    let field = |pointer: &str| {
        let whole = format!(
            "/components/schemas/{}/type",
            pointer.replace('.', "/properties/")
        );
        document
            .pointer(&whole)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(
        field("SubmitSnapshotJobResponse.SnapshotJob.JobId"),
        "string"
    );
    assert_eq!(
        field("ListSnapshotsResponse.MediaSnapshot.Snapshots.Snapshot"),
        "array"
    );
    assert_eq!(field("GetVideoInfoResponse.Video.Duration"), "number");
    assert_eq!(field("GetVideoInfoResponse.Video.Size"), "integer");
    assert_eq!(field("Error.Code"), "string");
}
