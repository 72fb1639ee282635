//! Divisions and their parts as objects beside the pictures of their job.

use super::division::Division;
use crate::model::Job;
use crate::pictures::{Checkpoint, Interrupted};
use crate::ports::{Objects, PortResult};
use crate::worker::store::{AT_ONCE, settle};
use artifacts::key;
use artifacts::manifest::SheetEntry;
use bytes::Bytes;
use media::TrackExcerpt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::task::JoinSet;
use tracing::warn;

/// The end of the key of a division itself, and of what was done before it.
const PLAN: &str = "plan.json";
const BEFORE: &str = "before.json";
/// The ends of the keys of a part: what is done of it, and all of it.
const BEGUN: &str = "-begun.json";
const DONE: &str = "-done.json";
/// The end of the key of what a part has to know of the video's index.
const EXCERPT: &str = "-index.json";
/// The end of the key of what a manifest says of a sheet that lies in several parts.
const SHEET: &str = "-sheet.json";

/// Where the objects of one division lie.
#[derive(Clone)]
pub(super) struct DivisionRecord {
    objects: Arc<dyn Objects>,
    prefix: String,
}

impl DivisionRecord {
    pub(super) fn of(objects: &Arc<dyn Objects>, job: &Job, division: &str) -> Self {
        Self {
            objects: Arc::clone(objects),
            prefix: key::division(&job.video_id, &job.id, division),
        }
    }

    /// Keeps a division, and what was done before it.
    pub(super) async fn keep(
        &self,
        division: &Division,
        before: &Checkpoint,
    ) -> Result<(), Interrupted> {
        // Whoever reads the division finds it.
        self.put(BEFORE, before).await?;
        self.put(PLAN, division).await
    }

    /// Keeps what each part has to know of the video's index, where it need not read that itself.
    pub(super) async fn keep_excerpts(
        &self,
        excerpts: Vec<Option<Vec<u8>>>,
    ) -> Result<(), Interrupted> {
        let mut puts = JoinSet::new();
        for (number, excerpt) in (0_u32..).zip(excerpts) {
            let Some(excerpt) = excerpt else { continue };
            settle(&mut puts, AT_ONCE - 1).await?;
            let record = self.clone();
            let end = format!("{number:05}{EXCERPT}");
            puts.spawn(async move { record.put_json(&end, excerpt).await });
        }
        settle(&mut puts, 0).await
    }

    /// What a part has to know of the video's index; none where it reads that itself.
    pub(super) async fn excerpt(&self, number: u32) -> Result<Option<TrackExcerpt>, Interrupted> {
        self.get(&format!("{number:05}{EXCERPT}")).await
    }

    /// The division; none where its job goes on without it.
    pub(super) async fn division(&self) -> Result<Option<Division>, Interrupted> {
        self.get(PLAN).await
    }

    /// Whether the job still goes on by this division.
    pub(super) async fn is_kept(&self) -> Result<bool, Interrupted> {
        let size = self.objects.size(&self.key(PLAN)).await?;
        Ok(size.is_some())
    }

    /// From now on the job goes on without it.
    pub(super) async fn remove(&self) -> Result<(), Interrupted> {
        Ok(self.objects.delete(&self.key(PLAN)).await?)
    }

    /// What was done before the job was divided.
    pub(super) async fn before(&self) -> Result<Checkpoint, Interrupted> {
        let before = self.get(BEFORE).await?;
        Ok(before.unwrap_or_default())
    }

    /// The key of what is done of a part that is not whole.
    pub(super) fn begun_key(&self, number: u32) -> String {
        self.key(&format!("{number:05}{BEGUN}"))
    }

    /// What is done of a part that is not whole.
    pub(super) async fn begun(&self, number: u32) -> Result<Option<Checkpoint>, Interrupted> {
        self.get(&format!("{number:05}{BEGUN}")).await
    }

    /// Keeps all of a part.
    pub(super) async fn finish(&self, number: u32, done: &Checkpoint) -> Result<(), Interrupted> {
        self.put(&format!("{number:05}{DONE}"), done).await
    }

    /// A whole part.
    pub(super) async fn part(&self, number: u32) -> Result<Option<Checkpoint>, Interrupted> {
        self.get(&format!("{number:05}{DONE}")).await
    }

    /// Keeps what a manifest says of a sheet whose files are stored.
    pub(super) async fn keep_sheet(&self, sheet: &SheetEntry) -> Result<(), Interrupted> {
        self.put(&format!("{:05}{SHEET}", sheet.index), sheet).await
    }

    /// What a manifest says of a sheet that lies in several parts, once its files are stored.
    pub(super) async fn sheet(&self, index: u32) -> Result<Option<SheetEntry>, Interrupted> {
        self.get(&format!("{index:05}{SHEET}")).await
    }

    /// The numbers of the parts that are done.
    pub(super) async fn done(&self) -> Result<BTreeSet<u32>, Interrupted> {
        let (mut done, mut after) = (BTreeSet::new(), None::<String>);
        loop {
            let page = self.objects.list(&self.prefix, after.as_deref()).await?;
            let number = |key: &String| {
                let rest = key.strip_prefix(&self.prefix)?;
                rest.strip_suffix(DONE)?.parse::<u32>().ok()
            };
            done.extend(page.keys.iter().filter_map(number));
            after = page.keys.last().cloned();
            if !page.has_more {
                return Ok(done);
            }
        }
    }

    fn key(&self, end: &str) -> String {
        format!("{}{end}", self.prefix)
    }

    async fn put(&self, end: &str, what: &impl Serialize) -> Result<(), Interrupted> {
        let body =
            serde_json::to_vec(what).map_err(|cause| Interrupted::Retry(cause.to_string()))?;
        Ok(self.put_json(end, body).await?)
    }

    async fn put_json(&self, end: &str, body: Vec<u8>) -> PortResult<()> {
        let (key, body) = (self.key(end), Bytes::from(body));
        self.objects.put(&key, "application/json", body).await
    }

    /// What can't be read is of another version, and as good as none.
    async fn get<T: DeserializeOwned>(&self, end: &str) -> Result<Option<T>, Interrupted> {
        let Some(bytes) = self.objects.get(&self.key(end)).await? else {
            return Ok(None);
        };
        let read = serde_json::from_slice(&bytes);
        Ok(read
            .inspect_err(|cause| warn!(%cause, end, "what was kept of a part can't be read"))
            .ok())
    }
}
