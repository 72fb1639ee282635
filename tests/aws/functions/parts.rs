//! A large job over many workers at once, of which some are killed.

use crate::stack;
use crate::system::{MINUTE, System, batch, film, none_failed};
use cloud::Function;
use service::worker::PartSettings;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const WORKERS: usize = 6;
/// Each message of this number, and those after it by the same step, is in the hands of a worker that
/// is killed.
const KILLED: usize = 4;

/// What several workers share.
struct Crowd<'a> {
    system: &'a System,
    taken: AtomicUsize,
    events: Mutex<Vec<serde_json::Value>>,
    /// Numbers of the parts that came.
    parts: Mutex<BTreeSet<u64>>,
}

impl Crowd<'_> {
    /// Works on what comes until the job has ended.
    async fn work(&self) {
        let mut worker = self.system.worker().await;
        while self.events.lock().unwrap().is_empty() {
            let Some(message) = self.system.next_message().await else {
                let heard = self.system.heard().await;
                self.events.lock().unwrap().extend(heard);
                continue;
            };
            let body = message.body().unwrap().to_owned();
            let told: serde_json::Value = serde_json::from_str(&body).unwrap();
            self.parts
                .lock()
                .unwrap()
                .extend(told["Part"]["number"].as_u64());
            let mut receives = 1;
            if self.taken.fetch_add(1, Ordering::Relaxed) % KILLED == KILLED - 1 {
                let call = tokio::spawn(worker.call(batch(&[&body], receives), MINUTE));
                tokio::time::sleep(Duration::from_millis(300)).await;
                worker.kill();
                call.abort();
                worker = self.system.worker().await;
                receives += 1;
            }
            let answer = worker.answer(batch(&[&body], receives)).await;
            assert!(none_failed(&answer), "{:#?}", worker.lines_so_far());
        }
    }
}

#[tokio::test]
async fn a_job_over_six_workers_has_each_picture_once_and_one_event() {
    let mut stack = stack!();
    stack.deployment.parts = Some(PartSettings {
        work: Duration::from_millis(100),
        at_once: 8,
    });
    let system = System::start(stack).await;
    let video = system.register("clip.mp4", film()).await;
    let points = [("Count", "1500"), ("Interval", "1"), ("Height", "90")];
    let job = system.job(&video, &points).await;
    let crowd = Crowd {
        system: &system,
        taken: AtomicUsize::new(0),
        events: Mutex::default(),
        parts: Mutex::default(),
    };
    let all = std::iter::repeat_with(|| crowd.work()).take(WORKERS);
    let [a, b, c, d, e, f] = all.collect::<Vec<_>>().try_into().ok().unwrap();
    tokio::join!(a, b, c, d, e, f);
    let events = crowd.events.into_inner().unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["Status"], "success", "{events:?}");
    assert_eq!(system.heard().await, None);
    assert!(crowd.parts.into_inner().unwrap().len() > 8, "in few parts");
    let manifest = system.manifest(&video, &job).await;
    let keys: Vec<_> = manifest.keys().map(str::to_owned).collect();
    assert_eq!(keys.len(), 1500);
    let prefix = format!("{video}/snapshots/{job}");
    let stored = system.objects(&prefix).await;
    assert_eq!(stored.len(), 1501, "the pictures and the manifest");

    // The same in one run.
    let mut whole = system.stack.environment();
    whole.push(("PART_SECONDS".to_owned(), "0".to_owned()));
    let worker = Function::start(crate::system::WORKER, &whole).await;
    let other = system.job(&video, &points).await;
    let message = system.next_message().await.unwrap();
    let answer = worker.answer(batch(&[message.body().unwrap()], 1)).await;
    assert!(none_failed(&answer));
    for number in [1, 107, 700, 1500] {
        let key = |job: &str| artifacts::key::picture(&video, job, number);
        let (one, other) = (
            system.object(&key(&job)).await,
            system.object(&key(&other)).await,
        );
        assert!(one == other, "picture {number}");
    }
}
