//! What players read of the cells of a sprite, in each form that is asked for.

use super::cell_spool::CellSpool;
use super::destination::Destination;
use super::failure::Interrupted;
use super::file::OutputFile;
use super::keys::PictureKeys;
use super::request::SnapshotTask;
use super::storyboard_keys::{ends, json_end};
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
    pub(super) destination: &'a Destination,
    pub(super) grid: Grid,
    pub(super) sheets: &'a [SheetEntry],
    pub(super) pictures: &'a [PictureEntry],
    pub(super) duration_ms: u64,
    /// How many files come of this pass.
    pub(super) files: usize,
}

/// How many files a form has beside `sheets` sheets.
pub(super) fn file_count(
    format: StoryboardFormat,
    sheets: usize,
    destination: &Destination,
) -> usize {
    match ends(format) {
        // A store has each sheet once.
        [] if format == StoryboardFormat::Jellyfin && !destination.is_folder() => 0,
        [] => sheets,
        ends => ends.len(),
    }
}

/// The path of a sheet as Jellyfin counts them, in the folder of the sheets.
pub(super) fn jellyfin_path(stem: &str, grid: &Grid, index: usize) -> String {
    jellyfin::path(stem, grid.cell().width, grid.layout(), index)
}

/// The key of a sheet under that path.
pub(super) fn jellyfin_key(task: &SnapshotTask, grid: &Grid, index: usize) -> String {
    let pattern = PictureKeys::from(task).pattern(task.kind);
    jellyfin_path(&key::beside(&pattern, ""), grid, index)
}

impl DoneSprite<'_> {
    /// The files of one form that are not written yet, and what the manifest says of it.
    pub(super) fn files(
        &self,
        format: StoryboardFormat,
        spool: Option<CellSpool>,
    ) -> Result<(Vec<OutputFile>, StoryboardEntry), Interrupted> {
        let mut files = match format {
            StoryboardFormat::Vtt => self.texts(format, ["text/vtt"], [self.web_vtt()]),
            StoryboardFormat::Hls => self.hls(),
            StoryboardFormat::Dash => self.dash(),
            StoryboardFormat::Json => self.json(),
            StoryboardFormat::Bif => self.bif(spool)?.into_iter().collect(),
            StoryboardFormat::Jellyfin => Vec::new(),
        };
        let (keys, names) = match format {
            StoryboardFormat::Jellyfin => self.jellyfin(),
            _ => (
                files.iter().map(|file| file.key.clone()).collect(),
                Vec::new(),
            ),
        };
        // The file of a job that makes WebVTT is there in any case.
        let is_written = |key: &str| key == key::web_vtt(&self.task.video_id, &self.task.job_id);
        files.retain(|file| !is_written(&file.key));
        let format = format.name().to_owned();
        Ok((
            files,
            StoryboardEntry {
                format,
                keys,
                names,
            },
        ))
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
                extension: self.task.spec.image_format.extension(),
            },
        }
    }

    fn hls(&self) -> Vec<OutputFile> {
        let (board, kind) = (self.storyboard(), "application/vnd.apple.mpegurl");
        let playlist = self.key(ends(StoryboardFormat::Hls)[0]);
        let texts = [
            hls::media_playlist(&board),
            hls::multivariant_playlist(&board, key::file_name(&playlist)),
        ];
        self.texts(StoryboardFormat::Hls, [kind, kind], texts)
    }

    fn dash(&self) -> Vec<OutputFile> {
        let board = self.storyboard();
        let kinds = ["application/dash+xml", "application/xml"];
        let texts = [dash::mpd(&board), dash::adaptation_set(&board)];
        self.texts(StoryboardFormat::Dash, kinds, texts)
    }

    /// The files of a form that has as many.
    fn texts<const N: usize>(
        &self,
        format: StoryboardFormat,
        kinds: [&'static str; N],
        texts: [String; N],
    ) -> Vec<OutputFile> {
        let files = ends(format).iter().zip(kinds).zip(texts);
        let files = files.map(|((end, kind), text)| self.text(end, kind, text));
        files.collect()
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
            self.text(&json_end(sheet.index), "application/json", text)
        };
        sheets.map(file).collect()
    }

    fn bif(&self, spool: Option<CellSpool>) -> Result<Option<OutputFile>, Interrupted> {
        let Some(mut spool) = spool else {
            return Ok(None);
        };
        Ok(Some(OutputFile {
            key: self.key(ends(StoryboardFormat::Bif)[0]),
            content_type: "application/octet-stream",
            bytes: spool.bif(.., self.step_us())?,
            of: self.files,
        }))
    }

    /// The keys of the sheets as Jellyfin counts them, and the names that it looks for where a store has
    /// them under their own.
    fn jellyfin(&self) -> (Vec<String>, Vec<String>) {
        let sheets = 0..self.sheets.len();
        if self.destination.is_folder() {
            let key = |index| jellyfin_key(self.task, &self.grid, index);
            return (sheets.map(key).collect(), Vec::new());
        }
        let keys = self.sheets.iter().map(|sheet| sheet.key.clone());
        let name = |index| jellyfin_path(&self.task.job_id, &self.grid, index);
        (keys.collect(), sheets.map(name).collect())
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
