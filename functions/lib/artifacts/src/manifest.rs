//! What a job did, in full, for those who need more than the API's lists: which frame each
//! picture shows, where it lies, and why a picture is missing.
//!
//! Written after every other object of the job: where it is, the objects it names are.

mod animation;
mod candidate;

pub use animation::AnimationEntry;
pub use candidate::{CoverCandidate, CoverFlaw};

use plan::PathTaken;
use serde::{Deserialize, Serialize};

/// The manifest of one job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Manifest {
    /// As answered when the job was submitted.
    pub job_id: String,
    /// The video it read.
    pub video_id: String,
    /// `NormalSnapshot`: one JPEG per time point; `SpriteSnapshot`: sprite sheets;
    /// `WebVttSnapshot`: a WebVTT file with the JPEGs or the sheets it names; `CoverSnapshot`: JPEGs of
    /// keyframes, the best first; `DynamicImage`: an animated image.
    pub snapshot_type: String,
    /// How the job ended, such as `Success`.
    pub status: String,
    /// When the job was submitted, `yyyy-MM-ddTHH:mm:ssZ`.
    pub creation_time: String,
    /// How the video was read.
    pub path: PathTaken,
    /// Why it was not cut; absent where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_reason: Option<String>,
    /// Version of the decoder.
    pub ffmpeg: String,
    /// From the first frame of the video to the end of its presentation, ms.
    pub duration_ms: u64,
    /// px of the video as displayed: rotation and sample aspect ratio applied.
    pub width: u32,
    /// px of the video as displayed.
    pub height: u32,
    /// How the video is coded, such as `h264`.
    pub codec: String,
    /// Why the colours of the pictures are not quite those of the video; absent where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour_reason: Option<String>,
    /// Why one run took the rest of a job that had been divided; absent where none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_run_reason: Option<String>,
    /// Every picture taken, in order of its index.
    pub pictures: Vec<PictureEntry>,
    /// Every sprite sheet, in order of its index; empty without a sprite.
    pub sheets: Vec<SheetEntry>,
    /// Where cells lie on each sheet; absent without a sprite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<GridEntry>,
    /// Object key of the WebVTT file; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web_vtt: Option<String>,
    /// What players read of the cells; absent where nobody asked for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub storyboards: Vec<StoryboardEntry>,
    /// The frames that were looked at for a cover, in order of presentation; absent where none was
    /// chosen by its look.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<CoverCandidate>,
    /// The animated image; absent where it is none of such a job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub animation: Option<AnimationEntry>,
    /// The time points that gave no picture.
    pub missing: Vec<Missing>,
    /// What was done to the times that the file gives its frames, one entry for each kind; absent
    /// where they are believed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repaired: Vec<Repaired>,
    /// What the job used; absent where nobody is billed for it. All of a manifest but this is
    /// the same however often the job runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
}

/// What a job used, all its runs together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Usage {
    /// Memory times time, thousandths of a GB-second; written as `GbSeconds`.
    #[serde(rename = "GbSeconds", with = "ms")]
    pub gb_ms: u64,
    /// Ranges of the video read, each a request.
    pub reads: u64,
    /// Objects written, each a request.
    pub writes: u64,
    /// Bytes of the video that were read.
    pub bytes_read: u64,
    /// Bytes of the objects written.
    pub bytes_written: u64,
}

impl Usage {
    /// With what another run used.
    pub fn add(&mut self, other: Self) {
        self.gb_ms += other.gb_ms;
        self.reads += other.reads;
        self.writes += other.writes;
        self.bytes_read += other.bytes_read;
        self.bytes_written += other.bytes_written;
    }
}

/// One picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PictureEntry {
    /// From 1, over the whole job.
    pub index: u32,
    /// The time point asked for, ms after the first frame.
    pub requested_ms: u64,
    /// When the frame shown is presented, microseconds after the first frame; written as
    /// `PresentationMs`, ms with up to three decimals.
    #[serde(rename = "PresentationMs", with = "ms")]
    pub presentation_us: u64,
    /// Object key of the picture's own JPEG; absent where a sprite job keeps only the sheets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// px of the picture; in its cell where the picture is not kept.
    pub width: u32,
    /// px, likewise.
    pub height: u32,
    /// Size of the picture's own JPEG; 0, and absent from the JSON, where it is not kept.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub bytes: u64,
    /// The decoder complained of the frame, or of one that it depends on: the picture is there,
    /// and perhaps not as it was coded. Absent where it is whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub damaged: bool,
    /// Why the frame of this time gives no picture: it shows the one before, so that no later cell
    /// has another place; where all before give none, the first that does. Only where players
    /// count cells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<Reason>,
    /// Index of the sheet it is on, from 1; sprite jobs only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<u32>,
    /// Its cell on that sheet, from 0 in row order; sprite jobs only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<u32>,
}

/// One sprite sheet as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SheetEntry {
    /// From 1.
    pub index: u32,
    /// Object key.
    pub key: String,
    /// px
    pub width: u32,
    /// px
    pub height: u32,
    /// Size of the JPEG.
    pub bytes: u64,
    /// Cells that hold a picture.
    pub cells: u32,
}

/// Where cells lie on each sheet, in row order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GridEntry {
    /// px of a cell.
    pub cell_width: u32,
    /// px of a cell.
    pub cell_height: u32,
    /// Cells in a row.
    pub columns: u32,
    /// Rows of a sheet.
    pub lines: u32,
}

/// The cells in a form that players read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StoryboardEntry {
    /// As it was asked for: `vtt`, `hls`, `dash`, `json`, `bif` or `jellyfin`.
    pub format: String,
    /// Object keys of its files; the first is the one that a player is given.
    pub keys: Vec<String>,
    /// What these files are to be called, one name for each key, where a player wants other names; absent
    /// where their own will do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// A time point without a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Missing {
    /// The time point asked for, ms after the first frame.
    pub requested_ms: u64,
    /// Why.
    pub reason: Reason,
}

/// Times of frames that were replaced for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Repaired {
    /// Why.
    pub reason: ClockFault,
    /// How many frames were given another time; how often the clock restarted.
    pub count: u64,
    /// When the first of them is presented now, microseconds after the first frame; written as
    /// `PresentationMs`, as that of a picture.
    #[serde(rename = "PresentationMs", with = "ms")]
    pub presentation_us: u64,
}

/// What was wrong with the time of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClockFault {
    /// Far from those of its neighbours, which fit each other: it was put between them.
    Outlier,
    /// There was none: it was put between its neighbours.
    Missing,
    /// The clock went back and stayed there: all later times were moved on.
    Restart,
}

/// Why a time point has no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// It is at or past the end of the video.
    BeyondEnd,
    /// The video has no such frame, such as no keyframe to choose from.
    NoFrame,
    /// The frame is there and cannot be decoded.
    Damaged,
}

impl Manifest {
    /// Indented JSON that ends in a line feed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Strings, integers and finite floats under string keys: nothing of this can fail.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// The key of every object of the job but the manifest itself.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let pictures = self.pictures.iter().filter_map(|p| p.key.as_deref());
        let sheets = self.sheets.iter().map(|sheet| sheet.key.as_str());
        let storyboards = self.storyboards.iter().flat_map(|board| &board.keys);
        let others = storyboards.map(String::as_str);
        let others = others.chain(self.web_vtt.as_deref());
        let others = others.chain(self.animation.as_ref().map(|animation| &*animation.key));
        pictures.chain(sheets).chain(others)
    }

    /// Reads a manifest; fields it does not know are skipped.
    ///
    /// # Errors
    /// Not JSON, or a field missing or of another kind.
    pub fn from_slice(bytes: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(bytes)
    }
}

fn is_zero(bytes: &u64) -> bool {
    *bytes == 0
}

/// Thousandths as units, such as microseconds as ms. The nearest f64 prints as the same three decimals for any time below
/// 2^50 us (35 years), so nothing is lost on the way out and back.
mod ms {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(us: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(*us as f64 / 1000.0)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let ms = f64::deserialize(deserializer)?;
        if ms.is_sign_negative() {
            return Err(D::Error::custom("a presentation time is not negative"));
        }
        Ok((ms * 1000.0).round() as u64)
    }
}

#[cfg(test)]
mod tests;
