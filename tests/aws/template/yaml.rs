//! CloudFormation's YAML as the JSON it stands for: `!Ref x` is `{"Ref": "x"}`, `!If [..]` is
//! `{"Fn::If": [..]}`, `!GetAtt a.b` is `{"Fn::GetAtt": ["a", "b"]}`.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Value, json};

pub(crate) fn parse(text: &str) -> Value {
    let documents = Yaml::load_from_str(text).unwrap();
    assert_eq!(documents.len(), 1);
    value(&documents[0])
}

fn value(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(scalar) => of_scalar(scalar),
        Yaml::Sequence(items) => items.iter().map(value).collect(),
        Yaml::Mapping(pairs) => {
            let pairs = pairs.iter().map(|(key, held)| (name(key), value(held)));
            Value::Object(pairs.collect())
        }
        Yaml::Tagged(tag, held) => {
            assert_eq!(tag.handle, "!", "{tag:?}");
            tagged(&tag.suffix, value(held))
        }
        Yaml::Representation(..) | Yaml::Alias(_) | Yaml::BadValue => {
            panic!("CloudFormation takes no {yaml:?}")
        }
    }
}

fn name(key: &Yaml<'_>) -> String {
    match value(key) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn of_scalar(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(held) => json!(held),
        Scalar::Integer(held) => json!(held),
        Scalar::FloatingPoint(held) => json!(held.0),
        Scalar::String(held) => json!(held),
    }
}

fn tagged(tag: &str, held: Value) -> Value {
    match (tag, held) {
        ("Ref" | "Condition", held) => json!({ tag: held }),
        ("GetAtt", Value::String(path)) => {
            let (resource, attribute) = path.split_once('.').unwrap();
            json!({"Fn::GetAtt": [resource, attribute]})
        }
        (function, held) => json!({ format!("Fn::{function}"): held }),
    }
}

#[test]
fn short_forms_are_read_as_long_ones() {
    let read = parse("a: !If [c, !GetAtt X.Arn, !Sub '${X}/*']\nb: [!Ref AWS::NoValue, 5, \"5\"]");
    let expected = json!({
        "a": {"Fn::If": ["c", {"Fn::GetAtt": ["X", "Arn"]}, {"Fn::Sub": "${X}/*"}]},
        "b": [{"Ref": "AWS::NoValue"}, 5, "5"],
    });
    assert_eq!(read, expected);
}
