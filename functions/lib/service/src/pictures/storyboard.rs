//! What players read of the cells of a sprite, in each form that is asked for.

use super::cell_spool::CellSpool;
use super::failure::Interrupted;
use super::file::OutputFile;
use super::image_format::ImageFormat;
use super::keys::PictureKeys;
use super::request::SnapshotTask;
use super::webvtt;
use artifacts::key;
use artifacts::manifest::{PictureEntry, SheetEntry, StoryboardEntry};
use artifacts::storyboard::mux::TimedCell;
use artifacts::storyboard::{SheetNames, Storyboard, dash, hls, jellyfin, mux};
use artifacts::webvtt::Cue;
use contract::storyboard::StoryboardFormat;
use plan::{Grid, points};

/// The sheets of a pass that is done.
pub(super) struct DoneSprite<'a> {
    pub(super) task: &'a SnapshotTask,
    pub(super) format: ImageFormat,
    pub(super) grid: Grid,
    pub(super) sheets: &'a [SheetEntry],
    pub(super) pictures: &'a [PictureEntry],
    pub(super) duration_ms: u64,
    /// How many files come of this pass.
    pub(super) files: usize,
}

/// How many files a form has beside `sheets` sheets.
pub(super) fn file_count(format: StoryboardFormat, sheets: usize) -> usize {
    match format {
        StoryboardFormat::Vtt | StoryboardFormat::Bif => 1,
        StoryboardFormat::Hls | StoryboardFormat::Dash => 2,
        StoryboardFormat::Json | StoryboardFormat::Jellyfin => sheets,
    }
}

/// The key of a sheet as Jellyfin counts them.
pub(super) fn jellyfin_key(task: &SnapshotTask, grid: &Grid, index: usize) -> String {
    let pattern = PictureKeys::from(task).pattern(task.kind);
    let stem = key::beside(&pattern, "");
    jellyfin::path(&stem, grid, index)
}

impl DoneSprite<'_> {
    /// The files of one form that are not written yet, and what the manifest says of it.
    pub(super) fn files(
        &self,
        format: StoryboardFormat,
        spool: Option<CellSpool>,
    ) -> Result<(Vec<OutputFile>, StoryboardEntry), Interrupted> {
        let mut files = match format {
            StoryboardFormat::Vtt => vec![self.text(".vtt", "text/vtt", self.web_vtt())],
            StoryboardFormat::Hls => self.hls(),
            StoryboardFormat::Dash => self.dash(),
            StoryboardFormat::Json => self.json(),
            StoryboardFormat::Bif => self.bif(spool)?.into_iter().collect(),
            StoryboardFormat::Jellyfin => Vec::new(),
        };
        let keys = match format {
            StoryboardFormat::Jellyfin => self.jellyfin_keys(),
            _ => files.iter().map(|file| file.key.clone()).collect(),
        };
        // The file of a job that makes WebVTT is there in any case.
        let is_written = |key: &str| key == key::web_vtt(&self.task.video_id, &self.task.job_id);
        files.retain(|file| !is_written(&file.key));
        let format = format.name().to_owned();
        Ok((files, StoryboardEntry { format, keys }))
    }

    fn key(&self, end: &str) -> String {
        let pattern = PictureKeys::from(self.task).pattern(self.task.kind);
        key::beside(&pattern, end)
    }

    fn text(&self, end: &str, content_type: &'static str, text: String) -> OutputFile {
        OutputFile {
            key: self.key(end),
            content_type,
            bytes: text.into_bytes(),
            of: self.files,
        }
    }

    fn step_us(&self) -> u64 {
        // Lists of times are refused before.
        points::step_us(&self.task.spec.points, self.duration_ms).unwrap_or(1)
    }

    fn storyboard(&self) -> Storyboard {
        Storyboard {
            grid: self.grid,
            step_us: self.step_us(),
            cells: u32::try_from(self.pictures.len()).unwrap_or(u32::MAX),
            sheet_bytes: self.sheets.iter().map(|sheet| sheet.bytes).collect(),
            names: SheetNames {
                stem: self.task.job_id.to_string(),
                extension: self.format.extension(),
            },
        }
    }

    fn hls(&self) -> Vec<OutputFile> {
        let (board, kind) = (self.storyboard(), "application/vnd.apple.mpegurl");
        let playlist = self.text(".m3u8", kind, hls::media_playlist(&board));
        let tag = hls::multivariant_playlist(&board, key::file_name(&playlist.key));
        let tag = self.text("-multivariant.m3u8", kind, tag);
        vec![playlist, tag]
    }

    fn dash(&self) -> Vec<OutputFile> {
        let board = self.storyboard();
        let set = dash::adaptation_set(&board);
        vec![
            self.text(".mpd", "application/dash+xml", dash::mpd(&board)),
            self.text("-adaptation-set.xml", "application/xml", set),
        ]
    }

    fn json(&self) -> Vec<OutputFile> {
        let sheets = self.sheets.iter();
        let file = |sheet: &SheetEntry| {
            let name = key::file_name(&sheet.key);
            let on_it = self
                .pictures
                .iter()
                .filter(|entry| entry.sheet == Some(sheet.index));
            let cells: Vec<_> = on_it.filter_map(timed_cell).collect();
            let text = mux::sheet(name, &self.grid, &cells, self.duration_ms);
            let end = format!("-{:05}.json", sheet.index);
            self.text(&end, "application/json", text)
        };
        sheets.map(file).collect()
    }

    fn bif(&self, spool: Option<CellSpool>) -> Result<Option<OutputFile>, Interrupted> {
        let Some(spool) = spool else {
            return Ok(None);
        };
        Ok(Some(OutputFile {
            key: self.key(".bif"),
            content_type: "application/octet-stream",
            bytes: spool.bif(self.step_us())?,
            of: self.files,
        }))
    }

    fn jellyfin_keys(&self) -> Vec<String> {
        let sheets = 0..self.sheets.len();
        sheets
            .map(|index| jellyfin_key(self.task, &self.grid, index))
            .collect()
    }

    fn web_vtt(&self) -> String {
        let cue = |entry: &PictureEntry| {
            let sheet = usize::try_from(entry.sheet?).ok()?.checked_sub(1)?;
            Some(Cue {
                presentation_us: entry.presentation_us,
                file: key::file_name(&self.sheets.get(sheet)?.key).to_owned(),
                region: webvtt::region(entry, Some(self.grid)),
            })
        };
        let cues: Vec<_> = self.pictures.iter().filter_map(cue).collect();
        artifacts::webvtt::write(&cues, self.duration_ms)
    }
}

fn timed_cell(entry: &PictureEntry) -> Option<TimedCell> {
    Some(TimedCell {
        start_us: entry.presentation_us,
        cell: entry.cell?,
    })
}
