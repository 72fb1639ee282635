//! What goes wrong, and where, as a text that can be run again.

use std::fmt::{self, Display};

/// What goes wrong at one call of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The machine dies before the call has its effect; the store is opened anew.
    MachineBefore,
    /// The machine dies when the call has had its effect.
    MachineAfter,
    /// One process dies before the effect; all others, and the store, live on.
    ProcessBefore,
    /// One process dies after the effect.
    ProcessAfter,
    /// The call fails and does nothing.
    Error,
    /// The call does what it should, and its answer is lost.
    Unanswered,
    /// The call fails, and has its effect half a minute later.
    Late,
    /// The process stands still before the call, and goes on long after others took over.
    StuckBefore,
    /// The same after the call.
    StuckAfter,
    /// Another copy of the message in hand is on the queue.
    Duplicate,
    /// The clock is set a day ahead: whatever was held is free for others at once.
    Forward,
    /// The clock is set back by a day.
    Back,
}

use Fault::{
    Back, Duplicate, Error, Forward, Late, MachineAfter, MachineBefore, ProcessAfter,
    ProcessBefore, StuckAfter, StuckBefore, Unanswered,
};

/// Each with its name in a schedule's text.
pub(crate) const FAULTS: [(Fault, &str); 12] = [
    (MachineBefore, "machine-dies-before"),
    (MachineAfter, "machine-dies-after"),
    (ProcessBefore, "process-dies-before"),
    (ProcessAfter, "process-dies-after"),
    (Error, "error"),
    (Unanswered, "unanswered"),
    (Late, "late"),
    (StuckBefore, "stuck-before"),
    (StuckAfter, "stuck-after"),
    (Duplicate, "duplicate"),
    (Forward, "clock-forward"),
    (Back, "clock-back"),
];

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Normal,
    Sprite,
    WebVtt,
    /// A normal job whose every run takes one picture.
    Handed,
    /// A normal job that keeps what is done after each picture.
    Kept,
    /// A sprite job in three parts, of which two are begun at once and have one sheet together.
    Divided,
    /// A file registered, and looked into.
    Register,
}

pub(crate) const WORKS: [(Work, &str); 7] = [
    (Work::Normal, "normal"),
    (Work::Sprite, "sprite"),
    (Work::WebVtt, "webvtt"),
    (Work::Handed, "handed"),
    (Work::Kept, "kept"),
    (Work::Divided, "divided"),
    (Work::Register, "register"),
];

/// One call of a port, by its name and how many of that name came before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    /// Such as `jobs.create`.
    pub(crate) call: String,
    /// From 1; none: each of them.
    pub(crate) number: Option<u32>,
}

impl Site {
    pub(crate) fn is(&self, call: &str, number: u32) -> bool {
        self.call == call && self.number.is_none_or(|own| own == number)
    }
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(crate) work: Work,
    pub(crate) faults: Vec<(Site, Fault)>,
}

impl Schedule {
    /// Whether a day may seem to have passed while something else went wrong, too.
    pub(crate) fn may_last_a_day(&self) -> bool {
        let forward = |(_, fault): &(Site, Fault)| *fault == Forward;
        self.faults.len() > 1 && self.faults.iter().any(forward)
    }

    /// Whether the work can't be done at all, so that its job has to end Fail.
    pub(crate) fn is_poison(&self) -> bool {
        self.faults.iter().any(|(site, _)| site.number.is_none())
    }

    /// `sprite objects.put#2=error jobs.complete#1=process-dies-after`; `#*` is each of them.
    pub(crate) fn parse(text: &str) -> Self {
        let mut words = text.split_whitespace();
        let named = words.next().unwrap();
        let work = WORKS.iter().find(|(_, name)| *name == named);
        let fault = |word: &str| {
            let (site, named) = word.split_once('=').unwrap();
            let (call, number) = site.split_once('#').unwrap();
            let (call, number) = (call.to_owned(), number.parse().ok());
            let fault = FAULTS.iter().find(|(_, name)| *name == named);
            (Site { call, number }, fault.unwrap().0)
        };
        Self {
            work: work.unwrap().0,
            faults: words.map(fault).collect(),
        }
    }
}

impl Display for Schedule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let work = WORKS.iter().find(|(work, _)| *work == self.work);
        out.write_str(work.unwrap().1)?;
        for (site, fault) in &self.faults {
            let name = FAULTS.iter().find(|(known, _)| known == fault).unwrap().1;
            match site.number {
                Some(number) => write!(out, " {}#{number}={name}", site.call)?,
                None => write!(out, " {}#*={name}", site.call)?,
            }
        }
        Ok(())
    }
}

#[test]
fn a_schedule_is_read_as_it_was_printed() {
    let text = "sprite objects.put#2=error jobs.complete#*=process-dies-after";
    let schedule = Schedule::parse(text);
    assert_eq!(schedule.to_string(), text);
    assert!(schedule.is_poison());
}
