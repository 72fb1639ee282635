//! Where pictures go, and what is left alone.

use crate::{ends_with, files, number_in, number_of, program, run};
use std::fs::{self, File};
use std::process::Stdio;
use tempfile::TempDir;

#[test]
fn times_are_read_as_people_write_them() {
    let folder = TempDir::new().unwrap();
    let times = "1500,1.5s,00:00:02.5,50%,0:03";
    let output = run(folder.path(), &["clip.mp4", "--at", times, "--out", "out"]);
    ends_with(&output, 0);
    // 25 frames a second.
    for (index, frame) in [(1, 37), (2, 37), (3, 62), (4, 125), (5, 75)] {
        let path = folder.path().join(format!("out/snapshot-0000{index}.jpg"));
        assert_eq!(number_of(&path), frame, "{index}");
    }
    let every = [
        "clip.mp4",
        "--interval",
        "2500ms",
        "--offset",
        "10%",
        "--out",
        "every",
    ];
    ends_with(&run(folder.path(), &every), 0);
    let shown =
        (1..=4).map(|n| number_of(&folder.path().join(format!("every/snapshot-0000{n}.jpg"))));
    assert_eq!(shown.collect::<Vec<_>>(), [25, 87, 150, 212]);
    let (_, refused) = ends_with(
        &run(folder.path(), &["clip.mp4", "--at", "soon", "--out", "x"]),
        2,
    );
    assert!(refused.contains("00:01:30.5"), "{refused}");
}

#[test]
fn one_picture_goes_to_a_file_or_to_standard_output() {
    let folder = TempDir::new().unwrap();
    let output = run(
        folder.path(),
        &["clip.mp4", "--at", "2s", "--out", "a/cover.png"],
    );
    ends_with(&output, 0);
    let png = fs::read(folder.path().join("a/cover.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    assert_eq!(number_in(&png), 50);
    assert_eq!(files(&folder.path().join("a")), ["cover.png"]);
    let output = run(folder.path(), &["clip.mp4", "--at", "2s", "--out", "-"]);
    ends_with(&output, 0);
    assert!(
        output.stdout.starts_with(&[0xff, 0xd8]),
        "the picture and nothing else"
    );
    assert_eq!(number_in(&output.stdout), 50);
    for more in [
        &["--count", "2"][..],
        &["--at", "0,1"],
        &["--at", "0", "--vtt"],
    ] {
        let all = [&["clip.mp4", "--out", "b.jpg"], more].concat();
        ends_with(&run(folder.path(), &all), 2);
    }
}

#[test]
fn standard_input_is_a_video_whether_file_or_pipe() {
    let folder = TempDir::new().unwrap();
    let arguments = ["-", "--at", "2s", "--out", "-"];
    let file = File::open(support::bench::clip()).unwrap();
    let from_file = program(folder.path())
        .args(arguments)
        .stdin(file)
        .output()
        .unwrap();
    let mut cat = std::process::Command::new("cat");
    let mut cat = cat
        .arg(support::bench::clip())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pipe = cat.stdout.take().unwrap();
    let from_pipe = program(folder.path())
        .args(arguments)
        .stdin(pipe)
        .output()
        .unwrap();
    cat.wait().unwrap();
    for output in [from_file, from_pipe] {
        ends_with(&output, 0);
        assert_eq!(number_in(&output.stdout), 50);
    }
    let bound = [
        "-",
        "--at",
        "2s",
        "--out",
        "x",
        "--limit",
        "copied-bytes=1KB",
    ];
    let mut endless = program(folder.path());
    let zeros = File::open("/dev/zero").unwrap();
    let output = endless.args(bound).stdin(zeros).output().unwrap();
    let (_, said) = ends_with(&output, 1);
    assert!(said.contains("the limit is 1000"), "{said}");
}

#[test]
fn a_full_standard_output_is_an_error() {
    let folder = TempDir::new().unwrap();
    for out in ["-", "out"] {
        let mut command = program(folder.path());
        command.args(["clip.mp4", "--at", "0", "--out", out]);
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = command.stdout(full).output().unwrap();
        let (_, said) = ends_with(&output, 1);
        assert!(said.contains("standard output: No space left"), "{said}");
    }
}

#[test]
fn what_is_somebodys_is_refused_without_force() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    for name in ["snapshot-00001.jpg", "manifest.json"] {
        fs::write(out.join(name), "mine").unwrap();
        let arguments = ["clip.mp4", "--at", "0", "--out", "out"];
        let (_, said) = ends_with(&run(folder.path(), &arguments), 2);
        assert!(said.contains(name) && said.contains("--force"), "{said}");
        assert_eq!(fs::read(out.join(name)).unwrap(), b"mine");
        assert_eq!(files(&out), [name]);
        let forced = [&arguments[..], &["--force"]].concat();
        ends_with(&run(folder.path(), &forced), 0);
        fs::remove_dir_all(&out).unwrap();
        fs::create_dir(&out).unwrap();
    }
    fs::write(folder.path().join("c.jpg"), "mine").unwrap();
    let output = run(folder.path(), &["clip.mp4", "--at", "0", "--out", "c.jpg"]);
    ends_with(&output, 2);
}

#[test]
fn an_earlier_run_leaves_no_surplus_beside_a_new_manifest() {
    let folder = TempDir::new().unwrap();
    let five = [
        "clip.mp4",
        "--count",
        "5",
        "--interval",
        "0",
        "--vtt",
        "--out",
        "out",
    ];
    ends_with(&run(folder.path(), &five), 0);
    fs::write(folder.path().join("out/notes.txt"), "mine").unwrap();
    let two = [
        "clip.mp4",
        "--count",
        "2",
        "--interval",
        "0",
        "--out",
        "out",
    ];
    ends_with(&run(folder.path(), &two), 0);
    let left = files(&folder.path().join("out"));
    assert_eq!(
        left,
        [
            "manifest.json",
            "notes.txt",
            "snapshot-00001.jpg",
            "snapshot-00002.jpg"
        ]
    );
    // A run that fails before its first picture changes nothing.
    fs::write(folder.path().join("x.mp4"), "no video").unwrap();
    let output = run(folder.path(), &["x.mp4", "--count", "2", "--out", "out"]);
    ends_with(&output, 4);
    assert_eq!(files(&folder.path().join("out")), left);
}

/// A manifest is a text of anybody's.
#[test]
fn a_manifest_that_lists_other_files_removes_none_of_them() {
    let folder = TempDir::new().unwrap();
    let one = ["clip.mp4", "--at", "0", "--out", "out"];
    ends_with(&run(folder.path(), &one), 0);
    fs::write(folder.path().join("precious.txt"), "mine").unwrap();
    let path = folder.path().join("out/manifest.json");
    let manifest = fs::read_to_string(&path).unwrap();
    let lying = manifest.replace("snapshot-00001.jpg", "../precious.txt");
    assert_ne!(manifest, lying);
    fs::write(&path, lying).unwrap();
    ends_with(&run(folder.path(), &[&one[..], &["--force"]].concat()), 0);
    assert!(folder.path().join("precious.txt").exists());
}

#[test]
fn several_videos_get_a_folder_each_and_one_that_fails_keeps_no_other() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("x.mp4"), "no video").unwrap();
    let videos = [
        "clip.mp4", "x.mp4", "none.mp4", "--at", "1s", "--out", "out", "--json",
    ];
    let (stdout, stderr) = ends_with(&run(folder.path(), &videos), 3);
    assert_eq!(
        files(&folder.path().join("out")),
        ["clip.mp4/manifest.json", "clip.mp4/snapshot-00001.jpg"]
    );
    let line: serde_json::Value = serde_json::from_str(stdout.trim()).unwrap();
    assert_eq!(
        (&line["Kind"], &line["Video"]),
        (&"Picture".into(), &"clip.mp4".into())
    );
    assert!(
        stderr.contains("2 of 3 videos gave no pictures"),
        "{stderr}"
    );
    ends_with(
        &run(folder.path(), &["x.mp4", "--at", "0", "--out", "y"]),
        4,
    );
    ends_with(
        &run(folder.path(), &["none.mp4", "--at", "0", "--out", "y"]),
        1,
    );
    ends_with(
        &run(folder.path(), &["s3://a/b", "--at", "0", "--out", "y"]),
        2,
    );
    assert!(!folder.path().join("y").exists());
}

#[test]
fn points_past_the_end_are_one_line() {
    let folder = TempDir::new().unwrap();
    let many = [
        "clip.mp4", "--count", "20000", "--width", "64", "--out", "out",
    ];
    let (_, said) = ends_with(&run(folder.path(), &many), 0);
    assert_eq!(said.matches("past the end").count(), 1, "{said}");
    assert!(said.contains("19990 times"), "{said}");
    let exact = ["clip.mp4", "--at", "0,99s", "--out", "exact"];
    ends_with(&run(folder.path(), &exact), 3);
}

#[test]
fn sheets_and_the_webvtt_file_are_named() {
    let folder = TempDir::new().unwrap();
    let sprite = r#"{"CellWidth":64,"Columns":2,"Lines":1}"#;
    let base = [
        "clip.mp4",
        "--count",
        "4",
        "--interval",
        "0",
        "--sprite",
        sprite,
    ];
    let table = run(folder.path(), &[&base[..], &["--out", "a"]].concat());
    let (stdout, _) = ends_with(&table, 0);
    assert!(stdout.contains("sprite/snapshot-00002.jpg"), "{stdout}");
    let json = run(
        folder.path(),
        &[
            &base[..],
            &["--vtt", "--format", "png", "--out", "b", "--json"],
        ]
        .concat(),
    );
    let (stdout, _) = ends_with(&json, 0);
    let lines: Vec<serde_json::Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<_> = lines
        .iter()
        .map(|line| line["Kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "Picture", "Picture", "Picture", "Picture", "Sheet", "Sheet", "WebVtt"
        ]
    );
    for line in &lines {
        assert!(
            folder
                .path()
                .join("b")
                .join(line["Key"].as_str().unwrap())
                .exists(),
            "{line}"
        );
    }
    let vtt = fs::read_to_string(folder.path().join("b/vtt/snapshot.vtt")).unwrap();
    assert!(vtt.contains("snapshot-00002.png#xywh=64,0,64,36"), "{vtt}");
}

#[test]
fn names_of_files_do_not_reach_the_terminal_as_commands() {
    let folder = TempDir::new().unwrap();
    let name = "a\u{1b}[2J\n.mp4";
    fs::write(folder.path().join(name), "no video").unwrap();
    fs::copy(
        support::bench::clip(),
        folder.path().join("b\u{1b}[31m.mp4"),
    )
    .unwrap();
    let videos = [
        name,
        "b\u{1b}[31m.mp4",
        "c\u{1b}c.mp4",
        "--at",
        "0",
        "--out",
        "out",
    ];
    let output = run(folder.path(), &videos);
    ends_with(&output, 3);
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
}

/// A full disk left half a picture under its name.
#[test]
#[cfg_attr(not(mounts), ignore = "needs the right to mount file systems")]
fn a_full_disk_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let mount = |arguments: &[&str]| {
        let status = std::process::Command::new(arguments[0])
            .args(&arguments[1..])
            .arg(&out)
            .status();
        assert!(status.unwrap().success());
    };
    mount(&["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs"]);
    let output = run(
        folder.path(),
        &[
            "clip.mp4",
            "--count",
            "50",
            "--interval",
            "0",
            "--out",
            "out",
        ],
    );
    let left = files(&out);
    mount(&["umount", "-l"]);
    let (_, said) = ends_with(&output, 1);
    assert!(said.contains("No space left"), "{said}");
    assert!(left.is_empty(), "{left:?}");
}
