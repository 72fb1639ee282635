use crate::watched::program;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::server::{Server, Setup};
use tempfile::TempDir;

/// More frames than the job takes pictures.
const PICTURES: &str = "10000";

/// A long video in a container that is cut by its index, or read by ffmpeg's own demuxer.
fn long_clip(folder: &Path, extension: &str) -> PathBuf {
    let path = folder.join(format!("long.{extension}"));
    // ffmpeg's own demuxer lists an AVI of this codec.
    let codec = if extension == "avi" { "flv" } else { "mpeg4" };
    let made = Command::new(&support::clips::ffmpegs()[0].path)
        .args([
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=192x108:r=25:d=420",
        ])
        .args(["-c:v", codec, "-g", "50", "-threads", "1"])
        .arg(&path)
        .status()
        .unwrap();
    assert!(made.success());
    path
}

fn videos() -> &'static TempDir {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        long_clip(folder.path(), "mp4");
        long_clip(folder.path(), "avi");
        folder
    })
}

fn server(data: &TempDir, arguments: &[&str]) -> Server {
    Server::start(&Setup {
        program: PathBuf::from(program()),
        data: data.path().join("data"),
        media_root: videos().path().to_owned(),
        arguments: arguments.iter().map(|&text| text.to_owned()).collect(),
    })
}

/// How many children of a process are decoders now.
fn decoders(parent: u32) -> usize {
    let children = format!("/proc/{parent}/task");
    let tasks = std::fs::read_dir(children).unwrap().flatten();
    let children =
        tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let children: Vec<String> = children.collect();
    let children = children.iter().flat_map(|line| line.split_whitespace());
    let is_decoder = |pid: &&str| {
        let name = std::fs::read_to_string(format!("/proc/{pid}/comm"));
        name.is_ok_and(|name| name.starts_with("ffmpeg"))
    };
    children.filter(is_decoder).count()
}

/// Covers that are asked for beside a large job on the file of this extension end before it.
fn covers_pass_a_large_job(extension: &str) {
    let data = TempDir::new().unwrap();
    let server = server(&data, &[]);
    let video = server.register(&videos().path().join(format!("long.{extension}")));
    let large = server.submit(&video, &[("Count", PICTURES), ("Interval", "0")]);
    let processors = std::thread::available_parallelism().unwrap().get();
    let (done, most) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                most.fetch_max(decoders(server.id()), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(3));
            }
        });
        while decoders(server.id()) == 0 {
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(Duration::from_millis(1500));
        for number in 0..5_u32 {
            let at = format!("[{}]", number * 61_000);
            let begun = Instant::now();
            let cover = server.submit(&video, &[("SpecifiedOffsetTimes", &at)]);
            assert_eq!(server.wait(&cover), "Success");
            println!("{extension}: a cover took {:?}", begun.elapsed());
            assert_eq!(server.status(&large), "Processing", "it ended first");
        }
        done.store(true, Ordering::Relaxed);
    });
    let most = most.load(Ordering::Relaxed);
    assert!((1..=processors).contains(&most), "{most} decoders");
    // It goes on.
    let begun = Instant::now();
    while decoders(server.id()) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing goes on");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_cover_does_not_wait_for_a_large_job_that_is_cut() {
    covers_pass_a_large_job("mp4");
}

#[test]
fn a_cover_does_not_wait_for_a_large_job_that_is_read_by_ffmpeg() {
    covers_pass_a_large_job("avi");
}

/// Each used to have as many decoders as there are processors.
#[test]
fn several_large_jobs_run_side_by_side_on_one_pool_and_all_end() {
    let data = TempDir::new().unwrap();
    let server = server(&data, &["--workers", "4"]);
    let jobs: Vec<(String, String)> = ["mp4", "avi", "mp4", "avi"]
        .iter()
        .map(|extension| {
            let video = server.register(&videos().path().join(format!("long.{extension}")));
            let job = server.submit(&video, &[("Count", "1500"), ("Interval", "0")]);
            (video, job)
        })
        .collect();
    let processors = std::thread::available_parallelism().unwrap().get();
    let mut most = 0;
    while jobs
        .iter()
        .any(|(_, job)| server.status(job) == "Processing")
    {
        for _ in 0..10 {
            most = most.max(decoders(server.id()));
            std::thread::sleep(Duration::from_millis(3));
        }
    }
    assert!((1..=processors).contains(&most), "{most} decoders");
    for (video, job) in &jobs {
        assert_eq!(server.status(job), "Success");
        assert_eq!(server.manifest(video, job).pictures.len(), 1500);
    }
}

#[test]
fn more_large_jobs_than_workers_leave_one_to_small_ones() {
    let data = TempDir::new().unwrap();
    let server = server(&data, &["--workers", "2"]);
    let video = server.register(&videos().path().join("long.mp4"));
    let large: Vec<String> = (0..4)
        .map(|_| server.submit(&video, &[("Count", "4000"), ("Interval", "0")]))
        .collect();
    let cover = server.submit(&video, &[("Count", "1")]);
    assert_eq!(server.wait(&cover), "Success");
    for job in &large {
        assert_eq!(server.status(job), "Processing");
    }
}
