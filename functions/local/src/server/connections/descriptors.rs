//! How many descriptors there are, and how many of them connections may have.

use super::ConnectionLimits;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// No server needs more, and programs that close all descriptors they might have take their time.
const ENOUGH: u64 = 16 * 1024;

/// The database, the log, the listener, the runtime, deliveries, and files opened for a moment.
const FIXED: u64 = 34;

/// One job: its video, its child process, the picture being written.
const OF_A_JOB: u64 = 10;

/// Each further decoder of a job: its pipes and its folder. The first one is counted with the job.
const OF_A_DECODER: u64 = 5;

/// A connection: its socket and the file that it is sent.
const OF_A_CONNECTION: u64 = 2;

/// However few descriptors there are, somebody can ask how a job is.
const FEWEST: usize = 4;

/// Raises the soft limit as far as it may go; what the limit is then. Waiting for a descriptor
/// costs jobs time, and the soft limit of 1,024 is for programs that use select(2).
pub(in crate::server) fn raise_limit() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let (now, most) = (current.unwrap_or(ENOUGH), maximum.unwrap_or(ENOUGH));
    let wanted = most.min(ENOUGH);
    if wanted <= now {
        return now;
    }
    let limit = Rlimit {
        current: Some(wanted),
        maximum,
    };
    setrlimit(Resource::Nofile, limit).map_or(now, |()| wanted)
}

/// Connections at a time beside `workers` jobs with so many `decoders` each, of `descriptors` in
/// all.
pub(in crate::server) fn connections(descriptors: u64, workers: u16, decoders: usize) -> usize {
    let more = u64::try_from(decoders.saturating_sub(1)).unwrap_or(u64::MAX);
    let job = OF_A_JOB.saturating_add(more.saturating_mul(OF_A_DECODER));
    let kept = FIXED.saturating_add(job.saturating_mul(workers.into()));
    let left = descriptors.saturating_sub(kept) / OF_A_CONNECTION;
    let left = usize::try_from(left).unwrap_or(usize::MAX);
    left.clamp(FEWEST, ConnectionLimits::MOST)
}

#[cfg(test)]
mod tests {
    use super::connections;

    #[test]
    fn jobs_keep_theirs() {
        assert_eq!(connections(64, 1, 1), 10);
        assert_eq!(connections(64, 16, 2), 4);
        assert_eq!(connections(0, 1, 1), 4);
        assert_eq!(connections(1024, 1, 1), 490);
        assert_eq!(connections(1024, 1, 16), 452);
        assert_eq!(connections(1_000_000, 4, 2), 512);
    }
}
