use super::sample::{id, job};
use crate::deadline::CallDeadline;
use crate::model::{Job, SnapshotType, VideoId};
use crate::ports::{Acceptance, CallToken, Jobs, Ports, Submissions};
use std::time::Duration;

/// The promises of [`Submissions`]; `jobs` are of the same store.
pub async fn submissions(ports: &Ports) {
    let (port, jobs) = (&*ports.submissions, &*ports.jobs);
    an_accepted_job_is_there(port, jobs).await;
    a_token_makes_a_retry_the_same_job(port, jobs).await;
    of_calls_at_once_with_a_token_one_makes_the_job(port, jobs).await;
    a_call_that_is_over_leaves_nothing(port, jobs).await;
}

fn new_job() -> Job {
    job(
        &VideoId::random(),
        SnapshotType::NormalSnapshot,
        1_700_000_000_123,
    )
}

fn new_token() -> CallToken {
    CallToken {
        key_id: id(),
        token: id(),
        fingerprint: "f".to_owned(),
    }
}

fn earlier(job: &Job) -> Acceptance {
    Acceptance::Earlier {
        job_id: job.id.clone(),
    }
}

async fn an_accepted_job_is_there(port: &dyn Submissions, jobs: &dyn Jobs) {
    let job = new_job();
    let accepted = port.accept(&job, None).await.unwrap();
    assert_eq!(accepted, Acceptance::New);
    assert_eq!(jobs.get(&job.id).await.unwrap(), Some(job.clone()));
    assert!(port.accept(&job, None).await.is_err(), "an id is used once");
    assert_eq!(jobs.get(&job.id).await.unwrap(), Some(job));
}

async fn a_token_makes_a_retry_the_same_job(port: &dyn Submissions, jobs: &dyn Jobs) {
    let (first, again, token) = (new_job(), new_job(), new_token());
    assert_eq!(port.earlier(&token).await.unwrap(), None);
    let accepted = port.accept(&first, Some(&token)).await.unwrap();
    assert_eq!(accepted, Acceptance::New);
    let accepted = port.accept(&again, Some(&token)).await.unwrap();
    assert_eq!(accepted, earlier(&first));
    assert_eq!(port.earlier(&token).await.unwrap(), Some(earlier(&first)));
    assert_eq!(jobs.get(&again.id).await.unwrap(), None);
    let other = CallToken {
        fingerprint: "g".to_owned(),
        ..token.clone()
    };
    let refused = Acceptance::OtherParameters;
    assert_eq!(port.earlier(&other).await.unwrap(), Some(refused.clone()));
    let accepted = port.accept(&again, Some(&other)).await.unwrap();
    assert_eq!(accepted, refused);
    assert_eq!(jobs.get(&again.id).await.unwrap(), None);
    let somebody = CallToken {
        key_id: id(),
        ..other
    };
    let accepted = port.accept(&again, Some(&somebody)).await.unwrap();
    assert_eq!(accepted, Acceptance::New, "another key's own");
}

async fn of_calls_at_once_with_a_token_one_makes_the_job(port: &dyn Submissions, jobs: &dyn Jobs) {
    let (given, token) = ([new_job(), new_job(), new_job()], new_token());
    let (a, b, c) = tokio::join!(
        port.accept(&given[0], Some(&token)),
        port.accept(&given[1], Some(&token)),
        port.accept(&given[2], Some(&token)),
    );
    let accepted = [a, b, c].map(Result::unwrap);
    let first = accepted.iter().position(|one| *one == Acceptance::New);
    let first = &given[first.unwrap()];
    let others = accepted.iter().filter(|one| **one == earlier(first));
    assert_eq!(others.count(), 2, "{accepted:?}");
    for job in &given {
        let there = jobs.get(&job.id).await.unwrap().is_some();
        assert_eq!(there, job.id == first.id);
    }
}

async fn a_call_that_is_over_leaves_nothing(port: &dyn Submissions, jobs: &dyn Jobs) {
    let (job, token) = (new_job(), new_token());
    for over in [CallDeadline::after(Duration::ZERO), refused()] {
        let accepting = port.accept(&job, Some(&token));
        let accepted = over.clone().scope(accepting).await.unwrap();
        assert_eq!(accepted, Acceptance::TooLate);
        assert!(over.refuse(), "it is still to be answered");
    }
    assert_eq!(jobs.get(&job.id).await.unwrap(), None);
    assert_eq!(port.earlier(&token).await.unwrap(), None);
    let in_time = CallDeadline::after(Duration::from_secs(60));
    let accepting = port.accept(&job, Some(&token));
    let accepted = in_time.clone().scope(accepting).await.unwrap();
    assert_eq!(accepted, Acceptance::New);
    assert!(!in_time.refuse(), "its caller is told");
}

fn refused() -> CallDeadline {
    let deadline = CallDeadline::none();
    deadline.refuse();
    deadline
}
