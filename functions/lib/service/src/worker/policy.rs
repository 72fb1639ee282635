//! What can fail a job, and how long everything else is waited for.
//!
//! Only a verdict on its file or its request fails a job, or a decoder that it brings down again
//! and again while we live and watch. What comes of the machine, the stores or our own end is
//! waited for. How often a queue delivered a message says nothing about whose fault that was, so
//! it decides about the next pause and nothing else.

use crate::backoff::Backoff;
use crate::model::{Message, RunTrials};
use crate::pictures::Interrupted;
use std::time::Duration;

/// Runs that never said how they ended, and none that came further between them, after which the
/// next is taken apart from us. One worker runs one job at a time, so that each kill of ours hits
/// one that has nothing to do with it; two of them are seldom chance.
const ISOLATED_AFTER: u32 = 2;

/// Deliveries of a look into a new video after which nobody looks any more, and looks that bring a
/// decoder down. No job depends on one, and a video that takes us down must not do so for ever.
const MOST_PROBES: u32 = 20;
const MOST_PROBE_CRASHES: u32 = 5;

/// Before a job is tried again: whatever it waits for, once that is there again the job goes on
/// within half a minute.
const JOB_PAUSE: Backoff = Backoff {
    first: Duration::from_secs(1),
    longest: Duration::from_secs(25),
};

/// The same for what nobody waits for: a look into a new video, a file that came by itself. In a
/// day these are fewer tries than a queue of SQS allows.
const IDLE_PAUSE: Backoff = Backoff {
    longest: Duration::from_secs(120),
    ..JOB_PAUSE
};

/// How long a message is tried that goes on failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// Until its job ends, by itself and with an event.
    OfItsJob,
    /// Until it is done: a call was answered that it is, and nothing else would ever do it.
    Endless,
    /// Until its upload ends, by itself and with an event, or has crashed too often.
    OfItsUpload,
    /// A day from when it was sent.
    Day,
}

impl Patience {
    pub(super) fn with(message: &Message) -> Self {
        match message {
            Message::Snapshot { .. } | Message::Part { .. } | Message::Covers { .. } => {
                Self::OfItsJob
            }
            Message::DeletePictures { .. } | Message::DeleteVideo { .. } => Self::Endless,
            Message::Upload { .. } => Self::OfItsUpload,
            Message::Probe { .. } | Message::ObjectCreated { .. } => Self::Day,
        }
    }
}

/// Before a job's next run.
pub(super) fn pause(number: u32) -> Duration {
    JOB_PAUSE.after(number)
}

/// Before the next try of what nobody waits for.
pub(super) fn idle_pause(number: u32) -> Duration {
    IDLE_PAUSE.after(number)
}

/// Whether nobody looks into a new video any more.
pub(super) fn is_probed_out(number: u32) -> bool {
    number > MOST_PROBES
}

/// Whether what belongs to no job is given up for having ended badly.
pub(super) fn is_given_up(stop: &Interrupted, number: u32) -> bool {
    matches!(stop, Interrupted::Crashed(_)) && number >= MOST_PROBE_CRASHES
}

/// Whether a run is to be taken apart from us.
pub(super) fn isolates(trials: RunTrials) -> bool {
    trials.unended_runs >= ISOLATED_AFTER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_pauses_for_less_than_half_a_minute() {
        let seconds = [0, 1, 2, 3, 5, 6, 4_000_000_000].map(|number| pause(number).as_secs());
        assert_eq!(seconds, [1, 1, 2, 4, 16, 25, 25]);
        assert_eq!(idle_pause(9).as_secs(), 120);
    }
}
