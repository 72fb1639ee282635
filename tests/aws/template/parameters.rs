//! Whoever deploys is told what to say, and may say nothing.

use crate::template::Template;
use serde_json::Value;

/// What others build on.
const OUTPUTS: [&str; 7] = [
    "Endpoint",
    "TopicArn",
    "PictureBucket",
    "SourceBucketNames",
    "QueueUrl",
    "TableName",
    "KeysSecret",
];

pub(crate) fn described(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    let parameters = template.0["Parameters"].as_object().unwrap();
    for (name, said) in parameters {
        let described = said["Description"]
            .as_str()
            .is_some_and(|text| text.ends_with('.'));
        let bounded = ["AllowedValues", "AllowedPattern", "MinValue", "MaxLength"];
        let bounded = bounded.iter().any(|bound| said.get(bound).is_some());
        let list = said["Type"] == "CommaDelimitedList";
        for (right, what) in [
            (described, "no description"),
            (said.get("Default").is_some(), "no default"),
            (bounded || list, "no bounds"),
        ] {
            wrong.extend((!right).then(|| format!("{name}: {what}")));
        }
        wrong.extend((!is_used(&template.0, name)).then(|| format!("{name}: does nothing")));
    }
    for output in OUTPUTS {
        let there = template.0["Outputs"][output]["Description"].is_string();
        wrong.extend((!there).then(|| format!("no output {output}")));
    }
    wrong
}

fn is_used(value: &Value, name: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| is_used(item, name)),
        Value::Object(pairs) => pairs
            .iter()
            .any(|(key, held)| (key == "Ref" && held == name) || is_used(held, name)),
        _ => false,
    }
}
