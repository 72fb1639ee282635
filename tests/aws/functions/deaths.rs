use crate::stack;
use crate::system::{MINUTE, System, batch, clip, delivery, film, none_failed};
use std::time::Duration;

#[tokio::test]
async fn a_worker_that_is_killed_loses_nothing() {
    let system = System::start(stack!()).await;
    let video = system.register("clip.mp4", film()).await;
    let job = system
        .job(&video, &[("Count", "300"), ("Interval", "1")])
        .await;
    let message = system.next_message().await.unwrap();
    let worker = system.worker().await;
    let call = tokio::spawn(worker.call(delivery(&message), MINUTE));
    while system.objects(&video).await.len() < 5 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    worker.kill();
    call.abort();
    assert_eq!(system.heard().await, None);
    let next = system.worker().await;
    assert!(none_failed(&next.answer(delivery(&message)).await));
    assert_eq!(system.heard().await.unwrap()["Status"], "success");
    assert_eq!(system.manifest(&video, &job).await.pictures.len(), 300);
    let keys = system.objects(&format!("{video}/snapshots/{job}")).await;
    assert_eq!(keys.len(), 301);
}

/// What a redrive of the dead-letter queue gives the worker is a message like any other.
#[tokio::test]
async fn a_dead_letter_that_is_sent_again_finishes_its_job() {
    let system = System::start(stack!()).await;
    let video = system.register("clip.mp4", clip(3, "320x180")).await;
    let job = system
        .job(&video, &[("Count", "2"), ("Interval", "1")])
        .await;
    let message = system.next_message().await.unwrap();
    // As StartMessageMoveTask sends it: the same body, received for the first time.
    let send = system.stack.sqs().send_message();
    let send = send.queue_url(&system.stack.deployment.queue_url);
    let send = send.message_body(message.body().unwrap()).send();
    send.await.unwrap();
    let again = system.next_message().await.unwrap();
    let worker = system.worker().await;
    let again = batch(&[again.body().unwrap()], 1);
    assert!(none_failed(&worker.answer(again).await));
    assert_eq!(system.heard().await.unwrap()["Status"], "success");
    assert_eq!(system.manifest(&video, &job).await.pictures.len(), 2);
}

/// 251 pictures of the video that was there first stayed for ever.
#[tokio::test]
async fn what_was_taken_of_a_file_that_was_replaced_meanwhile_stays() {
    let system = System::start(stack!()).await;
    let video = system.register("clip.mp4", film()).await;
    let points = [("Count", "1500"), ("Interval", "1")];
    let job = system.job(&video, &points).await;
    let message = system.next_message().await.unwrap();
    let worker = system.worker().await;
    let call = tokio::spawn(worker.call(delivery(&message), MINUTE));
    while system.objects(&video).await.len() < 20 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    worker.kill();
    call.abort();
    let other = clip(3, "320x180");
    system.stack.put_source("clip.mp4", other).await;
    let next = system.worker().await;
    assert!(none_failed(&next.answer(delivery(&message)).await));
    assert_eq!(system.heard().await.unwrap()["Status"], "success");
    let manifest = system.manifest(&video, &job).await;
    assert_eq!(manifest.pictures.len(), 3, "of the video that is there");
    let keys = system.objects(&format!("{video}/snapshots/{job}")).await;
    assert_eq!(keys.len(), 4, "{keys:?}");
}

/// Of two workers that had the job from its beginning, the slower one left what only it had taken.
#[tokio::test]
async fn what_a_slower_worker_took_of_the_file_that_was_there_before_stays() {
    let system = System::start(stack!()).await;
    let video = system.register("clip.mp4", film()).await;
    let points = [("Count", "1500"), ("Interval", "1")];
    let job = system.job(&video, &points).await;
    let message = system.next_message().await.unwrap();
    let slower = system.worker().await;
    let call = tokio::spawn(slower.call(delivery(&message), MINUTE));
    while system.objects(&video).await.len() < 20 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let other = clip(3, "320x180");
    system.stack.put_source("clip.mp4", other).await;
    let faster = system.worker().await;
    assert!(none_failed(&faster.answer(delivery(&message)).await));
    call.await.unwrap().unwrap().unwrap();
    let prefix = format!("{video}/snapshots/{job}");
    let keys = system.objects(&prefix).await;
    assert_eq!(keys.len(), 4, "{} objects", keys.len());
}

#[tokio::test]
async fn of_three_deliveries_and_two_workers_at_once_comes_one_result() {
    let system = System::start(stack!()).await;
    let video = system.register("clip.mp4", clip(4, "320x180")).await;
    let job = system
        .job(&video, &[("Count", "4"), ("Interval", "1")])
        .await;
    let message = system.next_message().await.unwrap();
    let (one, two) = (system.worker().await, system.worker().await);
    let (a, b) = tokio::join!(
        one.answer(delivery(&message)),
        two.answer(delivery(&message))
    );
    assert!(none_failed(&a) && none_failed(&b), "{a} {b}");
    assert!(none_failed(&one.answer(delivery(&message)).await));
    // Subscribers may hear an event again: it is the same.
    let first = system.heard().await.unwrap();
    while let Some(again) = system.heard().await {
        assert_eq!(again, first);
    }
    let keys = system.objects(&format!("{video}/snapshots/{job}")).await;
    assert_eq!(keys.len(), 5);
    let parameters = [("MediaId", video.as_str()), ("JobType", "snapshot")];
    let listed = system.call("ListJobInfo", &parameters).await.to_string();
    assert_eq!(listed.matches(&job).count(), 1, "{listed}");
}
