//! A file for each budget that takes more than it may: the job ends with the budget's own code, and
//! says what was found and what is allowed.

use contract::snapshot::{Color, SheetFit, SnapshotSpec, SpriteSpec};
use decoder::Ffmpeg;
use plan::{Budget, Limits};
use service::pictures::{Interrupted, JobFailure, JobRequest, code, take};
use source::RangeSource;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use support::clips::{Recipe, ffmpegs};
use support::work::{Far, at, engine, order, order_on};

fn limited(setting: &str) -> Limits {
    Limits::default().with([setting.parse().unwrap()])
}

fn failure(ffmpeg: &Ffmpeg, order: &JobRequest, limits: Limits) -> JobFailure {
    match take(&engine(ffmpeg, limits), order, &mut |_| true) {
        Err(Interrupted::Failed(failure)) => failure,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it succeeded"),
    }
}

/// With both ffmpegs, `file` within `setting` ends with the budget's code and all of `said`.
fn breaks(budget: Budget, file: &Path, spec: &SnapshotSpec, setting: &str, said: &[&str]) {
    for ffmpeg in &ffmpegs() {
        let order = order(file, spec.clone()).unwrap();
        let failure = failure(ffmpeg, &order, limited(setting));
        let name = file.display();
        assert_eq!(failure.code, code(budget), "{name}: {}", failure.message);
        for said in said {
            assert!(
                failure.message.contains(said),
                "{name}: {}",
                failure.message
            );
        }
    }
}

fn clip(recipe: &Recipe) -> PathBuf {
    recipe.clip(&ffmpegs()[0].path)
}

fn mp4() -> PathBuf {
    clip(&Recipe::h264("budgets"))
}

fn mkv() -> PathBuf {
    clip(&Recipe::h264("budgets_mkv").inside(".mkv", 1000))
}

/// What ffmpeg's own demuxer lists.
fn flv() -> PathBuf {
    let sorenson = Recipe::h264("budgets_flv").encoded("flv", "-q:v 3 -g 50");
    clip(&sorenson.inside(".flv", 1000))
}

fn ts() -> PathBuf {
    clip(&Recipe::h264("budgets_ts").inside(".ts", 90_000))
}

/// PassOutput by ffmpeg with these options.
fn made(folder: &Path, name: &str, options: &str) -> PathBuf {
    let path = folder.join(name);
    let made = Command::new(&ffmpegs()[0].path)
        .args(["-nostdin", "-loglevel", "error", "-y"])
        .args(options.split_whitespace())
        .arg(&path)
        .status();
    assert!(made.unwrap().success(), "{options}");
    path
}

#[test]
fn a_file_of_too_many_bytes_is_not_read() {
    for file in [mp4(), ts(), flv()] {
        let bytes = std::fs::metadata(&file).unwrap().len().to_string();
        let said = [&*bytes, "the limit is 1000"];
        breaks(
            Budget::InputBytes,
            &file,
            &at(&[0]),
            "input-bytes=1000",
            &said,
        );
    }
}

#[test]
fn a_far_file_of_too_many_bytes_is_not_copied() {
    let source = Far::open(&flv()).unwrap();
    let bytes = source.bytes().to_string();
    let order = order_on(Arc::new(source), at(&[0]));
    let failure = failure(&ffmpegs()[0], &order, limited("copied-bytes=1000"));
    assert_eq!(failure.code.name(), "LimitExceeded.CopiedBytes");
    assert!(failure.message.contains(&bytes), "{}", failure.message);
    assert!(
        failure.message.contains("limit is 1000"),
        "{}",
        failure.message
    );
}

#[test]
fn an_index_of_too_many_bytes_is_not_read() {
    for file in [mp4(), mkv()] {
        let said = ["201 bytes or more", "the limit is 200"];
        breaks(
            Budget::IndexBytes,
            &file,
            &at(&[0]),
            "index-bytes=200",
            &said,
        );
    }
}

#[test]
fn a_list_of_pictures_that_takes_too_much_memory_is_not_made() {
    for file in [mp4(), mkv(), ts(), flv()] {
        let all: Vec<u64> = (0..20).map(|nth| nth * 500).collect();
        let said = ["9601 bytes of memory or more", "the limit is 9600"];
        let setting = "index-memory-bytes=9600";
        breaks(Budget::IndexMemory, &file, &at(&all), setting, &said);
    }
}

#[test]
fn a_video_of_too_many_coded_pictures_is_refused() {
    for file in [mp4(), mkv(), ts(), flv()] {
        // Where there are Cues only the parts around the wanted times are listed.
        let all: Vec<u64> = (0..20).map(|nth| nth * 500).collect();
        let said = ["101 coded pictures or more", "the limit is 100"];
        breaks(Budget::Samples, &file, &at(&all), "samples=100", &said);
    }
}

#[test]
fn a_file_of_too_many_streams_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for extension in ["mp4", "mkv", "ts"] {
        let input = mp4();
        let options = format!("-i {} -map 0:v -map 0:v -map 0:v -c copy", input.display());
        let file = made(folder.path(), &format!("three.{extension}"), &options);
        let said = ["3 streams or more", "the limit is 2"];
        breaks(Budget::Streams, &file, &at(&[0]), "streams=2", &said);
    }
}

#[test]
fn frames_of_too_many_pixels_are_not_decoded() {
    for file in [mp4(), mkv(), ts(), flv()] {
        let said = ["640x360, 230400 pixels a frame", "the limit is 230399"];
        breaks(
            Budget::FramePixels,
            &file,
            &at(&[0]),
            "frame-pixels=230399",
            &said,
        );
    }
}

#[test]
fn too_many_pixels_in_all_are_not_decoded() {
    for file in [mp4(), mkv(), ts(), flv()] {
        let limit = 640 * 360 * 20;
        let setting = format!("decoded-pixels={limit}");
        let said = [&*format!("the limit is {limit}")];
        breaks(Budget::DecodedPixels, &file, &at(&[1500]), &setting, &said);
    }
}

/// Ten thousand frames without a time in the file: whoever wants one decodes all before it.
fn endless(folder: &Path) -> PathBuf {
    let raw = clip(&Recipe::h264("budgets_raw").inside(".h264", 90_000));
    let path = folder.join("endless.h264");
    std::fs::write(&path, std::fs::read(raw).unwrap().repeat(60)).unwrap();
    path
}

#[test]
fn a_video_that_takes_too_long_to_decode_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = endless(folder.path());
    let cpu = ["1 s of processor time or more", "the limit is 1 s"];
    breaks(Budget::Cpu, &file, &at(&[1000]), "cpu-seconds=1", &cpu);
    let wall = ["took 1 s or more", "the limit is 1 s"];
    breaks(Budget::Wall, &file, &at(&[1000]), "wall-seconds=1", &wall);
}

#[test]
fn a_picture_that_takes_too_long_to_decode_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = endless(folder.path());
    let said = ["picture of the video takes 1 s", "the limit is 1 s"];
    let late = at(&[590_000]);
    breaks(
        Budget::PictureCpu,
        &file,
        &late,
        "picture-cpu-seconds=1",
        &said,
    );
}

#[test]
fn a_video_that_takes_too_much_memory_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let large = "-f lavfi -i color=s=6000x6000:r=5:d=0.6 -c:v libx264 -preset ultrafast";
    let file = made(folder.path(), "large.mp4", large);
    let said = ["the limit is 400000000 bytes"];
    let setting = "memory-bytes=400000000";
    breaks(Budget::Memory, &file, &at(&[400]), setting, &said);
}

#[test]
fn a_video_that_is_complained_of_too_much_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = std::fs::read(ts()).unwrap();
    // Each packet keeps its header: what is broken is the coded pictures.
    for packet in bytes.chunks_mut(188).skip(40) {
        packet[100..].fill(0x55);
    }
    let file = folder.path().join("broken.ts");
    std::fs::write(&file, bytes).unwrap();
    let said = ["bytes of messages or more; the limit is 4000"];
    breaks(
        Budget::Stderr,
        &file,
        &at(&[9900]),
        "stderr-bytes=4000",
        &said,
    );
}

#[test]
fn a_sheet_of_too_many_pixels_is_not_made() {
    let sprite = SpriteSpec {
        cell_width: Some(160),
        cell_height: Some(90),
        padding: 0,
        margin: 0,
        columns: 10,
        lines: 10,
        color: Color::Rgb([0; 3]),
        keep_cell_pic: false,
        outputs: Vec::new(),
        fit: SheetFit::default(),
    };
    let spec = SnapshotSpec {
        sprite: Some(sprite),
        ..at(&[0])
    };
    let said = ["1440000 in all", "the limit is 1439999"];
    breaks(
        Budget::SheetPixels,
        &mp4(),
        &spec,
        "sheet-pixels=1439999",
        &said,
    );
}

#[test]
fn files_of_too_many_bytes_are_not_given_away() {
    for file in [mp4(), ts(), flv()] {
        let spec = at(&[0, 1000, 2000]);
        let said = ["bytes or more; the limit is 30000"];
        breaks(
            Budget::OutputBytes,
            &file,
            &spec,
            "output-bytes=30000",
            &said,
        );
    }
}

#[test]
fn within_its_budgets_the_same_video_gives_its_pictures() {
    for file in [mp4(), mkv(), ts(), flv()] {
        let order = order(&file, at(&[0, 1000])).unwrap();
        let taken = take(
            &engine(&ffmpegs()[0], Limits::default()),
            &order,
            &mut |_| true,
        );
        assert_eq!(taken.unwrap().manifest.pictures.len(), 2);
    }
}

#[test]
fn limits_are_set_on_the_command_line() {
    let out = tempfile::tempdir().unwrap();
    let run = |limit: &str| {
        let said = Command::new(env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
            .args(["snapshot", "--count", "1", "--limit", limit, "--out"])
            .arg(out.path())
            .arg(mp4())
            .output()
            .unwrap();
        (
            said.status.success(),
            String::from_utf8_lossy(&said.stderr).into_owned(),
        )
    };
    assert!(run("samples=250").0);
    let (succeeded, said) = run("samples=249");
    assert!(
        !succeeded && said.contains("LimitExceeded.Samples"),
        "{said}"
    );
    let (succeeded, said) = run("smaples=249");
    assert!(!succeeded && said.contains("samples, streams"), "{said}");
}
