//! A job into its parts, and the parts into their job again.

use super::division::Division;
use super::record::DivisionRecord;
use crate::model::{Job, Message};
use crate::pictures::{Checkpoint, Interrupted, LargeJob};
use crate::worker::Worker;
use crate::worker::store::{AT_ONCE, settle};
use std::sync::Arc;
use tokio::task::JoinSet;
use tracing::info;

impl Worker {
    /// Keeps a division of a job, and sends the parts that may begin. Whoever dies on the way, or does
    /// it twice, divides in the same way again: what is done by then stays done.
    pub(in crate::worker) async fn divide(
        &self,
        job: &Job,
        large: LargeJob,
        at_once: u32,
    ) -> Result<(), Interrupted> {
        let LargeJob { done, parts } = large;
        let mut learnt = done.clone();
        learnt.renumbered();
        let (parts, excerpts) = parts
            .into_iter()
            .map(|part| (part.shots, part.excerpt))
            .unzip();
        let division = Division {
            made_by: self.made_by(),
            learnt,
            parts,
            at_once: at_once.max(1),
            made_ms: self.ports.clock.now_ms(),
        };
        let id = division.id();
        let record = DivisionRecord::of(&self.ports.objects, job, &id);
        record.keep_excerpts(excerpts).await?;
        record.keep(&division, &done).await?;
        info!(parts = division.parts.len(), division = id, "divided");
        self.go_on_with(job, &id, &division, &record).await
    }

    /// Sends the parts that may begin by now; where all are done, the job.
    pub(super) async fn go_on_with(
        &self,
        job: &Job,
        id: &str,
        division: &Division,
        record: &DivisionRecord,
    ) -> Result<(), Interrupted> {
        let done = record.done().await?;
        if division.is_all(&done) {
            return self.join(job, division, record, 0).await;
        }
        self.send_parts(job, id, division.next(&done)).await
    }

    pub(super) async fn send_parts(
        &self,
        job: &Job,
        division: &str,
        numbers: Vec<u32>,
    ) -> Result<(), Interrupted> {
        let mut sends = JoinSet::new();
        for number in numbers {
            settle(&mut sends, AT_ONCE - 1).await?;
            let queue = Arc::clone(&self.ports.queue);
            let message = Message::Part {
                job_id: job.id.clone(),
                request_id: job.request_id.clone(),
                division: division.to_owned(),
                number,
            };
            sends.spawn(async move { queue.send(&message).await });
        }
        settle(&mut sends, 0).await
    }

    /// Leaves the job to one run, which goes on from what its parts have done, and may divide what is
    /// left: unless this was its last division, or more than its last with `further` ones.
    pub(super) async fn join(
        &self,
        job: &Job,
        division: &Division,
        record: &DivisionRecord,
        further: u32,
    ) -> Result<(), Interrupted> {
        let parts = whole_parts(record, division.numbers()).await?;
        let sheets = self.shared_sheets(job, division, record, &parts).await?;
        let before = record.before().await?;
        let mut joined = division.joined(before, parts, sheets);
        joined.divisions = joined.divisions.saturating_add(further);
        self.keep_checkpoint(job, &joined).await?;
        self.ports.queue.send(&job.message()).await?;
        info!(pictures = joined.pictures.len(), "parts joined");
        // Last: a part that is delivered again joins them again as long as it finds its division.
        record.remove().await
    }

    /// Who makes the pictures: the same file and the same of this give the same frames.
    pub(super) fn made_by(&self) -> String {
        let decoder = &self.engine.ffmpeg.version;
        format!("{} {decoder}", env!("CARGO_PKG_VERSION"))
    }
}

/// What is done of each of these parts that is whole.
pub(super) async fn whole_parts(
    record: &DivisionRecord,
    numbers: impl IntoIterator<Item = u32>,
) -> Result<Vec<(usize, Checkpoint)>, Interrupted> {
    let (mut reads, mut parts) = (JoinSet::new(), Vec::new());
    let mut numbers = numbers.into_iter();
    loop {
        for number in numbers.by_ref().take(AT_ONCE - reads.len()) {
            let record = record.clone();
            reads.spawn(async move { Ok((number as usize, record.part(number).await?)) });
        }
        match reads.join_next().await {
            None => return Ok(parts),
            Some(Ok(Ok((number, part)))) => parts.extend(part.map(|part| (number, part))),
            Some(Ok(Err(stop))) => return Err(stop),
            Some(Err(error)) => return Err(Interrupted::of_task(error)),
        }
    }
}
