use crate::{check_numbers, frame_at, refusal, server, wait_for_log};
use std::fs;
use support::subscriber::Subscriber;
use tempfile::TempDir;

#[test]
fn without_ffmpeg_it_does_not_start_and_says_what_is_missing() {
    let folder = TempDir::new().unwrap();
    let nowhere = folder.path().join("ffmpeg").display().to_string();
    let data = folder.path().join("data");
    let said = refusal(&data, &["--ffmpeg", &nowhere]);
    assert!(said.contains(&nowhere) && said.contains("ffmpeg"), "{said}");
    assert!(!data.exists(), "nothing was begun");
}

#[test]
fn jobs_wait_while_ffmpeg_is_gone_and_go_on_when_it_is_back() {
    let folder = TempDir::new().unwrap();
    let (program, away) = (folder.path().join("ffmpeg"), folder.path().join("away"));
    fs::copy(&support::clips::ffmpegs()[0].path, &program).unwrap();
    let program_name = program.display().to_string();
    let subscriber = Subscriber::start(&[]);
    let arguments = ["--ffmpeg", &*program_name, "--notify", &subscriber.url];
    let server = server(&folder.path().join("data"), &arguments);
    let video = server.register(&support::numbered_clip());
    let submit = || {
        server.submit(
            &video,
            &[("Count", "2"), ("Interval", "0"), ("Width", "640")],
        )
    };
    assert_eq!(server.wait(&submit()), "Success");
    let _ = subscriber.next();
    fs::rename(&program, &away).unwrap();
    let job = submit();
    wait_for_log(&server, "will try again");
    let why = server.log_lines("will try again");
    assert!(
        why[0].contains("ffmpeg"),
        "it names what is missing: {why:?}"
    );
    assert_eq!(server.status(&job), "Processing");
    fs::rename(&away, &program).unwrap();
    assert_eq!(server.wait(&job), "Success");
    check_numbers(&server, &video, &job, frame_at);
    let event = subscriber.next().json();
    assert_eq!(event["SnapshotInfos"][0]["JobId"], job.as_str());
}
