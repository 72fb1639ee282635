//! The server is killed or told to end at random moments while it works: no job fails for that,
//! none is lost, each tells of its end once.
//!
//! `ATTACK_KILLS=40` (or 400) sets how often it is killed, `ATTACK_SEED=7` when. Each moment
//! follows from the seed, what the machine does in between does not.

use crate::places::{Place, long_job};
use embedded::EventLog;
use std::collections::BTreeMap;
use std::io::Write;
use std::time::{Duration, Instant};
use support::subscriber::Subscriber;

/// Kills of one test, jobs under them, and when nothing else is said.
const KILLS: u32 = 12;
const SEED: u64 = 1;

fn variable<T: std::str::FromStr>(name: &str, default: T) -> T {
    let said = std::env::var(name).ok();
    said.and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Xorshift: the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn from(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn between(&mut self, least_ms: u64, most_ms: u64) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_millis(least_ms + self.0 % (most_ms - least_ms))
    }
}

fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// One event each in the log; whoever hears of one again hears the same.
fn check_events(place: &Place, subscriber: &Subscriber, jobs: &[String]) {
    let log = EventLog::open_read_only(&place.data()).unwrap();
    let log = log.events_after(0, 10_000).unwrap();
    for job in jobs {
        let own = log
            .iter()
            .filter(|(_, event)| event.job_id.as_deref() == Some(job.as_str()));
        assert_eq!(own.count(), 1, "events of {job}");
    }
    let mut heard = BTreeMap::new();
    while heard.len() < jobs.len() {
        let event = subscriber.next().json();
        let id = event["SnapshotInfos"][0]["JobId"].as_str();
        let id = id.unwrap_or_else(|| panic!("{event}")).to_owned();
        assert!(jobs.contains(&id), "{event}");
        let before = heard.entry(id).or_insert_with(|| event.clone());
        assert_eq!(*before, event, "another event of the same job");
    }
}

#[test]
fn jobs_under_random_kills_all_end_well_and_tell_of_it_once() {
    let kills = variable("ATTACK_KILLS", KILLS);
    let seed = variable("ATTACK_SEED", SEED);
    let mut dice = Dice::from(seed);
    let workers = (1 + seed % 3).to_string();
    let subscriber = Subscriber::start(&[]);
    let place = Place::new(
        "kills",
        &["--workers", &workers, "--notify", &subscriber.url],
    );
    let mut server = place.start();
    let video = server.register(&place.clip);
    let points = [("Count", "60"), ("Interval", "0"), ("Width", "320")];
    let jobs: Vec<String> = (0..kills).map(|_| server.submit(&video, &points)).collect();
    for _ in 0..kills {
        std::thread::sleep(dice.between(50, 900));
        server.kill();
        server = place.start();
    }
    let failed: Vec<_> = jobs
        .iter()
        .filter(|job| server.wait(job) != "Success")
        .collect();
    say(&format!(
        "kills: {kills} of seed {seed} with {workers} workers, {} of {} jobs failed",
        failed.len(),
        jobs.len()
    ));
    assert!(failed.is_empty(), "{failed:?}");
    for job in &jobs {
        place.check_pictures(&server, &video, job, 60);
    }
    check_events(&place, &subscriber, &jobs);
}

/// With one worker every kill hits the same job. A second is enough for it to come further.
#[test]
fn one_long_job_under_kills_every_second_or_two_comes_to_its_end() {
    let kills = variable("ATTACK_KILLS", KILLS);
    let seed = variable("ATTACK_SEED", SEED);
    let mut dice = Dice::from(seed);
    let place = Place::new("kills-long", &["--workers", "1"]);
    let mut server = place.start();
    let video = server.register(&place.clip);
    let job = server.submit(&video, &long_job());
    let (mut killed, begun) = (0, Instant::now());
    while killed < kills && server.status(&job) == "Processing" {
        std::thread::sleep(dice.between(1000, 2000));
        server.kill();
        server = place.start();
        killed += 1;
    }
    assert_eq!(server.wait(&job), "Success");
    let took = begun.elapsed().as_secs();
    say(&format!(
        "kills: one job, {killed} of seed {seed}, {took} s"
    ));
    assert!(killed > 2, "the job is too short to say anything");
    place.check_pictures(&server, &video, &job, crate::places::LONG_JOB);
    let left = place.objects_with("progress");
    assert!(left.is_empty(), "left over: {left:?}");
}

#[test]
fn a_job_that_is_stopped_five_times_loses_nothing_and_is_blamed_for_nothing() {
    let place = Place::new("stops", &["--workers", "1"]);
    let mut server = place.start();
    let video = server.register(&place.clip);
    let job = server.submit(&video, &long_job());
    for stop in 0..5 {
        let before = place.objects_with(".jpg").len();
        place.wait_for("pictures", || {
            place.objects_with(".jpg").len() > before + 5 || server.status(&job) == "Success"
        });
        assert_eq!(
            server.status(&job),
            "Processing",
            "too short for stop {stop}"
        );
        let begun = Instant::now();
        assert!(server.terminate(), "exit code 0");
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(5), "stop {stop} took {took:?}");
        // It is free at once, and begins where it was.
        let late = server.log_lines("did not stop in time");
        assert!(late.is_empty(), "{late:?}");
        let kept = place.objects_with("progress");
        assert_eq!(kept.len(), 1, "what is done is kept");
        server = place.start();
    }
    assert_eq!(server.wait(&job), "Success");
    place.check_pictures(&server, &video, &job, crate::places::LONG_JOB);
    assert!(place.objects_with("progress").is_empty());
}
