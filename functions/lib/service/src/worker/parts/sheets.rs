//! Sheets that lie in several parts: made by whoever finds that all of their cells are there.

use super::PartRun;
use super::divide::whole_parts;
use super::division::Division;
use super::record::DivisionRecord;
use crate::model::Job;
use crate::pictures::{
    AssembledSheet, CellStrip, Checkpoint, Interrupted, SheetAssembly, SnapshotTask, whole_sheet,
};
use crate::worker::Worker;
use artifacts::manifest::SheetEntry;
use bytes::Bytes;
use std::collections::BTreeSet;
use tracing::info;

impl Worker {
    /// Makes the sheets that lie in this part and in others, where all of these are `done`. The parts of a
    /// sheet end at about the same time, so that sheets are made while other parts are taken.
    pub(super) async fn make_sheets_of(
        &self,
        part: &PartRun<'_>,
        done: &BTreeSet<u32>,
    ) -> Result<(), Interrupted> {
        if part.job.spec.sprite.is_none() {
            return Ok(());
        }
        let (division, record) = (part.division, part.record);
        let own = record.part(part.place.number).await?.unwrap_or_default();
        for strip in own.strips {
            let parts: Vec<_> = division.of_shots(&strip.shots).collect();
            if parts.iter().all(|number| done.contains(number)) {
                let parts = whole_parts(record, parts).await?;
                self.shared_sheet(part.job, strip.sheet, division, record, &parts)
                    .await?;
            }
        }
        Ok(())
    }

    /// The sheets that lie in several of these parts, made where they are not.
    pub(super) async fn shared_sheets(
        &self,
        job: &Job,
        division: &Division,
        record: &DivisionRecord,
        parts: &[(usize, Checkpoint)],
    ) -> Result<Vec<SheetEntry>, Interrupted> {
        let strips = parts.iter().flat_map(|(_, part)| &part.strips);
        let sheets: BTreeSet<u32> = strips.map(|strip| strip.sheet).collect();
        let mut made = Vec::new();
        for sheet in sheets {
            made.extend(
                self.shared_sheet(job, sheet, division, record, parts)
                    .await?,
            );
        }
        Ok(made)
    }

    /// What a manifest says of one of them; none where cells are not there.
    async fn shared_sheet(
        &self,
        job: &Job,
        sheet: u32,
        division: &Division,
        record: &DivisionRecord,
        parts: &[(usize, Checkpoint)],
    ) -> Result<Option<SheetEntry>, Interrupted> {
        let of_its_file = parts
            .iter()
            .filter(|(_, part)| division.is_of_its_file(part));
        let strips = of_its_file.flat_map(|(_, part)| &part.strips);
        let Some(strips) = whole_sheet(sheet, strips) else {
            return Ok(None);
        };
        if let Some(made) = record.sheet(sheet).await? {
            return Ok(Some(made));
        }
        let strips = strips.into_iter().cloned().collect();
        let Some(made) = self.assemble(job, division, strips).await? else {
            return Ok(None);
        };
        for file in made.files {
            let body = Bytes::from(file.bytes);
            let objects = &self.ports.objects;
            objects.put(&file.key, file.content_type, body).await?;
        }
        record.keep_sheet(&made.entry).await?;
        info!(sheet, "sheet of several parts");
        Ok(Some(made.entry))
    }

    /// Holds one strip at a time.
    async fn assemble(
        &self,
        job: &Job,
        division: &Division,
        strips: Vec<CellStrip>,
    ) -> Result<Option<AssembledSheet>, Interrupted> {
        let (Some(facts), Some(first)) = (&division.learnt.facts, strips.first()) else {
            return Ok(None);
        };
        let task = SnapshotTask::from(job);
        let mut assembly = SheetAssembly::new(&self.engine, &task, facts, first.of)?;
        for strip in strips {
            let cells = self.ports.objects.get(&strip.key).await?;
            let (Some(begun), Some(cells)) = (assembly, cells) else {
                return Ok(None);
            };
            let placing = tokio::task::spawn_blocking(move || begun.with(&strip, &cells));
            assembly = placing.await.map_err(Interrupted::of_task)??;
        }
        Ok(assembly.and_then(SheetAssembly::finish))
    }
}
