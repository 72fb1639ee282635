//! Jobs that run in a child process of ours: the same files, and every end of the child is seen.

use contract::command::SnapshotType;
use contract::snapshot::{Color, PointSpec, SheetFit, SnapshotSpec, SpriteSpec};
use contract::storyboard::StoryboardFormat;
use plan::Limits;
use service::pictures::isolated::ARGUMENT;
use service::pictures::{
    Deadline, Destination, Emit, Engine, Interrupted, JobRequest, KeptCells, PassOutput,
    PicturesTaken, take, take_in_child,
};
use source::{FileSource, RangeSource, ReadError};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use support::clips::{Recipe, ffmpegs};
use support::work::{Far, at, engine, order, order_on};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vod-snapshot-under-test");

/// One at a time: they look for the children of this process.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn isolating() -> Engine {
    Engine {
        executable: PROGRAM.into(),
        ..engine(&ffmpegs()[0], Limits::default())
    }
}

fn clip(extension: &'static str) -> PathBuf {
    let recipe = match extension {
        // Of Sorenson's codec, which ffmpeg's own demuxer lists.
        ".flv" => Recipe::h264("isolated_flv")
            .encoded("flv", "-q:v 3 -g 25")
            .inside(".flv", 1000),
        ".ts" => Recipe::h264("isolated_ts").inside(".ts", 90_000),
        _ => Recipe::h264("isolated"),
    };
    recipe.clip(&ffmpegs()[0].path)
}

type Taker = fn(&Engine, &JobRequest, &mut Emit<'_>) -> Result<PicturesTaken, Interrupted>;

/// All that is to be seen of a job, with each file.
fn seen(taker: Taker, order: &JobRequest) -> (String, BTreeMap<String, (Vec<u8>, usize)>) {
    let mut files = BTreeMap::new();
    let taken = taker(&isolating(), order, &mut |made| match made {
        PassOutput::File(file) => files.insert(file.key, (file.bytes, file.of)).is_none(),
        PassOutput::Checkpoint(_) => true,
    });
    let taken = taken.unwrap();
    let manifest = String::from_utf8(taken.manifest.to_bytes()).unwrap();
    (format!("{manifest}{:?}", taken.facts), files)
}

fn sprite() -> SnapshotSpec {
    let sprite = SpriteSpec {
        cell_width: Some(160),
        cell_height: Some(90),
        padding: 0,
        margin: 0,
        columns: 2,
        lines: 2,
        color: Color::Rgb([0; 3]),
        keep_cell_pic: true,
        outputs: Vec::new(),
        fit: SheetFit::default(),
    };
    SnapshotSpec {
        sprite: Some(sprite),
        ..at(&[0, 1000, 2500, 9000, 9999])
    }
}

#[test]
fn a_child_makes_the_same_files_as_this_process() {
    let _turn = turn();
    for extension in [".mp4", ".ts", ".flv"] {
        let path = clip(extension);
        for (spec, kind) in [
            (
                at(&[0, 4000, 39, 9999, 20_000]),
                SnapshotType::NormalSnapshot,
            ),
            (sprite(), SnapshotType::SpriteSnapshot),
            (at(&[0, 4000]), SnapshotType::WebVttSnapshot),
        ] {
            let near = order(&path, spec.clone()).unwrap();
            let far = order_on(Arc::new(Far::open(&path).unwrap()), spec);
            for mut order in [near, far] {
                order.task.kind = kind;
                let (here, there) = (seen(take, &order), seen(take_in_child, &order));
                assert_eq!(here.0, there.0, "{extension} {kind:?}");
                assert!(
                    here.1 == there.1 && !here.1.is_empty(),
                    "{extension} {kind:?}"
                );
            }
        }
    }
    assert_eq!(children(), [0; 0]);
}

#[test]
fn a_verdict_of_a_child_is_the_same_verdict() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no-video.mp4");
    fs::write(&path, "this is no video").unwrap();
    let order = order(&path, at(&[0])).unwrap();
    let failure = |taken: Result<PicturesTaken, Interrupted>| match taken {
        Err(Interrupted::Failed(failure)) => failure,
        other => panic!("{other:?}"),
    };
    let here = failure(take(&isolating(), &order, &mut |_| true));
    let there = failure(take_in_child(&isolating(), &order, &mut |_| true));
    assert_eq!(here, there);
    let missing = folder.path().join("none");
    let nowhere = Engine {
        executable: missing,
        ..isolating()
    };
    let taken = take_in_child(&nowhere, &order, &mut |_| true);
    assert!(matches!(taken, Err(Interrupted::Retry(_))), "{taken:?}");
}

#[test]
fn a_file_that_nobody_takes_ends_the_child_as_it_ends_the_work_here() {
    let _turn = turn();
    let order = order(&clip(".mp4"), at(&[0, 4000])).unwrap();
    for taker in [take as Taker, take_in_child] {
        let mut asked = 0;
        let taken = taker(&isolating(), &order, &mut |_| {
            asked += 1;
            false
        });
        assert!(matches!(taken, Err(Interrupted::Retry(_))), "{taken:?}");
        assert_eq!(asked, 1);
    }
}

/// Does something at its nth read.
struct Hooked {
    file: FileSource,
    reads: AtomicU64,
    at: u64,
    hook: Box<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Hooked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Hooked")
    }
}

impl RangeSource for Hooked {
    fn bytes(&self) -> u64 {
        self.file.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        if self.reads.fetch_add(1, Ordering::Relaxed) == self.at {
            (self.hook)();
        }
        self.file.read_at(offset, into)
    }
}

fn hooked(at_read: u64, hook: impl Fn() + Send + Sync + 'static) -> JobRequest {
    let source = Hooked {
        file: FileSource::open(&clip(".mp4")).unwrap(),
        reads: AtomicU64::new(0),
        at: at_read,
        hook: Box::new(hook),
    };
    order_on(Arc::new(source), at(&[0, 2000, 8000]))
}

/// Processes of this one that take pictures.
fn children() -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let is_child = |id: &u32| {
        let read = |name: &str| fs::read_to_string(format!("/proc/{id}/{name}"));
        let status = read("status").unwrap_or_default();
        let parent = format!("\nPPid:\t{}\n", std::process::id());
        status.contains(&parent) && read("cmdline").is_ok_and(|line| line.contains(ARGUMENT))
    };
    ids.filter(is_child).collect()
}

/// Twice: where nobody else sent it, Rust's own handler takes the first SIGSEGV for a mistake.
fn signal(name: &str) {
    for child in children() {
        let kill = format!("kill -{name} {child} && sleep 0.1; kill -{name} {child}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &kill]).stderr(Stdio::null());
        shell.status().unwrap();
    }
}

fn crash(taken: Result<PicturesTaken, Interrupted>) -> String {
    match taken {
        Err(Interrupted::Crashed(cause)) => cause,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_child_that_is_killed_or_crashes_is_a_crash_with_its_signal() {
    let _turn = turn();
    for (name, number) in [("KILL", 9), ("SEGV", 11)] {
        let order = hooked(1, move || signal(name));
        let cause = crash(take_in_child(&isolating(), &order, &mut |_| true));
        assert!(cause.contains(&format!("signal {number}")), "{cause}");
        assert_eq!(children(), [0; 0]);
    }
}

/// A program of these lines in the child's place.
fn script(folder: &Path, lines: &str) -> Engine {
    let path = folder.join("program");
    fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    Engine {
        executable: path,
        ..isolating()
    }
}

#[test]
fn a_child_that_makes_no_sense_is_a_crash_and_takes_no_memory() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let order = order(&clip(".mp4"), at(&[0])).unwrap();
    for (lines, said) in [
        ("echo 'hello, world' >&0; sleep 60", "there is no frame 104"),
        (
            "printf '\\007\\377\\377\\377\\377' >&0; sleep 60",
            "4294967295 bytes",
        ),
        (
            "printf '\\002\\001\\000\\000\\000x' >&0; sleep 60",
            "Answer",
        ),
        ("printf '\\011\\002\\000\\000\\000{}' >&0; sleep 60", "End"),
        (
            "printf '\\005\\003\\000\\000\\000abc' >&0; sleep 60",
            "no sense",
        ),
        ("printf '\\011\\002' >&0", "exit code 0"),
        ("exit 3", "exit code 3"),
        (
            "echo what was the matter >&2; exit 101",
            "what was the matter",
        ),
        ("exec <&-; sleep 60", "had to be ended"),
    ] {
        let engine = script(folder.path(), lines);
        let taken = loop {
            match take_in_child(&engine, &order, &mut |_| true) {
                // Another test may have started a process while the script was written.
                Err(Interrupted::Retry(cause)) if cause.contains("busy") => {}
                taken => break taken,
            }
        };
        let cause = crash(taken);
        assert!(cause.contains(said), "{lines}: {cause}");
    }
    assert_eq!(children(), [0; 0]);
}

#[test]
fn a_child_has_an_empty_environment_and_is_the_first_to_go() {
    let _turn = turn();
    let found = Arc::new(Mutex::new(Vec::new()));
    let finding = Arc::clone(&found);
    let order = hooked(0, move || {
        for child in children() {
            let read = |name: &str| fs::read_to_string(format!("/proc/{child}/{name}"));
            let seen = [read("environ"), read("oom_score_adj")].map(Result::unwrap_or_default);
            finding.lock().unwrap().push(seen);
        }
    });
    take_in_child(&isolating(), &order, &mut |_| true).unwrap();
    let [environment, score] = &found.lock().unwrap()[0];
    // Closed to other users, this one's own children among them.
    let is_open = !environment.is_empty();
    assert!(
        !is_open || environment.starts_with("TMPDIR=") && environment.matches('=').count() == 1
    );
    assert_eq!(score.trim(), "1000");
}

/// Ends the time of an order after so long; when that was.
fn end_after(until: &Deadline, time: Duration) -> std::thread::JoinHandle<Instant> {
    let until = until.clone();
    std::thread::spawn(move || {
        std::thread::sleep(time);
        until.end();
        Instant::now()
    })
}

#[test]
fn a_child_whose_time_is_over_ends_at_once_even_where_its_source_never_answers() {
    let _turn = turn();
    for taker in [take_in_child as Taker, take] {
        for at_read in [0, 3] {
            let order = hooked(at_read, || std::thread::sleep(Duration::from_secs(20)));
            let ending = end_after(&order.until, Duration::from_millis(500));
            let taken = taker(&isolating(), &order, &mut |_| true);
            let late = ending.join().unwrap().elapsed();
            eprintln!("stopped after {late:?}");
            assert!(matches!(taken, Err(Interrupted::Paused(_))), "{taken:?}");
            assert!(late < Duration::from_secs(1), "{late:?}");
            assert_eq!(children(), [0; 0]);
        }
    }
}

#[test]
fn a_child_that_is_stopped_says_what_is_done() {
    let _turn = turn();
    let order = order(
        &clip(".mp4"),
        at(&(0..200).map(|n| n * 40).collect::<Vec<_>>()),
    )
    .unwrap();
    let until = order.until.clone();
    let mut given = 0;
    let taken = take_in_child(&isolating(), &order, &mut |_| {
        given += 1;
        if given == 5 {
            until.end();
        }
        true
    });
    let Err(Interrupted::Paused(done)) = taken else {
        panic!("{taken:?}")
    };
    let done = serde_json::to_value(&done).unwrap();
    assert_eq!(done["pictures"].as_object().unwrap().len(), given);
    assert!(given < 200);
}

/// A BIF file holds the cells of sheets that an earlier run has given away.
#[test]
fn a_form_of_cells_is_the_same_wherever_and_however_often_its_job_went_on() {
    let _turn = turn();
    let mut spec = SnapshotSpec {
        points: PointSpec::spread(None, 1, 0),
        ..sprite()
    };
    let sprite = spec.sprite.as_mut().unwrap();
    (sprite.keep_cell_pic, sprite.outputs) = (false, vec![StoryboardFormat::Bif]);
    let mut order = order(&clip(".mp4"), spec).unwrap();
    order.destination = Destination::Store { kept: None };
    for taker in [take as Taker, take_in_child] {
        let (whole, files) = seen(taker, &order);
        let engine = Engine {
            checkpoint_every: Duration::ZERO,
            ..isolating()
        };
        let (stopping, mut first) = (order.until.child(), BTreeMap::new());
        let stopped = JobRequest {
            until: stopping.clone(),
            ..order.clone()
        };
        let taken = taker(&engine, &stopped, &mut |made| {
            if let PassOutput::File(file) = made {
                first.insert(file.key, file.bytes);
            }
            if first.contains_key("video/snapshots/sprite/snapshot-00001.jpg") {
                stopping.end();
            }
            true
        });
        let Err(Interrupted::Paused(done)) = taken else {
            panic!("{taken:?}")
        };
        let cells = first.remove("video/snapshots/sprite/snapshot-00001.cells");
        let kept = KeptCells::new().unwrap();
        kept.write(1, &cells.unwrap()).unwrap();
        let going_on = JobRequest {
            done: *done,
            destination: Destination::Store { kept: Some(kept) },
            ..order.clone()
        };
        let (rest, mut second) = seen(taker, &going_on);
        assert_eq!(rest, whole);
        assert!(!second.contains_key("video/snapshots/sprite/snapshot-00001.jpg"));
        let bif = second.remove("video/snapshots/sprite/snapshot.bif");
        assert!(bif == files.get("video/snapshots/sprite/snapshot.bif").cloned());
        // Where its cells are gone, all is made again.
        let anew = JobRequest {
            destination: Destination::Store { kept: None },
            ..going_on
        };
        let (_, second) = seen(taker, &anew);
        assert!(second == files);
    }
}

/// It counted as done: the next run left it out, or gave it with its last cell alone.
#[test]
fn a_sheet_that_a_full_store_did_not_take_is_done() {
    let _turn = turn();
    let mut spec = sprite();
    spec.sprite.as_mut().unwrap().keep_cell_pic = false;
    let order = order(&clip(".mp4"), spec).unwrap();
    let stopping = order.until.child();
    let stopped = JobRequest {
        until: stopping.clone(),
        ..order.clone()
    };
    let taken = take(&isolating(), &stopped, &mut |_| {
        stopping.end();
        false
    });
    let Err(Interrupted::Paused(done)) = taken else {
        panic!("{taken:?}")
    };
    let going_on = JobRequest {
        done: *done,
        ..order.clone()
    };
    assert!(seen(take, &going_on) == seen(take, &order));
}

#[test]
fn without_a_parent_a_child_ends_quietly() {
    let ended = Command::new(PROGRAM)
        .arg(ARGUMENT)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(ended.status.success());
    assert!(ended.stdout.is_empty() && ended.stderr.is_empty());
}
