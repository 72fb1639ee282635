//! One run: what is asked for, under a schedule, until nothing is left to do.

use crate::one_picture;
use crate::promise::{self, Files};
use crate::schedule::{Schedule, Work};
use crate::simulation::Simulation;
use decoder::Ffmpeg;
use service::pictures::Engine;
use service::worker::PartSettings;
use std::path::PathBuf;
use std::time::Duration;
use support::clips::Recipe;
use tempfile::TempDir;

/// What all runs share.
pub(crate) struct Runner {
    pub(crate) clip: PathBuf,
    pub(crate) engine: Engine,
    /// When large jobs are divided: each is large.
    pub(crate) parts: Option<PartSettings>,
    /// The engine's ffmpeg, but that it makes no second picture.
    one_picture: Ffmpeg,
    /// Where that lies.
    _folder: TempDir,
}

/// What a run came to.
pub(crate) struct RunReport {
    /// Every call: its name, its number among those, whether a worker made it.
    pub(crate) calls: Vec<(&'static str, u32, bool)>,
    /// How many faults happened.
    pub(crate) struck: u32,
    /// The files of each job, without ids and times.
    pub(crate) files: Vec<Files>,
    /// Of videos.
    pub(crate) bytes_read: u64,
    /// What was promised and did not hold.
    pub(crate) wrongs: Vec<String>,
}

impl Runner {
    /// Three frames a second make it small; the pictures are three of nine.
    pub(crate) fn new() -> Self {
        let ffmpeg = support::clips::ffmpegs().remove(0);
        let clip = recipe().clip(&ffmpeg.path);
        let limits = plan::Limits {
            processes: 1,
            ..plan::Limits::default()
        };
        let folder = TempDir::new().unwrap();
        Self {
            one_picture: one_picture::decoder(&ffmpeg, &folder),
            _folder: folder,
            clip: clip.canonicalize().unwrap(),
            parts: Some(PartSettings {
                work: Duration::ZERO,
                at_once: 2,
            }),
            engine: Engine {
                ffmpeg,
                limits,
                max_snapshots: 100,
                quality: artifacts::Quality::default(),
                executable: Engine::OWN_EXECUTABLE.into(),
                checkpoint_every: Duration::MAX,
            },
        }
    }

    /// What takes the pictures of such work.
    pub(crate) fn engine_for(&self, work: Work) -> Engine {
        let mut engine = self.engine.clone();
        match work {
            Work::Handed => engine.ffmpeg = self.one_picture.clone(),
            Work::Kept => engine.checkpoint_every = Duration::ZERO,
            Work::Normal | Work::Sprite | Work::WebVtt | Work::Divided | Work::Register => {}
        }
        engine
    }

    /// Walks `schedule`; its files are to be as in `reference`.
    pub(crate) fn run(&self, schedule: &Schedule, reference: Option<&Files>) -> RunReport {
        let engine = self.engine_for(schedule.work);
        let mut simulation = Simulation::new(schedule, self.clip.clone(), engine);
        simulation.parts = self.parts.filter(|_| schedule.work == Work::Divided);
        let url = url::Url::from_file_path(&self.clip).unwrap();
        let metadata = serde_json::json!([{ "FileURL": url.as_str(), "Title": "t" }]).to_string();
        let register = [
            ("Action", "RegisterMedia"),
            ("RegisterMetadatas", &*metadata),
        ];
        if schedule.work == Work::Register {
            simulation.ask(&register);
            simulation.settle();
            return promise::of_register(&mut simulation, schedule);
        }
        let answer = simulation.call(&register);
        let video_id = simulation.registered(&answer);
        let template = (schedule.work == Work::WebVtt).then(|| template(&simulation));
        let mut submit = vec![("Action", "SubmitSnapshotJob"), ("VideoId", &*video_id)];
        submit.extend(match &template {
            Some(id) => vec![("SnapshotTemplateId", &**id)],
            None => one_picture::POINTS.to_vec(),
        });
        let cells = match schedule.work {
            Work::Sprite => Some("{'CellWidth': 32, 'Columns': 2, 'Lines': 1}"),
            Work::Divided => Some("{'CellWidth': 32, 'Columns': 2, 'Lines': 1}"),
            _ => None,
        };
        submit.extend(cells.map(|cells| ("SpriteSnapshotConfig", cells)));
        simulation.ask(&submit);
        simulation.settle();
        promise::of_jobs(&mut simulation, &video_id, schedule, reference)
    }
}

/// Nine frames, of which every third is a keyframe.
pub(crate) fn recipe() -> Recipe {
    Recipe {
        width: 128,
        height: 72,
        frames: 9,
        rate: (3, 1),
        ..Recipe::h264("nine-frames-of-three-groups").with("-g 3 -keyint_min 3")
    }
}

fn template(simulation: &Simulation) -> String {
    let config = serde_json::json!({
        "SnapshotType": "WebVttSnapshot",
        "SnapshotConfig": { "Count": 3, "Interval": 0, "Width": 64, "Format": "vtt",
            "SubOut": { "IsSptFrag": "true" },
            "SpriteSnapshotConfig": { "CellWidth": 32, "Columns": 2, "Lines": 1 } },
    });
    let answer = simulation.call(&[
        ("Action", "AddVodTemplate"),
        ("Name", "t"),
        ("TemplateType", "Snapshot"),
        ("TemplateConfig", &config.to_string()),
    ]);
    answer["VodTemplateId"].as_str().unwrap().to_owned()
}
