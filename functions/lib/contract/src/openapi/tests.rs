use super::*;
use crate::command::{Command, Limits};
use crate::parameters;
use crate::request::{RawRequest, Request};

fn open() -> Value {
    document("http://127.0.0.1:8080", CallSecurity::Open)
}

#[test]
fn every_parameter_of_every_action_is_there_with_its_rule() {
    let document = open();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], "http://127.0.0.1:8080");
    for action in Action::ALL {
        let schema = &document["components"]["schemas"][action.name()];
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
    let interval = submit["properties"]["Interval"]["description"].as_str();
    assert!(interval.unwrap().ends_with(" Default: 1."), "{interval:?}");
    assert_eq!(submit["allOf"][0]["anyOf"][1]["required"][0], "ReferenceId");
}

/// Generated clients sent each of them, or would not be called without.
#[test]
fn a_default_is_a_value_to_give() {
    for action in Action::ALL {
        let schema = schema::request(action).to_string();
        assert!(!schema.contains("\"default\":"), "{action:?}");
    }
}

#[test]
fn all_actions_shared_one_operation() {
    let document = open();
    for action in Action::ALL {
        let operation = &document["paths"][format!("/{}", action.name())]["post"];
        assert_eq!(operation["operationId"], action.name());
        let content = &operation["responses"]["200"]["content"]["application/json"];
        let schema = format!("#/components/schemas/{}Response", action.name());
        assert_eq!(content["schema"]["$ref"], schema.as_str());
    }
    assert!(document["paths"].get("/").is_none());
}

/// Each example is a call that is understood at the path of its action.
#[test]
fn every_example_is_a_valid_call() {
    let document = open();
    for action in Action::ALL {
        let content =
            &document["paths"][format!("/{}", action.name())]["post"]["requestBody"]["content"];
        let example = &content["application/x-www-form-urlencoded"]["example"];
        let pairs = example.as_object().unwrap().iter().map(|(name, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            format!("{name}={}", crate::form::encode_bytes(text.as_bytes()))
        });
        let form = "application/x-www-form-urlencoded".to_owned();
        let raw = RawRequest {
            method: "POST".to_owned(),
            headers: vec![("content-type".to_owned(), form)],
            body: pairs.collect::<Vec<_>>().join("&").into_bytes(),
            ..RawRequest::default()
        };
        let request = Request::decode(raw.at(&format!("/{}", action.name()))).unwrap();
        assert_eq!(request.action(), action);
        let limits = Limits { max_snapshots: 10 };
        let read = Command::read(&request, &limits);
        assert!(read.is_ok(), "{action:?}: {read:?}");
    }
}

#[test]
fn what_may_be_absent_is_not_required() {
    let document = open();
    let required = |pointer: &str| {
        let schema = document.pointer(&format!("/components/schemas/{pointer}/required"));
        let names = schema.and_then(Value::as_array).unwrap().iter();
        names
            .map(|name| name.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let detail = "GetJobDetailResponse/properties/SnapshotJobDetail";
    assert!(required(detail).contains(&"Status".to_owned()));
    assert!(!required(detail).contains(&"CompleteTime".to_owned()));
    let properties = document.pointer(&format!("/components/schemas/{detail}/properties"));
    assert!(properties.unwrap().get("ErrorCode").is_some());
    assert_eq!(
        required("SubmitSnapshotJobResponse"),
        ["RequestId", "SnapshotJob"]
    );
    assert!(!required("UploadByURLComplete").contains(&"ErrorCode".to_owned()));
}

#[test]
fn schemas_of_files_stand_in_the_document() {
    let document = open();
    for (name, property) in [
        ("SnapshotComplete", "SnapshotInfos"),
        ("Manifest", "Pictures"),
    ] {
        let schema = &document["components"]["schemas"][name];
        assert_eq!(schema["properties"][property]["type"], "array", "{name}");
        assert!(schema.get("$schema").is_none() && schema.get("if").is_none());
    }
}

#[test]
fn signed_calls_have_schemes_and_open_ones_need_none() {
    let signed = document("https://h", CallSecurity::Signed);
    for requirement in signed["security"].as_array().unwrap() {
        for name in requirement.as_object().unwrap().keys() {
            let scheme = &signed["components"]["securitySchemes"][name];
            assert_eq!(scheme["type"], "apiKey", "{name}");
        }
    }
    assert_eq!(open()["security"], json!([]));
}

#[test]
fn every_reference_leads_somewhere() {
    let document = open();
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
    let document = open();
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
