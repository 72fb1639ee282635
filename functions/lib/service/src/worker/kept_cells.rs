//! The cells of sheets that earlier runs of a job have given away, from the store.

use super::Worker;
use crate::model::Job;
use crate::pictures::keys::PictureKeys;
use crate::pictures::{Checkpoint, Interrupted, KeptCells};
use artifacts::key;
use contract::storyboard::StoryboardFormat;
use tracing::warn;

impl Worker {
    /// The cells of all sheets that are done, for a form that holds them. Where one is missing nothing
    /// counts as done.
    pub(super) async fn kept_cells(
        &self,
        job: &Job,
        done: &mut Checkpoint,
    ) -> Result<Option<KeptCells>, Interrupted> {
        let sprite = job.spec.sprite.as_ref();
        let holds_cells = sprite.is_some_and(|s| s.outputs.contains(&StoryboardFormat::Bif));
        if !holds_cells || done.sheets.is_empty() {
            return Ok(None);
        }
        let kept = KeptCells::new().map_err(unusable)?;
        let pattern = PictureKeys::from(job).pattern(job.kind);
        for sheet in &done.sheets {
            let key = key::cells(&pattern, sheet.index);
            let Some(cells) = self.ports.objects.get(&key).await? else {
                warn!("cells of a sheet are gone; the job begins anew");
                done.renumbered();
                return Ok(None);
            };
            kept.write(sheet.index, &cells).map_err(unusable)?;
        }
        Ok(Some(kept))
    }
}

/// A full disk, say: it may be there again in the next run.
#[allow(clippy::needless_pass_by_value)]
fn unusable(cause: std::io::Error) -> Interrupted {
    Interrupted::Retry(format!("the folder for temporary files: {cause}"))
}
