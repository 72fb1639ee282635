//! What it tries, and what comes of it.

use crate::impostor::{CANARY, Impostor, Way};
use media::{Confinement, Limits, MediaError};
use std::time::Duration;

fn brief() -> Limits {
    Limits {
        wall: Duration::from_secs(3),
        idle: Duration::from_secs(1),
        ..Limits::default()
    }
}

/// Every deed is refused, whether it opens the video itself or is fed.
fn refused(vice: &str) {
    let impostor = Impostor::with(vice);
    if impostor.confinement() != Confinement::FULL {
        eprintln!("not tried: here a decoder is {}", impostor.confinement());
        return;
    }
    let said = impostor.list(&brief()).to_string();
    assert!(said.contains("REFUSED ALL"), "{vice}: {said}");
    for way in [Way::Fed, Way::Opened] {
        let error = impostor.try_on(way, &brief());
        assert!(matches!(error, MediaError::IndexUntrue), "{way:?}: {error}");
    }
}

#[test]
fn it_gets_no_socket() {
    refused("CONNECT");
}

#[test]
fn it_reads_no_environment_no_other_file_and_no_open_one() {
    std::fs::write(CANARY, "canary\n").unwrap();
    refused("READ");
}

#[test]
fn it_starts_no_process_and_becomes_no_other_program() {
    refused("START");
}

#[test]
fn it_writes_no_file() {
    refused("WRITE");
}

#[test]
fn it_gets_no_memory_beyond_the_limit() {
    refused("ALLOCATE");
}

#[test]
fn one_that_sleeps_for_ever_is_ended_for_its_silence() {
    let impostor = Impostor::with("SLEEP");
    for way in [Way::Fed, Way::Opened] {
        let error = impostor.try_on(way, &brief());
        assert!(error.is_permanent());
        assert_eq!(
            error.to_string(),
            "decoding made no progress for 1 s; the limit is 1 s"
        );
    }
}

#[test]
fn one_that_computes_for_ever_is_ended_for_its_processor_time() {
    let impostor = Impostor::with("BURN");
    let limits = Limits {
        cpu: Duration::from_secs(1),
        ..Limits::default()
    };
    for way in [Way::Fed, Way::Opened] {
        let error = impostor.try_on(way, &limits);
        assert!(error.is_permanent());
        assert_eq!(
            error.to_string(),
            "the video takes 1 s of processor time or more; the limit is 1 s"
        );
    }
}

#[test]
fn floods_end_and_say_nothing_of_what_they_were() {
    for vice in ["FLOOD_STDERR", "FLOOD_STDOUT"] {
        let impostor = Impostor::with(vice);
        for way in [Way::Fed, Way::Opened] {
            let error = impostor.try_on(way, &brief());
            eprintln!("{vice} {way:?}: {error}");
            assert!(error.to_string().len() < 300, "{vice}: {error}");
        }
    }
}

#[test]
fn a_crash_is_told_by_its_signal_and_tried_again() {
    let impostor = Impostor::with("CRASH");
    for way in [Way::Fed, Way::Opened] {
        let error = impostor.try_on(way, &brief());
        assert!(!error.is_permanent(), "{way:?}: {error}");
        assert_eq!(
            error.to_string(),
            "ffmpeg failed: it was ended by signal 11",
            "{way:?}"
        );
    }
}
