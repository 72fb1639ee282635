use crate::jobs::{bench, clip};
use support::number;

#[test]
fn eight_evenly_spread_pictures_are_the_frames_shown_at_their_times() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "8"), ("Interval", "0")]);
    assert_eq!(server.wait(&job), "Success");
    let manifest = server.manifest(&video, &job);
    let requested: Vec<u64> = manifest.pictures.iter().map(|p| p.requested_ms).collect();
    assert_eq!(requested, [0, 1250, 2500, 3750, 5000, 6250, 7500, 8750]);
    for (i, picture) in manifest.pictures.iter().enumerate() {
        let key = format!("{video}/snapshots/{job}-{:05}.jpg", i + 1);
        assert_eq!(picture.key.as_deref(), Some(key.as_str()));
        let pixels = server.picture(&key);
        assert_eq!(
            (pixels.width(), pixels.height()),
            (picture.width, picture.height)
        );
        let frame = picture.requested_ms * 25 / 1000;
        assert_eq!(number(&pixels), Some(frame), "{key}");
        assert_eq!(picture.presentation_us, frame * 40_000);
    }
    assert!(manifest.missing.is_empty());
}

#[test]
fn times_keep_their_order_and_repeats_and_say_what_lies_beyond_the_end() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    let times = [(
        "SpecifiedOffsetTimes",
        "[5000, 39, 5000, 9999, 10000, 12000]",
    )];
    let job = server.submit(&video, &times);
    assert_eq!(server.wait(&job), "Success");
    let manifest = server.manifest(&video, &job);
    let frames: Vec<_> = manifest
        .pictures
        .iter()
        .map(|picture| number(&server.picture(picture.key.as_ref().unwrap())).unwrap())
        .collect();
    assert_eq!(frames, [125, 0, 125, 249]);
    let missing: Vec<_> = manifest.missing.iter().map(|m| m.requested_ms).collect();
    assert_eq!(missing, [10_000, 12_000]);
}

#[test]
fn sizes_are_exact_when_both_are_given_and_keep_the_aspect_when_one_is() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    for (parameters, size) in [
        (&[("Width", "200"), ("Height", "200")][..], (200, 200)),
        (&[("Width", "320")][..], (320, 180)),
        (&[("Height", "90")][..], (160, 90)),
    ] {
        let mut all = vec![("Count", "1"), ("SpecifiedOffsetTime", "3000")];
        all.extend_from_slice(parameters);
        let job = server.submit(&video, &all);
        assert_eq!(server.wait(&job), "Success");
        let key = server.manifest(&video, &job).pictures[0]
            .key
            .clone()
            .unwrap();
        let pixels = server.picture(&key);
        assert_eq!((pixels.width(), pixels.height()), size);
        assert_eq!(number(&pixels), Some(75));
    }
}

#[test]
fn interval_alone_runs_to_the_end_of_the_video() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(&video, &[("Interval", "4"), ("SpecifiedOffsetTime", "500")]);
    assert_eq!(server.wait(&job), "Success");
    let requested: Vec<_> = server
        .manifest(&video, &job)
        .pictures
        .iter()
        .map(|p| p.requested_ms)
        .collect();
    assert_eq!(requested, [500, 4500, 8500]);
}

#[test]
fn the_pictures_are_listed_by_page_with_urls_that_answer() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(
        &video,
        &[("Count", "5"), ("Interval", "0"), ("Width", "160")],
    );
    assert_eq!(server.wait(&job), "Success");
    let page = [
        ("VideoId", video.as_str()),
        ("SnapshotType", "NormalSnapshot"),
        ("PageNo", "2"),
        ("PageSize", "2"),
    ];
    let listed = server.ok("ListSnapshots", &page);
    let snapshots = &listed["MediaSnapshot"];
    assert_eq!(snapshots["Total"], 5);
    assert_eq!(snapshots["JobId"], job.as_str());
    let regular = format!(
        "{}/{video}/snapshots/{job}-{{SnapshotCount}}.jpg",
        server.url
    );
    assert_eq!(snapshots["Regular"], regular);
    let entries = snapshots["Snapshots"]["Snapshot"].as_array().unwrap();
    assert_eq!(
        entries
            .iter()
            .map(|e| e["Index"].as_u64().unwrap())
            .collect::<Vec<_>>(),
        [3, 4]
    );
    let reply = server.get(entries[0]["Url"].as_str().unwrap());
    assert_eq!(
        (reply.status, reply.content_type.as_str()),
        (200, "image/jpeg")
    );
}

#[test]
fn video_and_job_tell_their_facts() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(
        &video,
        &[("Count", "1"), ("UserData", r#"{"Extend":{"a":"b"}}"#)],
    );
    assert_eq!(server.wait(&job), "Success");
    let info = server.ok("GetVideoInfo", &[("VideoId", &video)]);
    assert_eq!(info["Video"]["VideoId"], video.as_str());
    assert_eq!(info["Video"]["Status"], "UploadSucc");
    assert_eq!(info["Video"]["Duration"], 10.0);
    assert_eq!(
        info["Video"]["Size"],
        std::fs::metadata(clip()).unwrap().len()
    );
    let jobs = server.ok(
        "ListJobInfo",
        &[("MediaId", &video), ("JobType", "snapshot")],
    );
    assert_eq!(jobs["JobInfoList"][0]["JobId"], job.as_str());
    assert_eq!(jobs["JobInfoList"][0]["Status"], "Success");
    let detail = server.ok("GetJobDetail", &[("JobId", &job), ("JobType", "snapshot")]);
    let detail = &detail["SnapshotJobDetail"];
    assert_eq!(detail["VideoId"], video.as_str());
    assert_eq!(detail["Trigger"], "Manual");
    assert!(detail["CompleteTime"].as_str().unwrap().ends_with('Z'));
}
