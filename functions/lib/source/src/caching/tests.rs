use super::*;
use crate::{CountingSource, MemorySource, ReadStats};
use proptest::prelude::*;

/// One that takes its time, so that gaps of up to 16 bytes are read through.
#[derive(Debug)]
struct Far(MemorySource);

impl RangeSource for Far {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.0.read_at(offset, into)
    }

    fn gap_bytes(&self) -> u64 {
        16
    }
}

fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (at * 31 + at / 251) as u8).collect()
}

fn far(content: Vec<u8>) -> (Arc<dyn RangeSource>, Arc<ReadStats>) {
    let stats = Arc::<ReadStats>::default();
    let far = Arc::new(Far(MemorySource::new(content)));
    let counted = Arc::new(CountingSource::new(far, Arc::clone(&stats)));
    (CachingSource::of_far(counted), stats)
}

fn read(source: &dyn RangeSource, offset: usize, bytes: usize) -> Vec<u8> {
    let mut into = vec![0; bytes];
    source.read_at(offset as u64, &mut into).unwrap();
    into
}

#[test]
fn what_was_read_once_is_not_asked_for_again() {
    let all = content(1000);
    let (source, stats) = far(all.clone());
    for (offset, bytes, requests, fetched) in [
        (100, 200, 1, 200),
        (150, 100, 1, 200),
        (100, 300, 2, 300),
        (50, 300, 3, 350),
        (0, 1000, 5, 1000),
        (7, 900, 5, 1000),
    ] {
        assert_eq!(read(&*source, offset, bytes), all[offset..offset + bytes]);
        let asked = (stats.requests(), stats.bytes());
        assert_eq!(asked, (requests, fetched), "{offset} {bytes}");
    }
}

/// The headers that an index was read by lie amid the samples that are read after it: each would
/// have parted a read of many in two.
#[test]
fn little_that_is_kept_makes_no_further_request() {
    let all = content(1000);
    let (source, stats) = far(all.clone());
    for at in [100, 130, 160] {
        read(&*source, at, 16);
    }
    assert_eq!(read(&*source, 50, 126), all[50..176]);
    assert_eq!(
        (stats.requests(), stats.bytes()),
        (4, 48 + 110),
        "the last is no gap"
    );
}

/// All of a short file was fetched, and some of it twice.
#[test]
fn no_byte_of_a_short_file_is_read_twice_where_reads_are_long() {
    let all = content(4000);
    let (source, stats) = far(all.clone());
    for at in (500..4000).step_by(500) {
        read(&*source, at, 16);
    }
    assert_eq!(read(&*source, 0, 4000), all);
    assert_eq!((stats.requests(), stats.bytes()), (7 + 8, 4000));
}

#[test]
fn a_long_file_is_kept_only_as_far_as_it_was_read_last() {
    let (source, stats) = far(content(20 << 20));
    for at in 0..20 {
        read(&*source, at << 20, 1 << 20);
    }
    let before = stats.bytes();
    read(&*source, 14 << 20, 6 << 20);
    assert_eq!(stats.bytes(), before);
    read(&*source, 0, 4 << 20);
    assert_eq!(stats.bytes(), before + (4 << 20));
    read(&*source, 15 << 20, 1 << 20);
    assert_eq!(stats.bytes(), before + (4 << 20), "a copy keeps nothing");
}

#[test]
fn a_file_on_this_machine_is_read_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::fs::write(&path, b"0123456789").unwrap();
    let file: Arc<dyn RangeSource> = Arc::new(crate::FileSource::open(&path).unwrap());
    let source = CachingSource::of_far(Arc::clone(&file));
    assert!(Arc::ptr_eq(&source, &file));
}

#[test]
fn what_lies_past_the_end_is_the_same_error() {
    let (source, _) = far(content(100));
    read(&*source, 0, 100);
    for (offset, bytes) in [(0, 101), (100, 1), (u64::MAX, 2)] {
        let read = source.read_at(offset, &mut vec![0; bytes]);
        assert!(matches!(read, Err(ReadError::Changed)), "{offset}");
    }
    assert!(source.read_at(100, &mut []).is_ok());
}

/// Another file by now, or a server that is away.
#[test]
fn what_fails_is_not_kept() {
    #[derive(Debug)]
    struct Failing(Mutex<u32>);
    impl RangeSource for Failing {
        fn bytes(&self) -> u64 {
            100
        }
        fn read_at(&self, _: u64, into: &mut [u8]) -> Result<(), ReadError> {
            let mut reads = self.0.lock().unwrap();
            *reads += 1;
            into.fill(7);
            match *reads {
                1 => Ok(()),
                2 => Err(std::io::Error::other("it is away").into()),
                _ => Err(ReadError::Changed),
            }
        }
    }
    let source = CachingSource::of_far(Arc::new(Failing(Mutex::new(0))));
    let ask = |offset| source.read_at(offset, &mut [0; 50]);
    assert!(ask(0).is_ok());
    assert!(matches!(ask(25), Err(ReadError::Transient(_))));
    assert!(matches!(ask(25), Err(ReadError::Changed)));
    assert!(ask(0).is_ok(), "of the version that was opened");
}

proptest! {
    #[test]
    fn however_it_is_read_it_is_the_same(
        reads in prop::collection::vec((0_usize..3000, 1_usize..700), 1..60),
        most in 1_u64..5000,
    ) {
        let all = content(4000);
        let mut kept = KeptRanges::new(most);
        let gaps = ReadGaps { gap_bytes: 16, enough_bytes: Some(100) };
        for (offset, bytes) in reads {
            let mut into = vec![0; bytes];
            let mut done = kept.copy(offset as u64, &mut into);
            while done < bytes {
                let at = offset + done;
                let missing = kept.missing(at as u64, bytes - done, gaps);
                prop_assert!(missing > 0);
                into[done..done + missing].copy_from_slice(&all[at..at + missing]);
                // As it is where two read at once.
                let early = at.saturating_sub(5);
                kept.keep(early as u64, &all[early..at + missing]);
                done += missing;
                done += kept.copy((offset + done) as u64, &mut into[done..]);
            }
            prop_assert_eq!(&into[..], &all[offset..offset + bytes]);
        }
    }
}
