//! Pictures of a video.

use super::{Body, present};
use crate::action::Action;
use crate::id::JobId;
use crate::storyboard::StoryboardFormat;
use crate::time::utc_time;
use serde_json::{Value, json};

/// One page of the pictures of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSnapshots {
    /// When the job was submitted, Unix ms.
    pub created_ms: i64,
    /// The job.
    pub job_id: JobId,
    /// URL with `{SnapshotCount}` for the five-digit number.
    pub regular: String,
    /// Pictures of the whole job.
    pub total: u64,
    /// Index, from 1, and URL of each picture of this page.
    pub snapshots: Vec<(u64, String)>,
    /// What players read of the sheets of this page. A field that the vendor lacks; absent where
    /// nobody asked for it.
    pub storyboards: Vec<StoryboardFile>,
}

/// A file in a form that players read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryboardFile {
    /// The form.
    pub format: StoryboardFormat,
    /// Where it is.
    pub url: String,
    /// Of a form that has a file for each sheet: the index of the sheet.
    pub sheet: Option<u64>,
    /// What it is to be called, in its folder, where that is not the end of its URL.
    pub name: Option<String>,
}

impl StoryboardFile {
    fn wire(&self) -> Value {
        present(json!({
            "Format": self.format.name(),
            "Index": self.sheet,
            "Name": self.name,
            "Url": self.url,
        }))
    }
}

impl Body for ListSnapshots {
    const ACTION: Action = Action::ListSnapshots;

    fn fields(&self) -> Value {
        let listed = self
            .snapshots
            .iter()
            .map(|(index, url)| json!({"Index": index, "Url": url}));
        let storyboards: Vec<_> = self.storyboards.iter().map(StoryboardFile::wire).collect();
        let storyboards = (!storyboards.is_empty()).then(|| json!({"Storyboard": storyboards}));
        json!({"MediaSnapshot": present(json!({
            "CreationTime": utc_time(self.created_ms),
            "JobId": self.job_id,
            "Regular": self.regular,
            "Total": self.total,
            // Clients crash on a bare array here.
            "Snapshots": {"Snapshot": listed.collect::<Vec<_>>()},
            "Storyboards": storyboards,
        }))})
    }
}

/// The pictures are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeleteImage;

impl Body for DeleteImage {
    const ACTION: Action = Action::DeleteImage;

    fn fields(&self) -> Value {
        json!({})
    }
}
