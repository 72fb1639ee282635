//! The command that the README begins with.

use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn demo(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
        .arg("demo")
        .args(arguments)
        .output()
        .unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Its clip lay in the data folder, from which nothing is registered any more.
#[test]
fn the_demo_may_not_register_its_own_clip() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    // Once more in the same folder, too.
    for _ in 0..2 {
        let output = demo(&["--data".as_ref(), &data]);
        assert!(output.status.success(), "{}", said(&output.stderr));
        let table = said(&output.stdout);
        let pictures = table.split_whitespace().filter(|word| {
            let is_there = Path::new(word).is_file();
            is_there && word.ends_with(".jpg")
        });
        assert_eq!(pictures.count(), 8 + 1, "pictures and a sheet: {table}");
        let page = std::fs::read_to_string(data.join("index.html")).unwrap();
        assert!(page.contains("clock.mp4"), "{page}");
    }
}

#[test]
fn a_video_in_the_data_folder_of_the_demo_is_refused_by_name() {
    let folder = TempDir::new().unwrap();
    let video = folder.path().join("a.mp4");
    std::fs::write(&video, b"any").unwrap();
    let output = demo(&[&video, "--data".as_ref(), folder.path()]);
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output.stderr);
    assert!(said.contains("VIDEO") && said.contains("--data"), "{said}");
}
