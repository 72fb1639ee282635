//! What dividing a large job brings on one machine: two workers that take its parts, beside one worker
//! on one core, and one that uses all of them. `cargo bench -p promises --bench workers`; a number
//! after `--` is how many rounds, each of which takes all in turn.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::clips::ffmpegs;
use support::long_clips::{GROUPS_OF_2_S, LongClip};
use support::server::{Server, Setup};
use tempfile::TempDir;

const FORTY_MINUTES: LongClip = LongClip {
    segments: 20,
    ..GROUPS_OF_2_S
};
const PICTURES: &str = "1800";
/// Longer than any run takes.
const PATIENCE: Duration = Duration::from_secs(1800);

/// What takes the job.
struct Crew {
    name: &'static str,
    /// The program, perhaps held to one core.
    program: PathBuf,
    workers: &'static str,
    part_seconds: &'static str,
}

/// Pictures by key, without ids.
type Pictures = BTreeMap<String, Vec<u8>>;

fn main() {
    let rounds = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let ffmpeg = ffmpegs().pop().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peers-clips");
    let mut say = |line: &str| println!("{line}");
    let clip = FORTY_MINUTES.clip(&ffmpeg.path, &folder, &mut say).unwrap();
    let scratch = TempDir::new().unwrap();
    let crews = crews(scratch.path());
    let mut times: Vec<Vec<Duration>> = crews.iter().map(|_| Vec::new()).collect();
    let mut first = None;
    for _ in 0..rounds.unwrap_or(3) {
        for (crew, times) in crews.iter().zip(&mut times) {
            let (took, pictures) = run(crew, &clip, &ffmpeg.path);
            times.push(took);
            let first = first.get_or_insert_with(|| pictures.clone());
            assert!(*first == pictures, "{}: other pictures", crew.name);
        }
    }
    print(&crews, times);
}

fn crews(scratch: &Path) -> [Crew; 3] {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test"));
    let crew = |name, workers, part_seconds| Crew {
        name,
        program: program.clone(),
        workers,
        part_seconds,
    };
    [
        Crew {
            program: on_one_core(&program, scratch),
            ..crew("one worker on one core", "1", "0")
        },
        crew("one worker on all cores", "1", "0"),
        // One of several is left to other jobs.
        crew("two workers that take parts", "3", "15"),
    ]
}

/// A script that runs the program on the first core.
fn on_one_core(program: &Path, folder: &Path) -> PathBuf {
    let script = folder.join("on-one-core");
    let text = format!(
        "#!/bin/sh\nexec taskset -c 0 '{}' \"$@\"\n",
        program.display()
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    script
}

fn run(crew: &Crew, clip: &Path, ffmpeg: &Path) -> (Duration, Pictures) {
    let data = TempDir::new().unwrap();
    let arguments = [
        "--workers",
        crew.workers,
        "--part-seconds",
        crew.part_seconds,
        "--ffmpeg",
        ffmpeg.to_str().unwrap(),
    ];
    let server = Server::start(&Setup {
        program: crew.program.clone(),
        data: data.path().to_owned(),
        media_root: clip.parent().unwrap().to_owned(),
        arguments: arguments.map(str::to_owned).to_vec(),
    });
    let video = server.register(clip);
    let begun = Instant::now();
    let job = server.submit(&video, &[("Count", PICTURES), ("Interval", "0")]);
    while server.log_lines("event published").is_empty() {
        assert!(begun.elapsed() < PATIENCE, "the job does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    let took = begun.elapsed();
    let is_divided = !server.log_lines("\"divided\"").is_empty();
    assert_eq!(is_divided, crew.part_seconds != "0", "{}", crew.name);
    assert_eq!(server.wait(&job), "Success");
    let mut pictures = Pictures::new();
    collect(&data.path().join("objects"), (&video, &job), &mut pictures);
    assert_eq!(pictures.len().to_string(), PICTURES);
    (took, pictures)
}

fn collect(folder: &Path, (video, job): (&str, &str), pictures: &mut Pictures) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, (video, job), pictures);
        } else if path.extension() == Some(OsStr::new("jpg")) {
            let name = path.file_name().unwrap().to_str().unwrap();
            let name = name.replace(video, "VIDEO").replace(job, "JOB");
            pictures.insert(name, fs::read(&path).unwrap());
        }
    }
}

fn print(crews: &[Crew], times: Vec<Vec<Duration>>) {
    let medians: Vec<f64> = times.into_iter().map(median).collect();
    println!("\n| {PICTURES} pictures of 40 min | of one core | of all cores |");
    println!("|---|---|---|");
    for (crew, own) in crews.iter().zip(&medians) {
        let of = |other: usize| own / medians[other];
        println!("| {} | {:.2} | {:.2} |", crew.name, of(0), of(1));
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}
