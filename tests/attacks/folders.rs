//! Data folders that somebody else prepared.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::server::{Server, Setup};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_vod-snapshot-under-test");

fn setup(program: impl Into<PathBuf>, data: &Path) -> Setup {
    Setup {
        program: program.into(),
        data: data.to_owned(),
        media_root: support::bench::clip().parent().unwrap().to_owned(),
        arguments: Vec::new(),
    }
}

/// What the program says of a folder that it does not take.
fn refusal(data: &Path) -> String {
    let mut child = Command::new(PROGRAM)
        .args(["serve", "--listen", "127.0.0.1:0", "--auth", "none"])
        .arg("--data")
        .arg(data)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(10));
    }
    let _ = child.kill();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    text.lines().last().unwrap().to_owned()
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

/// A data folder with a database, as a server leaves it.
fn served() -> TempDir {
    let data = TempDir::new().unwrap();
    assert!(Server::start(&setup(PROGRAM, data.path())).terminate());
    data
}

#[test]
fn a_folder_that_others_may_write_is_refused() {
    let data = served();
    for open in [0o777, 0o775, 0o1777] {
        chmod(data.path(), open);
        let text = refusal(data.path());
        assert!(
            text.contains("may be written by others") && text.contains("chmod go-w"),
            "{text}"
        );
    }
    chmod(data.path(), 0o755);
    chmod(&data.path().join("objects"), 0o777);
    let text = refusal(data.path());
    assert!(text.contains("objects may be written by others"), "{text}");
}

#[test]
#[cfg_attr(not(root), ignore = "needs root")]
fn a_folder_of_another_user_is_refused() {
    let data = served();
    let nobody = Some(65_534);
    std::os::unix::fs::chown(data.path(), nobody, None).unwrap();
    let text = refusal(data.path());
    assert!(text.contains("belongs to user 65534"), "{text}");
    std::os::unix::fs::chown(data.path(), Some(0), None).unwrap();
    let link = data.path().with_extension("link");
    symlink(data.path(), &link).unwrap();
    std::os::unix::fs::lchown(&link, nobody, None).unwrap();
    let texts = [refusal(&link), refusal(&link.join(""))];
    fs::remove_file(&link).unwrap();
    for text in texts {
        assert!(text.contains("belongs to user 65534"), "{text}");
    }
    let database = data.path().join("vod-snapshot.db");
    std::os::unix::fs::chown(&database, nobody, None).unwrap();
    let text = refusal(data.path());
    assert!(text.contains("vod-snapshot.db belongs to user"), "{text}");
}

/// Everything that the server opens by its name, each led elsewhere in every way there is.
#[test]
fn files_that_lead_elsewhere_are_refused_and_nothing_is_written_there() {
    let names = [
        "lock",
        "vod-snapshot.db",
        "vod-snapshot.db-wal",
        "vod-snapshot.db-shm",
        "vod-snapshot.db-journal",
        "objects",
        "tmp",
    ];
    for name in names {
        let (data, outside) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let victim = outside.path().join("victim");
        let is_folder = ["objects", "tmp"].contains(&name);
        match is_folder {
            true => fs::create_dir(&victim).unwrap(),
            false => fs::write(&victim, b"").unwrap(),
        }
        let planted = data.path().join(name);
        symlink(&victim, &planted).unwrap();
        assert!(refusal(data.path()).contains("is not a regular"), "{name}");
        fs::remove_file(&planted).unwrap();
        symlink(outside.path().join("new"), &planted).unwrap();
        assert!(refusal(data.path()).contains("is not a regular"), "{name}");
        fs::remove_file(&planted).unwrap();
        if !is_folder {
            fs::hard_link(&victim, &planted).unwrap();
            assert!(refusal(data.path()).contains("has 2 hard links"), "{name}");
            fs::remove_file(&planted).unwrap();
            fs::create_dir(&planted).unwrap();
            assert!(refusal(data.path()).contains("is not a regular"), "{name}");
        }
        assert!(!outside.path().join("new").exists());
        match is_folder {
            true => assert_eq!(fs::read_dir(&victim).unwrap().count(), 0),
            false => assert_eq!(fs::read(&victim).unwrap(), b""),
        }
    }
}

#[test]
fn pictures_are_neither_written_nor_read_nor_deleted_through_symlinks() {
    let (data, outside) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = Server::start(&setup(PROGRAM, data.path()));
    let video = server.register(support::bench::clip());
    let place = data.path().join("objects").join(&video);
    fs::create_dir(&place).unwrap();
    let secret = outside.path().join("secret.jpg");
    fs::write(&secret, b"secret").unwrap();
    symlink(outside.path(), place.join("snapshots")).unwrap();
    let job = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    let reply = server.get(&format!("{}/{video}/snapshots/secret.jpg", server.url));
    assert_eq!(reply.status, 404);
    let parameters = [
        ("DeleteImageType", "VideoId"),
        ("VideoId", &video),
        ("ImageType", "All"),
    ];
    let _ = server.ok("DeleteImage", &parameters);
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert_eq!(fs::read(&secret).unwrap(), b"secret");
    fs::remove_file(place.join("snapshots")).unwrap();
    assert_eq!(server.wait(&job), "Success", "it waited for the folder");
}

/// The last release left the folder as it found it, and some below it open to readers.
#[test]
fn a_folder_that_others_may_only_read_is_taken_and_closed() {
    let data = served();
    chmod(data.path(), 0o755);
    for name in ["lock", "vod-snapshot.db"] {
        chmod(&data.path().join(name), 0o644);
    }
    for name in ["objects", "tmp"] {
        chmod(&data.path().join(name), 0o755);
    }
    let _server = Server::start(&setup(PROGRAM, data.path()));
    assert_eq!(mode(&data.path().join("lock")), 0o600);
    assert_eq!(mode(&data.path().join("vod-snapshot.db")), 0o600);
    assert_eq!(mode(&data.path().join("objects")), 0o700);
}

#[test]
fn nothing_is_open_to_others_whatever_the_umask_was() {
    let folder = TempDir::new().unwrap();
    let loose = folder.path().join("loose");
    let script = format!("#!/bin/sh\numask 000\nexec {PROGRAM} \"$@\"\n");
    fs::write(&loose, script).unwrap();
    chmod(&loose, 0o700);
    let data = folder.path().join("data");
    let server = Server::start(&setup(&loose, &data));
    let video = server.register(support::bench::clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    let mut seen = 0;
    let mut folders = vec![data];
    while let Some(folder) = folders.pop() {
        assert_eq!(mode(&folder) & 0o077, 0, "{}", folder.display());
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
            seen += 1;
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    assert!(seen >= 9, "{seen}");
}
