//! Nothing that was accepted is lost.

use std::path::PathBuf;
use std::time::{Duration, Instant};
use support::server::{PATIENCE, Server, Setup};
use support::subscriber::Subscriber;

fn setup(data: &std::path::Path, subscriber: &Subscriber) -> Setup {
    Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: data.to_owned(),
        media_root: support::numbered_clip().parent().unwrap().to_owned(),
        arguments: vec!["--notify".to_owned(), subscriber.url.clone()],
    }
}

#[test]
fn a_job_of_200_pictures_survives_a_kill_9() {
    let folder = tempfile::TempDir::new().unwrap();
    let data = folder.path().join("data");
    let subscriber = Subscriber::start(&[]);
    let setup = setup(&data, &subscriber);
    let mut server = Server::start(&setup);
    let video = server.register(&support::numbered_clip());
    let job = server.submit(
        &video,
        &[("Count", "200"), ("Interval", "0"), ("Width", "640")],
    );
    let written = || {
        let pictures = std::fs::read_dir(data.join("objects").join(&video).join("snapshots"));
        pictures.map_or(0, Iterator::count)
    };
    let begun = Instant::now();
    while written() < 20 {
        assert!(begun.elapsed() < PATIENCE, "the job does not begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    server.kill();
    assert!(
        written() < 201,
        "killed too late for this test to say anything"
    );

    let server = Server::start(&setup);
    assert_eq!(server.wait(&job), "Success");
    let manifest = server.manifest(&video, &job);
    assert_eq!(manifest.pictures.len(), 200);
    for picture in &manifest.pictures {
        let pixels = server.picture(picture.key.as_ref().unwrap());
        let frame = picture.requested_ms * 25 / 1000;
        assert_eq!(support::number(&pixels), Some(frame), "{picture:?}");
    }
    assert_eq!(
        written(),
        201,
        "200 pictures and a manifest, nothing half-written"
    );
    let event = subscriber.next().json();
    assert_eq!(event["SnapshotInfos"][0]["JobId"], job.as_str());
    assert!(subscriber.is_quiet(), "one event");
}

#[test]
fn jobs_waiting_in_the_queue_survive_a_kill_9() {
    let folder = tempfile::TempDir::new().unwrap();
    let subscriber = Subscriber::start(&[]);
    let setup = setup(&folder.path().join("data"), &subscriber);
    let mut server = Server::start(&setup);
    let video = server.register(&support::numbered_clip());
    let jobs: Vec<_> = (0..10)
        .map(|_| {
            server.submit(
                &video,
                &[("Count", "2"), ("Interval", "1"), ("Width", "160")],
            )
        })
        .collect();
    server.kill();
    let server = Server::start(&setup);
    for job in &jobs {
        assert_eq!(server.wait(job), "Success");
    }
}

#[test]
fn an_event_nobody_took_before_a_kill_9_is_sent_after_it() {
    let folder = tempfile::TempDir::new().unwrap();
    let subscriber = Subscriber::start(&[503; 2]);
    let setup = setup(&folder.path().join("data"), &subscriber);
    let mut server = Server::start(&setup);
    let video = server.register(&support::numbered_clip());
    let _ = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    let refused = subscriber.next();
    server.kill();
    let _server = Server::start(&setup);
    let taken = std::iter::repeat_with(|| subscriber.next()).find(|post| post.answered == 200);
    assert_eq!(taken.unwrap().body, refused.body);
}

#[test]
fn sigterm_ends_with_0_and_the_job_in_hand_goes_on_at_the_next_start() {
    let folder = tempfile::TempDir::new().unwrap();
    let subscriber = Subscriber::start(&[]);
    let setup = setup(&folder.path().join("data"), &subscriber);
    let mut server = Server::start(&setup);
    let video = server.register(&support::numbered_clip());
    let job = server.submit(
        &video,
        &[("Count", "3"), ("Interval", "1"), ("Width", "160")],
    );
    assert!(server.terminate(), "exit code 0");
    let server = Server::start(&setup);
    assert_eq!(server.wait(&job), "Success");
}
