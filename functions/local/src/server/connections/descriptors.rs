//! How many descriptors the process may open, and how many of them connections may use.

use super::limits::ConnectionLimits;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More are never needed, and programs that close every possible descriptor become slow.
const MAX_DESCRIPTORS: u64 = 16 * 1024;

/// The database, the log, the listener, the runtime, deliveries, and files opened for a moment.
const RESERVED: u64 = 34;

/// One job: its video, its child process, the picture being written.
const PER_JOB: u64 = 10;

/// Each further decoder of the pool: its pipes and its folder. The first is counted with a job.
const PER_DECODER: u64 = 5;

/// One connection: its socket and the file that is sent.
const PER_CONNECTION: u64 = 2;

/// The fewest connections: even with few descriptors, clients can ask for the state of a job.
const MIN_CONNECTIONS: usize = 4;

/// Raises the soft limit as far as allowed, and returns the limit. The usual soft limit of 1,024 is
/// meant for programs that use select(2); with it, jobs would wait for descriptors.
pub(crate) fn raise_limit() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let (soft, hard) = (
        current.unwrap_or(MAX_DESCRIPTORS),
        maximum.unwrap_or(MAX_DESCRIPTORS),
    );
    let wanted = hard.min(MAX_DESCRIPTORS);
    if wanted <= soft {
        return soft;
    }
    let limit = Rlimit {
        current: Some(wanted),
        maximum,
    };
    setrlimit(Resource::Nofile, limit).map_or(soft, |()| wanted)
}

/// How many connections `descriptors` allow besides `workers` jobs that share `decoders`.
pub(crate) fn max_connections(descriptors: u64, workers: u16, decoders: usize) -> usize {
    let more = u64::try_from(decoders.saturating_sub(1)).unwrap_or(u64::MAX);
    let of_jobs = PER_JOB.saturating_mul(workers.into());
    let reserved = RESERVED
        .saturating_add(of_jobs)
        .saturating_add(more.saturating_mul(PER_DECODER));
    let left = descriptors.saturating_sub(reserved) / PER_CONNECTION;
    let left = usize::try_from(left).unwrap_or(usize::MAX);
    left.clamp(MIN_CONNECTIONS, ConnectionLimits::MAX_CONNECTIONS)
}

#[cfg(test)]
mod tests {
    use super::max_connections;

    #[test]
    fn jobs_keep_their_descriptors() {
        assert_eq!(max_connections(64, 1, 1), 10);
        assert_eq!(max_connections(64, 16, 2), 4);
        assert_eq!(max_connections(0, 1, 1), 4);
        assert_eq!(max_connections(1024, 1, 1), 490);
        assert_eq!(max_connections(1024, 1, 16), 452);
        assert_eq!(max_connections(1_000_000, 4, 2), 512);
    }
}
