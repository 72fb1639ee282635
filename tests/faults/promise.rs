//! What has to hold when nothing is left to do.

use crate::runner::RunReport;
use crate::schedule::{Fault, Schedule};
use crate::simulation::Simulation;
use embedded::EventLog;
use service::model::{Event, Job, JobResult, JobState};
use std::collections::BTreeMap;
use std::path::Path;

/// By key, without the ids of the video and the job.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// One video, whose file was looked into.
pub(crate) fn of_register(simulation: &mut Simulation, schedule: &Schedule) -> RunReport {
    let mut wrongs = Vec::new();
    let id = |answer: &serde_json::Value| {
        let id = &answer["RegisteredMediaList"][0]["MediaId"];
        id.as_str().unwrap().to_owned()
    };
    let ids: Vec<String> = simulation.answers().iter().map(id).collect();
    if ids.iter().any(|id| *id != ids[0]) {
        wrongs.push(format!("one file is several videos: {ids:?}"));
    }
    let videos = simulation.store().ports().videos;
    let video = simulation
        .runtime
        .block_on(videos.by_id(&ids[0].as_str().into()));
    // Whoever only looks has a day for it.
    if video.unwrap().unwrap().facts.is_none() && !schedule.may_last_a_day() {
        wrongs.push("the file was never looked into".to_owned());
    }
    report(simulation, Vec::new(), wrongs)
}

/// Every job there is, whoever knows of it.
pub(crate) fn of_jobs(
    simulation: &mut Simulation,
    video_id: &str,
    schedule: &Schedule,
    reference: Option<&Files>,
) -> RunReport {
    let poison = schedule.is_poison();
    // What a store did long after it said no is nobody's to tidy up.
    let late = schedule
        .faults
        .iter()
        .any(|(_, fault)| *fault == Fault::Late);
    let mut wrongs = std::mem::take(&mut *simulation.watch.wrongs.lock().unwrap());
    let jobs = simulation.store().ports().jobs;
    let jobs = simulation
        .runtime
        .block_on(jobs.by_video(&video_id.into(), 100));
    let jobs = jobs.unwrap();
    for answer in simulation.answers() {
        let id = answer["SnapshotJob"]["JobId"].as_str().unwrap();
        if !jobs.iter().any(|job| job.id == id) {
            wrongs.push(format!("the accepted job {id} is not there"));
        }
    }
    let log = EventLog::open_read_only(&simulation.data()).unwrap();
    let log = log.events_after(0, 100).unwrap();
    let mut all = read_all(&simulation.data().join("objects"));
    let mut files = Vec::new();
    for job in &jobs {
        let waited = schedule.may_last_a_day() && waited_in_vain(job);
        ended(job, poison || waited, &mut wrongs);
        told(simulation, job, &log, &mut wrongs);
        let mut own = of_job(&mut all, job);
        if late {
            own.retain(|key, _| !is_kept_until_its_end(key));
        }
        if own.keys().any(|key| is_kept_until_its_end(key)) {
            wrongs.push("what was kept of a job that ended is left over".to_owned());
        }
        if let Some(reference) = reference.filter(|_| !poison && !waited) {
            differ(&own, reference, &mut wrongs);
        }
        files.push(own);
    }
    wrongs.extend(all.into_keys().map(|key| format!("{key} is of no job")));
    let temporary = read_all(&simulation.data().join("tmp"));
    wrongs.extend(temporary.into_keys().map(|name| format!("tmp/{name}")));
    report(simulation, files, wrongs)
}

/// Whether the object of this key is none that a client may ever get.
fn is_kept_until_its_end(key: &str) -> bool {
    artifacts::key::served(key).is_none()
}

fn report(simulation: &Simulation, files: Vec<Files>, wrongs: Vec<String>) -> RunReport {
    RunReport {
        calls: simulation.plan.trace.lock().unwrap().clone(),
        struck: *simulation.plan.struck.lock().unwrap(),
        files,
        bytes_read: simulation.watch.read.bytes(),
        wrongs,
    }
}

/// Whether it met nothing but trouble for a day.
fn waited_in_vain(job: &Job) -> bool {
    let JobState::Completed(completion) = &job.state else {
        return false;
    };
    let code = "TransientFailure";
    matches!(&completion.result, JobResult::Fail { code: found, .. } if found == code)
}

fn ended(job: &Job, poison: bool, wrongs: &mut Vec<String>) {
    let JobState::Completed(completion) = &job.state else {
        return wrongs.push(format!("job {} is {:?} for ever", job.id, job.state));
    };
    let succeeded = matches!(completion.result, JobResult::Success { .. });
    if succeeded == poison {
        wrongs.push(format!("job {} ended {:?}", job.id, completion.result));
    }
    if !job.event_published {
        wrongs.push(format!("job {} does not know of its event", job.id));
    }
}

/// An event as a log gives it back: the kind of its job is for filters beside it alone.
fn kept(event: &Event) -> Event {
    Event {
        snapshot_type: None,
        ..event.clone()
    }
}

/// The event went out, and is what the log holds.
fn told(simulation: &Simulation, job: &Job, log: &[(i64, Event)], wrongs: &mut Vec<String>) {
    let events = simulation.watch.events.lock().unwrap();
    let out = events.get(job.id.as_str()).map_or(&[][..], Vec::as_slice);
    let logged: Vec<_> = log
        .iter()
        .filter(|(_, e)| e.job_id.as_ref() == Some(&job.id))
        .collect();
    match (out.first(), logged.as_slice()) {
        (Some(first), [(_, event)]) if &kept(first) == event => {}
        (first, logged) => wrongs.push(format!(
            "job {}: {} events went out and {} are kept, {:?}",
            job.id,
            out.len(),
            logged.len(),
            first.map(|event| &event.id)
        )),
    }
}

/// The files of `job`, taken from `all`.
fn of_job(all: &mut Files, job: &Job) -> Files {
    let (own, others) = std::mem::take(all)
        .into_iter()
        .partition::<Files, _>(|(key, _)| key.contains(job.id.as_str()));
    *all = others;
    let anonymous =
        |(key, body): (String, Vec<u8>)| (without_ids(&key, job), body_without_ids(body, job));
    own.into_iter().map(anonymous).collect()
}

fn without_ids(text: &str, job: &Job) -> String {
    let created = contract::time::utc_time(job.created_ms);
    text.replace(job.id.as_str(), "JOB")
        .replace(job.video_id.as_str(), "VIDEO")
        .replace(&created, "THEN")
}

/// A picture is left as it is.
fn body_without_ids(body: Vec<u8>, job: &Job) -> Vec<u8> {
    match String::from_utf8(body) {
        Ok(text) => without_ids(&text, job).into_bytes(),
        Err(picture) => picture.into_bytes(),
    }
}

fn differ(own: &Files, reference: &Files, wrongs: &mut Vec<String>) {
    let keys = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    if keys(own) != keys(reference) {
        return wrongs.push(format!("{:?} are there", keys(own)));
    }
    for (key, body) in own {
        if *body != reference[key] {
            wrongs.push(format!("{key} is not as without faults"));
        }
    }
}

/// All pictures that are stored, by their keys' order.
pub(crate) fn pictures(simulation: &Simulation) -> Vec<Vec<u8>> {
    let files = read_all(&simulation.data().join("objects")).into_iter();
    let pictures = files.filter(|(key, _)| key.ends_with(".jpg"));
    pictures.map(|(_, body)| body).collect()
}

/// All files below a folder.
fn read_all(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let key = path.strip_prefix(folder).unwrap().display().to_string();
                files.insert(key, std::fs::read(path).unwrap());
            }
        }
    }
    files
}
