//! What people ask of ffmpeg to get pictures.

use crate::job::Job;
use crate::machine::Machine;
use crate::peer::text;
use crate::subject::Target;
use std::fs;
use std::path::Path;

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// The program and what comes before its input.
pub(crate) fn start(machine: &Machine, input: &[&str]) -> Vec<String> {
    let mut command = vec![text(&machine.ffmpeg.path)];
    command.extend(words(&["-nostdin", "-v", "error", "-y"]));
    command.extend(words(input));
    command
}

fn scale(job: &Job) -> String {
    format!("scale={}:{}", job.size.0, job.size.1)
}

const QUALITY: [&str; 2] = ["-q:v", "3"];

fn numbered(out: &Path, index: usize) -> String {
    text(&out.join(format!("{index:05}.jpg")))
}

pub(crate) fn whole(mut command: Vec<String>, job: &Job, out: &Path, filter: &str) -> Vec<String> {
    let filter = format!("{filter},{}", scale(job));
    command.extend(words(&["-i", &text(&job.subject.path), "-vf", &filter]));
    command.extend(words(&["-fps_mode", "passthrough"]));
    command.extend(words(&QUALITY));
    command.push(text(&out.join("%05d.jpg")));
    command
}

/// All of a file, for nothing.
pub(crate) fn decode(mut command: Vec<String>, file: &Path) -> Vec<String> {
    command.extend(words(&["-i", &text(file), "-fps_mode", "passthrough"]));
    command.extend(words(&["-f", "null", "-"]));
    command
}

pub(crate) fn fps(job: &Job) -> String {
    format!("fps=1/{}", job.step_ms() / 1000.0)
}

pub(crate) fn tile(mut command: Vec<String>, job: &Job, out: &Path) -> Vec<String> {
    let (columns, lines) = job.sheet.unwrap_or((1, 1));
    let filter = format!("{},{},tile={columns}x{lines}", fps(job), scale(job));
    command.extend(words(&["-i", &text(&job.subject.path), "-vf", &filter]));
    command.extend(words(&["-frames:v", "1"]));
    command.extend(words(&QUALITY));
    command.push(numbered(out, 1));
    command
}

/// By number; where the distance is always the same, without a list.
pub(crate) fn select(job: &Job, number: impl Fn(&Target) -> u64) -> String {
    let numbers: Vec<u64> = job.targets.iter().map(number).collect();
    let step = numbers.get(1).map_or(0, |second| second - numbers[0]);
    let even = numbers.windows(2).all(|pair| pair[1] - pair[0] == step);
    if even && step > 0 {
        return format!("select='not(mod(n-{},{step}))'", numbers[0]);
    }
    let terms: Vec<String> = numbers
        .iter()
        .map(|number| format!("eq(n,{number})"))
        .collect();
    format!("select='{}'", terms.join("+"))
}

/// Before the frame wanted and after the one before it: ffmpeg takes the first that is not
/// earlier. A keyframe's own time, for any time before would have it decode the group before.
fn just_before(job: &Job, shown_s: f64) -> f64 {
    if job.intra {
        return shown_s;
    }
    (shown_s - job.subject.frame_s / 2.0).max(0.0)
}

pub(crate) fn spawns(start: &[String], job: &Job, out: &Path) -> Vec<Vec<String>> {
    let threads = start.ends_with(&words(&["-threads", "1"]));
    let one = |(index, target): (usize, &Target)| {
        let at = format!("{:.6}", just_before(job, target.shown_s));
        let mut command = start.to_vec();
        command.extend(words(&["-ss", &at, "-i", &text(&job.subject.path)]));
        command.extend(words(&["-frames:v", "1", "-vf", &scale(job)]));
        if threads {
            command.extend(words(&["-threads", "1"]));
        }
        command.extend(words(&QUALITY));
        command.push(numbered(out, index + 1));
        command
    };
    job.targets.iter().enumerate().map(one).collect()
}

/// As people type it: the size of the video, ffmpeg's own quality.
pub(crate) fn covers(start: &[String], job: &Job, out: &Path) -> Vec<Vec<String>> {
    let one = |(index, target): (usize, &Target)| {
        let at = format!("{:.6}", just_before(job, target.shown_s));
        let mut command = start.to_vec();
        command.extend(words(&["-ss", &at, "-threads", "1"]));
        command.extend(words(&["-i", &text(&job.subject.path)]));
        command.extend(words(&["-frames:v", "1"]));
        command.push(numbered(out, index + 1));
        command
    };
    job.targets.iter().enumerate().map(one).collect()
}

pub(crate) fn inputs(mut command: Vec<String>, job: &Job, out: &Path) -> Vec<String> {
    for target in &job.targets {
        let at = format!("{:.6}", just_before(job, target.shown_s));
        command.extend(words(&["-ss", &at, "-i", &text(&job.subject.path)]));
    }
    for index in 0..job.targets.len() {
        let stream = format!("{index}:v:0");
        command.extend(words(&[
            "-map",
            &stream,
            "-frames:v",
            "1",
            "-vf",
            &scale(job),
        ]));
        command.extend(words(&QUALITY));
        command.push(numbered(out, index + 1));
    }
    command
}

/// Each entry is two frames long, for the decoder may keep back the last; the filter takes the
/// first of each.
pub(crate) fn concat(mut command: Vec<String>, job: &Job, out: &Path) -> Vec<String> {
    let window_us = (job.subject.frame_s * 2e6).round() as u64;
    let file = text(&job.subject.path).replace('\'', r"'\''");
    let mut script = String::from("ffconcat version 1.0\n");
    for target in &job.targets {
        let from_us = (just_before(job, target.shown_s) * 1e6).round() as u64;
        script += &format!(
            "file '{file}'\ninpoint {from_us}us\noutpoint {}us\n",
            from_us + window_us
        );
    }
    let list = out.join("list.ffconcat");
    fs::write(&list, script).unwrap();
    command.extend(words(&["-f", "concat", "-safe", "0"]));
    command.extend(words(&["-segment_time_metadata", "1", "-copyts"]));
    let filter = format!(
        "select=concatdec_select,select='lt(mod(t,{window_us}/1000000),{})',{}",
        job.subject.frame_s,
        scale(job)
    );
    command.extend(words(&["-i", &text(&list), "-vf", &filter]));
    command.extend(words(&["-fps_mode", "passthrough"]));
    command.extend(words(&QUALITY));
    command.push(text(&out.join("%05d.jpg")));
    command
}
