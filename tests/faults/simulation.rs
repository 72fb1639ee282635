//! One data folder, one queue, one clock, and processes that come and go.

use crate::fault_plan::FaultPlan;
use crate::process::{Death, Life, News, Process};
use crate::process_ports::{LATE_MS, ProcessPorts};
use crate::schedule::{Schedule, Work};
use crate::watch::Watch;
use contract::request::RawRequest;
use contract::response::Answer;
use embedded::{Delivery, Store, StoreError, StoreOptions};
use serde_json::Value;
use service::api::{Api, Auth, Settings};
use service::model::{Message, UnixMs};
use service::pictures::Engine;
use service::ports::{Clock, SystemClock};
use service::worker::{Deadline, DeliveryAttempt, DeliveryOutcome, PartSettings, Worker};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use support::hooked_ports::PortHook;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// As the server has it.
const VISIBILITY_MS: i64 = 60_000;
/// What is tried in vain is tried this much later: a day of it takes as many steps as it has
/// hours.
const IN_VAIN_MS: i64 = 3_600_000;
/// Deliveries after which a run counts as endless.
const ENDLESS: u32 = 200;
/// How often a client tries to get an answer.
const TRIES: u32 = 5;
/// A worker that stands still does so until another has ended the job.
const STUCK_MS: i64 = 600_000;

/// A clock that goes when told.
pub(crate) struct VirtualClock(AtomicI64);

impl VirtualClock {
    pub(crate) fn now(&self) -> UnixMs {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    fn reach(&self, ms: UnixMs) {
        self.0.fetch_max(ms, Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now_ms(&self) -> UnixMs {
        self.now()
    }
}

/// A process that stands still.
enum Stuck {
    Submit(Process<Answer>),
    Work(Process<Option<UnixMs>>),
}

pub(crate) struct Simulation {
    folder: TempDir,
    clip: PathBuf,
    engine: Engine,
    work: Work,
    /// When its workers divide a job.
    pub(crate) parts: Option<PartSettings>,
    poison: bool,
    store: Option<Store>,
    pub(crate) runtime: tokio::runtime::Runtime,
    clock: Arc<VirtualClock>,
    pub(crate) plan: Arc<FaultPlan>,
    pub(crate) watch: Arc<Watch>,
    stuck: Vec<(UnixMs, oneshot::Sender<()>, Stuck)>,
    /// When something may come to happen.
    wakes: BTreeSet<UnixMs>,
    answers: Vec<Value>,
}

impl Simulation {
    pub(crate) fn new(schedule: &Schedule, clip: PathBuf, engine: Engine) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let mut simulation = Self {
            folder: folder(),
            clip,
            engine,
            work: schedule.work,
            parts: None,
            poison: schedule.is_poison(),
            store: None,
            runtime: runtime.unwrap(),
            clock: Arc::new(VirtualClock(SystemClock.now_ms().into())),
            plan: Arc::new(FaultPlan::of(schedule)),
            watch: Arc::default(),
            stuck: Vec::new(),
            wakes: BTreeSet::new(),
            answers: Vec::new(),
        };
        simulation.open();
        simulation
    }

    fn open(&mut self) {
        drop(self.store.take());
        let options = StoreOptions {
            public_base: "http://pictures".to_owned(),
            media_roots: vec![self.clip.parent().unwrap().to_owned()],
            subscribers: Vec::new(),
            ..StoreOptions::default()
        };
        let data = self.data();
        let open = || match Store::open(&data, options.clone()) {
            // A program that another run starts has a copy of the lock until it runs.
            Err(StoreError::InUse { .. }) => None,
            opened => Some(opened.unwrap()),
        };
        let wait = || std::thread::sleep(Duration::from_millis(5));
        let tries = std::iter::repeat_with(|| {
            open().or_else(|| {
                wait();
                None
            })
        });
        self.store = tries.take(1000).flatten().next();
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    fn process_ports(&self, life: Arc<Life>, message: Option<Message>) -> ProcessPorts {
        ProcessPorts {
            plan: Arc::clone(&self.plan),
            life,
            clock: Arc::clone(&self.clock),
            watch: Arc::clone(&self.watch),
            ports: self.store().ports(),
            message,
            until: None,
        }
    }

    /// A call without faults.
    pub(crate) fn call(&self, parameters: &[(&str, &str)]) -> Value {
        let api = Api::new(self.store().ports(), settings());
        let answer = self.runtime.block_on(api.handle(request(parameters)));
        assert_eq!(answer.status, 200);
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// The id of the one video that an answer of RegisterMedia names, which is watched from now
    /// on. The look into it is left out.
    pub(crate) fn registered(&mut self, answer: &Value) -> String {
        let id = &answer["RegisteredMediaList"][0]["MediaId"];
        let video_id = id.as_str().unwrap().to_owned();
        self.forget_messages();
        let mut watched = self.watch.video_id.lock().unwrap();
        watched.clone_from(&video_id);
        video_id
    }

    /// Leaves out what is on the queue by now.
    pub(crate) fn forget_messages(&mut self) {
        while let Some(delivery) = self.receive() {
            let deleting = self.store().delete(&delivery.receipt);
            assert!(self.runtime.block_on(deleting).unwrap());
        }
    }

    /// A client's call, made until there is a good answer.
    pub(crate) fn ask(&mut self, parameters: &[(&str, &str)]) {
        for _ in 0..TRIES {
            let raw = request(parameters);
            let process = Process::start(|life| {
                let api = Api::new(self.process_ports(life, None).with_faults(), settings());
                async move { api.handle(raw).await }
            });
            let before = self.answers.len();
            self.follow(Stuck::Submit(process));
            if self.answers.len() > before {
                return;
            }
            self.clock.advance(1000);
        }
        panic!("no answer after {TRIES} tries");
    }

    /// Good answers so far.
    pub(crate) fn answers(&self) -> &[Value] {
        &self.answers
    }

    /// Works until there is nothing left to do.
    pub(crate) fn settle(&mut self) {
        for _ in 0..ENDLESS {
            if !self.step() && !self.pass_time() {
                return;
            }
        }
        panic!("after {ENDLESS} steps there is still something to do");
    }

    /// Works on the next message; whether there was one.
    pub(crate) fn step(&mut self) -> bool {
        let Some(delivery) = self.receive() else {
            return false;
        };
        let process = self.worker(delivery);
        self.follow(Stuck::Work(process));
        if self.poison {
            self.clock.advance(IN_VAIN_MS);
        }
        true
    }

    fn receive(&mut self) -> Option<Delivery> {
        let now = self.clock.now();
        let receiving = self.store().receive(now, VISIBILITY_MS);
        let received = self.runtime.block_on(receiving).unwrap();
        if received.is_some() {
            self.wakes.insert(now + VISIBILITY_MS);
        }
        received
    }

    fn worker(&mut self, delivery: Delivery) -> Process<Option<UnixMs>> {
        let attempt = DeliveryAttempt {
            number: delivery.receives,
            sent_ms: delivery.sent_ms,
        };
        let until = Deadline::none();
        let handed = (self.work == Work::Handed).then(|| until.clone());
        let parts = self.parts;
        let (store, engine) = (self.store().clone(), self.engine.clone());
        let (clock, message) = (Arc::clone(&self.clock), delivery.message.clone());
        Process::start(|life| {
            let mut process_ports = self.process_ports(life, Some(message.clone()));
            process_ports.until = handed;
            async move {
                let mut worker = Worker::new(process_ports.with_faults(), engine);
                if let Some(parts) = parts {
                    worker = worker.with_parts(parts);
                }
                let (outcome, _) = worker.run_until(message, attempt, until).await;
                let again = match outcome {
                    DeliveryOutcome::Done | DeliveryOutcome::GivenUp => None,
                    DeliveryOutcome::GivenBack => Some(clock.now()),
                    DeliveryOutcome::Retry(after) => {
                        Some(clock.now() + i64::try_from(after.as_millis()).unwrap())
                    }
                };
                let settle = async move {
                    let receipt = &delivery.receipt;
                    match again {
                        None => store.delete(receipt).await,
                        Some(at) => store.release(receipt, at).await,
                    }
                };
                // Whether it is settled, the queue knows.
                let _ = process_ports.call("queue.settle", settle).await;
                again
            }
        })
    }

    /// Goes with a process until it is over or stands still.
    fn follow(&mut self, process: Stuck) {
        let death = match process {
            Stuck::Submit(mut process) => match process.news() {
                News::Stuck(resume) => {
                    let at = self.clock.now() + LATE_MS;
                    self.stuck.push((at, resume, Stuck::Submit(process)));
                    self.wakes.insert(at);
                    return;
                }
                News::Ended(answer) if answer.status == 200 => {
                    let answer = serde_json::from_slice(&answer.body).unwrap();
                    return self.answers.push(answer);
                }
                News::Ended(answer) => {
                    assert!(answer.status >= 500, "{}", answer.status);
                    return;
                }
                News::Died(death) => death,
            },
            Stuck::Work(mut process) => match process.news() {
                News::Stuck(resume) => {
                    let at = self.clock.now() + STUCK_MS;
                    self.stuck.push((at, resume, Stuck::Work(process)));
                    self.wakes.insert(at);
                    return;
                }
                News::Ended(again) => return self.wakes.extend(again),
                News::Died(death) => death,
            },
        };
        if death == Death::Machine {
            self.restart();
        }
    }

    /// All processes end with the machine, and what was on its way with them.
    fn restart(&mut self) {
        self.plan.late.lock().unwrap().clear();
        for (_, resume, stuck) in std::mem::take(&mut self.stuck) {
            // Gone before it could go on.
            std::mem::forget(resume);
            match stuck {
                Stuck::Submit(process) => process.kill(),
                Stuck::Work(process) => process.kill(),
            }
        }
        self.open();
    }

    /// Lets the time pass to when something may happen; false where nothing will.
    fn pass_time(&mut self) -> bool {
        let Some(next) = self.wakes.pop_first() else {
            return false;
        };
        self.clock.reach(next);
        let now = self.clock.now();
        let due = |at: &UnixMs| *at <= now;
        let late = {
            let mut late = self.plan.late.lock().unwrap();
            late.extract_if(.., |(at, _)| due(at)).collect::<Vec<_>>()
        };
        for (_, effect) in late {
            self.runtime.block_on(effect);
        }
        let awake: Vec<_> = self.stuck.extract_if(.., |(at, ..)| due(at)).collect();
        for (_, resume, process) in awake {
            let _ = resume.send(());
            self.follow(process);
        }
        true
    }
}

/// In memory where that can be: no power is lost here, and every write waits for the disk.
fn folder() -> TempDir {
    TempDir::new_in("/dev/shm").unwrap_or_else(|_| TempDir::new().unwrap())
}

fn settings() -> Settings {
    Settings {
        max_qps: 0,
        ..Settings::new(Auth::None)
    }
}

fn request(parameters: &[(&str, &str)]) -> RawRequest {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([("Version", "2017-03-21"), ("Format", "JSON")]);
    query.extend_pairs(parameters);
    RawRequest {
        method: "GET".to_owned(),
        raw_query: query.finish(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}
