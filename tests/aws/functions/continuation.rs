use crate::stack;
use crate::system::{System, batch, clip, delivery, film, none_failed};
use cloud::Function;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Runs messages, each with so much time, until an event comes. Gives it, and how many ran.
async fn run_to_the_end(system: &System, worker: &Function, time: Duration) -> (Value, usize) {
    for runs in 1..200 {
        let message = system
            .next_message()
            .await
            .expect("a message to go on with");
        let answer = worker.call(delivery(&message), time).await;
        let answer = answer.unwrap().unwrap();
        assert!(none_failed(&answer), "{:#?}", worker.lines_so_far());
        if let Some(event) = system.heard().await {
            return (event, runs);
        }
    }
    panic!("the job does not come to an end");
}

/// The same job in one run, and in runs that each have a third of the time which that took: how
/// fast a machine is does not decide whether a job is parted.
async fn whole_and_parted(
    system: &System,
    worker: &Function,
    video: &str,
    parameters: &[(&str, &str)],
) -> [String; 2] {
    let whole = system.job(video, parameters).await;
    let started = Instant::now();
    let (_, runs) = run_to_the_end(system, worker, Duration::from_secs(600)).await;
    assert_eq!(runs, 1);
    let third = started.elapsed() / 3;
    let parted = system.job(video, parameters).await;
    let (event, runs) = run_to_the_end(system, worker, third).await;
    assert_eq!(event["Status"], "success", "{event}");
    assert!(runs > 1, "it fitted in one run");
    [whole, parted]
}

#[tokio::test]
async fn a_job_that_outlives_its_function_goes_on_where_it_stopped() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let video = system.register("clip.mp4", film()).await;
    let points = [("Count", "1500"), ("Interval", "1"), ("Height", "90")];
    let [whole, parted] = whole_and_parted(&system, &worker, &video, &points).await;
    // Every picture once, and as if it had been one run.
    let (mut a, mut b) = (
        system.manifest(&video, &parted).await,
        system.manifest(&video, &whole).await,
    );
    assert_eq!(a.pictures.len(), 1500);
    let (used_a, used_b) = (a.usage.take().unwrap(), b.usage.take().unwrap());
    assert!(used_a.writes >= used_b.writes, "{used_a:?} {used_b:?}");
    let text = |manifest: &artifacts::Manifest| String::from_utf8(manifest.to_bytes()).unwrap();
    let named = text(&b).replace(&whole, &parted);
    let without_time = |text: &str| {
        let lines = text.lines().filter(|line| !line.contains("CreationTime"));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(without_time(&text(&a)), without_time(&named));
    let keys = system.objects(&format!("{video}/snapshots/{parted}")).await;
    assert_eq!(
        keys.len(),
        1501,
        "the pictures and the manifest, nothing else"
    );
    let key = |job: &str| artifacts::key::picture(&video, job, 777);
    let (one, other) = (
        system.object(&key(&parted)).await,
        system.object(&key(&whole)).await,
    );
    assert!(one == other, "not the same picture");
    let lines = worker.lines("Continuations", 2).await;
    assert!(lines.iter().any(|line| line["Continuations"] == 1));
}

/// Ends the environment of the next job's worker once there are so many objects under `made`; what is
/// done by then is kept.
async fn end_amid(
    system: &System,
    worker: Function,
    job: (&str, &str),
    (made, count): (&str, usize),
) {
    let message = system.next_message().await.unwrap();
    let call = tokio::spawn(worker.call(delivery(&message), Duration::from_secs(600)));
    while system.objects(made).await.len() < count {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    worker.terminate();
    let progress = artifacts::key::progress(job.0, job.1);
    let kept = async {
        while system.objects(&progress).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), kept)
        .await
        .expect("nothing is kept");
    // Its message is sent anew after that, before the batch is answered. A checkpoint may be an
    // earlier one, and a busy machine slow: no less than the time that a batch has to stop.
    let _ = tokio::time::timeout(Duration::from_secs(30), call).await;
    worker.kill();
}

#[tokio::test]
async fn sheets_are_the_same_however_many_runs_made_them() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let video = system.register("clip.mp4", film()).await;
    let sprite = r##"{"CellWidth":"64","CellHeight":"36","Columns":"5","Lines":"5","Padding":"1","Margin":"1","Color":"#000000","KeepCellPic":"keep","Outputs":["bif"]}"##;
    let parameters = [
        ("Count", "600"),
        ("Interval", "1"),
        ("SpriteSnapshotConfig", sprite),
    ];
    let whole = system.job(&video, &parameters).await;
    let (_, runs) = run_to_the_end(&system, &worker, Duration::from_secs(600)).await;
    assert_eq!(runs, 1);
    let parted = system.job(&video, &parameters).await;
    let origins = format!("{video}/snapshots/sprite-origin/{parted}");
    // A job goes on at the beginning of a sheet: two of 25 cells are done by then.
    end_amid(&system, worker, (&video, &parted), (&origins, 60)).await;
    let next = system.worker().await;
    let (event, _) = run_to_the_end(&system, &next, Duration::from_secs(600)).await;
    assert_eq!(event["Status"], "success", "{event}");
    for number in 1..=24 {
        let key = |job: &str| artifacts::key::sheet(&video, job, number);
        let (one, other) = (
            system.object(&key(&parted)).await,
            system.object(&key(&whole)).await,
        );
        assert!(one == other, "sheet {number}");
    }
    // The cells of sheets that were done came from the store, and are gone from there.
    let beside = |job: &str| {
        let pattern = artifacts::key::sheet_pattern(&video, job);
        artifacts::key::beside(&pattern, ".bif")
    };
    let (one, other) = (
        system.object(&beside(&parted)).await,
        system.object(&beside(&whole)).await,
    );
    assert!(one == other, "not the same cells");
    let sprite = format!("{video}/snapshots/sprite/{parted}");
    assert_eq!(system.objects(&sprite).await.len(), 25);
    assert_eq!(system.manifest(&video, &parted).await.sheets.len(), 24);
    assert_eq!(system.objects(&origins).await.len(), 600);
}

#[tokio::test]
async fn a_run_that_comes_no_further_is_a_failed_attempt() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let video = system.register("clip.mp4", clip(2, "320x180")).await;
    system.job(&video, &[("Count", "1")]).await;
    let message = system.next_message().await.unwrap();
    let call = worker.call(delivery(&message), Duration::from_millis(10));
    let answer = call.await.unwrap().unwrap();
    assert!(!none_failed(&answer), "{answer}");
    assert!(
        system.next_message().await.is_none(),
        "it would go on for ever"
    );
}

#[tokio::test]
async fn what_is_done_when_the_environment_ends_is_kept() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let video = system.register("clip.mp4", film()).await;
    let points = [("Count", "1500"), ("Interval", "1")];
    let job = system.job(&video, &points).await;
    let prefix = format!("{video}/snapshots/{job}");
    end_amid(&system, worker, (&video, &job), (&prefix, 20)).await;
    let next = system.worker().await;
    let (event, _) = run_to_the_end(&system, &next, Duration::from_secs(600)).await;
    assert_eq!(event["Status"], "success");
    assert_eq!(system.manifest(&video, &job).await.pictures.len(), 1500);
}

#[tokio::test]
async fn a_message_that_was_not_begun_goes_to_another_run() {
    let system = System::start(stack!()).await;
    let worker = system.worker().await;
    let video = system.register("clip.mp4", clip(2, "320x180")).await;
    let mut bodies = Vec::new();
    for _ in 0..2 {
        system.job(&video, &[("Count", "1")]).await;
        let message = system.next_message().await.unwrap();
        bodies.push(message.body().unwrap().to_owned());
    }
    let event = batch(&[&bodies[0], &bodies[1]], 1);
    let call = worker.call(event, Duration::from_millis(10));
    let answer = call.await.unwrap().unwrap();
    let failed = answer["batchItemFailures"].as_array().unwrap();
    assert_eq!(failed.len(), 1, "{answer}");
    assert_eq!(failed[0]["itemIdentifier"], "0");
    let again = system.next_message().await.unwrap();
    assert_eq!(again.body().unwrap(), bodies[1]);
}
