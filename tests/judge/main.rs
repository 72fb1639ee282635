//! Judges the pictures of files: `cargo run -p promises --bin judge -- PATH...`.
//!
//! See `docs/promises.md`, "The judge".
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use support::judge::Judge;
use support::judge::report::table_head;

const USAGE: &str = "usage: judge [--ffmpeg FILE]... [--points N] [--alone N] [--seed N] \
                     [--program FILE] [--original FILE] [--json] PATH...";

#[derive(Default)]
struct Arguments {
    paths: Vec<PathBuf>,
    ffmpegs: Vec<PathBuf>,
    program: Option<PathBuf>,
    original: Option<PathBuf>,
    points: Option<usize>,
    alone: Option<usize>,
    seed: Option<u64>,
    json: bool,
}

fn main() -> ExitCode {
    let Some(arguments) = read(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let mut judge = Judge::of(arguments.program.clone().unwrap_or_else(built_program));
    judge.points = arguments.points.unwrap_or(judge.points).max(1);
    judge.alone = arguments.alone.unwrap_or(judge.alone);
    judge.seed = arguments.seed.unwrap_or(judge.seed);
    judge.original.clone_from(&arguments.original);
    let ffmpegs: Vec<(PathBuf, String)> = if arguments.ffmpegs.is_empty() {
        let found = support::clips::ffmpegs().into_iter();
        found
            .map(|f| (f.path.clone(), f.version.to_string()))
            .collect()
    } else {
        let given = arguments.ffmpegs.iter();
        given.map(|path| (path.clone(), version(path))).collect()
    };
    // Versions before 7 let filters see each frame's own pixel aspect.
    let old = |(_, version): &&(PathBuf, String)| {
        let major = version
            .split('.')
            .next()
            .and_then(|major| major.parse::<u32>().ok());
        major.is_some_and(|major| major < 7)
    };
    judge.aspects_by = ffmpegs.iter().find(old).map(|(path, _)| path.clone());
    if judge_all(&judge, &ffmpegs, &arguments) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Whether nothing is wrong.
fn judge_all(judge: &Judge, ffmpegs: &[(PathBuf, String)], arguments: &Arguments) -> bool {
    let mut is_ok = true;
    if !arguments.json {
        println!("{}", table_head());
    }
    for (name, file) in files(&arguments.paths) {
        for (ffmpeg, version) in ffmpegs {
            let report = judge.judge(ffmpeg, &file);
            is_ok &= report.is_ok();
            if arguments.json {
                println!("{}", report.json(version));
            } else {
                println!("{}", report.row(&name, version));
            }
        }
    }
    is_ok
}

fn read(mut words: impl Iterator<Item = String>) -> Option<Arguments> {
    let mut arguments = Arguments::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--ffmpeg" => arguments.ffmpegs.push(words.next()?.into()),
            "--program" => arguments.program = Some(words.next()?.into()),
            "--original" => arguments.original = Some(words.next()?.into()),
            "--points" => arguments.points = Some(words.next()?.parse().ok()?),
            "--alone" => arguments.alone = Some(words.next()?.parse().ok()?),
            "--seed" => arguments.seed = Some(words.next()?.parse().ok()?),
            "--json" => arguments.json = true,
            option if option.starts_with("--") => return None,
            path => arguments.paths.push(path.into()),
        }
    }
    (!arguments.paths.is_empty()).then_some(arguments)
}

/// Each file with the name it has below the path that was given.
fn files(paths: &[PathBuf]) -> Vec<(String, PathBuf)> {
    let mut files = Vec::new();
    for path in paths {
        let base = path.parent().unwrap_or(Path::new(""));
        collect(path, base, &mut files);
    }
    files
}

fn collect(path: &Path, base: &Path, files: &mut Vec<(String, PathBuf)>) {
    if path.is_dir() {
        let inside = fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let mut inside: Vec<PathBuf> = inside.collect();
        inside.sort();
        inside.iter().for_each(|path| collect(path, base, files));
    } else {
        let name = path.strip_prefix(base).unwrap_or(path);
        files.push((name.display().to_string(), path.to_owned()));
    }
}

/// The program as it is now, built in the same way as this one.
fn built_program() -> PathBuf {
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--quiet", "-p", "promises"])
        .args(["--bin", "vod-snapshot-under-test"])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    assert!(
        build.status().unwrap().success(),
        "the program is not built"
    );
    let here = std::env::current_exe().unwrap();
    here.with_file_name("vod-snapshot-under-test")
}

fn version(ffmpeg: &Path) -> String {
    let said = Command::new(ffmpeg).arg("-version").output().unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let word = said.split_whitespace().nth(2).unwrap_or("?");
    let digits = word.trim_start_matches('n');
    digits.split('-').next().unwrap_or(digits).to_owned()
}
