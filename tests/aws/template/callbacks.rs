//! Callbacks: one receiver's trouble is its own, an event is tried for a day, and none is lost.

use crate::template::{Resource, Template, shown};
use serde_json::{Value, json};

const DAY_S: i64 = 86_400;

/// Far more than the attempts of a day, some thirty: what the function never took costs none.
const RECEIVES: i64 = 1000;

/// What SQS keeps, and hides, for the longest.
const LONGEST_KEPT_S: i64 = 14 * DAY_S;
const LONGEST_HIDDEN_S: i64 = 43_200;

pub(crate) fn delivered(template: &Template) -> Vec<String> {
    let (queue, dead) = (
        template.resource("Callbacks"),
        template.resource("CallbackDeadLetters"),
    );
    let notify = template.resource("Notify");
    let mut wrong = in_groups(queue);
    wrong.extend(in_groups(dead));
    wrong.extend(tried_for_a_day(queue, notify));
    wrong.extend(sent_one_by_one(template, notify));
    let told = |of: &str, name: &str| {
        shown(&template.resource(of).property("Environment")["Variables"][name])
    };
    for (of, name, expected) in [
        ("Worker", "CALLBACKS_URL", "Callbacks"),
        ("Notify", "CALLBACKS_URL", "Callbacks"),
        ("Notify", "CALLBACK_DEAD_LETTERS_URL", "CallbackDeadLetters"),
    ] {
        let right = told(of, name) == [expected];
        wrong.extend((!right).then(|| format!("{of}: {name} leads elsewhere")));
    }
    wrong.extend(dead.expect(
        dead.property("RedrivePolicy").is_null()
            && number(dead.property("MessageRetentionPeriod")) >= LONGEST_KEPT_S,
        "is not the end of the way",
    ));
    wrong
}

/// Messages of a group wait for one another and for no others, and a group's limit is its own.
fn in_groups(queue: Resource<'_>) -> Vec<String> {
    let is = |name: &str, value: Value| queue.property(name) == &value;
    [
        queue.expect(is("FifoQueue", json!(true)), "has no groups"),
        queue.expect(
            is("DeduplicationScope", json!("messageGroup"))
                && is("FifoThroughputLimit", json!("perMessageGroupId")),
            "is as fast as all receivers together",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn tried_for_a_day(queue: Resource<'_>, notify: Resource<'_>) -> Vec<String> {
    let redrive = queue.property("RedrivePolicy");
    let receives = number(&redrive["maxReceiveCount"]);
    let hidden = number(queue.property("VisibilityTimeout"));
    let timeout = number(notify.property("Timeout"));
    let dead = json!({"Fn::GetAtt": ["CallbackDeadLetters", "Arn"]});
    [
        queue.expect(redrive["deadLetterTargetArn"] == dead, "loses events"),
        queue.expect(
            receives >= RECEIVES && receives * hidden > DAY_S,
            "gives up before the day is over",
        ),
        queue.expect(
            hidden >= 6 * timeout && hidden <= LONGEST_HIDDEN_S,
            "hides for another time than Lambda asks for",
        ),
        queue.expect(
            number(queue.property("MessageRetentionPeriod")) >= LONGEST_KEPT_S,
            "forgets events that wait for a receiver",
        ),
        // Name resolution, connection and answer, twice two seconds for AWS, and a cold start.
        notify.expect(timeout >= 12, "has no time for an attempt"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn sent_one_by_one(template: &Template, notify: Resource<'_>) -> Vec<String> {
    let events = notify.property("Events").as_object().unwrap();
    let source = &notify.property("Events")["Callback"]["Properties"];
    [
        notify.expect(
            events.len() == 1 && shown(&source["Queue"]) == ["Callbacks.Arn"],
            "reads something else",
        ),
        notify.expect(source["BatchSize"] == 1, "a receiver waits for others"),
        notify.expect(
            source["FunctionResponseTypes"] == json!(["ReportBatchItemFailures"]),
            "what comes again is deleted",
        ),
        notify.expect(
            source["ScalingConfig"]["MaximumConcurrency"] == json!({"Ref": "CallbackConcurrency"}),
            "there is no bound to the callbacks",
        ),
        notify.expect(
            notify.property("RecursiveLoop") == "Allow",
            "an event that is refused often is taken for a loop",
        ),
        notify.expect(
            template.of_function(notify, "VpcConfig").is_null(),
            "reaches a network that is nobody's business",
        ),
        notify.expect(
            template.parameter("CallbackAllow")["Default"] == "",
            "calls others than public addresses",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}
