//! Runs a peer's commands in a process of their own, so that what the kernel adds up for that
//! process is all that they cost, their children and their children's children included.

use crate::sample;
use nix::sched::{CpuSet, sched_setaffinity};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::unistd::Pid;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Says to be that process.
pub(crate) const ARGUMENT: &str = "--measured";

/// Commands, one after the other.
#[derive(Default)]
pub(crate) struct Work {
    pub(crate) steps: Vec<Vec<String>>,
    pub(crate) environment: Vec<(&'static str, String)>,
    pub(crate) one_core: bool,
    /// It only decodes.
    pub(crate) takes_none: bool,
}

/// What a run cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// User and system time of all processes.
    pub(crate) cpu_s: f64,
    pub(crate) wall_s: f64,
    /// Peak of the largest process, as the kernel keeps it.
    pub(crate) largest_mb: f64,
    /// Peak of the sum over all processes, as sampled.
    pub(crate) all_mb: f64,
    /// What all processes read, from files and from pipes.
    pub(crate) read_bytes: u64,
}

/// Runs `work`; `folder` is for what is said meanwhile.
pub(crate) fn measure(work: &Work, folder: &Path) -> Result<Cost, String> {
    let (order, log) = (folder.join("steps.json"), folder.join("log"));
    let steps = json!({"steps": work.steps, "one_core": work.one_core});
    fs::write(&order, steps.to_string()).unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .arg(ARGUMENT)
        .arg(&order)
        .envs(work.environment.iter().cloned())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let sampler = sample::Sampler::start(child.id());
    let output = child.wait_with_output().unwrap();
    let all_kb = sampler.stop();
    let told = || fs::read_to_string(&log).unwrap_or_default();
    if !output.status.success() {
        return Err(told());
    }
    let answer: Value = serde_json::from_slice(&output.stdout).map_err(|_| told())?;
    Ok(Cost {
        cpu_s: answer["cpu_s"].as_f64().unwrap(),
        wall_s: answer["wall_s"].as_f64().unwrap(),
        read_bytes: answer["read_bytes"].as_u64().unwrap(),
        largest_mb: answer["largest_kb"].as_f64().unwrap() / 1000.0,
        all_mb: all_kb as f64 / 1000.0,
    })
}

/// Runs the steps that `file` holds and tells on stdout what they cost.
pub(crate) fn child(file: &Path) {
    let order: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    if order["one_core"] == true {
        let mut one = CpuSet::new();
        one.set(0).unwrap();
        sched_setaffinity(Pid::from_raw(0), &one).unwrap();
    }
    let read_before = read_bytes();
    let begun = Instant::now();
    for step in order["steps"].as_array().unwrap() {
        run(step);
    }
    let wall_s = begun.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let cpu = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    let cost = json!({
        "cpu_s": cpu as f64 / 1e6,
        "wall_s": wall_s,
        // The kernel says kB and means 1024 bytes.
        "largest_kb": usage.max_rss() * 1024 / 1000,
        "read_bytes": read_bytes() - read_before,
    });
    println!("{cost}");
}

fn run(step: &Value) {
    let words: Vec<&str> = step
        .as_array()
        .unwrap()
        .iter()
        .flat_map(Value::as_str)
        .collect();
    let mut command = Command::new(words[0]);
    let status = command.args(&words[1..]).stdout(Stdio::null()).status();
    let status = status.unwrap_or_else(|cause| panic!("{}: {cause}", words[0]));
    assert!(status.success(), "{status}: {}", words.join(" "));
}

/// Of this process and of those it has waited for.
fn read_bytes() -> u64 {
    let all = fs::read_to_string("/proc/self/io").unwrap_or_default();
    let read = all.lines().find_map(|line| line.strip_prefix("rchar: "));
    read.and_then(|count| count.parse().ok()).unwrap_or(0)
}
