//! A stack of an earlier release becomes one of this, and keeps what it holds.

use crate::template::Template;
use serde_json::{Value, json};

/// What of a stack of release 0.1.0 holds something: a resource with another name, type or condition
/// is another resource, and the one that was there goes.
const KEPT: [(&str, &str, Option<&str>); 8] = [
    ("Api", "AWS::Serverless::HttpApi", None),
    ("Keys", "AWS::SecretsManager::Secret", Some("MakesKeys")),
    ("Queue", "AWS::SQS::Queue", None),
    ("DeadLetters", "AWS::SQS::Queue", None),
    ("Table", "AWS::DynamoDB::Table", None),
    ("Pictures", "AWS::S3::Bucket", None),
    ("Source", "AWS::S3::Bucket", Some("MakesSource")),
    ("Topic", "AWS::SNS::Topic", None),
];

/// With these CloudFormation makes another one in the place of what is there.
const REPLACING: [&str; 10] = [
    "Name",
    "QueueName",
    "FifoQueue",
    "TableName",
    "LocalSecondaryIndexes",
    "BucketName",
    "BucketNamePrefix",
    "ObjectLockEnabled",
    "TopicName",
    "FifoTopic",
];

/// Parameters of 0.1.0 and what they are by default, as they were then: `sam deploy` gives the values of the
/// last time. A stack of then keeps its 10 workers; a new one has as many as a large job needs.
const PARAMETERS: [(&str, &str); 25] = [
    ("Auth", "keys"),
    ("AccessKeyId", "vod-snapshot"),
    ("KeysSecretArn", ""),
    ("MaxQps", "30"),
    ("UserId", "0"),
    ("SourceBuckets", ""),
    ("RegisterPrefix", ""),
    ("PublicBaseUrl", ""),
    ("DistributionArn", ""),
    ("PictureDays", "0"),
    ("JpegQuality", "90"),
    ("MaxSnapshots", "20000"),
    ("Limits", ""),
    ("Architecture", "x86_64"),
    ("WorkerMemory", "3008"),
    ("WorkerTimeout", "900"),
    ("WorkerConcurrency", "60"),
    ("BatchSize", "1"),
    ("SubmitMemory", "512"),
    ("LogDays", "30"),
    ("LogLevel", "info"),
    ("AlarmEmail", ""),
    ("AlarmTopicArn", ""),
    ("OldestMessageAlarm", "900"),
    ("EndpointUrl", ""),
];

pub(crate) fn keeps_what_it_holds(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for (id, kind, condition) in KEPT {
        let Some(it) = template.resources().find(|it| it.id == id) else {
            wrong.push(format!("{id}: goes with an upgrade"));
            continue;
        };
        let same = it.whole["Type"] == kind && it.whole["Condition"].as_str() == condition;
        wrong.extend(it.expect(same, "is another resource after an upgrade"));
        for name in REPLACING {
            wrong.extend(it.expect(
                it.property(name).is_null(),
                &format!("is replaced by {name}"),
            ));
        }
    }
    let keys = json!([
        {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"},
    ]);
    let table = template.resources().find(|it| it.id == "Table");
    let same = table.is_some_and(|it| it.property("KeySchema") == &keys);
    wrong.extend((!same).then(|| "Table: is replaced by KeySchema".to_owned()));
    for (name, default) in PARAMETERS {
        let now = match &template.parameter(name)["Default"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        wrong.extend((now != default).then(|| format!("{name}: {now} after an upgrade")));
    }
    wrong
}
