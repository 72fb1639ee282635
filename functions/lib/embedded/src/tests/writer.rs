use super::{folder, open};
use crate::suite;
use service::model::{Message, SnapshotType};
use tokio::task::JoinSet;

/// A caller that goes away, as an HTTP client does, takes nothing back.
#[tokio::test]
async fn a_write_nobody_waits_for_is_written() {
    let data = folder();
    let store = open(data.path());
    let message = Message::Probe {
        video_id: "v".to_owned(),
    };
    let queue = store.ports().queue;
    let mut sending = Box::pin(queue.send(&message));
    let polled = futures_poll_once(sending.as_mut()).await;
    assert!(polled.is_none(), "it waits for the disk");
    drop(sending);
    loop {
        match store.receive(0, 1000).await.unwrap() {
            Some(delivery) => break assert_eq!(delivery.message, message),
            None => store.wait_for_message(0).await,
        }
    }
}

async fn futures_poll_once<F: Future + Unpin>(future: F) -> Option<F::Output> {
    tokio::select! {
        biased;
        output = future => Some(output),
        () = std::future::ready(()) => None,
    }
}

/// Writes of one commit fail alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_failed_write_takes_no_other_with_it() {
    let data = folder();
    let jobs = open(data.path()).ports().jobs;
    let twice = suite::job("v", SnapshotType::NormalSnapshot, 0);
    jobs.create(&twice).await.unwrap();
    let mut tasks = JoinSet::new();
    for number in 1..=200 {
        let (jobs, twice) = (jobs.clone(), twice.clone());
        tasks.spawn(async move {
            if number % 2 == 0 {
                return jobs.create(&twice).await.is_err();
            }
            let job = suite::job("v", SnapshotType::NormalSnapshot, number);
            jobs.create(&job).await.is_ok()
        });
    }
    assert!(
        tasks
            .join_all()
            .await
            .into_iter()
            .all(|as_wanted| as_wanted)
    );
    assert_eq!(jobs.by_video("v", 1000).await.unwrap().len(), 101);
}

#[tokio::test]
async fn an_error_names_its_port() {
    let data = folder();
    let jobs = open(data.path()).ports().jobs;
    let job = suite::job("v", SnapshotType::NormalSnapshot, 0);
    jobs.create(&job).await.unwrap();
    let again = jobs.create(&job).await.unwrap_err().to_string();
    assert_eq!(again, "jobs: UNIQUE constraint failed: jobs.id");
    let unknown = jobs
        .complete("x", &suite::completion(true))
        .await
        .unwrap_err()
        .to_string();
    assert_eq!(unknown, "jobs: there is no such job");
}
