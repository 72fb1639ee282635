//! The runbook for a worker that did not start: messages that the queue hides are sent once more.

use crate::stack;
use crate::system::{System, batch, clip, delivery, none_failed};
use aws_sdk_dynamodb::types::AttributeValue;

const RUNBOOK: &str = include_str!("../../../docs/aws.md");

/// What stands between two texts of the runbook.
fn said(before: &str, after: &str) -> &'static str {
    let (_, rest) = RUNBOOK.split_once(before).unwrap();
    rest.split_once(after).unwrap().0
}

/// The ids of the jobs that the runbook's scan finds.
async fn found(system: &System) -> Vec<String> {
    let scan = system.stack.dynamodb().scan();
    let scan = scan.table_name(&system.stack.deployment.table);
    let scan = scan.filter_expression(said("--filter-expression '", "'"));
    let kind = AttributeValue::S("JOB".to_owned());
    let items = scan.expression_attribute_values(":job", kind);
    let items = items.send().await.unwrap().items.unwrap_or_default();
    let key = |item: &std::collections::HashMap<String, AttributeValue>| {
        let key = item["pk"].as_s().unwrap();
        key.split_once('#').unwrap().1.to_owned()
    };
    items.iter().map(key).collect()
}

#[tokio::test]
async fn a_job_whose_message_is_hidden_is_done_by_the_one_that_the_runbook_sends() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let video = system.register("clip.mp4", clip(2, "320x180")).await;
    let parameters = [("Count", "2"), ("Interval", "1")];
    let done = system.job(&video, &parameters).await;
    let message = system.next_message().await.unwrap();
    assert!(none_failed(&worker.answer(delivery(&message)).await));
    assert_eq!(system.heard().await.unwrap()["Status"], "success");
    assert_eq!(system.manifest(&video, &done).await.pictures.len(), 2);
    let job = system.job(&video, &parameters).await;
    let hidden = system.next_message().await.unwrap();
    assert_eq!(found(&system).await, std::slice::from_ref(&job));
    let body = said("--message-body \\\n    \"", "\"\ndone");
    let body = body.replace("\\\"", "\"").replace("$job", &job);
    assert!(none_failed(&worker.answer(batch(&[&body], 1)).await));
    let heard = system.heard().await.unwrap();
    assert_eq!(heard["Status"], "success", "{heard}");
    assert_eq!(system.manifest(&video, &job).await.pictures.len(), 2);
    assert_eq!(found(&system).await, Vec::<String>::new());
    // Afterwards the first one is delivered after all.
    assert!(none_failed(&worker.answer(delivery(&hidden)).await));
    while let Some(again) = system.heard().await {
        assert_eq!(again, heard);
    }
}
