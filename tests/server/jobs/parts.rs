//! Jobs that are divided into parts: whoever asked for one can't tell.

use crate::storyboards::without;
use artifacts::key::served;
use contract::snapshot::{PointSpec, SnapshotSpec};
use media::TrackExcerpt;
use plan::{Limits, Work};
use service::pictures::{
    Checkpoint, Interrupted, JobRequest, LargeJob, PicturesTaken, Scope, take,
};
use source::{FileSource, RangeSource, ReadError};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::bench::clip;
use support::clips::ffmpegs;
use support::server::{Server, Setup};
use support::work::{at, engine, order_on};
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
    let file = copied(60, clip(), folder.path(), "mkv", &[]);
    let of_file = std::fs::metadata(&file).unwrap().len();
    let taker = Taker::of(&file);
    let (whole, of_all) = taker.take(Scope::Whole, None);
    assert_eq!(whole.unwrap().manifest.pictures.len(), 100);
    let (large, of_division) = taker.divide(100);
    let mut of_parts = 0;
    for part in large.parts {
        assert!(part.excerpt.is_none());
        let (taken, reads) = taker.take(Scope::Part(part.shots), None);
        assert!(matches!(taken, Err(Interrupted::Paused(_))), "{taken:?}");
        of_parts += bytes(&reads);
    }
    let (of_all, of_division) = (bytes(&of_all), bytes(&of_division));
    eprintln!("of {of_file}: {of_all} by one run, {of_division} and {of_parts} divided");
    assert!(of_division < of_file / 10);
    assert!(of_parts < of_all * 2);
}

/// Each of them read all of it: some MB, or the headers of thousands of fragments.
#[test]
fn what_lists_all_samples_was_read_again_by_each_part() {
    let folder = TempDir::new().unwrap();
    let fragmented = ["-movflags", "frag_keyframe+empty_moov"];
    for (name, flags) in [("plain", &[][..]), ("fragmented", &fragmented)] {
        let folder = folder.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        let file = copied(60, clip(), &folder, "mp4", flags);
        let taker = Taker::of(&file);
        let (whole, reads) = taker.take(Scope::Whole, None);
        let whole = whole.unwrap().manifest.pictures;
        let places = places(&file);
        assert!(reads.iter().any(|read| is_of_index(read, &places)));
        let (large, _) = taker.divide(25);
        let mut pictures = Vec::new();
        for part in large.parts {
            let excerpt = serde_json::from_slice(&part.excerpt.unwrap()).unwrap();
            let known = (large.done.clone(), excerpt);
            let (taken, reads) = taker.take(Scope::Part(part.shots), Some(known));
            let Err(Interrupted::Paused(done)) = taken else {
                panic!("{taken:?}");
            };
            let done = serde_json::to_value(&done).unwrap();
            pictures.extend(done["pictures"].as_object().unwrap().values().cloned());
            let of_index = reads.iter().find(|read| is_of_index(read, &places));
            assert_eq!(of_index, None, "{name}");
        }
        pictures.sort_by_key(|picture| picture["Index"].as_u64());
        let whole = serde_json::to_value(whole).unwrap();
        assert_eq!(pictures, whole.as_array().unwrap()[..]);
    }
}

/// What is not of the file that it was made of is not believed.
#[test]
fn an_excerpt_of_another_file_is_not_used() {
    let folder = TempDir::new().unwrap();
    let file = copied(20, clip(), folder.path(), "mp4", &[]);
    let (large, _) = Taker::of(&file).divide(25);
    let part = large.parts.into_iter().next().unwrap();
    let excerpt = serde_json::from_slice(&part.excerpt.unwrap()).unwrap();
    let other = folder.path().join("other.mp4");
    std::fs::copy(&file, &other).unwrap();
    let scope = Scope::Part(part.shots);
    let (taken, reads) = Taker::of(&other).take(scope, Some((large.done, excerpt)));
    assert!(matches!(taken, Err(Interrupted::Paused(_))), "{taken:?}");
    assert!(reads.iter().any(|read| is_of_index(read, &places(&other))));
}

/// Takes 100 small pictures of a file, and tells what it reads.
struct Taker {
    file: PathBuf,
    spec: SnapshotSpec,
}

impl Taker {
    fn of(file: &Path) -> Self {
        let spec = SnapshotSpec {
            points: PointSpec::spread(Some(100), 0, 0),
            width: Some(32),
            ..at(&[])
        };
        let file = file.to_owned();
        Self { file, spec }
    }

    fn take(
        &self,
        scope: Scope,
        known: Option<(Checkpoint, TrackExcerpt)>,
    ) -> (Result<PicturesTaken, Interrupted>, Vec<Range<u64>>) {
        let source = Arc::new(Recorder::open(&self.file));
        let (done, excerpt) = known.unzip();
        let order = JobRequest {
            scope,
            excerpt: excerpt.map(Arc::new),
            done: done.unwrap_or_default(),
            ..order_on(
                Arc::clone(&source) as Arc<dyn RangeSource>,
                self.spec.clone(),
            )
        };
        let engine = engine(&ffmpegs()[0], Limits::default());
        let taken = take(&engine, &order, &mut |_| true);
        let reads = std::mem::take(&mut *source.reads.lock().unwrap());
        (taken, reads)
    }

    /// Into parts of so much work.
    fn divide(&self, ms: u64) -> (LargeJob, Vec<Range<u64>>) {
        let most = Work::of_time(Duration::from_millis(ms));
        let (divided, reads) = self.take(Scope::Dividable(most), None);
        let Err(Interrupted::Large(large)) = divided else {
            panic!("{divided:?}");
        };
        assert!(large.parts.len() > 5, "{:?}", large.parts.len());
        (*large, reads)
    }
}

/// A file as a far source, and what was read of it.
#[derive(Debug)]
struct Recorder {
    file: FileSource,
    reads: Mutex<Vec<Range<u64>>>,
}

impl Recorder {
    fn open(path: &Path) -> Self {
        let (file, reads) = (FileSource::open(path).unwrap(), Mutex::default());
        Self { file, reads }
    }
}

impl RangeSource for Recorder {
    fn bytes(&self) -> u64 {
        self.file.bytes()
    }

    fn identity(&self) -> Option<String> {
        self.file.identity()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        let read = offset..offset + into.len() as u64;
        self.reads.lock().unwrap().push(read);
        self.file.read_at(offset, into)
    }
}

fn bytes(reads: &[Range<u64>]) -> u64 {
    reads.iter().map(|read| read.end - read.start).sum()
}

/// Where the boxes of an MP4 lie that list samples.
fn places(file: &Path) -> Vec<Range<u64>> {
    let bytes = std::fs::read(file).unwrap();
    let (mut at, mut places) = (0, Vec::new());
    while at + 8 <= bytes.len() {
        let size = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        let end = at as u64 + u64::from(size);
        if matches!(&bytes[at + 4..at + 8], b"moov" | b"moof") {
            places.push(at as u64..end);
        }
        at = usize::try_from(end).unwrap();
    }
    places
}

/// Whether this was read for what lists samples: what lies between samples may be read with them.
fn is_of_index(read: &Range<u64>, places: &[Range<u64>]) -> bool {
    places
        .iter()
        .any(|place| place.contains(&read.start) || place.contains(&(read.end - 1)))
}

/// The same video in a Matroska file.
fn as_matroska(video: &Path, folder: &Path) -> PathBuf {
    copied(1, video, folder, "mkv", &[])
}

/// The same video in another container, so often one after the other.
fn copied(times: u32, video: &Path, folder: &Path, extension: &str, flags: &[&str]) -> PathBuf {
    let stem = video.file_stem().unwrap().to_str().unwrap();
    let path = folder.join(format!("{stem}-{times}.{extension}"));
    let mut copy = Command::new(&ffmpegs()[0].path);
    copy.args(["-v", "fatal", "-stream_loop", &(times - 1).to_string()])
        .arg("-i")
        .arg(video);
    copy.args(["-map", "0:v", "-c", "copy"])
        .args(flags)
        .arg(&path);
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
