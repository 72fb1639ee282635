//! Taking the pictures of one video.

use super::input::Input;
use super::interrupt::{self, Interrupt};
use super::output::{FolderOutput, JOB_ID, SingleOutput};
use crate::error::CommandError;
use crate::terminal_progress::TerminalProgress;
use artifacts::Manifest;
use contract::error::ErrorCode;
use contract::snapshot::SnapshotSpec;
use plan::Deadline;
use service::model::SnapshotType;
use service::pictures::{
    Engine, Interrupted, JobRequest, OutputFile, PassOutput, SnapshotTask, take,
};
use service::ports::{Clock, SystemClock};
use source::RangeSource;
use std::sync::Arc;

/// What all videos of a run have in common.
pub(super) struct Run {
    pub(super) engine: Engine,
    pub(super) spec: SnapshotSpec,
    pub(super) kind: SnapshotType,
    pub(super) interrupt: Interrupt,
}

/// Where the pictures of one video go.
pub(super) enum Output {
    Folder(FolderOutput),
    Single(SingleOutput),
}

impl Output {
    fn put(&mut self, file: OutputFile) -> Result<(), CommandError> {
        match self {
            Self::Folder(folder) => folder.put(file_name(&file.key), &file.bytes),
            Self::Single(single) => {
                single.put(file.bytes);
                Ok(())
            }
        }
    }

    /// The manifest as it was written: names of files in place of keys.
    fn finish(&mut self, mut manifest: Manifest) -> Result<Manifest, CommandError> {
        match self {
            Self::Folder(folder) => {
                name_files(&mut manifest, |key| file_name(key).to_owned());
                folder.finish(&manifest)?;
            }
            Self::Single(single) => {
                let name = single.name();
                name_files(&mut manifest, |_| name.clone());
                single.finish()?;
            }
        }
        Ok(manifest)
    }

    fn roll_back(&mut self) {
        if let Self::Folder(folder) = self {
            folder.roll_back();
        }
    }
}

impl Run {
    /// Takes them all and says what was taken. Where that fails nothing of this video is left; what
    /// a signal ends leaves its finished pictures.
    pub(super) fn take(
        &self,
        input: &Input,
        output: &mut Output,
    ) -> Result<Manifest, CommandError> {
        let source = input.open(&self.engine.limits, &self.interrupt)?;
        let taken = self.take_from(input, source, output);
        let taken = taken.and_then(|manifest| output.finish(manifest));
        if let Err(error) = &taken
            && !matches!(error, CommandError::Interrupted { .. })
        {
            output.roll_back();
        }
        taken
    }

    fn take_from(
        &self,
        input: &Input,
        source: Arc<dyn RangeSource>,
        output: &mut Output,
    ) -> Result<Manifest, CommandError> {
        let request = JobRequest {
            until: self.until(),
            ..JobRequest::whole(self.task(input), source)
        };
        let progress = TerminalProgress::pictures();
        let mut failed = None;
        let taken = take(&self.engine, &request, &mut |made| {
            let PassOutput::File(file) = made else {
                return true;
            };
            progress.set_length(file.of);
            progress.advance(1);
            let written = output.put(file);
            written.map_err(|error| failed = Some(error)).is_ok()
        });
        if let Some(error) = failed {
            return Err(error);
        }
        match (taken, self.interrupt.signal()) {
            (Ok(taken), _) => Ok(taken.manifest),
            (Err(_), Some(signal)) => Err(interrupt::stopped(signal, self.interrupt.kept())),
            (Err(Interrupted::Failed(failure)), _)
                if failure.code == ErrorCode::ResourceContentBad =>
            {
                let text = format!("{}: {}", input.shown(), Interrupted::Failed(failure));
                Err(CommandError::NoVideo(text))
            }
            (Err(cause), _) => Err(CommandError::Video(format!("{}: {cause}", input.shown()))),
        }
    }

    fn until(&self) -> Deadline {
        self.interrupt.until()
    }

    /// The job of this run: there is no registered video, so it names the file.
    fn task(&self, input: &Input) -> SnapshotTask {
        SnapshotTask {
            job_id: JOB_ID.into(),
            video_id: input.name().into(),
            kind: self.kind,
            spec: self.spec.clone(),
            created_ms: SystemClock.now_ms(),
        }
    }
}

/// The path below `--out`: that of the key below its video's `snapshots` folder.
fn file_name(key: &str) -> &str {
    key.split_once("/snapshots/").map_or(key, |(_, name)| name)
}

/// Names of files in place of object keys.
fn name_files(manifest: &mut Manifest, name: impl Fn(&str) -> String) {
    let pictures = manifest.pictures.iter_mut();
    let pictures = pictures.filter_map(|picture| picture.key.as_mut());
    let sheets = manifest.sheets.iter_mut().map(|sheet| &mut sheet.key);
    let storyboards = manifest
        .storyboards
        .iter_mut()
        .flat_map(|board| &mut board.keys);
    let others = storyboards.chain(manifest.web_vtt.as_mut());
    for key in pictures.chain(sheets).chain(others) {
        *key = name(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_has_paths_below_the_folder_in_place_of_keys() {
        let manifest = Manifest::from_slice(
            br#"{"JobId": "snapshot", "VideoId": "v.mp4", "SnapshotType": "NormalSnapshot",
                 "Status": "Success", "CreationTime": "2026-01-02T03:04:05Z", "Path": "cut",
                 "Ffmpeg": "7.0", "DurationMs": 1000, "Width": 64, "Height": 64,
                 "Codec": "h264", "Sheets": [], "Missing": [],
                 "WebVtt": "v.mp4/snapshots/vtt/snapshot.vtt",
                 "Pictures": [{"Index": 1, "RequestedMs": 0, "PresentationMs": 0,
                     "Key": "v.mp4/snapshots/snapshot-00001.jpg", "Width": 64, "Height": 64}]}"#,
        );
        let mut manifest = manifest.unwrap();
        name_files(&mut manifest, |key| file_name(key).to_owned());
        let names: Vec<_> = manifest.keys().collect();
        assert_eq!(names, ["snapshot-00001.jpg", "vtt/snapshot.vtt"]);
    }
}
