use crate::asking::picture;
use crate::stack;
use crate::system::{MINUTE, System, batch, clip, delivery, none_failed};
use cloud::clips::inside;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_job_goes_from_the_call_to_pictures_and_an_event() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let video = system.register("d/clip.mp4", clip(4, "320x180")).await;
    let job = system
        .job(&video, &[("Count", "4"), ("Interval", "1")])
        .await;
    let message = system.next_message().await.unwrap();
    let event = delivery(&message);
    let trace = &event["Records"][0]["attributes"]["AWSTraceHeader"];
    assert_eq!(trace, "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1");
    assert!(none_failed(&worker.answer(event).await));
    let heard = system.heard().await.unwrap();
    assert_eq!(heard["Status"], "success", "{heard}");
    assert_eq!(heard["VideoId"], json!(video));
    assert_eq!(heard["SnapshotInfos"][0]["SnapshotCount"], 4);
    let parameters = [("JobId", job.as_str()), ("JobType", "snapshot")];
    let detail = system.call("GetJobDetail", &parameters).await;
    assert!(detail.to_string().contains("\"Success\""), "{detail}");
    let parameters = [
        ("VideoId", video.as_str()),
        ("SnapshotType", "NormalSnapshot"),
    ];
    let listed = system.call("ListSnapshots", &parameters).await;
    assert_eq!(listed["MediaSnapshot"]["Total"], 4);
    let url = listed
        .pointer("/MediaSnapshot/Snapshots/Snapshot/0/Url")
        .unwrap();
    let jpeg = picture(&system.submit, url.as_str().unwrap()).await;
    assert_eq!(jpeg[..3], [0xff, 0xd8, 0xff]);
    assert_eq!(worker.left_behind(), 0);
}

/// It was read eight times and then failed as an unknown error.
#[tokio::test]
async fn a_file_that_the_disk_does_not_hold_is_read_again_and_again() {
    let mut stack = stack!();
    stack.deployment.scratch_mb = Some(1);
    let system = System::start(stack).await;
    let worker = system.worker().await;
    let large = inside("avi", &clip(60, "640x360"));
    assert!(large.len() > 1 << 20, "{}", large.len());
    let small = inside("avi", &clip(2, "320x180"));
    assert!(small.len() < 1 << 19, "{}", small.len());
    for (name, bytes, end) in [("a.avi", large, "fail"), ("b.avi", small, "success")] {
        let video = system.register(name, bytes).await;
        system.job(&video, &[("Count", "1")]).await;
        let message = system.next_message().await.unwrap();
        assert!(none_failed(&worker.answer(delivery(&message)).await));
        let heard = system.heard().await.unwrap();
        assert_eq!(heard["Status"], end, "{heard}");
        if end == "fail" {
            assert_eq!(heard["ErrorCode"], "LimitExceeded.CopiedBytes", "{heard}");
        }
    }
}

#[tokio::test]
async fn a_new_video_is_looked_into() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let video = system.register("clip.mp4", clip(2, "320x180")).await;
    let message = json!({"Probe": {"video_id": video}}).to_string();
    assert!(none_failed(&worker.answer(batch(&[&message], 1)).await));
    let info = system
        .call("GetMezzanineInfo", &[("VideoId", &video)])
        .await;
    assert!(info.to_string().contains("320"), "{info}");
}

#[tokio::test]
async fn one_message_s_failure_is_its_own() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let video = system.register("clip.mp4", clip(2, "320x180")).await;
    system.job(&video, &[("Count", "1")]).await;
    let good = system.next_message().await.unwrap();
    let event = batch(&["{\"Nothing\": 1}", good.body().unwrap(), "\0"], 1);
    let answer = worker.answer(event).await;
    let failed: Vec<_> = answer["batchItemFailures"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    let failed: Vec<_> = failed.iter().map(|item| &item["itemIdentifier"]).collect();
    assert_eq!(failed, [&json!("0"), &json!("2")]);
    assert_eq!(system.heard().await.unwrap()["Status"], "success");
}

#[tokio::test]
async fn a_video_that_is_none_ends_its_job_at_once() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let video = system.register("clip.mp4", vec![7; 5000]).await;
    system.job(&video, &[("Count", "1")]).await;
    let message = system.next_message().await.unwrap();
    assert!(none_failed(&worker.answer(delivery(&message)).await));
    let heard = system.heard().await.unwrap();
    assert_eq!(heard["Status"], "fail");
    assert_eq!(heard["ErrorCode"], "InvalidParameter.ResourceContentBad");
    let lines = worker.lines("Failures", 1).await;
    let failures = |line: &&Value| line.get("Failures").is_some();
    let failure = lines.iter().find(failures).unwrap();
    assert_eq!(failure["Code"], "InvalidParameter.ResourceContentBad");
}

#[tokio::test]
async fn what_cannot_be_done_now_comes_again_however_often_it_was_delivered() {
    let system = System::start(stack!()).await;
    let mut broken = system.stack.clone();
    let video = system.register("clip.mp4", clip(2, "320x180")).await;
    system.job(&video, &[("Count", "1")]).await;
    let message = system.next_message().await.unwrap();
    let body = message.body().unwrap();
    // Pictures have nowhere to go.
    broken.deployment.bucket = "no-such-bucket".to_owned();
    let worker = cloud::Function::start(crate::system::WORKER, &broken.environment()).await;
    for receives in [1, 5, 99] {
        let again = worker.answer(batch(&[body], receives)).await;
        assert_eq!(again["batchItemFailures"][0]["itemIdentifier"], "0");
    }
    // Before the queue gives it up it is sent anew.
    assert!(none_failed(&worker.answer(batch(&[body], 100)).await));
    assert_eq!(system.heard().await, None);
    let worker = system.worker().await;
    assert!(none_failed(&worker.answer(batch(&[body], 900)).await));
    let heard = system.heard().await.unwrap();
    assert_eq!(heard["Status"], "success", "{heard}");
}

#[tokio::test]
async fn a_job_that_its_queue_gave_up_ends_with_a_code_of_its_own() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let video = system.register("clip.mp4", clip(2, "320x180")).await;
    system.job(&video, &[("Count", "1")]).await;
    let message = system.next_message().await.unwrap();
    let mut event = batch(&[message.body().unwrap(), "{\"Nothing\": 1}"], 1);
    for record in event["Records"].as_array_mut().unwrap() {
        record["eventSourceARN"] = json!(cloud::stack::GIVEN_UP_ARN);
    }
    let answer = worker.answer(event).await;
    let failed = answer["batchItemFailures"].as_array().unwrap();
    assert_eq!(failed.len(), 1, "what makes no sense stays: {answer}");
    assert_eq!(failed[0]["itemIdentifier"], "1");
    let heard = system.heard().await.unwrap();
    assert_eq!(heard["ErrorCode"], "TransientFailure");
    assert!(system.objects(&video).await.is_empty());
}

#[tokio::test]
async fn lines_and_metrics_say_what_a_job_used() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let video = system.register("clip.mp4", clip(4, "320x180")).await;
    let job = system
        .job(&video, &[("Count", "3"), ("Interval", "1")])
        .await;
    let message = system.next_message().await.unwrap();
    let call = worker.call(delivery(&message), MINUTE);
    assert!(none_failed(&call.await.unwrap().unwrap()));
    let lines = worker.lines("BytesRead", 1).await;
    let taken = lines
        .iter()
        .find(|line| line["Message"] == "pictures taken")
        .unwrap();
    assert_eq!(
        (&taken["JobId"], &taken["VideoId"]),
        (&json!(job), &json!(video))
    );
    assert!(taken["RequestId"].is_string());
    let metrics = lines
        .iter()
        .find(|line| line.get("BytesRead").is_some())
        .unwrap();
    assert_eq!(
        (&metrics["Pictures"], &metrics["ColdStart"]),
        (&json!(3), &json!(1))
    );
    for name in ["BytesRead", "BytesWritten", "QueueDelay"] {
        assert!(metrics[name].as_u64().unwrap() > 0, "{name}: {metrics}");
    }
    let usage = system.manifest(&video, &job).await.usage.unwrap();
    assert_eq!(metrics["BytesRead"], usage.bytes_read);
    assert_eq!(usage.writes, 3);
    assert!(
        usage.gb_ms > 0 && usage.reads > 0 && usage.bytes_written > 1000,
        "{usage:?}"
    );
}

/// It began anew with what came in its place, which may be no video.
#[tokio::test]
async fn a_job_reads_a_version_that_came_after_it_began() {
    let stack = stack!().with_ranges_of_versions().await;
    stack.keep_versions().await;
    let system = System::start(stack).await;
    let worker = system.worker().await;
    let video = system.register("a.mp4", crate::system::film()).await;
    let points = [("Count", "700"), ("Interval", "1"), ("Height", "90")];
    let job = system.job(&video, &points).await;
    let message = system.next_message().await.unwrap();
    let running = tokio::spawn(worker.call(delivery(&message), Duration::from_secs(600)));
    while system.objects(&video).await.len() < 20 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    system.stack.put_source("a.mp4", vec![7; 9]).await;
    assert!(!running.is_finished(), "the job was too short");
    let answer = running.await.unwrap().unwrap().unwrap();
    assert!(none_failed(&answer), "{:#?}", worker.lines_so_far());
    let event = system.heard().await.unwrap();
    assert_eq!(event["Status"], "success", "{event}");
    assert_eq!(system.manifest(&video, &job).await.pictures.len(), 700);
    // A later job is of what is there now.
    let _ = system.job(&video, &[("Count", "1")]).await;
    let message = system.next_message().await.unwrap();
    assert!(none_failed(&worker.answer(delivery(&message)).await));
    let event = system.heard().await.unwrap();
    assert_eq!(event["Status"], "fail", "{event}");
}
