//! The queue: a message is hidden long enough, tried often enough, and never lost.

use crate::template::{Template, shown};
use serde_json::json;

pub(crate) fn redriven(template: &Template) -> Vec<String> {
    let (queue, dead) = (template.resource("Queue"), template.resource("DeadLetters"));
    let worker = template.resource("Worker");
    let redrive = queue.property("RedrivePolicy");
    let tries = &redrive["maxReceiveCount"];
    let told = &worker.property("Environment")["Variables"]["MAX_RECEIVES"];
    let dies = redrive["deadLetterTargetArn"] == json!({"Fn::GetAtt": ["DeadLetters", "Arn"]});
    let stays = |value: &serde_json::Value| value.as_i64().unwrap_or_default();
    let dead_stays = stays(dead.property("MessageRetentionPeriod"));
    let event = &worker.property("Events")["Message"]["Properties"];
    let reports = event["FunctionResponseTypes"] == json!(["ReportBatchItemFailures"]);
    let bounded =
        event["ScalingConfig"]["MaximumConcurrency"] == json!({"Ref": "WorkerConcurrency"});
    [
        queue.expect(dies, "has no dead-letter queue"),
        queue.expect(
            tries == told && told.is_object(),
            "is tried as often as nobody told the worker",
        ),
        queue.expect(
            stays(queue.property("MessageRetentionPeriod")) >= 4 * 86_400,
            "forgets jobs",
        ),
        dead.expect(dead_stays >= 14 * 86_400, "forgets what nobody looked at"),
        worker.expect(
            shown(&event["Queue"]) == ["Queue.Arn"],
            "reads another queue",
        ),
        worker.expect(reports, "one message's failure is that of its batch"),
        worker.expect(bounded, "there is no bound to the workers"),
        worker.expect(
            worker.property("RecursiveLoop") == "Allow",
            "long jobs are taken for a loop",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Lambda asks for six times the function's time-out, whichever is chosen.
pub(crate) fn hidden_long_enough(template: &Template) -> Vec<String> {
    let (queue, worker) = (template.resource("Queue"), template.resource("Worker"));
    let mut wrong = Vec::new();
    let mapped = json!({"Fn::FindInMap": ["Visibility", {"Ref": "WorkerTimeout"}, "Seconds"]});
    wrong.extend(queue.expect(
        queue.property("VisibilityTimeout") == &mapped,
        "hides for another time",
    ));
    let timeout = worker.property("Timeout") == &json!({"Ref": "WorkerTimeout"});
    wrong.extend(worker.expect(timeout, "has another time-out"));
    for seconds in shown(&template.parameter("WorkerTimeout")["AllowedValues"]) {
        let timeout: i64 = seconds.parse().unwrap();
        let hidden = template.0["Mappings"]["Visibility"][&seconds]["Seconds"].as_i64();
        let enough = hidden.is_some_and(|hidden| hidden >= 6 * timeout && hidden <= 43_200);
        wrong.extend(queue.expect(enough, &format!("hides {hidden:?} s at {seconds} s")));
    }
    wrong
}
