//! Every port in memory: the twin of the bodies that keep things, for tests of whoever stands on
//! the ports. It holds the same promises, as the same suite shows, and forgets all at its end.
//!
//! What goes out, messages and events, can be looked at: [`MemoryStore::messages`] and
//! [`MemoryStore::events`].

mod callbacks;
mod events;
mod jobs;
mod keys;
mod nonces;
mod objects;
mod queue;
mod rate_limiter;
mod sources;
mod submissions;
mod templates;
mod uploads;
mod videos;

pub use sources::MemorySource;

use crate::model::{CallbackSettings, Event, Job, JobId, Message, RunTrials, Template, TemplateId};
use crate::model::{Upload, Video, VideoId};
use crate::picture_access::PictureAccess;
use crate::ports::{AccessKey, CallToken, Ports, SystemClock};
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All that is kept. Clones are the same.
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Tables>>);

/// One lock around all: a method of a port is one step.
#[derive(Default)]
struct Tables {
    videos: BTreeMap<VideoId, Video>,
    jobs: BTreeMap<JobId, StoredJob>,
    /// By access key id and token.
    tokens: BTreeMap<(String, String), (JobId, CallToken)>,
    templates: BTreeMap<TemplateId, Template>,
    callbacks: BTreeMap<String, CallbackSettings>,
    nonces: BTreeSet<(String, String)>,
    messages: Vec<Message>,
    objects: BTreeMap<String, Bytes>,
    events: Vec<Event>,
    files: BTreeMap<String, Vec<u8>>,
    uploads: BTreeMap<JobId, Upload>,
    /// For uploaded files; none: as many as are written.
    free_bytes: Option<u64>,
    access_keys: BTreeMap<String, AccessKey>,
    access: PictureAccess,
}

struct StoredJob {
    job: Job,
    trials: RunTrials,
}

impl MemoryStore {
    /// The ports over what is kept here, with the machine's clock.
    #[must_use]
    pub fn ports(&self) -> Ports {
        Ports {
            videos: Arc::new(self.clone()),
            jobs: Arc::new(self.clone()),
            submissions: Arc::new(self.clone()),
            templates: Arc::new(self.clone()),
            callbacks: Arc::new(self.clone()),
            nonces: Arc::new(self.clone()),
            queue: Arc::new(self.clone()),
            objects: Arc::new(self.clone()),
            events: Arc::new(self.clone()),
            sources: Arc::new(self.clone()),
            uploads: Arc::new(self.clone()),
            upload_files: Arc::new(self.clone()),
            clock: Arc::new(SystemClock),
        }
    }

    /// Whatever was sent and not taken.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.lock().messages.clone()
    }

    /// Takes the oldest message.
    #[must_use]
    pub fn take_message(&self) -> Option<Message> {
        let messages = &mut self.lock().messages;
        (!messages.is_empty()).then(|| messages.remove(0))
    }

    /// Each event that was published, once.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.lock().events.clone()
    }

    /// Lays a file behind a FileURL that begins with `memory:`.
    pub fn put_file(&self, file_url: &str, bytes: Vec<u8>) {
        self.lock().files.insert(file_url.to_owned(), bytes);
    }

    /// Leaves this much room for uploaded files, whatever is written.
    pub fn set_free_bytes(&self, free_bytes: u64) {
        self.lock().free_bytes = Some(free_bytes);
    }

    /// Lets calls be signed with this key.
    pub fn put_access_key(&self, id: &str, key: AccessKey) {
        self.lock().access_keys.insert(id.to_owned(), key);
    }

    /// Says who gets a picture by its plain address.
    pub fn set_access(&self, access: PictureAccess) {
        self.lock().access = access;
    }

    /// What is kept is whole whoever panicked with it in hand.
    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
