use super::{bench, until};
use std::collections::BTreeSet;
use support::bench::clip;

#[test]
fn a_deleted_video_leaves_nothing_but_its_file() {
    let bench = bench();
    let server = &bench.server;
    let file = clip().with_file_name("deleted-video.mp4");
    std::fs::copy(clip(), &file).unwrap();
    let video = server.register(&file);
    let job = server.submit(&video, &[("Count", "3"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    let kept = server.ok("DeleteMezzanines", &[("VideoIds", &video)]);
    assert_eq!(kept["UnRemoveableVideoIds"][0], video);
    let long = [("Count", "40"), ("Interval", "0"), ("Width", "640")];
    let running = server.submit(&video, &long);
    let folder = bench.data().join("objects").join(&video);
    let names = || -> BTreeSet<_> {
        let entries = std::fs::read_dir(folder.join("snapshots"))
            .into_iter()
            .flatten();
        entries.map(|entry| entry.unwrap().file_name()).collect()
    };
    until("a job runs", || {
        names()
            .iter()
            .any(|name| name.to_string_lossy().starts_with(&running))
    });
    let _ = server.ok("DeleteVideo", &[("VideoIds", &video)]);
    for action in ["GetVideoInfo", "GetPlayInfo", "ListSnapshots"] {
        let refused = server.call(action, &[("VideoId", &video)]);
        assert_eq!(refused.status, 404, "{action}");
        assert_eq!(refused.json()["Code"], "InvalidVideo.NotFound");
    }
    assert_eq!(server.wait(&running), "Fail");
    until("no file is left, nor a folder", || !folder.exists());
    assert!(file.exists(), "it is its owner's");
    let anew = server.register(&file);
    assert_ne!(anew, video);
    let job = server.submit(&anew, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    let again = server.call("DeleteVideo", &[("VideoIds", &video)]);
    assert_eq!(again.status, 404, "there is none");
    assert_eq!(
        server.call("GetVideoInfo", &[("VideoId", &anew)]).status,
        200
    );
}

/// It kept what it had made: the deletion spared it.
#[test]
fn a_job_that_runs_during_a_deletion_of_pictures_leaves_some() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let long = [("Count", "40"), ("Interval", "0"), ("Width", "640")];
    let running = server.submit(&video, &long);
    let folder = bench.data().join("objects").join(&video);
    until("it begins", || folder.exists());
    let parameters = [
        ("DeleteImageType", "VideoId"),
        ("VideoId", video.as_str()),
        ("ImageType", "All"),
    ];
    let _ = server.ok("DeleteImage", &parameters);
    let _ = server.wait(&running);
    let list = [
        ("VideoId", video.as_str()),
        ("SnapshotType", "NormalSnapshot"),
    ];
    assert_eq!(server.call("ListSnapshots", &list).status, 404);
    until("no file is left, nor a folder", || !folder.exists());
    let new = server.submit(&video, &[("Count", "2"), ("Width", "160")]);
    assert_eq!(server.wait(&new), "Success");
    assert_eq!(server.call("ListSnapshots", &list).status, 200);
}
