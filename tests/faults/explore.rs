//! All the schedules there are to run.

use crate::promise::Files;
use crate::runner::Runner;
use crate::schedule::{FAULTS, Fault, Schedule, Site, WORKS, Work};
use std::collections::{BTreeSet, VecDeque};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::time::Instant;

const PAIRS: usize = 100;
const SEED: u64 = 6;

/// One kind of work without faults.
struct Fair {
    work: Work,
    sites: Vec<(Site, bool)>,
    files: Files,
}

fn fair(runner: &Runner, work: Work) -> Fair {
    let faults = Vec::new();
    let report = runner.run(&Schedule { work, faults }, None);
    assert_eq!(report.wrongs, Vec::<String>::new(), "without any fault");
    let site = |(call, number, by_worker): (&str, u32, bool)| {
        let (call, number) = (call.to_owned(), Some(number));
        (Site { call, number }, by_worker)
    };
    Fair {
        work,
        sites: report.calls.into_iter().map(site).collect(),
        files: report.files.into_iter().next().unwrap_or_default(),
    }
}

impl Fair {
    /// Every fault at every call. What a job that is handed on, or keeps what is done, does as any
    /// other is left out, and most of the rest of one that is handed on, or divided: its runs are alike.
    fn singles(&self, normal: &Self) -> Vec<Schedule> {
        let alike = matches!(self.work, Work::Handed | Work::Kept | Work::Divided);
        let own = |site: &&(Site, bool)| !alike || !normal.sites.contains(site);
        // Of calls, and of faults one after the other: these are no divisors of their number.
        let (calls, faults) = match self.work {
            Work::Handed => (2, 1),
            Work::Divided if std::env::var_os("FAULTS_ALL").is_none() => (1, 5),
            _ => (1, 1),
        };
        let sites = self.sites.iter().filter(own).step_by(calls);
        let faulty = sites.flat_map(|(site, by_worker)| {
            let faults = FAULTS.iter().map(|(fault, _)| *fault);
            let possible = faults.filter(|fault| can(*by_worker, *fault));
            possible.map(|fault| self.schedule(vec![(site.clone(), fault)]))
        });
        faulty.step_by(faults).collect()
    }

    fn pair(&self, dice: &mut Dice) -> Schedule {
        let mut one = || loop {
            let (site, by_worker) = dice.pick(&self.sites);
            let (fault, _) = *dice.pick(&FAULTS);
            if can(*by_worker, fault) {
                return (site.clone(), fault);
            }
        };
        let first = one();
        let mut second = one();
        while second.0 == first.0 {
            second = one();
        }
        self.schedule(vec![first, second])
    }

    fn schedule(&self, faults: Vec<(Site, Fault)>) -> Schedule {
        let work = self.work;
        Schedule { work, faults }
    }
}

/// A client has no message in hand.
fn can(by_worker: bool, fault: Fault) -> bool {
    by_worker || fault != Fault::Duplicate
}

/// What can never be done, since one call of the work itself fails or kills each time.
fn poisons() -> Vec<Schedule> {
    let calls = ["sources.open", "objects.put", "videos.record_facts"];
    let faults = [
        "error",
        "unanswered",
        "process-dies-before",
        "process-dies-after",
        "machine-dies-before",
    ];
    let all = calls
        .iter()
        .flat_map(|&call| faults.map(|fault| (call, fault)));
    // What is recorded once need not be recorded again.
    let lasts = ["unanswered", "process-dies-after"];
    let ends =
        |(call, fault): &(&str, &str)| *call == "videos.record_facts" && lasts.contains(fault);
    let schedule = |(call, fault)| Schedule::parse(&format!("sprite {call}#*={fault}"));
    all.filter(|poison| !ends(poison)).map(schedule).collect()
}

/// Xorshift: the same numbers for the same seed, for ever.
struct Dice(u64);

impl Dice {
    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        &from[usize::try_from(self.0 % from.len() as u64).unwrap()]
    }
}

/// Walks all of them, two at a time; what broke.
fn run_all(runner: &Runner, fairs: &[Fair], schedules: Vec<Schedule>) -> Vec<String> {
    let queue = Mutex::new(VecDeque::from(schedules));
    let broken = Mutex::new(Vec::new());
    let next = || queue.lock().unwrap().pop_front();
    let run = || {
        while let Some(schedule) = next() {
            if let Some(what) = run_one(runner, fairs, &schedule) {
                let _ = writeln!(std::io::stderr(), "{what}");
                broken.lock().unwrap().push(what);
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(run);
        scope.spawn(run);
    });
    broken.into_inner().unwrap()
}

fn run_one(runner: &Runner, fairs: &[Fair], schedule: &Schedule) -> Option<String> {
    let fair = fairs.iter().find(|fair| fair.work == schedule.work);
    let reference = fair.map(|fair| &fair.files);
    let run = || runner.run(schedule, reference);
    let wrongs = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(report) if report.struck == 0 => BTreeSet::from(["no fault happened".to_owned()]),
        Ok(report) => BTreeSet::from_iter(report.wrongs),
        Err(_) => BTreeSet::from(["it did not come to an end".to_owned()]),
    };
    let wrongs: Vec<_> = wrongs.into_iter().collect();
    (!wrongs.is_empty()).then(|| format!("FAULTS_SCHEDULE='{schedule}': {}", wrongs.join("; ")))
}

#[test]
fn whatever_goes_wrong_each_job_has_one_result_and_an_event() {
    let begun = Instant::now();
    let runner = Runner::new();
    let fairs: Vec<_> = WORKS.iter().map(|(work, _)| fair(&runner, *work)).collect();
    let schedules = match std::env::var("FAULTS_SCHEDULE") {
        Ok(text) => vec![Schedule::parse(&text)],
        Err(_) => {
            let mut dice = Dice(SEED);
            let mut all: Vec<_> = fairs
                .iter()
                .flat_map(|fair| fair.singles(&fairs[0]))
                .collect();
            all.extend((0..PAIRS).map(|n| fairs[n % fairs.len()].pair(&mut dice)));
            all.extend(poisons());
            let work = std::env::var("FAULTS_WORK").unwrap_or_default();
            all.retain(|schedule| schedule.to_string().starts_with(&work));
            all
        }
    };
    let count = schedules.len();
    let broken = run_all(&runner, &fairs, schedules);
    let took = begun.elapsed().as_secs();
    let line = format!(
        "faults: {count} schedules walked in {took} s, {} broke a promise",
        broken.len()
    );
    let _ = writeln!(std::io::stderr(), "{line}");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
