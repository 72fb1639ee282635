//! The suite that every body of the ports runs, over the one in memory.

use crate::memory::MemoryStore;
use crate::test_suite::{self, Files};

#[tokio::test]
async fn the_ports_in_memory_break_a_promise() {
    let ports = MemoryStore::default().ports();
    test_suite::all(&ports).await;
    test_suite::uploads(&*ports.uploads).await;
    test_suite::upload_files(&*ports.upload_files).await;
}

#[tokio::test]
async fn a_file_of_another_place_is_read() {
    let store = MemoryStore::default();
    store.put_file("memory:a.mp4", vec![7; 5]);
    let files = Files {
        readable: "memory:a.mp4".to_owned(),
        size_bytes: 5,
        missing: "memory:none.mp4".to_owned(),
        outside: vec!["file:///etc/passwd".to_owned()],
        missing_outside: vec!["http://169.254.169.254/a.mp4".to_owned()],
    };
    test_suite::sources(&store, &files).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_registrations_of_a_url_two_are_new() {
    test_suite::registrations(&MemoryStore::default().ports().videos, 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_completions_two_hold() {
    test_suite::completions(&MemoryStore::default().ports().jobs, 20).await;
}
