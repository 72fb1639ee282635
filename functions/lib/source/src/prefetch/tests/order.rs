//! What comes, in which order, by which requests.

use super::fake::{Fake, Log};
use super::{fetch, limits, piece, start};
use crate::prefetch::reads::{MergedRead, merge};
use crate::prefetch::{ByteRange, PrefetchLimits};
use proptest::prelude::*;
use std::sync::Arc;

#[test]
fn neighbours_are_read_at_once_and_small_gaps_read_through() {
    let source = Arc::new(Fake::new(1000, 10));
    let pieces = [piece(20, 30), piece(50, 10), piece(70, 20), piece(101, 5)];
    assert_eq!(fetch(&source, &pieces, limits()), Fake::expected(&pieces));
    assert_eq!(source.log().ranges, [(20, 70), (101, 5)]);
}

#[test]
fn requests_stay_small_but_for_large_pieces() {
    let source = Arc::new(Fake::new(1000, 10));
    let pieces = [piece(0, 60), piece(60, 60), piece(120, 300), piece(420, 1)];
    assert_eq!(fetch(&source, &pieces, limits()), Fake::expected(&pieces));
    assert_eq!(
        source.log().ranges,
        [(0, 60), (60, 60), (120, 300), (420, 1)]
    );
}

#[test]
fn pieces_that_repeat_are_read_once() {
    let source = Arc::new(Fake::new(1000, 0));
    let pieces = [piece(5, 90), piece(5, 90), piece(50, 45), piece(20, 3)];
    assert_eq!(fetch(&source, &pieces, limits()), Fake::expected(&pieces));
    assert_eq!(source.log().ranges, [(5, 90)]);
}

#[test]
fn pieces_that_go_back_come_in_the_order_asked_for() {
    let source = Arc::new(Fake::new(1000, 10));
    let pieces = [piece(500, 30), piece(20, 30), piece(50, 30), piece(530, 30)];
    assert_eq!(fetch(&source, &pieces, limits()), Fake::expected(&pieces));
    assert_eq!(source.log().ranges, [(500, 30), (20, 60), (530, 30)]);
}

#[test]
fn empty_pieces_ask_for_nothing() {
    let source = Arc::new(Fake::new(1000, 0));
    let pieces = [piece(1000, 0), piece(3, 0)];
    assert_eq!(fetch(&source, &pieces, limits()), [[], []] as [[u8; 0]; 2]);
    assert!(source.log().ranges.is_empty());
    assert!(start(&source, &[], limits()).next().is_none());
}

#[test]
fn several_requests_are_under_way_at_once() {
    let source = Arc::new(Fake::new(10_000, 0).meeting(3));
    let pieces: Vec<ByteRange> = (0..20).map(|nth| piece(nth * 100, 50)).collect();
    let limits = PrefetchLimits {
        in_flight: 3,
        ..limits()
    };
    assert_eq!(fetch(&source, &pieces, limits), Fake::expected(&pieces));
    assert_eq!(source.log().most_at_once, 3);
}

/// Gap before each piece, and its size.
fn rising() -> impl Strategy<Value = Vec<ByteRange>> {
    let one = (prop_oneof![Just(0), 0..40_u64], 0..60_u32);
    prop::collection::vec(one, 0..60).prop_map(|spaced| {
        let mut end = 0;
        let placed = spaced.into_iter().map(|(gap, bytes)| {
            let offset = end + gap;
            end = offset + u64::from(bytes);
            piece(offset, bytes)
        });
        placed.collect()
    })
}

fn any_pieces() -> impl Strategy<Value = Vec<ByteRange>> {
    let one = (0..400_u64, 0..80_u32).prop_map(|(offset, bytes)| piece(offset, bytes));
    prop::collection::vec(one, 0..40)
}

fn any_limits() -> impl Strategy<Value = PrefetchLimits> {
    (1..5_usize, 1..500_u64, 1..120_u64).prop_map(|(in_flight, window_bytes, read_bytes)| {
        PrefetchLimits {
            in_flight,
            window_bytes,
            read_bytes,
            ..limits()
        }
    })
}

/// Takes every piece, telling the source before each what may be let go by then.
fn take_all(
    source: &Arc<Fake>,
    pieces: &[ByteRange],
    limits: PrefetchLimits,
) -> (Vec<Vec<u8>>, Log) {
    let reads = merge(pieces, source.gap_bytes, &limits);
    let mut fetch = start(source, pieces, limits);
    let mut got = Vec::new();
    for nth in 0..pieces.len() {
        let ended = reads.iter().find(|read| read.pieces.end == nth + 1);
        source.let_go(ended.map_or(0, |read| read.bytes));
        got.push(fetch.next().unwrap().unwrap());
    }
    assert!(fetch.next().is_none());
    drop(fetch);
    (got, source.log())
}

fn keeps_to_limits(reads: &[MergedRead], pieces: &[ByteRange], log: &Log, limits: &PrefetchLimits) {
    let largest = pieces.iter().map(|piece| u64::from(piece.bytes)).max();
    let most_held = limits.window_bytes.max(largest.unwrap_or(0));
    assert!(log.most_held <= most_held, "{log:?}");
    assert!(log.most_at_once <= limits.in_flight);
    let mut asked = log.ranges.clone();
    let mut planned: Vec<(u64, u64)> = (reads.iter())
        .map(|read| (read.offset, read.bytes))
        .filter(|(_, bytes)| *bytes > 0)
        .collect();
    asked.sort_unstable();
    planned.sort_unstable();
    assert_eq!(asked, planned);
}

proptest! {
    #[test]
    fn rising_pieces_are_read_once_by_few_requests(
        pieces in rising(),
        limits in any_limits(),
        gap_bytes in 0..30_u64,
    ) {
        let source = Arc::new(Fake::new(10_000, gap_bytes));
        let (got, log) = take_all(&source, &pieces, limits);
        prop_assert_eq!(got, Fake::expected(&pieces));
        let reads = merge(&pieces, gap_bytes, &limits);
        keeps_to_limits(&reads, &pieces, &log, &limits);

        let mut ranges = log.ranges.clone();
        ranges.sort_unstable();
        for pair in ranges.windows(2) {
            prop_assert!(pair[0].0 + pair[0].1 <= pair[1].0, "read twice: {pair:?}");
        }
        let end = |piece: &ByteRange| piece.offset + u64::from(piece.bytes);
        let most = limits.read_bytes.min(limits.window_bytes);
        for read in &reads {
            let own = &pieces[read.pieces.clone()];
            let is_sum = own.first().map(|piece| piece.offset) == Some(read.offset)
                && own.last().map(end) == Some(read.offset + read.bytes);
            prop_assert!(is_sum, "it reads more than its pieces: {read:?}");
            prop_assert!(own.windows(2).all(|pair| pair[1].offset - end(&pair[0]) <= gap_bytes));
            prop_assert!(own.len() == 1 || read.bytes <= most.max(u64::from(own[0].bytes)));
        }
        for pair in reads.windows(2) {
            let next = &pieces[pair[1].pieces.start];
            let is_far = next.offset - (pair[0].offset + pair[0].bytes) > gap_bytes;
            prop_assert!(is_far || end(next) - pair[0].offset > most, "one request would do: {pair:?}");
        }
    }

    #[test]
    fn any_pieces_come_true_to_the_byte(
        pieces in any_pieces(),
        limits in any_limits(),
        gap_bytes in 0..30_u64,
    ) {
        let source = Arc::new(Fake::new(500, gap_bytes));
        let (got, log) = take_all(&source, &pieces, limits);
        prop_assert_eq!(got, Fake::expected(&pieces));
        keeps_to_limits(&merge(&pieces, gap_bytes, &limits), &pieces, &log, &limits);
    }
}
