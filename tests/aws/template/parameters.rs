//! Whoever deploys is told what to say, and may say nothing.

use crate::template::Template;
use regex_lite::Regex;
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
        for (right, what) in [
            (described, "no description"),
            (said.get("Default").is_some(), "no default"),
            (bounded, "no bounds"),
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

/// What is taken and what is refused, by the parameters that become rights or hosts to call.
const EXAMPLES: &[(&str, &[&str], &[&str])] = &[
    (
        "SourceBuckets",
        &["", "films", "my.films-2", "Old_Films"],
        &["*", "films*", "films/*", "fil?s", "a b"],
    ),
    ("SourceKeyArns", KEYS.0, KEYS.1),
    ("BucketKeyArn", KEYS.0, KEYS.1),
    ("KeysSecretKeyArn", KEYS.0, KEYS.1),
    (
        "KeysSecretArn",
        &[
            "",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:dir/keys-AbCdEf",
        ],
        &[
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:*",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:key?-AbCdEf",
            "keys",
        ],
    ),
    (
        "TemplatesUri",
        &["", "s3://films/templates.json"],
        &["s3://films/*", "s3://*/a.json", "s3://films/"],
    ),
    (
        "AlarmTopicArn",
        &["", "arn:aws:sns:us-east-1:123456789012:on-call"],
        &["arn:aws:sns:us-east-1:123456789012:*", "on-call"],
    ),
    ("UploadAllow", HOSTS.0, HOSTS.1),
    ("CallbackAllow", HOSTS.0, HOSTS.1),
    (
        "Limits",
        &["", "streams=7", "copied-bytes=500MB,memory-bytes=1GiB"],
        &["streams", "streams=", "copied-bytes=1 or so"],
    ),
];

type Examples = (&'static [&'static str], &'static [&'static str]);

/// Rights on the ARN of an alias are rights on nothing, and a wildcard is every key of the account.
const KEYS: Examples = (
    &[
        "",
        "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab",
    ],
    &[
        "*",
        "arn:aws:kms:us-east-1:123456789012:key/*",
        "arn:aws:kms:us-east-1:123456789012:key/????",
        "arn:aws:kms:us-east-1:123456789012:alias/films",
        "alias/films",
    ],
);

const HOSTS: Examples = (
    &[
        "",
        "films.example.com",
        "localhost:9000",
        "10.0.0.0/8",
        "[fd00::1]:443",
    ],
    &["a b", "a;b", "http://films.example.com/?x"],
);

/// Patterns hold for the whole of a text, and for each text of a list.
pub(crate) fn refused(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, right, not) in EXAMPLES {
        let pattern = template.parameter(name)["AllowedPattern"].as_str();
        let pattern = format!("^(?:{})$", pattern.unwrap_or(".*"));
        let pattern = Regex::new(&pattern).unwrap();
        let refused = right.iter().filter(|text| !pattern.is_match(text));
        wrong.extend(refused.map(|text| format!("{name}: refuses {text}")));
        let taken = not.iter().filter(|text| pattern.is_match(text));
        wrong.extend(taken.map(|text| format!("{name}: takes {text}")));
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
