//! What a run used, for whoever is billed for it.

use super::Worker;
use super::run_context::RunContext;
use artifacts::manifest::Usage;

impl Worker {
    /// What a job used with this run, if anybody is billed for it. What is left to write, such
    /// as the manifest itself, is not in it.
    pub(super) fn usage(&self, before: Usage, run: &RunContext) -> Option<Usage> {
        let memory_mb = u64::from(self.memory_mb?);
        let ms = u64::try_from(run.elapsed().as_millis()).unwrap_or(u64::MAX);
        let now = run.report().usage;
        Some(Usage {
            gb_ms: before.gb_ms + ms.saturating_mul(memory_mb) / 1024,
            reads: before.reads + now.reads,
            writes: before.writes + now.writes,
            bytes_read: before.bytes_read + now.bytes_read,
            bytes_written: before.bytes_written + now.bytes_written,
        })
    }
}
