//! Promise: `vod-snapshot snapshot`, as a person runs it: what it prints, writes and answers.

mod covers;
mod documented;
mod interrupted;
mod outputs;
mod remote;
mod screen;
mod storyboards;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// The program, in `folder`, where `clip.mp4` is the numbered clip.
fn program(folder: &Path) -> Command {
    let clip = folder.join("clip.mp4");
    if !clip.exists() {
        fs::copy(support::bench::clip(), clip).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_vod-snapshot-under-test"));
    command.arg("snapshot").current_dir(folder);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).args(arguments).output().unwrap()
}

#[track_caller]
fn ends_with(output: &Output, code: i32) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{stdout}\n{stderr}");
    (stdout, stderr)
}

/// The frame that a picture shows.
#[track_caller]
fn number_in(bytes: &[u8]) -> u64 {
    support::number(&support::decoded(bytes)).unwrap()
}

#[track_caller]
fn number_of(path: &Path) -> u64 {
    number_in(&fs::read(path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display())))
}

/// All files below a folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    fn add(folder: &Path, prefix: &str, names: &mut Vec<String>) {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().into_string().unwrap());
            match entry.file_type().unwrap().is_dir() {
                true => add(&entry.path(), &format!("{name}/"), names),
                false => names.push(name),
            }
        }
    }
    let mut names = Vec::new();
    add(folder, "", &mut names);
    names.sort();
    names
}
