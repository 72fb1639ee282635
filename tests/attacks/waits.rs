//! What a machine lacks for a while is waited for: no job fails for it.

use crate::places::Place;
use std::fs;
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;
use support::server::Server;

const FEW: [(&str, &str); 3] = [("Count", "5"), ("Interval", "0"), ("Width", "160")];

fn submit(server: &Server, video: &str, count: usize) -> Vec<String> {
    (0..count).map(|_| server.submit(video, &FEW)).collect()
}

fn all_succeed(place: &Place, server: &Server, video: &str, jobs: &[String]) {
    for job in jobs {
        assert_eq!(server.wait(job), "Success", "{job}");
        place.check_pictures(server, video, job, 5);
    }
}

fn wait_for_retry(place: &Place, server: &Server) {
    place.wait_for("a try in vain", || {
        !server.log_lines("will try again").is_empty()
    });
}

#[test]
fn the_folder_for_temporary_files_may_go_and_come() {
    let place = Place::new("tmpdir", &["--workers", "2"]);
    let scratch = place.folder("scratch");
    fs::create_dir(&scratch).unwrap();
    let place = place.after(&format!("export TMPDIR={}", scratch.display()));
    let server = place.start();
    let video = server.register(&place.clip);
    all_succeed(&place, &server, &video, &submit(&server, &video, 1));
    fs::remove_dir_all(&scratch).unwrap();
    let jobs = submit(&server, &video, 6);
    wait_for_retry(&place, &server);
    std::thread::sleep(Duration::from_secs(2));
    fs::create_dir(&scratch).unwrap();
    all_succeed(&place, &server, &video, &jobs);
}

#[test]
fn a_media_root_that_is_away_is_waited_for() {
    let place = Place::new("root", &["--missing-file-seconds", "0"]);
    let server = place.start();
    let video = server.register(&place.clip);
    let away = place.folder("away");
    fs::rename(place.media(), &away).unwrap();
    let jobs = submit(&server, &video, 3);
    wait_for_retry(&place, &server);
    std::thread::sleep(Duration::from_secs(3));
    fs::rename(&away, place.media()).unwrap();
    all_succeed(&place, &server, &video, &jobs);
}

#[test]
fn a_folder_below_a_media_root_that_is_away_is_waited_for() {
    let place = Place::new("folder", &["--missing-file-seconds", "60"]);
    let (below, away) = (place.media().join("a/b"), place.folder("away"));
    fs::create_dir_all(&below).unwrap();
    let clip = below.join("clip.mp4");
    fs::copy(&place.clip, &clip).unwrap();
    let server = place.start();
    let video = server.register(&clip);
    fs::rename(place.media().join("a"), &away).unwrap();
    let jobs = submit(&server, &video, 3);
    wait_for_retry(&place, &server);
    std::thread::sleep(Duration::from_secs(3));
    fs::rename(&away, place.media().join("a")).unwrap();
    all_succeed(&place, &server, &video, &jobs);
}

#[test]
fn a_file_that_is_missing_fails_its_job_when_its_time_is_over_and_not_before() {
    let place = Place::new("missing", &["--missing-file-seconds", "4"]);
    let server = place.start();
    let video = server.register(&place.clip);
    let away = place.folder("away.mp4");
    fs::rename(&place.clip, &away).unwrap();
    let jobs = submit(&server, &video, 1);
    wait_for_retry(&place, &server);
    assert_eq!(server.status(&jobs[0]), "Processing");
    fs::rename(&away, &place.clip).unwrap();
    all_succeed(&place, &server, &video, &jobs);
    fs::remove_file(&place.clip).unwrap();
    let job = server.submit(&video, &FEW);
    assert_eq!(server.wait(&job), "Fail");
    let why = server.log_lines("InvalidParameter.ResourceNotFound");
    assert_eq!(why.len(), 1, "{why:?}");
}

/// Connections that say nothing hold all the descriptors there are.
#[test]
fn jobs_wait_while_there_are_no_descriptors_left() {
    let place = Place::new("descriptors", &["--workers", "2"]).after("ulimit -n 64");
    let server = place.start();
    let video = server.register(&place.clip);
    let jobs = submit(&server, &video, 10);
    let connections: Vec<_> = (0..100)
        .map_while(|_| TcpStream::connect(server.host()).ok())
        .collect();
    std::thread::sleep(Duration::from_secs(4));
    drop(connections);
    all_succeed(&place, &server, &video, &jobs);
}

/// The ids of the processes that this one started.
fn children(parent: u32) -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let ids = processes.filter_map(|entry| entry.file_name().into_string().ok());
    let is_child = |id: &String| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // Behind the name in parentheses: the state, and the parent.
        let after = stat.rsplit_once(')').map(|(_, after)| after.to_owned());
        let own = after.and_then(|text| text.split_whitespace().nth(1).map(str::to_owned));
        own == Some(parent.to_string())
    };
    ids.filter(is_child).collect()
}

/// As whoever ends a service's processes one after the other does.
#[test]
fn a_decoder_that_somebody_ends_is_started_again() {
    let place = Place::new("ended", &["--workers", "1"]);
    let server = place.start();
    let video = server.register(&place.clip);
    let job = server.submit(&video, &crate::places::long_job());
    for signal in ["-TERM", "-KILL", "-TERM"] {
        let tries = server.log_lines("will try again").len();
        place.wait_for("an ended decoder", || {
            for decoder in children(server.id()) {
                let _ = Command::new("kill").args([signal, &decoder]).status();
            }
            server.log_lines("will try again").len() > tries
        });
    }
    assert_eq!(server.wait(&job), "Success");
    place.check_pictures(&server, &video, &job, crate::places::LONG_JOB);
}
