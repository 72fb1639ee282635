//! What it tries, and what comes of it.

use crate::impostor::{Impostor, Way};
use decoder::Sandbox;
use media::MediaError;
use plan::Limits;
use service::pictures::Stop;
use std::time::Duration;
use support::canary::Canary;

pub(crate) fn brief() -> Limits {
    Limits {
        wall: Duration::from_secs(3),
        idle: Duration::from_secs(1),
        ..Limits::default()
    }
}

/// The code of a job that ends so.
pub(crate) fn ends_with(error: MediaError) -> &'static str {
    match Stop::from(error) {
        Stop::Fail(failure) => failure.code,
        other => panic!("{other}"),
    }
}

/// Every deed is refused, whether it opens the video itself or is fed.
fn refused(vice: &str) {
    let impostor = Impostor::with(vice);
    let sandbox = impostor.sandbox();
    assert_eq!(sandbox, Sandbox::FULL, "{sandbox}");
    let said = impostor.list(&brief()).to_string();
    assert!(said.contains("REFUSED ALL"), "{vice}: {said}");
    for way in [Way::Fed, Way::Opened] {
        let error = impostor.try_on(way, &brief());
        assert!(
            matches!(error, MediaError::IndexMismatch),
            "{way:?}: {error}"
        );
    }
}

#[test]
#[cfg_attr(
    not(sandbox),
    ignore = "needs a kernel that confines decoders at the level full"
)]
fn it_gets_no_socket() {
    refused("CONNECT");
}

#[test]
#[cfg_attr(
    not(sandbox),
    ignore = "needs a kernel that confines decoders at the level full"
)]
fn it_reads_no_environment_no_other_file_and_no_open_one() {
    let canary = Canary::set();
    refused("READ");
    canary.is_untouched("a decoder");
}

#[test]
fn with_open_files_it_still_learns_nothing_of_its_parent() {
    decoder::make_undumpable().unwrap();
    let impostor = Impostor::with("PARENT").with_open_files();
    let said = impostor.list(&brief()).to_string();
    assert!(said.contains("REFUSED ALL"), "{said}");
}

#[test]
fn with_limits_alone_its_files_end_it_at_their_first_byte() {
    let impostor = Impostor::with("WRITE_MUCH").with_limits_alone();
    for way in [Way::Fed, Way::Opened] {
        let error = impostor.try_on(way, &brief());
        assert_eq!(ends_with(error), "LimitExceeded.WrittenBytes", "{way:?}");
    }
}

#[test]
#[cfg_attr(
    not(sandbox),
    ignore = "needs a kernel that confines decoders at the level full"
)]
fn it_starts_no_process_and_becomes_no_other_program() {
    refused("START");
}

#[test]
#[cfg_attr(
    not(sandbox),
    ignore = "needs a kernel that confines decoders at the level full"
)]
fn it_writes_no_file() {
    refused("WRITE");
}

#[test]
#[cfg_attr(
    not(sandbox),
    ignore = "needs a kernel that confines decoders at the level full"
)]
fn it_gets_no_memory_beyond_the_limit() {
    refused("ALLOCATE");
}

#[test]
fn one_that_sleeps_for_ever_is_ended_for_its_silence() {
    let impostor = Impostor::with("SLEEP");
    for way in [Way::Fed, Way::Opened] {
        let error = impostor.try_on(way, &brief());
        assert!(error.is_permanent(), "{way:?}: {error}");
        assert_eq!(
            error.to_string(),
            "decoding made no progress for 1 s; the limit is 1 s"
        );
        assert_eq!(ends_with(error), "LimitExceeded.NoProgress");
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
        assert!(error.is_permanent(), "{way:?}: {error}");
        // Each of the two processes may have used up the second before either is told.
        let told = error.to_string();
        assert!(told.starts_with("the video takes "), "{told}");
        let limit = " s of processor time or more; the limit is 1 s";
        assert!(told.ends_with(limit), "{told}");
        assert_eq!(ends_with(error), "LimitExceeded.CpuTime");
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
fn a_flood_of_complaints_ends_with_its_own_code() {
    let impostor = Impostor::with("FLOOD_STDERR");
    let limits = Limits {
        stderr_bytes: 1 << 20,
        ..Limits::default()
    };
    for way in [Way::Fed, Way::Opened] {
        let error = impostor.try_on(way, &limits);
        assert_eq!(ends_with(error), "LimitExceeded.DecoderOutput", "{way:?}");
    }
    assert_eq!(
        ends_with(impostor.list(&limits)),
        "LimitExceeded.DecoderOutput"
    );
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
