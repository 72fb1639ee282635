//! Sources that fail, and takers that leave.

use super::fake::{Failure, Fake};
use super::{fetch, limits, piece, start};
use crate::prefetch::{ByteRange, PrefetchLimits, Prefetcher};
use crate::{CountingSource, FileSource, RangeSource, ReadError, ReadStats, Retries};
use plan::Deadline;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Apart from each other: one request each.
fn pieces(count: u64) -> Vec<ByteRange> {
    (0..count).map(|nth| piece(nth * 200, 50)).collect()
}

fn several() -> PrefetchLimits {
    PrefetchLimits {
        in_flight: 3,
        ..limits()
    }
}

/// The pieces before the error, and the error.
fn taken(mut fetch: Prefetcher) -> (usize, ReadError) {
    let mut before = 0;
    let error = loop {
        match fetch.next().unwrap() {
            Ok(_) => before += 1,
            Err(error) => break error,
        }
    };
    assert!(fetch.next().is_none(), "nothing comes after an error");
    (before, error)
}

#[test]
fn what_fails_for_the_moment_is_tried_again() {
    let source = Arc::new(Fake::new(10_000, 0).failing(400, 3, Failure::Transient));
    assert_eq!(
        fetch(&source, &pieces(6), several()),
        Fake::expected(&pieces(6))
    );
    assert_eq!(source.asked_at(400), 4);
    assert_eq!(source.log().ranges.len(), 6 + 3);
}

#[test]
fn what_goes_on_failing_ends_the_fetch_after_the_pieces_before() {
    let source = Arc::new(Fake::new(100_000, 0).failing(600, 99, Failure::Transient));
    let (before, error) = taken(start(&source, &pieces(400), several()));
    assert_eq!((before, error.to_string().as_str()), (3, "later"));
    assert_eq!(source.asked_at(600), 4);
    assert!(source.log().ranges.len() < 400);
}

#[test]
fn what_cannot_get_better_is_not_tried_again() {
    let source = Arc::new(Fake::new(10_000, 0).failing(600, 99, Failure::Changed));
    let (before, error) = taken(start(&source, &pieces(9), several()));
    assert_eq!(before, 3);
    assert!(matches!(error, ReadError::Changed));
    assert_eq!(source.asked_at(600), 1);
}

#[test]
fn nothing_more_is_read_after_an_error() {
    let source = Arc::new(Fake::new(10_000, 0).failing(200, 1, Failure::Changed));
    assert_eq!(taken(start(&source, &pieces(9), limits())).0, 1);
    assert_eq!(source.log().ranges, [(0, 50), (200, 50)]);
}

#[test]
fn a_failure_does_not_cut_short_the_retries_of_pieces_before_it() {
    let source = Fake::new(10_000, 0)
        .failing(0, 3, Failure::Transient)
        .failing(200, 99, Failure::Changed);
    let retries = Retries {
        times: 3,
        pause: Duration::from_millis(5),
    };
    let limits = PrefetchLimits {
        retries,
        ..several()
    };
    let (before, error) = taken(start(&Arc::new(source), &pieces(9), limits));
    assert_eq!(before, 1);
    assert!(matches!(error, ReadError::Changed));
}

#[test]
fn a_source_that_panics_is_an_error() {
    let source = Arc::new(Fake::new(10_000, 0).failing(200, 1, Failure::Panic));
    let (before, error) = taken(start(&source, &pieces(9), several()));
    assert_eq!((before, error.to_string().as_str()), (1, "a reader failed"));
}

#[test]
fn pieces_that_cannot_be_are_refused_before_anything_is_read() {
    let source = Arc::new(Fake::new(1000, 0));
    let refused = |last: ByteRange| {
        let pieces = vec![piece(0, 10), last];
        Prefetcher::start(source.clone(), pieces, limits()).unwrap_err()
    };
    assert!(matches!(refused(piece(900, 101)), ReadError::Changed));
    assert!(matches!(refused(piece(u64::MAX, 2)), ReadError::Changed));
    assert_eq!(
        refused(piece(10, 501)).to_string(),
        "the file cannot be read: a coded picture takes 501 bytes, more than the 500 allowed"
    );
    assert!(source.log().ranges.is_empty());
}

#[test]
fn leaving_in_the_middle_ends_every_thread() {
    let source = Arc::new(Fake::new(100_000, 0));
    let mut fetch = start(&source, &pieces(400), several());
    assert!(fetch.next().unwrap().is_ok());
    // The window is full, so that the readers wait for room.
    source.wait_for(20);
    drop(fetch);
    assert_eq!(Arc::strong_count(&source), 1);
    assert!(source.log().ranges.len() < 30);
}

#[test]
fn leaving_does_not_wait_for_the_end_of_a_pause() {
    let source = Arc::new(Fake::new(10_000, 0).failing(0, 99, Failure::Transient));
    let retries = Retries {
        times: 3,
        pause: Duration::from_secs(3600),
    };
    let limits = PrefetchLimits {
        retries,
        ..several()
    };
    let fetch = start(&source, &pieces(9), limits);
    source.wait_for(1);
    drop(fetch);
    assert_eq!(Arc::strong_count(&source), 1);
}

/// It kept whoever waited for it as long as it liked.
#[derive(Debug)]
struct Silent(Duration);

impl RangeSource for Silent {
    fn bytes(&self) -> u64 {
        10_000
    }

    fn read_at(&self, _: u64, _: &mut [u8]) -> Result<(), ReadError> {
        std::thread::sleep(self.0);
        Ok(())
    }
}

#[test]
fn a_source_that_does_not_answer_is_left_when_the_time_is_over() {
    let until = Deadline::none();
    let source = Arc::new(Silent(Duration::from_secs(20)));
    let fetch = Prefetcher::start(source, pieces(3), several()).unwrap();
    let mut fetch = fetch.until(until.clone());
    let begun = Instant::now();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        until.end();
    });
    assert!(matches!(fetch.next(), Some(Err(ReadError::Transient(_)))));
    drop(fetch);
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_file_cut_short_while_it_is_read_is_an_error() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&vec![7; 100_000]).unwrap();
    let source = Arc::new(FileSource::open(file.path()).unwrap());
    let limits = PrefetchLimits::of(&*source, 1 << 20, 2);
    assert_eq!((limits.in_flight, limits.piece_bytes), (1, 1 << 19));
    let pieces = vec![piece(0, 10), piece(99_000, 1000)];

    let whole = Prefetcher::start(source.clone(), pieces.clone(), limits).unwrap();
    let whole: Vec<Vec<u8>> = whole.map(Result::unwrap).collect();
    assert_eq!(whole, [vec![7; 10], vec![7; 1000]]);

    file.as_file().set_len(99_500).unwrap();
    // Whether already the first piece is refused depends on how fine the clock of the folder is.
    let (before, error) = taken(Prefetcher::start(source, pieces, limits).unwrap());
    assert!(before < 2, "{before}");
    assert!(matches!(error, ReadError::Changed));
}

#[test]
fn fetches_side_by_side_share_the_window() {
    let far = PrefetchLimits::of(&Fake::new(1, 0), 64 << 20, 4);
    assert_eq!((far.window_bytes, far.piece_bytes), (16 << 20, 16 << 20));
    assert!(far.in_flight > 1);
}

#[test]
fn all_that_is_read_is_counted() {
    let fake = Arc::new(Fake::new(10_000, 10).failing(200, 2, Failure::Transient));
    let stats = Arc::new(ReadStats::default());
    let source: Arc<dyn RangeSource> = Arc::new(CountingSource::new(fake.clone(), stats.clone()));
    assert_eq!((source.bytes(), source.gap_bytes()), (10_000, 10));

    let head = limits().retries.read_at(&*source, 0, &mut [0; 8]);
    assert!(head.is_ok());
    let pieces = vec![piece(100, 20), piece(125, 20), piece(200, 30)];
    assert_eq!(
        Prefetcher::start(source, pieces, limits()).unwrap().count(),
        3
    );
    assert_eq!((stats.requests(), stats.bytes()), (1 + 1 + 3, 8 + 45 + 30));
}

#[test]
fn a_read_by_itself_is_tried_again_as_well() {
    let source = Fake::new(100, 0).failing(0, 3, Failure::Transient);
    assert!(limits().retries.read_at(&source, 0, &mut [0; 4]).is_ok());
    let source = Fake::new(100, 0).failing(0, 4, Failure::Transient);
    assert!(limits().retries.read_at(&source, 0, &mut [0; 4]).is_err());
}
