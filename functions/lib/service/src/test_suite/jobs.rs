use super::hostile::HOSTILE;
use super::sample::{completion, job};
use crate::model::{Job, JobId, JobProgress, JobState, RunEnd, RunTrials, SnapshotType, VideoId};
use crate::ports::Jobs;

/// The promises of [`Jobs`].
pub async fn jobs(port: &dyn Jobs) {
    a_created_job_comes_back_as_given(port).await;
    states_only_move_forward(port).await;
    runs_are_counted_until_they_say_how_they_ended(port).await;
    a_fault_that_is_told_twice_counts_once(port).await;
    a_file_is_missing_until_a_run_saw_it(port).await;
    trouble_is_remembered_until_a_run_came_further(port).await;
    nothing_is_written_to_a_job_that_has_ended(port).await;
    progress_is_remembered_until_the_job_ends(port).await;
    of_completions_at_once_one_holds(port).await;
    publication_is_remembered(port).await;
    jobs_of_a_video_come_newest_first(port).await;
    the_latest_success_is_of_its_kind(port).await;
    any_text_may_be_asked_for(port).await;
}

async fn created(port: &dyn Jobs) -> Job {
    let job = job(
        &VideoId::random(),
        SnapshotType::NormalSnapshot,
        1_700_000_000_123,
    );
    port.create(&job).await.unwrap();
    job
}

async fn state(port: &dyn Jobs, id: &JobId) -> JobState {
    port.get(id).await.unwrap().unwrap().state
}

async fn a_created_job_comes_back_as_given(port: &dyn Jobs) {
    let given = created(port).await;
    assert_eq!(port.get(&given.id).await.unwrap(), Some(given.clone()));
    let again = Job {
        extend: None,
        ..given.clone()
    };
    assert!(port.create(&again).await.is_err(), "an id is used once");
    assert_eq!(port.get(&given.id).await.unwrap(), Some(given));
}

async fn progress_is_remembered_until_the_job_ends(port: &dyn Jobs) {
    let job = created(port).await;
    let some = |done| JobProgress { done, total: 9 };
    let kept = async || port.get(&job.id).await.unwrap().unwrap().progress;
    assert_eq!(kept().await, None);
    for done in [1, 5] {
        port.record_progress(&job.id, some(done)).await.unwrap();
        assert_eq!(kept().await, Some(some(done)));
    }
    port.record_progress(&job.id, some(3)).await.unwrap();
    assert_eq!(kept().await, Some(some(5)), "it does not go back");
    let shorter = JobProgress { done: 2, total: 8 };
    port.record_progress(&job.id, shorter).await.unwrap();
    assert_eq!(kept().await, Some(shorter), "files were left out");
    port.record_progress(&job.id, some(5)).await.unwrap();
    let end = completion(false);
    assert_eq!(port.complete(&job.id, &end).await.unwrap(), end);
    port.record_progress(&job.id, some(7)).await.unwrap();
    assert_eq!(kept().await, Some(some(5)), "a report that came too late");
    let listed = port.by_video(&job.video_id, 1).await.unwrap();
    assert_eq!(listed[0].progress, Some(some(5)));
    port.record_progress(&JobId::random(), some(1))
        .await
        .unwrap();
}

async fn states_only_move_forward(port: &dyn Jobs) {
    let job = created(port).await;
    port.start(&job.id).await.unwrap();
    assert_eq!(state(port, &job.id).await, JobState::Processing);
    port.start(&job.id).await.unwrap();
    assert_eq!(state(port, &job.id).await, JobState::Processing);
    let (first, second) = (completion(false), completion(true));
    assert_eq!(port.complete(&job.id, &first).await.unwrap(), first);
    assert_eq!(port.complete(&job.id, &second).await.unwrap(), first);
    port.start(&job.id).await.unwrap();
    assert_eq!(state(port, &job.id).await, JobState::Completed(first));
    let (never_started, end) = (created(port).await, completion(true));
    assert_eq!(port.complete(&never_started.id, &end).await.unwrap(), end);
    port.start(&JobId::random()).await.unwrap();
    assert!(
        port.complete(&JobId::random(), &end).await.is_err(),
        "there is nothing to complete"
    );
}

fn trials(unended_runs: u32, faults: u32, missing_since_ms: Option<i64>) -> Option<RunTrials> {
    Some(RunTrials {
        unended_runs,
        faults,
        missing_since_ms,
        waiting_since_ms: None,
    })
}

async fn runs_are_counted_until_they_say_how_they_ended(port: &dyn Jobs) {
    let id = created(port).await.id;
    for before in 0..3 {
        assert_eq!(port.start(&id).await.unwrap(), trials(before, 0, None));
    }
    assert!(port.record_run(&id, RunEnd::Unharmed).await.unwrap());
    assert_eq!(state(port, &id).await, JobState::Processing);
    assert_eq!(port.start(&id).await.unwrap(), trials(0, 0, None));
    assert_eq!(port.start(&id).await.unwrap(), trials(1, 0, None));
}

async fn a_fault_that_is_told_twice_counts_once(port: &dyn Jobs) {
    let id = created(port).await.id;
    port.start(&id).await.unwrap();
    for _ in 0..2 {
        let fault = RunEnd::Fault { number: 1 };
        assert!(port.record_run(&id, fault).await.unwrap());
    }
    assert_eq!(port.start(&id).await.unwrap(), trials(0, 1, None));
    assert!(port.record_run(&id, RunEnd::Unharmed).await.unwrap());
    assert_eq!(port.start(&id).await.unwrap(), trials(0, 1, None));
}

async fn a_file_is_missing_until_a_run_saw_it(port: &dyn Jobs) {
    let (id, since_ms) = (created(port).await.id, 1_700_000_000_456);
    port.start(&id).await.unwrap();
    let missing = RunEnd::Missing { since_ms };
    assert!(port.record_run(&id, missing).await.unwrap());
    assert_eq!(port.start(&id).await.unwrap(), trials(0, 0, Some(since_ms)));
    assert_eq!(port.start(&id).await.unwrap(), trials(1, 0, Some(since_ms)));
    assert!(port.record_run(&id, RunEnd::Unharmed).await.unwrap());
    assert_eq!(port.start(&id).await.unwrap(), trials(0, 0, None));
}

async fn trouble_is_remembered_until_a_run_came_further(port: &dyn Jobs) {
    let (id, since_ms) = (created(port).await.id, 1_700_000_000_456);
    port.start(&id).await.unwrap();
    let waiting = RunEnd::Waiting { since_ms };
    assert!(port.record_run(&id, waiting).await.unwrap());
    let remembered = RunTrials {
        waiting_since_ms: Some(since_ms),
        ..RunTrials::default()
    };
    assert_eq!(port.start(&id).await.unwrap(), Some(remembered));
    assert!(port.record_run(&id, RunEnd::Unharmed).await.unwrap());
    assert_eq!(port.start(&id).await.unwrap(), trials(0, 0, None));
}

async fn nothing_is_written_to_a_job_that_has_ended(port: &dyn Jobs) {
    let (job, end) = (created(port).await, completion(true));
    port.start(&job.id).await.unwrap();
    port.complete(&job.id, &end).await.unwrap();
    let ended = port.get(&job.id).await.unwrap();
    assert_eq!(port.start(&job.id).await.unwrap(), None);
    for end in [RunEnd::Unharmed, RunEnd::Fault { number: 1 }] {
        assert!(!port.record_run(&job.id, end).await.unwrap());
        assert!(!port.record_run(&JobId::random(), end).await.unwrap());
    }
    assert_eq!(port.get(&job.id).await.unwrap(), ended);
    assert_eq!(port.start(&JobId::random()).await.unwrap(), None);
    assert_eq!(port.get(&JobId::random()).await.unwrap(), None);
}

async fn of_completions_at_once_one_holds(port: &dyn Jobs) {
    let job = created(port).await;
    let given = [completion(true), completion(false), completion(true)];
    let (a, b, c) = tokio::join!(
        port.complete(&job.id, &given[0]),
        port.complete(&job.id, &given[1]),
        port.complete(&job.id, &given[2]),
    );
    let held = a.unwrap();
    assert!(given.contains(&held));
    assert_eq!([b.unwrap(), c.unwrap()], [held.clone(), held.clone()]);
    assert_eq!(state(port, &job.id).await, JobState::Completed(held));
}

async fn publication_is_remembered(port: &dyn Jobs) {
    let (job, end) = (created(port).await, completion(true));
    port.complete(&job.id, &end).await.unwrap();
    port.record_published(&job.id).await.unwrap();
    let state = JobState::Completed(end);
    let expected = Job {
        event_published: true,
        state,
        ..job.clone()
    };
    assert_eq!(port.get(&job.id).await.unwrap(), Some(expected));
}

async fn jobs_of_a_video_come_newest_first(port: &dyn Jobs) {
    let video_id = VideoId::random();
    let mut given = Vec::new();
    for created_ms in [30, 10, 20, 20] {
        let job = job(&video_id, SnapshotType::NormalSnapshot, created_ms);
        port.create(&job).await.unwrap();
        given.push(job);
    }
    given.sort_by(|a, b| (b.created_ms, &b.id).cmp(&(a.created_ms, &a.id)));
    assert_eq!(port.by_video(&video_id, 10).await.unwrap(), given);
    assert_eq!(port.by_video(&video_id, 2).await.unwrap(), given[..2]);
    assert_eq!(port.by_video(&VideoId::random(), 10).await.unwrap(), []);
}

async fn the_latest_success_is_of_its_kind(port: &dyn Jobs) {
    let (video_id, kind) = (VideoId::random(), SnapshotType::SpriteSnapshot);
    let mut ids = Vec::new();
    for (created_ms, kind, success) in [
        (10, kind, Some(true)),
        (30, kind, Some(true)),
        (20, kind, Some(true)),
        (40, kind, Some(false)),
        (50, kind, None),
        (60, SnapshotType::NormalSnapshot, Some(true)),
    ] {
        let job = job(&video_id, kind, created_ms);
        port.create(&job).await.unwrap();
        if let Some(success) = success {
            port.complete(&job.id, &completion(success)).await.unwrap();
        }
        ids.push(job.id);
    }
    let latest = port.latest_success(&video_id, kind).await.unwrap().unwrap();
    assert_eq!(latest.id, ids[1]);
    let none = SnapshotType::CoverSnapshot;
    assert_eq!(port.latest_success(&video_id, none).await.unwrap(), None);
}

async fn any_text_may_be_asked_for(port: &dyn Jobs) {
    for text in HOSTILE {
        assert_eq!(port.get(&(*text).into()).await.unwrap(), None, "{text:?}");
        assert_eq!(
            port.by_video(&(*text).into(), 1).await.unwrap(),
            [],
            "{text:?}"
        );
    }
}
