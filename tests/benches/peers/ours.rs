//! Our engine: the whole job as `vod-snapshot snapshot` does it, from finding ffmpeg to the files,
//! in a process of its own.

use crate::job::Job;
use crate::machine::Machine;
use crate::measure::Work;
use crate::peer::text;
use crate::subject::Target;
use contract::snapshot::{FrameType, ImageFormat, PointSpec, SnapshotSpec};
use decoder::{Search, locate};
use plan::Limits;
use serde_json::{Value, json};
use service::pictures::{Engine, PassOutput, take};
use source::http::{self, HttpFile};
use source::{CountingSource, FileSource, RangeSource, ReadStats};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use ureq::Agent;

/// Says to be that process.
pub(crate) const ARGUMENT: &str = "--take";

/// What it left beside the pictures.
pub(crate) struct Told {
    /// `cut`, `seek` or `decode`, and why not `cut`.
    pub(crate) path: String,
    /// Of the video, and in how many ranges; none where ffmpeg read the file itself.
    pub(crate) read: Option<(u64, u64)>,
    /// Of a video that is elsewhere, the same where it was copied.
    pub(crate) fetched: (u64, u64),
}

/// The name of a limit, and its value.
pub(crate) type Setting = (&'static str, u64);

pub(crate) fn work(job: &Job, machine: &Machine, out: &Path, settings: &[Setting]) -> Work {
    work_of(&text(&job.subject.path), job, machine, out, settings)
}

/// The same of a video at any place: a path or a URL.
pub(crate) fn work_of(
    video: &str,
    job: &Job,
    machine: &Machine,
    out: &Path,
    settings: &[Setting],
) -> Work {
    let order = json!({
        "video": video,
        "spec": spec(job),
        "limits": settings,
        "ffmpeg": text(&machine.ffmpeg.path),
        "out": text(out),
    });
    let file = out.join("order.json");
    fs::write(&file, order.to_string()).unwrap();
    let program = std::env::current_exe().unwrap();
    Work {
        steps: vec![vec![text(&program), ARGUMENT.to_owned(), text(&file)]],
        ..Work::default()
    }
}

/// A process of `vod-snapshot` for each picture.
pub(crate) fn covers(job: &Job, machine: &Machine, out: &Path) -> Work {
    let program = env!("CARGO_BIN_EXE_vod-snapshot-under-test");
    let one = |(index, target): (usize, &Target)| {
        let picture = text(&out.join(format!("{:05}.jpg", index + 1)));
        let (at, ffmpeg) = (target.at_ms.to_string(), text(&machine.ffmpeg.path));
        let video = text(&job.subject.path);
        let words = [
            program, "snapshot", &video, "--at", &at, "--out", &picture, "--ffmpeg", &ffmpeg,
        ];
        words.map(str::to_owned).to_vec()
    };
    Work {
        steps: job.targets.iter().enumerate().map(one).collect(),
        environment: vec![("XDG_CACHE_HOME", text(&cache()))],
        ..Work::default()
    }
}

/// Of this program alone: another build of it that runs meanwhile would keep what it finds out about
/// the same ffmpeg in the same place, and each would ask anew.
fn cache() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peers-cache");
    fs::create_dir_all(&folder).unwrap();
    folder.canonicalize().unwrap()
}

/// What our engine told that took the pictures in `out`; none where it was another.
pub(crate) fn told(out: &Path) -> Option<Told> {
    let told = fs::read(out.join("told.json")).ok()?;
    let told: Value = serde_json::from_slice(&told).unwrap();
    let path = told["path"].as_str().unwrap().to_owned();
    let count = |name: &str| told[name].as_u64().unwrap_or(0);
    let fetched = (count("read_bytes"), count("reads"));
    Some(Told {
        read: (path == "cut").then_some(fetched),
        fetched,
        path: match told["path_reason"].as_str() {
            Some(reason) => format!("{path}: {reason}"),
            None => path,
        },
    })
}

fn spec(job: &Job) -> SnapshotSpec {
    let (width, height) = job.size;
    let cells = |(columns, lines)| {
        let config = json!({
            "CellWidth": width, "CellHeight": height, "Columns": columns, "Lines": lines,
            "KeepCellPic": "delete",
        });
        contract::sprite::read(&config.to_string())
            .unwrap()
            .unwrap()
    };
    let picture = job.sheet.is_none().then_some(job.size);
    SnapshotSpec {
        points: PointSpec::At {
            times_ms: job.targets.iter().map(|target| target.at_ms).collect(),
        },
        width: picture.map(|size| size.0),
        height: picture.map(|size| size.1),
        frame_type: if job.intra {
            FrameType::Intra
        } else {
            FrameType::Normal
        },
        sprite: job.sheet.map(cells),
        animation: None,
        image_format: ImageFormat::Jpeg,
    }
}

/// Takes the pictures that `file` orders.
pub(crate) fn child(file: &Path) {
    let order: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let out = PathBuf::from(order["out"].as_str().unwrap());
    let tally = Arc::new(ReadStats::default());
    let source = source(order["video"].as_str().unwrap());
    let spec = serde_json::from_value(order["spec"].clone()).unwrap();
    let counted = Arc::new(CountingSource::new(source, Arc::clone(&tally)));
    let job = support::work::order_on(counted, spec);
    let taken = take(&engine(&order), &job, &mut |made| {
        let PassOutput::File(picture) = made else {
            return true;
        };
        let name = picture.key.rsplit('/').next().unwrap_or("");
        fs::write(out.join(name), &picture.bytes).is_ok()
    });
    let manifest = taken.unwrap_or_else(|stop| panic!("{stop}")).manifest;
    let told = json!({
        "path": manifest.path, "path_reason": manifest.path_reason,
        "read_bytes": tally.bytes(), "reads": tally.requests(),
    });
    fs::write(out.join("told.json"), told.to_string()).unwrap();
    fs::write(out.join("manifest.json"), manifest.to_bytes()).unwrap();
}

fn source(video: &str) -> Arc<dyn RangeSource> {
    if video.starts_with("http://") {
        let file = http::open(&Agent::new_with_defaults(), video).unwrap();
        let HttpFile::Ranges(source) = file else {
            panic!("the server knows no ranges");
        };
        return Arc::new(source);
    }
    Arc::new(FileSource::open(Path::new(video)).unwrap())
}

fn engine(order: &Value) -> Engine {
    let given = PathBuf::from(order["ffmpeg"].as_str().unwrap());
    let mut limits = Limits::default();
    for setting in order["limits"].as_array().unwrap() {
        let value = setting[1].as_u64().unwrap();
        match setting[0].as_str().unwrap() {
            "processes" => limits.processes = usize::try_from(value).unwrap(),
            "held-bytes" => limits.held_bytes = value,
            name => panic!("no limit is changed that is called {name}"),
        }
    }
    Engine {
        ffmpeg: locate(&Search::new(Some(given)), &mut |_| ()).unwrap(),
        limits,
        max_snapshots: u32::MAX,
        quality: artifacts::Quality::default(),
        executable: Engine::OWN_EXECUTABLE.into(),
        checkpoint_every: std::time::Duration::MAX,
    }
}
