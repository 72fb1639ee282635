use super::{folder, open};
use crate::database::{Database, open_for_writing};
use crate::folder::Folder;
use crate::templates::TemplateTable;
use service::model::{Message, SnapshotType, Template};
use service::ports::Templates;
use service::test_suite as suite;
use tokio::task::JoinSet;

/// A caller that goes away, as an HTTP client does, takes nothing back.
#[tokio::test]
async fn a_write_nobody_waits_for_is_written() {
    let data = folder();
    let store = open(data.path());
    let message = Message::Probe {
        video_id: "v".into(),
    };
    let queue = store.ports().queue;
    let mut sending = Box::pin(queue.send(&message));
    let polled = poll_once(sending.as_mut()).await;
    assert!(polled.is_none(), "it waits for the disk");
    drop(sending);
    loop {
        match store.receive(0, 1000).await.unwrap() {
            Some(delivery) => break assert_eq!(delivery.message, message),
            None => store.wait_for_message(0).await,
        }
    }
}

async fn poll_once<F: Future + Unpin>(future: F) -> Option<F::Output> {
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
    let twice = suite::job(&"v".into(), SnapshotType::NormalSnapshot, 0);
    jobs.create(&twice).await.unwrap();
    let mut tasks = JoinSet::new();
    for number in 1..=200 {
        let (jobs, twice) = (jobs.clone(), twice.clone());
        tasks.spawn(async move {
            if number % 2 == 0 {
                return jobs.create(&twice).await.is_err();
            }
            let job = suite::job(&"v".into(), SnapshotType::NormalSnapshot, number);
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
    assert_eq!(jobs.by_video(&"v".into(), 1000).await.unwrap().len(), 101);
}

#[tokio::test]
async fn an_error_names_its_port() {
    let data = folder();
    let jobs = open(data.path()).ports().jobs;
    let job = suite::job(&"v".into(), SnapshotType::NormalSnapshot, 0);
    jobs.create(&job).await.unwrap();
    let again = jobs.create(&job).await.unwrap_err().to_string();
    assert_eq!(again, "jobs: UNIQUE constraint failed: jobs.id");
    let unknown = jobs
        .complete(&"x".into(), &suite::completion(true))
        .await
        .unwrap_err()
        .to_string();
    assert_eq!(unknown, "jobs: the job does not exist");
}

/// A full disk refuses what does not fit, keeps what was there and takes writes again once
/// there is room.
#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_answered() {
    let data = folder();
    let folder = Folder::own(data.path()).unwrap();
    let path = folder.database();
    let connection = open_for_writing(&path).unwrap();
    connection
        .pragma_update_and_check(None, "max_page_count", 100, |_| Ok(()))
        .unwrap();
    let templates = TemplateTable(Database::start(connection, &path, folder).unwrap());
    let mut kept = Vec::new();
    let refused = loop {
        let given = template(kept.len(), 50_000);
        match templates.put(&given).await {
            Ok(()) => kept.push(given),
            Err(refused) => break refused,
        }
    };
    assert_eq!(refused.to_string(), "templates: database or disk is full");
    assert_eq!(templates.list("app").await.unwrap(), kept);
    assert!(templates.delete(&"0".into()).await.unwrap());
    templates.put(&template(1000, 10)).await.unwrap();
    assert_eq!(templates.list("app").await.unwrap().len(), kept.len());
}

fn template(number: usize, bytes: usize) -> Template {
    Template {
        id: number.to_string().into(),
        name: String::new(),
        config: "x".repeat(bytes),
        app_id: "app".to_owned(),
        created_ms: i64::try_from(number).unwrap(),
        modified_ms: 0,
    }
}
