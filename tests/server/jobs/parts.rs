//! Jobs that are divided into parts: whoever asked for one can't tell.

use crate::storyboards::without;
use artifacts::key::served;
use contract::snapshot::{PointSpec, SnapshotSpec};
use plan::{Limits, Work};
use service::pictures::{Interrupted, JobRequest, Scope, take};
use source::{CountingSource, ReadStats};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::bench::clip;
use support::clips::ffmpegs;
use support::server::{Server, Setup};
use support::work::{Far, at, engine, order_on};
use tempfile::TempDir;

/// By key, without ids and times.
type Files = BTreeMap<String, Vec<u8>>;

/// A server that divides jobs of more than so many seconds of work.
struct Divider {
    server: Server,
    folder: TempDir,
}

impl Divider {
    fn start(part_seconds: &str, media_root: &Path) -> Self {
        let folder = TempDir::new().unwrap();
        let arguments = ["--part-seconds", part_seconds, "--covers", "off"];
        let server = Server::start(&Setup {
            program: env!("CARGO_BIN_EXE_vod-snapshot-under-test").into(),
            data: folder.path().join("data"),
            media_root: media_root.to_owned(),
            arguments: arguments.map(str::to_owned).to_vec(),
        });
        Self { server, folder }
    }

    /// All that a job leaves, and how often it was divided.
    fn run(&self, file: &Path, parameters: &[(&str, &str)]) -> (Files, usize) {
        let divided = || self.server.log_lines("\"divided\"").len();
        let (before, video) = (divided(), self.server.register(file));
        let job = self.server.submit(&video, parameters);
        assert_eq!(self.server.wait(&job), "Success");
        // What is kept of a job goes once it has ended.
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let files = self.files(&video, &job);
            let left = files.keys().find(|key| served(key).is_none());
            let Some(left) = left else {
                return (files, divided() - before);
            };
            assert!(Instant::now() < until, "{left} is left over");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn files(&self, video: &str, job: &str) -> Files {
        let objects = self.folder.path().join("data/objects");
        let mut files = Files::new();
        let mut folders = vec![objects.join(video)];
        while let Some(next) = folders.pop() {
            // A folder goes with the last file in it.
            for entry in std::fs::read_dir(&next).into_iter().flatten() {
                let Ok(entry) = entry else { continue };
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let key = path.strip_prefix(&objects).unwrap().to_str().unwrap();
                // What is kept of a job may go while this looks.
                if let Some(body) = key
                    .contains(job)
                    .then(|| std::fs::read(&path).ok())
                    .flatten()
                {
                    files.insert(without_ids(key, video, job), anonymous(body, video, job));
                }
            }
        }
        files
    }
}

fn without_ids(text: &str, video: &str, job: &str) -> String {
    text.replace(video, "VIDEO").replace(job, "JOB")
}

/// A picture is left as it is, and so is a BIF file.
fn anonymous(body: Vec<u8>, video: &str, job: &str) -> Vec<u8> {
    let Ok(text) = String::from_utf8(body.clone()) else {
        return body;
    };
    let lines = without_ids(&text, video, job);
    let lines = lines.lines().filter(|line| !line.contains("CreationTime"));
    lines.collect::<Vec<_>>().join("\n").into_bytes()
}

fn keys(files: &Files) -> Vec<&String> {
    files.keys().collect()
}

/// One that divides all jobs of these tests, and one that divides none.
struct Pair([Divider; 2]);

impl Pair {
    fn start(media_root: &Path) -> Self {
        Self(["0.05", "0"].map(|seconds| Divider::start(seconds, media_root)))
    }

    /// What both leave is the same; how often the one that divides did so.
    fn same(&self, file: &Path, parameters: &[(&str, &str)]) -> usize {
        let Self([parts, whole]) = self;
        let (of_parts, divided) = parts.run(file, parameters);
        let (of_one, never) = whole.run(file, parameters);
        assert_eq!(never, 0);
        assert_eq!(keys(&of_parts), keys(&of_one));
        for (key, body) in &of_parts {
            assert!(*body == of_one[key], "{key}");
        }
        divided
    }
}

const SPRITE: &str =
    r#"{"CellWidth":80,"Columns":3,"Lines":2,"Outputs":"vtt,hls,dash,json,bif,jellyfin"}"#;

/// One sheet, and more than one part takes.
const LARGE_SHEET: &str = r##"{"CellWidth":81,"Columns":7,"Lines":6,"Padding":2,"Margin":3,"Color":"#336699","KeepCellPic":"keep","Outputs":"vtt,json,bif"}"##;

/// The second begins amid a part.
const TWO_SHEETS: &str =
    r#"{"CellWidth":80,"Columns":7,"Lines":4,"Outputs":"vtt,hls,dash,json,bif,jellyfin"}"#;

const PICTURES: [(&str, &str); 3] = [("Count", "40"), ("Interval", "0"), ("Width", "160")];

fn sprite(config: &'static str) -> Vec<(&'static str, &'static str)> {
    [&PICTURES[..], &[("SpriteSnapshotConfig", config)]].concat()
}

#[test]
fn a_job_in_parts_leaves_the_files_of_one_run() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("whole.mp4");
    std::fs::copy(clip(), &file).unwrap();
    let pair = Pair::start(folder.path());
    assert_eq!(pair.same(&file, &PICTURES), 1);
    assert_eq!(pair.same(&file, &sprite(SPRITE)), 1);
}

/// Such a sheet was one part, however large.
#[test]
fn a_sheet_that_several_parts_make_has_the_bytes_of_one_run() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("whole.mp4");
    std::fs::copy(clip(), &file).unwrap();
    let pair = Pair::start(folder.path());
    for sheets in [LARGE_SHEET, TWO_SHEETS] {
        assert_eq!(pair.same(&file, &sprite(sheets)), 1);
        let strips = pair.0[0].server.log_lines("\"sheet of several parts\"");
        assert!(!strips.is_empty(), "each sheet was made by one part");
    }
    let hole = without(3..4, folder.path());
    assert!(pair.same(&hole, &sprite(TWO_SHEETS)) >= 1);
}

/// Files are numbered without holes, so that each picture behind one has another number.
#[test]
fn frames_that_give_no_picture_leave_no_hole_in_a_job_in_parts() {
    let folder = TempDir::new().unwrap();
    let pair = Pair::start(folder.path());
    for keyframes in [2..3, 0..1] {
        let file = without(keyframes, folder.path());
        // Once more for those behind the hole.
        assert_eq!(pair.same(&file, &PICTURES), 2);
    }
    let file = without(4..5, folder.path());
    assert!(pair.same(&file, &sprite(SPRITE)) >= 1);
}

/// The places of times in it are looked up, so that it is divided before its frames are listed, and each part
/// lists its own.
#[test]
fn a_job_in_parts_on_matroska_leaves_the_files_of_one_run() {
    let folder = TempDir::new().unwrap();
    let pair = Pair::start(folder.path());
    let file = as_matroska(clip(), folder.path());
    for points in [
        PICTURES,
        [("Count", "6"), ("Interval", "0"), ("Width", "160")],
    ] {
        assert_eq!(pair.same(&file, &points), 1);
    }
    assert_eq!(
        pair.same(&file, &[("FrameType", "intra"), ("Count", "12")]),
        1
    );
    assert_eq!(pair.same(&file, &sprite(TWO_SHEETS)), 1);
    let hole = as_matroska(&without(2..3, folder.path()), folder.path());
    assert_eq!(pair.same(&hole, &PICTURES), 2);
    assert_eq!(pair.same(&hole, &sprite(SPRITE)), 2);
}

/// Each part would have read as much of it as all of them together need.
#[test]
fn parts_read_the_index_around_their_own_times_and_a_division_reads_none_of_it() {
    let folder = TempDir::new().unwrap();
    let file = as_matroska_times(60, clip(), folder.path());
    let of_file = std::fs::metadata(&file).unwrap().len();
    let spec = SnapshotSpec {
        points: PointSpec::spread(Some(100), 0, 0),
        width: Some(32),
        ..at(&[])
    };
    let read = |scope: Scope| {
        let tally = Arc::<ReadStats>::default();
        let far = Arc::new(Far::open(&file).unwrap());
        let order = order_on(
            Arc::new(CountingSource::new(far, Arc::clone(&tally))),
            spec.clone(),
        );
        let order = JobRequest { scope, ..order };
        let engine = engine(&ffmpegs()[0], Limits::default());
        let ended = take(&engine, &order, &mut |_| true);
        (ended, tally.bytes())
    };
    let (whole, of_all) = read(Scope::Whole);
    assert_eq!(whole.unwrap().manifest.pictures.len(), 100);
    let (divided, of_division) = read(Scope::Dividable(Work::of_time(Duration::from_millis(100))));
    let Err(Interrupted::Large(_, parts)) = divided else {
        panic!("{divided:?}");
    };
    assert!(parts.len() > 5, "{parts:?}");
    let mut of_parts = 0;
    for part in parts {
        let (taken, bytes) = read(Scope::Part(part));
        assert!(matches!(taken, Err(Interrupted::Paused(_))), "{taken:?}");
        of_parts += bytes;
    }
    eprintln!("of {of_file}: {of_all} by one run, {of_division} and {of_parts} divided");
    assert!(of_division < of_file / 10);
    assert!(of_parts < of_all * 2);
}

/// The same video in a Matroska file.
fn as_matroska(video: &Path, folder: &Path) -> PathBuf {
    as_matroska_times(1, video, folder)
}

/// So often one after the other.
fn as_matroska_times(times: u32, video: &Path, folder: &Path) -> PathBuf {
    let stem = video.file_stem().unwrap().to_str().unwrap();
    let path = folder.join(format!("{stem}-{times}.mkv"));
    let ffmpeg = &ffmpegs()[0].path;
    let mut copy = Command::new(ffmpeg);
    copy.args([
        "-v",
        "fatal",
        "-stream_loop",
        &(times - 1).to_string(),
        "-i",
    ])
    .arg(video);
    copy.args(["-map", "0:v", "-c", "copy"]).arg(&path);
    assert!(copy.status().unwrap().success());
    path
}

#[test]
fn deleting_the_video_ends_a_job_in_parts_and_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("whole.mp4");
    std::fs::copy(clip(), &file).unwrap();
    let divider = Divider::start("0.05", folder.path());
    let server = &divider.server;
    let video = server.register(&file);
    let job = server.submit(&video, &[("Count", "250"), ("Interval", "0")]);
    let until = Instant::now() + Duration::from_secs(60);
    while server.log_lines("\"divided\"").is_empty() {
        assert!(Instant::now() < until, "it is not divided");
        std::thread::sleep(Duration::from_millis(2));
    }
    let _ = server.ok("DeleteVideo", &[("VideoIds", &video)]);
    assert_eq!(server.wait(&job), "Fail");
    let reason = server.log_lines("InvalidParameter.ResourceNotFound");
    assert!(!reason.is_empty(), "it failed of something else");
    assert_eq!(
        server.log_lines("parts joined"),
        [""; 0],
        "its parts went on"
    );
    while !divider.files(&video, &job).is_empty() {
        assert!(Instant::now() < until, "files are left over");
        std::thread::sleep(Duration::from_millis(20));
    }
}
