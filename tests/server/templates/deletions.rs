use crate::templates::{add, bench, clip, list, not_there, refusal, run};
use std::time::{Duration, Instant};
use support::clips::{self, After, Recipe};
use support::server::Server;

const KINDS: [&str; 4] = [
    "NormalSnapshot",
    "SpriteSnapshot",
    "SpriteOriginSnapshot",
    "WebVttSnapshot",
];

fn delete(server: &Server, video: &str, kind: &str) {
    let parameters = [
        ("DeleteImageType", "VideoId"),
        ("VideoId", video),
        ("ImageType", kind),
    ];
    let answer = server.ok("DeleteImage", &parameters);
    assert_eq!(
        answer.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["RequestId"]
    );
}

/// Waits for what the call left to do.
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Which kinds a video's lists have.
fn listed(server: &Server, video: &str) -> Vec<&'static str> {
    let has = |kind: &&str| {
        let parameters = [("VideoId", video), ("SnapshotType", *kind)];
        server.call("ListSnapshots", &parameters).status == 200
    };
    KINDS.into_iter().filter(has).collect()
}

fn take_every_kind(server: &Server, video: &str) {
    let normal = [("Count", "2"), ("Interval", "1"), ("Width", "160")];
    let config = r#"{"CellWidth":80,"Columns":2,"Lines":1}"#;
    let sprite = [
        ("Count", "3"),
        ("Width", "160"),
        ("SpriteSnapshotConfig", config),
    ];
    for job in [server.submit(video, &normal), server.submit(video, &sprite)] {
        assert_eq!(server.wait(&job), "Success");
    }
    let config = r#"{"SnapshotType":"WebVttSnapshot","SnapshotConfig":{"Count":2,"Width":160}}"#;
    let _ = run(server, video, &add(server, config));
}

#[test]
fn a_type_goes_and_the_others_stay() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    take_every_kind(server, &video);
    take_every_kind(server, &video);
    let folder = bench.data().join("objects").join(&video).join("snapshots");
    let pictures = |below: &str| {
        // A folder goes with the last file in it.
        let entries = std::fs::read_dir(folder.join(below)).into_iter().flatten();
        let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
        names
            .filter(|n| n.ends_with(".jpg") || n.ends_with(".vtt"))
            .count()
    };
    let all = || ["", "sprite", "sprite-origin", "vtt"].map(pictures);
    assert_eq!(all(), [4, 4, 6, 6]);
    let mut left = KINDS.to_vec();
    let manifests = || {
        let entries = std::fs::read_dir(&folder).into_iter().flatten();
        let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
        names.filter(|n| n.ends_with("-manifest.json")).count()
    };
    for (kind, expected, manifests_left) in [
        ("SpriteOriginSnapshot", [4, 4, 0, 6], 6),
        ("NormalSnapshot", [0, 4, 0, 6], 4),
        ("WebVttSnapshot", [0, 4, 0, 0], 2),
        ("SpriteSnapshot", [0, 0, 0, 0], 0),
    ] {
        delete(server, &video, kind);
        delete(server, &video, kind);
        left.retain(|other| *other != kind);
        assert_eq!(listed(server, &video), left, "from the answer on");
        until("of every job of the video", || all() == expected);
        until("those of no picture go as well", || {
            manifests() == manifests_left
        });
        let parameters = [("VideoId", video.as_str()), ("SnapshotType", kind)];
        assert_eq!(
            refusal(server, "ListSnapshots", &parameters),
            not_there(kind)
        );
    }
}

#[test]
fn all_of_one_video_goes_and_nothing_of_another() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let copy = clip().with_file_name("another-numbered.mp4");
    std::fs::copy(clip(), &copy).unwrap();
    let other = server.register(&copy);
    for video in [&video, &other] {
        take_every_kind(server, video);
    }
    delete(server, &video, "All");
    assert!(listed(server, &video).is_empty());
    let folder = bench.data().join("objects").join(&video);
    until("no file is left, nor a folder", || !folder.exists());
    assert_eq!(listed(server, &other), KINDS);
    let info = server.ok("GetVideoInfo", &[("VideoId", &video)]);
    assert_eq!(
        info["Video"]["Snapshots"]["Snapshot"]
            .as_array()
            .unwrap()
            .len(),
        0
    );

    take_every_kind(server, &video);
    assert_eq!(
        list(server, &video, "NormalSnapshot")["Total"],
        2,
        "new ones are listed"
    );
}

#[test]
fn a_file_that_ends_early_leaves_no_picture_that_no_list_names() {
    let bench = bench();
    let server = &bench.server;
    let mut recipe = Recipe::h264("cut-short").with("-movflags +faststart");
    recipe.after = After::Truncate(60);
    let cut_short = recipe.clip(&clips::ffmpegs()[0].path);
    let video = server.register(&cut_short.canonicalize().unwrap());
    let job = server.submit(
        &video,
        &[("Count", "10"), ("Interval", "1"), ("Width", "160")],
    );
    assert_eq!(server.wait(&job), "Success");
    let pictures = server.manifest(&video, &job).pictures.len();
    assert!((1..10).contains(&pictures), "{pictures}");
    assert_eq!(list(server, &video, "NormalSnapshot")["Total"], pictures);
    let folder = bench.data().join("objects").join(&video).join("snapshots");
    let files = || std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(files(), pictures + 1, "the pictures and the manifest");
    delete(server, &video, "NormalSnapshot");
    until("nothing, nor a folder", || !folder.exists());
}

#[test]
fn a_video_that_is_not_there_is_said() {
    let bench = bench();
    let parameters = [
        ("DeleteImageType", "VideoId"),
        ("VideoId", "nope"),
        ("ImageType", "All"),
    ];
    let (status, code, _) = refusal(&bench.server, "DeleteImage", &parameters);
    assert_eq!((status, code.as_str()), (404, "InvalidVideo.NotFound"));
}
