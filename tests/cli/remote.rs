//! Videos behind HTTP.

use crate::{ends_with, files, number_of, program};
use source::{CountingSource, FileSource, ReadStats};
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use support::clips::ffmpegs;
use support::web_server::{Manners, WebServer};
use support::work;
use tempfile::TempDir;

fn run(folder: &Path, server: &WebServer, more: &[&str]) -> Output {
    let mut command = program(folder);
    command.arg(&server.url).args(["--out", "out"]).args(more);
    if let Some(authority) = &server.authority {
        command.env("SSL_CERT_FILE", authority.certificate());
    }
    command.output().unwrap()
}

/// What a job at this time reads of the file on this machine.
fn planned_bytes(at_ms: u64) -> u64 {
    let stats = Arc::new(ReadStats::default());
    let file = Arc::new(FileSource::open(support::bench::clip()).unwrap());
    let counting = CountingSource::new(file, Arc::clone(&stats));
    let engine = work::engine(&ffmpegs()[0], plan::Limits::default());
    let order = work::order_on(Arc::new(counting), work::at(&[at_ms]));
    service::pictures::take(&engine, &order, &mut |_| true).unwrap();
    stats.bytes()
}

#[test]
fn a_url_is_read_by_ranges_and_hardly_more_than_is_needed() {
    let planned = planned_bytes(4200);
    for server in [
        WebServer::start(Manners::Ranges),
        WebServer::start_tls(Manners::Ranges),
        WebServer::start(Manners::Redirect),
    ] {
        let folder = TempDir::new().unwrap();
        ends_with(&run(folder.path(), &server, &["--at", "4200"]), 0);
        assert_eq!(
            number_of(&folder.path().join("out/snapshot-00001.jpg")),
            105
        );
        let given = server.given();
        assert!(given * 100 <= planned * 105, "{given} of {planned} planned");
    }
}

#[test]
fn a_server_that_nobody_vouches_for_is_not_believed() {
    let mut server = WebServer::start_tls(Manners::Ranges);
    let _authority = server.authority.take();
    let folder = TempDir::new().unwrap();
    ends_with(&run(folder.path(), &server, &["--at", "0"]), 1);
    assert_eq!(server.given(), 0);
}

#[test]
fn a_server_without_ranges_is_said_once_and_copied_within_bounds() {
    let server = WebServer::start(Manners::NoRanges);
    let folder = TempDir::new().unwrap();
    let (_, said) = ends_with(&run(folder.path(), &server, &["--at", "4200"]), 0);
    assert_eq!(said.matches("no ranges").count(), 1, "{said}");
    assert_eq!(
        number_of(&folder.path().join("out/snapshot-00001.jpg")),
        105
    );
    let bound = ["--at", "0", "--limit", "copied-bytes=1KB", "--force"];
    for manners in [Manners::NoRanges, Manners::Endless] {
        let server = WebServer::start(manners);
        let folder = TempDir::new().unwrap();
        let (_, said) = ends_with(&run(folder.path(), &server, &bound), 1);
        assert!(said.contains("the limit is 1000"), "{said}");
        assert!(files(&folder.path().join("out")).is_empty());
    }
}

#[test]
fn a_server_that_lies_or_changes_the_file_gives_no_picture() {
    for manners in [Manners::Changing, Manners::TooMuch] {
        let server = WebServer::start(manners);
        let folder = TempDir::new().unwrap();
        let (_, said) = ends_with(&run(folder.path(), &server, &["--at", "4200"]), 1);
        let expected = match manners {
            Manners::Changing => "changed",
            _ => "more bytes came",
        };
        assert!(said.contains(expected), "{said}");
        assert!(!folder.path().join("out").exists());
    }
}
