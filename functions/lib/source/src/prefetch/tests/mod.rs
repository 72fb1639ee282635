//! What a fetch asks a source for, and what comes of it.

mod fake;
mod order;
mod trouble;

use super::{ByteRange, PrefetchLimits, Prefetcher};
use crate::Retries;
use fake::Fake;
use std::sync::Arc;
use std::time::Duration;

fn piece(offset: u64, bytes: u32) -> ByteRange {
    ByteRange { offset, bytes }
}

/// Requests of up to 100 bytes, pauses too short to notice.
fn limits() -> PrefetchLimits {
    PrefetchLimits {
        in_flight: 1,
        window_bytes: 1000,
        read_bytes: 100,
        piece_bytes: 500,
        retries: Retries {
            times: 3,
            pause: Duration::from_micros(10),
        },
    }
}

fn start(source: &Arc<Fake>, pieces: &[ByteRange], limits: PrefetchLimits) -> Prefetcher {
    Prefetcher::start(source.clone(), pieces.to_vec(), limits).unwrap()
}

/// All of it, where nothing fails.
fn fetch(source: &Arc<Fake>, pieces: &[ByteRange], limits: PrefetchLimits) -> Vec<Vec<u8>> {
    start(source, pieces, limits).map(Result::unwrap).collect()
}
