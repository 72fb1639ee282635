#![allow(clippy::unwrap_used, clippy::panic)]

mod crash;
mod events;
mod folder;
mod history;
mod kill;
mod nonces;
mod objects;
mod promises;
mod queue;
mod schema;
mod sources;
mod statistics;
mod submissions;
mod uploads;
mod writer;

use crate::{Store, StoreOptions};
use std::path::Path;

const BASE: &str = "http://127.0.0.1:8080";

/// A store on `data`, with two subscribers.
fn open(data: &Path) -> Store {
    let subscribers = vec!["http://one/".to_owned(), "http://two/".to_owned()];
    let options = StoreOptions {
        public_base: format!("{BASE}/"),
        subscribers,
        ..StoreOptions::default()
    };
    Store::open(data, options).unwrap()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}
