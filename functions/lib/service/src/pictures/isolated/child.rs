//! The child: takes one job from its stdin, and ends.

use super::ARGUMENT;
use super::ending::Ending;
use super::frame::{Frame, Kind, invalid};
use super::link::{Link, Piped};
use super::protocol::{Bounds, Start, file_frame, json, parsed};
use crate::pictures::{Deadline, JobRequest, PassOutput, take};
use rustix::process::{Signal, set_parent_process_death_signal};
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::sync::Arc;

/// Takes the pictures of the one job that comes by its stdin, where that is what this process was
/// started for: its first argument is [`ARGUMENT`]. For programs to call before anything else;
/// they end with what comes back.
#[must_use]
pub fn serve_if_asked() -> Option<ExitCode> {
    std::env::args_os()
        .nth(1)
        .filter(|first| first == ARGUMENT)?;
    Some(match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

fn run() -> io::Result<()> {
    go_with_the_parent()?;
    let mut input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let out = input.try_clone()?;
    // Whose parent has gone meanwhile finds its stdin at the end.
    let Some(frame) = Frame::read(&mut input, Bounds::said_by_parent)? else {
        return Ok(());
    };
    if frame.kind != Kind::Start {
        return Err(invalid("the first frame is not Start"));
    }
    let start: Start = parsed(&frame)?;
    let engine = start.engine();
    let file = match start.source.is_open {
        true => Some(File::from(io::stdout().as_fd().try_clone_to_owned()?)),
        false => None,
    };
    let until = Deadline::none();
    let link = Link::new(input, out, until.clone());
    let request = JobRequest {
        scope: start.scope,
        excerpt: None,
        destination: start.destination,
        task: start.task,
        source: Arc::new(Piped::new(Arc::clone(&link), start.source, file)),
        done: start.done,
        until,
    };
    let taken = take(&engine, &request, &mut |made| say(&link, made));
    link.say(&json(Kind::End, &Ending::from(taken))?);
    Ok(())
}

/// One thing that was made, to the parent. What can't be said is not taken.
fn say(link: &Link, made: PassOutput) -> bool {
    let frame = match made {
        PassOutput::File(file) => file_frame(file),
        PassOutput::Checkpoint(done) => json(Kind::Checkpoint, &done),
    };
    frame.is_ok_and(|frame| link.give(&frame))
}

/// The parent's end is the child's, and the child is the first to go where memory is short. Then
/// it is closed to the decoders that it starts, as its parent is.
fn go_with_the_parent() -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // Not to be had in some containers, and no reason to give up.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    let _ = decoder::make_undumpable();
    Ok(())
}
