use crate::{refusal, server, wait_for_log};
use support::locked::Holder;
use tempfile::TempDir;

#[test]
fn a_database_that_somebody_holds_is_waited_for() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let server = server(&data, &["--workers", "1"]);
    let video = server.register(&support::numbered_clip());
    let parameters = [
        ("VideoId", &*video),
        ("Count", "2"),
        ("Interval", "0"),
        ("Width", "160"),
    ];
    let before = server.submit(&video, &parameters[1..]);
    let holder = Holder::start(&data);
    let refused = server.call("SubmitSnapshotJob", &parameters);
    assert_eq!(refused.status, 503);
    assert_eq!(refused.json()["Code"], "ServiceUnAvailable");
    wait_for_log(&server, "database is locked");
    // Whoever only asks gets an answer.
    let _ = server.status(&before);
    drop(holder);
    let after = server.submit(&video, &parameters[1..]);
    for job in [&before, &after] {
        assert_eq!(server.wait(job), "Success");
        assert_eq!(server.manifest(&video, job).pictures.len(), 2);
    }
    let jobs = server.ok(
        "ListJobInfo",
        &[("MediaId", &video), ("JobType", "snapshot")],
    );
    assert!(!jobs.to_string().contains("Processing"), "{jobs}");
}

#[test]
fn a_database_that_somebody_holds_is_told_at_the_start() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    drop(server(&data, &[]));
    let holder = Holder::start(&data);
    let said = refusal(&data, &[]);
    assert!(
        said.contains("vod-snapshot.db: database is locked"),
        "{said}"
    );
    drop(holder);
    drop(server(&data, &[]));
}
