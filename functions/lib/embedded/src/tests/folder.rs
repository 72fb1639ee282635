use super::{folder, open};
use crate::{Store, StoreError, StoreOptions};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_folder_has_one_owner_at_a_time() {
    let data = folder();
    let store = open(data.path());
    let second = Store::open(data.path(), StoreOptions::default()).unwrap_err();
    let text = second.to_string();
    assert!(text.ends_with("is in use by another server"), "{text}");
    let ports = store.ports();
    drop(store);
    assert!(
        Store::open(data.path(), StoreOptions::default()).is_err(),
        "the ports still are"
    );
    drop(ports);
    open(data.path());
}

#[tokio::test]
async fn nobody_else_reads_what_is_kept() {
    let parent = folder();
    let data = parent.path().join("new/data");
    let store = open(&data);
    let body = bytes::Bytes::from_static(b"x");
    store
        .ports()
        .objects
        .put("v/a.jpg", "image/jpeg", body)
        .await
        .unwrap();
    for name in ["", "objects", "tmp"] {
        assert_eq!(mode(&data.join(name)), 0o700, "{name}");
    }
    for name in [
        "vod-snapshot.db",
        "vod-snapshot.db-wal",
        "lock",
        "objects/v/a.jpg",
    ] {
        assert_eq!(mode(&data.join(name)), 0o600, "{name}");
    }
}

#[test]
fn a_place_that_is_no_folder_is_named() {
    let parent = folder();
    let file = parent.path().join("file");
    fs::write(&file, b"x").unwrap();
    let error = Store::open(&file.join("data"), StoreOptions::default()).unwrap_err();
    assert!(error.to_string().starts_with("cannot use "), "{error}");
    assert!(error.to_string().contains("file/data"), "{error}");
}

#[test]
fn a_file_that_is_no_database_is_named() {
    let data = folder();
    fs::write(data.path().join("vod-snapshot.db"), [7; 5000]).unwrap();
    let error = Store::open(data.path(), StoreOptions::default()).unwrap_err();
    assert!(matches!(error, StoreError::Database { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("vod-snapshot.db: file is not a database"),
        "{error}"
    );
}

#[test]
fn a_media_folder_that_is_not_there_is_named() {
    let data = folder();
    let media_roots = vec![data.path().join("nowhere")];
    let options = StoreOptions {
        media_roots,
        ..StoreOptions::default()
    };
    let error = Store::open(data.path(), options).unwrap_err();
    assert!(error.to_string().contains("nowhere"), "{error}");
}
