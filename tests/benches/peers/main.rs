//! The whole main job, from a video to JPEG files, beside the ways people take pictures today:
//! same points, same sizes, same ffmpeg, one interleaved run.
//!
//! `cargo bench -p promises --bench peers -- [VIDEO] [--job NAME] [--row TEXT] [--rounds N]`
//!
//! Read the ratios, not the times: peers take turns, round by round, and a ratio is of medians.
//! CPU is user and system time of every process of a run. Peers are given the exact times of the
//! frames wanted, which is more than their users know. Without a VIDEO numbered clips are made
//! once, below `target/peers-clips`; then each picture's number says whether it is the right one.

mod arguments;
mod bytes;
mod clips;
mod closure;
mod containers;
mod ffmpeg;
mod http;
mod job;
mod machine;
mod measure;
mod memory;
mod ours;
mod peer;
mod points;
mod python;
mod recipes;
mod sample;
mod series;
mod subject;
mod table;
mod verdict;

use arguments::{Arguments, JobName};
use clap::Parser;
use machine::Machine;

fn main() {
    let mut words = std::env::args().skip(1);
    match (words.next().as_deref(), words.next()) {
        (Some(measure::ARGUMENT), Some(file)) => measure::child(file.as_ref()),
        (Some(ours::ARGUMENT), Some(file)) => ours::child(file.as_ref()),
        _ => run(&Arguments::parse()),
    }
}

fn run(arguments: &Arguments) {
    let machine = Machine::find(arguments);
    println!("{machine}\n");
    compare(&machine, arguments);
    for name in arguments.jobs() {
        match name {
            JobName::Memory => memory::run(&machine),
            JobName::Bytes => bytes::run(&machine),
            JobName::Http => http::run(&machine, arguments),
            JobName::Containers => containers::run(&machine),
            _ => {}
        }
    }
    println!("\n{}", machine::load());
}

/// The one table of all jobs that have peers, and then what their names stand for.
fn compare(machine: &Machine, arguments: &Arguments) {
    let names = arguments.jobs().into_iter().filter(|name| name.has_peers());
    let system = Machine::of_system();
    let machines = |name: JobName| {
        let others = system.iter().filter(move |system| {
            name.is_cover() && system.ffmpeg.version != machine.ffmpeg.version
        });
        std::iter::once(machine).chain(others)
    };
    let jobs = names.flat_map(|name| machines(name).map(move |machine| (name, machine)));
    let mut jobs = jobs
        .flat_map(|(name, machine)| {
            let jobs = job::of(name, machine, arguments).into_iter();
            jobs.map(move |job| (job, machine))
        })
        .peekable();
    if jobs.peek().is_none() {
        return;
    }
    println!("{}", table::HEAD);
    let legends: Vec<String> = jobs
        .map(|(job, machine)| series::run(&job, machine))
        .collect();
    println!("\n{}", legends.join("\n"));
}

/// To people, while it runs.
fn say(line: &str) {
    eprintln!("{line}");
}
