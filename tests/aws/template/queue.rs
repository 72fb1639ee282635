//! The queue: a message is hidden long enough, tried often enough, and never lost.

use crate::template::{Resource, Template, shown, unconditional};
use serde_json::json;

/// What was delivered so often is given up: more often than any job is tried in its day, at the
/// shortest time that a delivery which came to nothing stays hidden.
const RECEIVES: i64 = 1000;

const DAY_S: i64 = 86_400;

pub(crate) fn redriven(template: &Template) -> Vec<String> {
    let (queue, given_up) = (template.resource("Queue"), template.resource("GivenUp"));
    let dead = template.resource("DeadLetters");
    let worker = template.resource("Worker");
    let number = |value: &serde_json::Value| value.as_i64().unwrap_or_default();
    let leads = |from: Resource<'_>, to: &str| {
        let redrive = from.property("RedrivePolicy");
        redrive["deadLetterTargetArn"] == json!({"Fn::GetAtt": [to, "Arn"]})
            && number(&redrive["maxReceiveCount"]) >= RECEIVES
    };
    let stays = |of: Resource<'_>| number(of.property("MessageRetentionPeriod"));
    let told = &worker.property("Environment")["Variables"];
    let source = |name: &str| &worker.property("Events")[name]["Properties"];
    let reads = |name: &str, queue: &str| shown(&source(name)["Queue"]) == [queue];
    let reports =
        |name: &str| source(name)["FunctionResponseTypes"] == json!(["ReportBatchItemFailures"]);
    let bound = |name: &str| &source(name)["ScalingConfig"]["MaximumConcurrency"];
    [
        queue.expect(
            leads(queue, "GivenUp"),
            "gives up early, or where no job is ended",
        ),
        given_up.expect(leads(given_up, "DeadLetters"), "loses what can't be ended"),
        dead.expect(
            dead.property("RedrivePolicy").is_null(),
            "is not the end of the way",
        ),
        queue.expect(stays(queue) >= 4 * DAY_S, "forgets jobs"),
        given_up.expect(stays(given_up) >= 14 * DAY_S, "forgets what was given up"),
        dead.expect(stays(dead) >= 14 * DAY_S, "forgets what nobody looked at"),
        worker.expect(reads("Message", "Queue.Arn"), "reads another queue"),
        worker.expect(
            reads("GivenUp", "GivenUp.Arn"),
            "does not read what was given up",
        ),
        worker.expect(
            shown(&told["GIVEN_UP_ARN"]) == ["GivenUp.Arn"],
            "does not know what was given up",
        ),
        worker.expect(
            shown(&told["DEAD_LETTERS_URL"]) == ["DeadLetters"],
            "puts aside elsewhere",
        ),
        worker.expect(
            reports("Message") && reports("GivenUp"),
            "one message's failure is that of its batch",
        ),
        worker.expect(
            bound("Message") == &json!({"Ref": "WorkerConcurrency"}) && bound("GivenUp") == 2,
            "there is no bound to the workers",
        ),
        worker.expect(
            worker.property("Events").as_object().unwrap().len() == 2,
            "reads something else",
        ),
        worker.expect(
            worker.property("RecursiveLoop") == "Allow",
            "long jobs are taken for a loop",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A file that arrived is heard of, or found by a person.
pub(crate) fn arrivals(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for it in template.all("AWS::Events::Rule") {
        let target = &it.property("Targets")[0];
        let to_queue = shown(&target["Arn"]) == ["Queue.Arn"];
        wrong.extend(it.expect(to_queue, "sends its events elsewhere"));
        let kept = shown(&target["DeadLetterConfig"]["Arn"]) == ["DeadLetters.Arn"];
        wrong.extend(it.expect(kept, "loses events"));
        for policy in ["QueuePolicy", "DeadLettersPolicy"] {
            let found = template.resources().find(|resource| resource.id == policy);
            let statements = found.map(|found| &found.property("PolicyDocument")["Statement"]);
            let let_in = statements
                .map(unconditional)
                .unwrap_or_default()
                .into_iter()
                .any(|statement| {
                    statement["Principal"]["Service"] == "events.amazonaws.com"
                        && statement["Effect"] == "Allow"
                        && statement["Action"] == "sqs:SendMessage"
                        && shown(&statement["Condition"]["ArnEquals"]["aws:SourceArn"])
                            == [format!("{}.Arn", it.id)]
                });
            wrong.extend(it.expect(let_in, &format!("is refused by {policy}")));
        }
    }
    wrong
}

/// Lambda asks for six times the function's time-out, whichever is chosen.
pub(crate) fn hidden_long_enough(template: &Template) -> Vec<String> {
    let (queue, worker) = (template.resource("Queue"), template.resource("Worker"));
    let mut wrong = Vec::new();
    let mapped = json!({"Fn::FindInMap": ["Visibility", {"Ref": "WorkerTimeout"}, "Seconds"]});
    for read in [queue, template.resource("GivenUp")] {
        wrong.extend(read.expect(
            read.property("VisibilityTimeout") == &mapped,
            "hides for another time",
        ));
    }
    let timeout = worker.property("Timeout") == &json!({"Ref": "WorkerTimeout"});
    wrong.extend(worker.expect(timeout, "has another time-out"));
    for seconds in shown(&template.parameter("WorkerTimeout")["AllowedValues"]) {
        let timeout: i64 = seconds.parse().unwrap();
        let hidden = template.0["Mappings"]["Visibility"][&seconds]["Seconds"].as_i64();
        let enough = hidden.is_some_and(|hidden| hidden >= 6 * timeout && hidden <= 43_200);
        wrong.extend(queue.expect(enough, &format!("hides {hidden:?} s at {seconds} s")));
        // Deliveries that a function never took, for want of room or since it can't start.
        let lasts = hidden.is_some_and(|hidden| hidden * RECEIVES > DAY_S);
        wrong.extend(queue.expect(lasts, "gives up before a job's day is over"));
    }
    wrong
}
