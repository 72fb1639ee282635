//! How much of the video is read: its index once, and the samples that the pictures need.

use crate::job::Job;
use crate::machine::Machine;
use crate::series::{Turns, turn_of};
use crate::subject::Subject;
use crate::{job, ours, say, table};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::Command;
use support::long_clips::{GROUPS_OF_2_S, GROUPS_OF_10_S, HOUR, LongClip};

/// Beyond the index, for one picture of a file of 500 MB or more.
const ONE_GOAL_MB: f64 = 3.0;
/// Of the samples from each keyframe to its picture, in the order of decoding, for several
/// pictures: beside one, even the first bytes of the file count.
const SAMPLES_GOAL: f64 = 1.1;

pub(crate) fn run(machine: &Machine) {
    println!(
        "\n| bytes | MB, file | MB, index | MB read beyond it | goal | of the samples from keyframe to picture | goal | ranges | exact |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (clip, count) in [(HOUR, 1), (GROUPS_OF_2_S, 20), (GROUPS_OF_10_S, 20)] {
        println!("{}", row(machine, &clip, count));
    }
}

fn row(machine: &Machine, clip: &LongClip, count: u64) -> String {
    let subject = Subject::clip(clip, machine);
    let (path, title) = (
        subject.path.clone(),
        format!("{count} of {}", subject.title),
    );
    say(&format!("bytes, {title}"));
    let times = match count {
        1 => vec![subject.duration_ms / 2 + 1000],
        _ => job::spread(count, subject.duration_ms),
    };
    let job = job::alone("bytes", subject, &times, 1280);
    let mut turns = Turns::default();
    turn_of(&job, &mut turns, |out| {
        Some(ours::work(&job, machine, out, &[]))
    });
    let Some((read, ranges)) = turns.told.as_ref().and_then(|told| told.read) else {
        return format!("| {title} | {} |||||||", trouble(&turns));
    };
    let index = index_bytes(&path);
    let beyond_mb = read.saturating_sub(index) as f64 / 1e6;
    let share = beyond_mb / (needed_bytes(machine, clip, &job) as f64 / 1e6);
    format!(
        "| {title} | {:.0} | {:.2} | {beyond_mb:.2} | {} | {share:.2} | {} | {ranges} | {} |",
        path.metadata().unwrap().len() as f64 / 1e6,
        index as f64 / 1e6,
        table::goal(Some(beyond_mb), (count == 1).then_some(ONE_GOAL_MB)),
        table::goal(Some(share), (count > 1).then_some(SAMPLES_GOAL)),
        table::exact(&job, &turns),
    )
}

fn trouble(turns: &Turns) -> String {
    match (&turns.trouble, &turns.told) {
        (Some(trouble), _) => trouble.clone(),
        (None, Some(told)) => format!("not counted: {}", told.path),
        (None, None) => String::new(),
    }
}

/// Of the boxes before the samples: ISO/IEC 14496-12, 4.2.
fn index_bytes(path: &Path) -> u64 {
    let mut file = File::open(path).unwrap();
    let mut at = 0;
    loop {
        let mut header = [0; 8];
        file.seek(SeekFrom::Start(at)).unwrap();
        file.read_exact(&mut header).unwrap();
        let (size, kind) = header.split_at(4);
        if kind == b"mdat" {
            return at;
        }
        at += u64::from(u32::from_be_bytes(size.try_into().unwrap()));
    }
}

/// What lies from each picture's keyframe to the picture itself, each sample once.
fn needed_bytes(machine: &Machine, clip: &LongClip, job: &Job) -> u64 {
    let samples = samples(machine, &job.subject.path);
    let group = clip.group as usize;
    let mut needed = vec![false; samples.len()];
    for target in &job.targets {
        let at = samples
            .iter()
            .position(|sample| sample.shown == target.frame);
        let at = at.expect("the frame is in the file");
        // Segments begin with a keyframe, whatever the length of the last group before.
        let segment = at / clip.segment_frames() as usize * clip.segment_frames() as usize;
        let from = segment + (at - segment) / group * group;
        needed[from..=at].fill(true);
    }
    let sizes = samples.iter().zip(needed);
    sizes
        .filter(|(_, needed)| *needed)
        .map(|(sample, _)| sample.bytes)
        .sum()
}

struct Sample {
    /// Frames, in order of presentation.
    shown: u64,
    bytes: u64,
}

/// All samples in order of decoding, as ffmpeg lists them.
fn samples(machine: &Machine, path: &Path) -> Vec<Sample> {
    let listed = Command::new(&machine.ffmpeg.path)
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(path)
        .args(["-map", "0:v:0", "-c", "copy", "-f", "framecrc", "-"])
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let lines = listed.lines().filter(|line| !line.starts_with('#'));
    // Stream, decoding time, presentation time, duration, size, checksum.
    let fields = lines.map(|line| line.split(',').map(str::trim).collect::<Vec<_>>());
    fields
        .map(|fields| Sample {
            shown: fields[2].parse::<u64>().unwrap() / fields[3].parse::<u64>().unwrap(),
            bytes: fields[4].parse().unwrap(),
        })
        .collect()
}
