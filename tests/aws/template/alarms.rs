//! Somebody hears of what goes wrong.

use crate::template::{Template, shown};
use serde_json::{Value, json};

/// Namespace, metric, whose, and how it is counted.
const WATCHED: [(&str, &str, &str, &str); 10] = [
    (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "DeadLetters.QueueName",
        "Maximum",
    ),
    (
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        "Queue.QueueName",
        "Maximum",
    ),
    (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "CallbackDeadLetters.QueueName",
        "Maximum",
    ),
    ("AWS/Lambda", "Errors", "Worker", "Sum"),
    ("AWS/Lambda", "Errors", "Notify", "Sum"),
    ("AWS/Lambda", "Errors", "Submit", "Sum"),
    ("AWS/ApiGateway", "5xx", "Api", "Sum"),
    ("AWS/Lambda", "Throttles", "Submit", "Sum"),
    ("AWS/Lambda", "Throttles", "Worker", "Sum"),
    ("AWS/Lambda", "Throttles", "Notify", "Sum"),
];

pub(crate) fn watched(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut left = WATCHED.to_vec();
    for it in template.all("AWS::CloudWatch::Alarm") {
        let text = |name: &str| it.property(name).as_str().unwrap_or_default();
        let whose = shown(&it.property("Dimensions")[0]["Value"]);
        let of = (
            text("Namespace"),
            text("MetricName"),
            whose[0].as_str(),
            text("Statistic"),
        );
        left.retain(|wanted| *wanted != of);
        let threshold = it.property("Threshold");
        let patient = threshold == &serde_json::json!({"Ref": "OldestMessageAlarm"});
        wrong.extend(it.expect(patient || threshold == 0, "sounds late"));
        let seconds = |name: &str| it.property(name).as_u64().unwrap_or(u64::MAX);
        let after = seconds("Period").saturating_mul(seconds("EvaluationPeriods"));
        wrong.extend(it.expect(after <= 300, "is not heard within minutes"));
        wrong.extend(it.expect(
            text("ComparisonOperator") == "GreaterThanThreshold",
            "sounds at nothing",
        ));
        wrong.extend(it.expect(
            text("TreatMissingData") == "notBreaching",
            "sounds in quiet times",
        ));
        for actions in ["AlarmActions", "OKActions"] {
            wrong.extend(it.expect(is_heard(it.property(actions)), "somebody does not hear it"));
        }
    }
    wrong.extend(
        left.iter()
            .map(|metric| format!("nobody watches {metric:?}")),
    );
    wrong
}

/// Whoever does not want to pay for them has none.
pub(crate) fn optional(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for (kind, condition) in [
        ("AWS::CloudWatch::Alarm", "HasAlarms"),
        ("AWS::CloudWatch::Dashboard", "HasDashboard"),
    ] {
        for it in template.all(kind) {
            wrong.extend(it.expect(it.whole["Condition"] == condition, "is paid for by all"));
        }
    }
    wrong
}

/// By the topic that was named and by the address that was named: one does not take from the other.
fn is_heard(actions: &Value) -> bool {
    let named = |condition: &str, topic: &str| json!({"Fn::If": [condition, {"Ref": topic}, {"Ref": "AWS::NoValue"}]});
    *actions
        == json!([
            named("HasAlarmTopic", "AlarmTopicArn"),
            named("HasAlarmEmail", "AlarmTopic"),
        ])
}
