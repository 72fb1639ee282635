use crate::{CLIENTS, server, submits};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::bench::clip;
use support::server::Server;
use tempfile::TempDir;

/// What a crowd was answered.
#[derive(Default)]
struct Answered {
    jobs: Vec<String>,
    took: Vec<Duration>,
}

/// Deadline `count` are taken or the server is gone. `seen` is called with the number of each.
fn crowd(server: &Server, video: &str, count: usize, seen: &(dyn Fn(usize) + Sync)) -> Answered {
    let (taken, answered) = (AtomicUsize::new(0), Mutex::new(Answered::default()));
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                while taken.fetch_add(1, Ordering::Relaxed) < count {
                    let started = Instant::now();
                    let Some(job) = server.try_submit(video, &[("Count", "1"), ("Width", "64")])
                    else {
                        return;
                    };
                    let mut all = answered.lock().unwrap();
                    all.took.push(started.elapsed());
                    all.jobs.push(job);
                    seen(all.jobs.len());
                }
            });
        }
    });
    answered.into_inner().unwrap()
}

#[test]
fn every_job_of_a_crowd_ends_and_memory_stays_flat() {
    let folder = TempDir::new().unwrap();
    let server = server(&folder.path().join("data"), &[]);
    let video = server.register(clip());
    let count = submits(400);
    // Until each part of the server has once done what it is there for.
    let early = (count / 4).min(1000);
    for job in crowd(&server, &video, early, &|_| ()).jobs {
        assert_eq!(server.wait(&job), "Success");
    }
    let before = server.resident_kb();
    let started = Instant::now();
    let answered = crowd(&server, &video, count - early, &|_| ());
    let submitted = started.elapsed();
    let jobs: BTreeSet<_> = answered.jobs.iter().collect();
    assert_eq!(jobs.len(), count - early, "each its own id");
    // In the order they were taken in: each is waited for only as long as one job may take.
    for job in &answered.jobs {
        assert_eq!(server.wait(job), "Success");
    }
    let after = server.resident_kb();
    let mut took = answered.took;
    took.sort();
    println!(
        "{} submits of {CLIENTS} clients in {submitted:.1?}, p99 {:.1?} with 4 busy workers; all \
         done after {:.1?}; memory {before} kB after the first {early}, {after} kB in the end",
        took.len(),
        took[took.len() * 99 / 100],
        started.elapsed()
    );
    assert!(after * 10 <= before * 12, "{before} kB, then {after} kB");
}

#[test]
fn a_crash_amid_a_crowd_loses_no_accepted_job() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let first = server(&data, &[]);
    let video = first.register(clip());
    let pid = first.id();
    let count = submits(240);
    let answered = crowd(&first, &video, count, &|number| {
        if number == count / 2 {
            kill(pid);
        }
    });
    drop(first);
    assert!(answered.jobs.len() < count, "it was killed too late");
    let second = server(&data, &[]);
    for job in &answered.jobs {
        assert_eq!(second.wait(job), "Success");
    }
}

fn kill(pid: u32) {
    let kill = std::process::Command::new("kill")
        .args(["-9", &pid.to_string()])
        .status();
    assert!(kill.unwrap().success());
}
