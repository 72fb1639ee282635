//! What killed and failed attempts, deletions and time leave behind: nothing.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use support::server::{PATIENCE, Server, Setup};
use tempfile::TempDir;

fn setup(data: &Path, media: &Path, arguments: &[&str]) -> Setup {
    Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: data.to_owned(),
        media_root: media.to_owned(),
        arguments: arguments.iter().map(|&a| a.to_owned()).collect(),
    }
}

/// A folder for the data and one for a video that may be tampered with.
struct Bench {
    data: PathBuf,
    media: PathBuf,
    file: PathBuf,
    _folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let media = folder.path().canonicalize().unwrap().join("media");
        fs::create_dir(&media).unwrap();
        let file = media.join("a.mp4");
        fs::copy(support::bench::clip(), &file).unwrap();
        Self {
            data: folder.path().join("data"),
            media,
            file,
            _folder: folder,
        }
    }

    fn start(&self, arguments: &[&str]) -> Server {
        Server::start(&setup(&self.data, &self.media, arguments))
    }

    /// The keys of all objects below `prefix`.
    fn keys(&self, prefix: &str) -> BTreeSet<String> {
        let root = self.data.join("objects");
        let (mut keys, mut folders) = (BTreeSet::new(), vec![root.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => {
                        let key = path.strip_prefix(&root).unwrap();
                        keys.insert(key.to_str().unwrap().to_owned());
                    }
                }
            }
        }
        keys.retain(|key| key.starts_with(prefix));
        keys
    }

    fn plant(&self, key: &str) {
        let path = self.data.join("objects").join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"left over").unwrap();
    }

    fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.data.join("vod-snapshot.db")).unwrap()
    }
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn delete_all(server: &Server, video: &str) {
    let parameters = [
        ("DeleteImageType", "VideoId"),
        ("VideoId", video),
        ("ImageType", "All"),
    ];
    let _ = server.ok("DeleteImage", &parameters);
}

/// What a job keeps: its manifest and what that names.
fn kept(server: &Server, video: &str, job: &str) -> BTreeSet<String> {
    let manifest = server.manifest(video, job);
    let named = manifest.keys().map(str::to_owned);
    named
        .chain([artifacts::key::manifest(video, job)])
        .collect()
}

const LONG: [(&str, &str); 3] = [("Count", "40"), ("Interval", "0"), ("Width", "640")];

#[test]
fn a_job_that_was_killed_leaves_what_its_manifest_names_and_nothing_else() {
    let bench = Bench::new();
    let mut server = bench.start(&[]);
    let video = server.register(&bench.file);
    let job = server.submit(&video, &LONG);
    until("it begins", || bench.keys(&video).len() > 3);
    server.kill();
    // What a longer run of before may have written, and a job beside it.
    for number in [41, 42, 100_000] {
        bench.plant(&artifacts::key::picture(&video, &job, number));
    }
    bench.plant(&artifacts::key::progress(&video, &job));
    let other = artifacts::key::picture(&video, &"0".repeat(32), 1);
    bench.plant(&other);
    let server = bench.start(&[]);
    assert_eq!(server.wait(&job), "Success");
    let mut kept = kept(&server, &video, &job);
    assert_eq!(kept.len(), 41);
    kept.insert(other);
    until("the rest goes", || bench.keys(&video) == kept);
}

#[test]
fn a_job_that_was_killed_and_fails_leaves_nothing() {
    let bench = Bench::new();
    let mut server = bench.start(&[]);
    let video = server.register(&bench.file);
    let job = server.submit(&video, &LONG);
    until("it begins", || bench.keys(&video).len() > 3);
    server.kill();
    fs::write(&bench.file, b"no video any more").unwrap();
    let server = bench.start(&[]);
    assert_eq!(server.wait(&job), "Fail");
    until("all goes", || bench.keys(&video).is_empty());
    // The last of what the folder holds goes before the folder does.
    let folder = bench.data.join("objects").join(&video);
    until("its folder goes", || !folder.exists());
}

#[test]
fn deleting_all_images_leaves_no_file_nor_does_a_job_that_runs() {
    let bench = Bench::new();
    let server = bench.start(&[]);
    let video = server.register(&bench.file);
    let sprite = r#"{"CellWidth":80,"Columns":2,"Lines":1,"KeepCellPic":"keep"}"#;
    let sprite = [
        ("Count", "3"),
        ("Width", "160"),
        ("SpriteSnapshotConfig", sprite),
    ];
    let ended = server.submit(&video, &sprite);
    assert_eq!(server.wait(&ended), "Success");
    let forgotten = "f".repeat(32);
    for job in [&ended, &forgotten] {
        bench.plant(&artifacts::key::progress(&video, job));
        bench.plant(&artifacts::key::manifest(&video, job));
        bench.plant(&artifacts::key::web_vtt(&video, job));
        bench.plant(&artifacts::key::picture(&video, job, 7));
    }
    let runs = server.submit(&video, &LONG);
    until("it begins", || {
        let of_runs = |key: &String| key.contains(&runs);
        bench.keys(&video).iter().filter(|key| of_runs(key)).count() > 3
    });
    delete_all(&server, &video);
    until("what no job in hand has goes", || {
        bench.keys(&video).iter().all(|key| key.contains(&runs))
    });
    assert_eq!(server.wait(&runs), "Success");
    until("and what it has goes at its end", || {
        bench.keys(&video).is_empty()
    });
}

#[test]
fn temporary_folders_of_killed_servers_go_at_the_next_start_and_nobody_elses() {
    let bench = Bench::new();
    let temporary = bench.media.with_file_name("temporary");
    fs::create_dir(&temporary).unwrap();
    let program = bench.media.with_file_name("program");
    let script = format!(
        "#!/bin/sh\nexport TMPDIR={}\nexec {} \"$@\"\n",
        temporary.display(),
        env!("CARGO_BIN_EXE_vod-snapshot-under-test")
    );
    fs::write(&program, script).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(&program, mode).unwrap();
    let setup = Setup {
        program,
        ..setup(&bench.data, &bench.media, &[])
    };
    let ours = || -> Vec<PathBuf> {
        let entries = fs::read_dir(&temporary).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths
            .filter(|path| path.to_str().unwrap().contains("/vod-snapshot-run-"))
            .collect()
    };
    let mut server = Server::start(&setup);
    let video = server.register(&bench.file);
    let _ = server.submit(&video, &LONG);
    until("a decoder runs", || !ours().is_empty());
    server.kill();
    let left = ours();
    assert!(!left.is_empty(), "killed too late to say anything");
    let target = bench.media.with_file_name("target");
    fs::create_dir(&target).unwrap();
    let planted = temporary.join("vod-snapshot-run-planted");
    symlink(&target, &planted).unwrap();
    let others = temporary.join("vod-snapshot-demo-x");
    fs::create_dir(&others).unwrap();
    let held = temporary.join("vod-snapshot-run-held");
    fs::create_dir(&held).unwrap();
    let holder = fs::File::open(&held).unwrap();
    holder.lock().unwrap();
    let _server = Server::start(&setup);
    until("they go", || left.iter().all(|path| !path.exists()));
    assert!(planted.symlink_metadata().is_ok() && target.exists());
    assert!(others.exists() && held.exists());
}

const MANY: usize = 20_000;

impl Bench {
    /// Pictures of a video, of a job that nobody knows of.
    fn plant_many(&self, video: &str) {
        let job = "f".repeat(32);
        let first = artifacts::key::picture(video, &job, 1);
        self.plant(&first);
        let folder = self.data.join("objects").join(&first);
        let folder = folder.parent().unwrap();
        for number in 2..=MANY {
            let key = artifacts::key::picture(video, &job, u32::try_from(number).unwrap());
            let name = key.rsplit('/').next().unwrap().to_owned();
            fs::write(folder.join(name), b"x").unwrap();
        }
    }

    fn count(&self, video: &str) -> usize {
        self.keys(video).len()
    }
}

/// The call had been answered that they are deleted.
#[test]
fn a_deletion_that_is_killed_or_stopped_does_not_go_on() {
    for is_video in [false, true] {
        let bench = Bench::new();
        let mut server = bench.start(&["--workers", "1"]);
        let video = server.register(&bench.file);
        bench.plant_many(&video);
        match is_video {
            true => {
                let _ = server.ok("DeleteVideo", &[("VideoIds", &video)]);
            }
            false => delete_all(&server, &video),
        }
        let mut left = MANY;
        for is_killed in [true, false, true] {
            until("it goes on", || bench.count(&video) < left);
            match is_killed {
                true => server.kill(),
                false => assert!(server.terminate(), "exit code 0"),
            }
            left = bench.count(&video);
            assert!(left > 0, "too fast to say anything");
            server = bench.start(&["--workers", "1"]);
        }
        let folder = bench.data.join("objects").join(&video);
        until("all goes", || !folder.exists());
    }
}

/// On one worker it waited for some nine seconds.
#[test]
fn a_job_waits_for_a_deletion_of_many_pictures() {
    let bench = Bench::new();
    let server = bench.start(&["--workers", "1"]);
    let video = server.register(&bench.file);
    bench.plant_many(&video);
    delete_all(&server, &video);
    let job = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    let mut kept = kept(&server, &video, &job);
    assert!(
        bench.count(&video) > kept.len(),
        "it came after the deletion"
    );
    until("all goes but what is new", || bench.keys(&video) == kept);
    delete_all(&server, &video);
    kept.clear();
    until("and that too", || bench.keys(&video) == kept);
}

/// What earlier releases left is found at the start.
#[test]
fn files_that_no_job_names_go_at_the_next_start() {
    let bench = Bench::new();
    let mut server = bench.start(&[]);
    let video = server.register(&bench.file);
    let good = server.submit(&video, &[("Count", "2"), ("Width", "160")]);
    assert_eq!(server.wait(&good), "Success");
    fs::write(&bench.file, b"no video any more").unwrap();
    let bad = server.submit(&video, &[("Count", "2"), ("Width", "160")]);
    assert_eq!(server.wait(&bad), "Fail");
    let mut kept = kept(&server, &video, &good);
    server.kill();
    bench.plant(&artifacts::key::picture(&video, &good, 9));
    for number in 1..=3 {
        bench.plant(&artifacts::key::picture(&video, &bad, number));
    }
    bench.plant(&artifacts::key::web_vtt(&video, &bad));
    let unknown = artifacts::key::picture(&video, &"e".repeat(32), 1);
    bench.plant(&unknown);
    kept.insert(unknown);
    let _server = bench.start(&[]);
    until("they go", || bench.keys(&video) == kept);
}

#[test]
fn what_is_old_goes_and_what_is_still_to_be_delivered_stays() {
    let bench = Bench::new();
    // Nobody listens: its events stay to be delivered.
    let notify = ["--notify", "http://127.0.0.1:9/"];
    let mut server = bench.start(&notify);
    let video = server.register(&bench.file);
    let short = [("Count", "2"), ("Interval", "1"), ("Width", "160")];
    let jobs: Vec<_> = (0..3).map(|_| server.submit(&video, &short)).collect();
    for job in &jobs {
        assert_eq!(server.wait(job), "Success");
    }
    let published = "SELECT count(*) FROM jobs WHERE event_published = 1";
    let count =
        |query: &str| -> i64 { bench.sql().query_row(query, [], |row| row.get(0)).unwrap() };
    until("events are published", || count(published) == 3);
    server.kill();
    let [old, waiting, fresh] = [0, 1, 2].map(|number| jobs[number].clone());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now_ms = i64::try_from(now.as_millis()).unwrap();
    let age = |job: &str, days: i64| {
        let at_ms = now_ms - days * 86_400_000;
        let sql = bench.sql();
        let job_row =
            "UPDATE jobs SET completion = json_set(completion, '$.at_ms', ?2) WHERE id = ?1";
        assert_eq!(sql.execute(job_row, (job, at_ms)).unwrap(), 1);
        let event = "UPDATE events SET at_ms = ?2 WHERE job_id = ?1";
        assert_eq!(sql.execute(event, (job, at_ms)).unwrap(), 1);
    };
    age(&old, 12);
    age(&waiting, 11);
    age(&fresh, 1);
    let delivered = "UPDATE deliveries SET outcome = 'delivered'
        WHERE event_seq = (SELECT seq FROM events WHERE job_id = ?1)";
    assert_eq!(bench.sql().execute(delivered, [&old]).unwrap(), 1);

    let list = |server: &Server| {
        let parameters = [
            ("VideoId", video.as_str()),
            ("SnapshotType", "NormalSnapshot"),
        ];
        server.call("ListSnapshots", &parameters).status
    };
    let of = |job: &str| {
        let keys = bench.keys(&video);
        keys.into_iter().filter(|key| key.contains(job)).count()
    };
    let mut server = bench.start(&[&notify[..], &["--picture-days", "10"]].concat());
    until("pictures go", || of(&old) + of(&waiting) == 0);
    assert_eq!(of(&fresh), 3);
    assert_eq!(list(&server), 200);
    for job in [&old, &waiting, &fresh] {
        assert_eq!(server.status(job), "Success");
    }
    assert_eq!(
        count("SELECT count(*) FROM events"),
        3,
        "30 days are not over"
    );
    server.kill();

    let server = bench.start(&[&notify[..], &["--job-days", "10"]].concat());
    until("the job goes", || count("SELECT count(*) FROM jobs") == 2);
    assert_eq!(count("SELECT count(*) FROM events"), 2);
    assert_eq!(count("SELECT count(*) FROM deliveries"), 2);
    assert_eq!(
        server.status(&waiting),
        "Success",
        "its event is on its way"
    );
    assert_eq!(server.status(&fresh), "Success");
    assert_eq!(list(&server), 200);
}

#[test]
fn events_that_were_delivered_go_after_a_month_by_themselves() {
    let bench = Bench::new();
    let mut server = bench.start(&[]);
    let video = server.register(&bench.file);
    let job = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    assert!(server.terminate());
    let fixture = "
        UPDATE events SET at_ms = 1;
        WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
        INSERT INTO events (id, event_type, status, video_id, job_id, at_ms, body)
            SELECT 'old-' || i, 't', 's', 'v', 'j', i, x'00' FROM n;
        INSERT INTO deliveries (event_seq, url, first_ms, outcome)
            SELECT seq, 'http://127.0.0.1:9/', 1, 'given up' FROM events;
        INSERT INTO receivers (origin, standing, seen_ms) VALUES ('http://gone', 'slow', 1);
        INSERT INTO nonces VALUES ('k', 'n', 1);";
    bench.sql().execute_batch(fixture).unwrap();
    let server = bench.start(&[]);
    let left = "SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM deliveries)
        + (SELECT count(*) FROM receivers) + (SELECT count(*) FROM nonces)";
    until("they go", || {
        let left: i64 = bench.sql().query_row(left, [], |row| row.get(0)).unwrap();
        left == 0
    });
    assert_eq!(server.status(&job), "Success", "jobs stay for ever");
}

#[test]
fn uploads_that_ended_stay_for_ever() {
    let bench = Bench::new();
    let mut server = bench.start(&[]);
    assert!(server.terminate());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now_ms = i64::try_from(now.as_millis()).unwrap();
    let insert =
        "INSERT INTO uploads (id, source_url, created_ms, request, ending, events_published)
        VALUES (?1, 'u', 1, '{}', json_object('at_ms', ?2), ?3)";
    for (id, days, is_published) in [("old", 31, 1), ("fresh", 29, 1), ("untold", 31, 0)] {
        let at_ms = now_ms - days * 86_400_000;
        bench
            .sql()
            .execute(insert, (id, at_ms, is_published))
            .unwrap();
    }
    let _server = bench.start(&[]);
    let ids = || -> Vec<String> {
        let sql = bench.sql();
        let mut select = sql.prepare("SELECT id FROM uploads ORDER BY id").unwrap();
        let ids = select.query_map([], |row| row.get(0)).unwrap();
        ids.map(|id| id.unwrap()).collect()
    };
    until("the old one goes", || ids() == ["fresh", "untold"]);
}

#[test]
fn days_are_at_least_one() {
    for (flag, value) in [
        ("--picture-days", "0"),
        ("--job-days", "0"),
        ("--job-days", "-1"),
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
            .args(["serve", &format!("{flag}={value}")])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && text.contains(flag), "{text}");
        assert!(
            text.contains("1..=36500") || text.contains("invalid"),
            "{text}"
        );
    }
}
