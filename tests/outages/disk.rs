use crate::mount::Mount;
use crate::{check_numbers, decode_all, frame_at, objects, refusal, server, wait_for_log};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Takes all the room that is left but for so many KB.
fn ballast(folder: &Path, left_kilobytes: u64) -> PathBuf {
    let path = folder.join("ballast");
    let mut file = File::create(&path).unwrap();
    let mut bytes = 0;
    while file.write_all(&[1; 4096]).is_ok() {
        bytes += 4096;
    }
    let keep = bytes - (left_kilobytes << 10);
    file.set_len(keep).unwrap();
    path
}

#[test]
#[cfg_attr(not(mounts), ignore = "needs the right to mount file systems")]
fn a_job_that_meets_a_full_disk_goes_on_when_there_is_room() {
    let folder = TempDir::new().unwrap();
    let _disk = Mount::small(folder.path(), 16 << 10);
    let data = folder.path().join("data");
    let server = server(&data, &["--workers", "1"]);
    let video = server.register(&support::numbered_clip());
    let first = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&first), "Success");
    let ballast = ballast(folder.path(), 700);
    let job = server.submit(&video, &[("Count", "100"), ("Interval", "0")]);
    wait_for_log(&server, "No space left on device");
    assert_eq!(server.status(&job), "Processing");
    let there = decode_all(&data, &video);
    assert!(there < 101, "the disk was not full: {there} pictures");
    let manifest = format!("{}/{video}/snapshots/{job}-manifest.json", server.url);
    assert_eq!(server.get(&manifest).status, 404);
    fs::remove_file(ballast).unwrap();
    assert_eq!(server.wait(&job), "Success");
    check_numbers(&server, &video, &job, frame_at);
    assert_eq!(
        objects(&data, &video).len(),
        100 + 1 + 2,
        "and nothing else"
    );
    assert_eq!(fs::read_dir(data.join("tmp")).unwrap().count(), 0);
}

#[test]
#[cfg_attr(not(mounts), ignore = "needs the right to mount file systems")]
fn calls_on_a_full_disk_are_refused_until_there_is_room() {
    let folder = TempDir::new().unwrap();
    let _disk = Mount::small(folder.path(), 8 << 10);
    let data = folder.path().join("data");
    let server = server(&data, &["--workers", "1"]);
    let video = server.register(&support::numbered_clip());
    let ballast = ballast(folder.path(), 0);
    let parameters = [("VideoId", &*video), ("Count", "1"), ("Width", "160")];
    let mut accepted = Vec::new();
    let refused = (0..500).find_map(|_| {
        let reply = server.call("SubmitSnapshotJob", &parameters);
        if reply.status != 200 {
            return Some(reply);
        }
        let id = reply.json()["SnapshotJob"]["JobId"]
            .as_str()
            .unwrap()
            .to_owned();
        accepted.push(id);
        None
    });
    let refused = refused.expect("the disk was not full");
    assert_eq!(refused.status, 503);
    assert_eq!(refused.json()["Code"], "ServiceUnAvailable");
    wait_for_log(&server, "database or disk is full");
    fs::remove_file(ballast).unwrap();
    accepted.push(server.submit(&video, &parameters[1..]));
    for job in &accepted {
        assert_eq!(server.wait(job), "Success");
    }
    // Nobody waits for what was refused.
    let jobs = server.ok(
        "ListJobInfo",
        &[("MediaId", &video), ("JobType", "snapshot")],
    );
    assert!(!jobs.to_string().contains("Processing"), "{jobs}");
}

#[test]
#[cfg_attr(not(mounts), ignore = "needs the right to mount file systems")]
fn a_folder_that_can_not_be_written_is_told_at_the_start() {
    let folder = TempDir::new().unwrap();
    let _mount = Mount::read_only(folder.path());
    let said = refusal(&folder.path().join("data"), &[]);
    assert!(said.contains("Read-only file system"), "{said}");
    assert!(said.contains(folder.path().to_str().unwrap()), "{said}");
}

#[test]
#[cfg_attr(not(mounts), ignore = "needs the right to mount file systems")]
fn a_job_that_can_not_store_goes_on_when_it_can() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let server = server(&data, &["--workers", "1"]);
    let video = server.register(&support::numbered_clip());
    let mount = Mount::read_only(&data.join("objects"));
    let job = server.submit(
        &video,
        &[("Count", "5"), ("Interval", "1"), ("Width", "160")],
    );
    wait_for_log(&server, "will try again");
    assert_eq!(server.status(&job), "Processing");
    assert!(objects(&data, &video).is_empty());
    let why = server.log_lines("will try again");
    assert!(why[0].contains("Read-only file system"), "{why:?}");
    drop(mount);
    assert_eq!(server.wait(&job), "Success");
    assert_eq!(decode_all(&data, &video), 5);
}
