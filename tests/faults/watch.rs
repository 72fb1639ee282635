//! What is seen from outside at every moment, and what must never be.

use artifacts::Manifest;
use service::model::{Completion, Event, Job, JobResult, JobState};
use service::ports::Ports;
use source::ReadStats;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What was seen of one run.
#[derive(Default)]
pub(crate) struct Watch {
    /// The video whose jobs are watched.
    pub(crate) video_id: Mutex<String>,
    ends: Mutex<BTreeMap<String, Completion>>,
    /// Every event that went out, by its job.
    pub(crate) events: Mutex<BTreeMap<String, Vec<Event>>>,
    /// What was read of videos.
    pub(crate) read: Arc<ReadStats>,
    /// What should never have been.
    pub(crate) wrongs: Mutex<Vec<String>>,
}

impl Watch {
    fn wrong(&self, what: String) {
        self.wrongs.lock().unwrap().push(what);
    }

    /// Looks at every job and its manifest.
    pub(crate) async fn look(&self, ports: &Ports) {
        let video_id = self.video_id.lock().unwrap().clone();
        let jobs = ports
            .jobs
            .by_video(&video_id.as_str().into(), 100)
            .await
            .unwrap();
        for job in &jobs {
            let manifest = self.manifest(ports, job).await;
            self.state(job, manifest.is_some());
        }
    }

    /// Whoever sees a manifest sees all it names, whole.
    async fn manifest(&self, ports: &Ports, job: &Job) -> Option<Manifest> {
        let key = artifacts::key::manifest(&job.video_id, &job.id);
        let bytes = ports.objects.get(&key).await.unwrap()?;
        let Ok(manifest) = Manifest::from_slice(&bytes) else {
            self.wrong(format!("{key} is half-written"));
            return None;
        };
        for key in manifest.keys() {
            if ports.objects.size(key).await.unwrap().is_none() {
                self.wrong(format!("the manifest names {key}, which is not there"));
            }
        }
        for picture in &manifest.pictures {
            let Some(key) = &picture.key else { continue };
            let size = ports.objects.size(key).await.unwrap();
            if size != Some(picture.bytes) {
                self.wrong(format!("{key} has {size:?} bytes of {}", picture.bytes));
            }
        }
        Some(manifest)
    }

    /// What ended stays as it ended.
    fn state(&self, job: &Job, has_manifest: bool) {
        let mut ends = self.ends.lock().unwrap();
        let before = ends.get(job.id.as_str());
        match &job.state {
            JobState::Completed(now) => {
                if before.is_some_and(|before| before != now) {
                    self.wrong(format!("{before:?} became {now:?}"));
                }
                if matches!(now.result, JobResult::Success { .. }) && !has_manifest {
                    self.wrong("Success without a manifest".to_owned());
                }
                ends.insert(job.id.to_string(), now.clone());
            }
            state if before.is_some() => self.wrong(format!("{before:?} became {state:?}")),
            JobState::Queued | JobState::Processing => {
                if job.event_published {
                    self.wrong("an event before the end".to_owned());
                }
            }
        }
    }

    /// Whatever goes out of one job is the same event.
    pub(crate) fn publishing(&self, event: &Event) {
        let job_id = event.job_id.as_deref().unwrap_or_default();
        if !self.ends.lock().unwrap().contains_key(job_id) {
            self.wrong("an event before the end was seen".to_owned());
        }
        let mut events = self.events.lock().unwrap();
        let out = events.entry(job_id.to_owned()).or_default();
        if out.first().is_some_and(|first| first != event) {
            self.wrong(format!("another event of the same job: {event:?}"));
        }
        out.push(event.clone());
    }
}
