use crate::jobs::{bench, clip};
use support::subscriber::Subscriber;

#[test]
fn a_normal_job_sends_exactly_the_documented_event() {
    let subscriber = Subscriber::start(&[]);
    let bench = bench(&["--notify", &subscriber.url]);
    let server = &bench.server;
    let video = server.register(clip());
    let user_data = r#"{"Extend":{"localId":"xxx","test":"www"}}"#;
    let parameters = [
        ("Count", "2"),
        ("Interval", "1"),
        ("Width", "160"),
        ("UserData", user_data),
    ];
    let job = server.submit(&video, &parameters);
    let post = subscriber.next();
    let event = post.json();
    let time = event["EventTime"].as_str().unwrap();
    let url = &server.url;
    let expected = format!(
        concat!(
            r#"{{"EventTime":"{}","EventType":"SnapshotComplete","SubType":"SpecifiedTime","#,
            r#""VideoId":"{}","Status":"success","CoverUrl":"{}/{}/snapshots/{}-00001.jpg","#,
            r#""Extend":"{{\"localId\":\"xxx\",\"test\":\"www\"}}","#,
            r#""SnapshotInfos":[{{"Status":"success","SnapshotType":"NormalSnapshot","#,
            r#""SnapshotCount":2,"SnapshotFormat":"{}/snapshots/{}-{{SnapshotCount}}.jpg","#,
            r#""SnapshotRegular":"{}/{}/snapshots/{}-{{SnapshotCount}}.jpg","JobId":"{}"}}]}}"#
        ),
        time, video, url, video, job, video, job, url, video, job, job
    );
    assert_eq!(String::from_utf8(post.body.clone()).unwrap(), expected);
    assert_eq!(time.len(), "2018-07-31T10:07:31Z".len());
    assert!(
        post.header("content-type")
            .unwrap()
            .starts_with("application/json")
    );
    assert_eq!(
        server.status(&job),
        "Success",
        "the event comes after the job is done"
    );
}

#[test]
fn a_sprite_job_counts_its_sheets() {
    let subscriber = Subscriber::start(&[]);
    let bench = bench(&["--notify", &subscriber.url]);
    let server = &bench.server;
    let video = server.register(clip());
    let config = r#"{"CellWidth":"80","Columns":"2","Lines":"2"}"#;
    let parameters = [
        ("Count", "9"),
        ("Interval", "0"),
        ("SpriteSnapshotConfig", config),
    ];
    let job = server.submit(&video, &parameters);
    let event = subscriber.next().json();
    let info = &event["SnapshotInfos"][0];
    assert_eq!(info["SnapshotType"], "SpriteSnapshot");
    assert_eq!(info["SnapshotCount"], 3);
    let format = format!("{video}/snapshots/sprite/{job}-{{SnapshotCount}}.jpg");
    assert_eq!(info["SnapshotFormat"], format);
}

#[test]
fn a_failed_job_says_why_and_names_no_pictures() {
    let subscriber = Subscriber::start(&[]);
    let bench = bench(&["--notify", &subscriber.url]);
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "1"), ("SpecifiedOffsetTime", "10000")]);
    let event = subscriber.next().json();
    assert_eq!(event["Status"], "fail");
    assert_eq!(event["ErrorCode"], "InvalidParameter.SpecifiedOffsetTime");
    let message = event["ErrorMessage"].as_str().unwrap();
    assert!(message.contains("10000 ms"), "{message}");
    assert!(event.get("SnapshotInfos").is_none() && event.get("CoverUrl").is_none());
    assert_eq!(event["JobId"], job.as_str());
    assert_eq!(server.status(&job), "Fail");
}

#[test]
fn only_200_counts_and_a_refused_event_comes_again_unchanged() {
    let subscriber = Subscriber::start(&[204, 302, 500]);
    let bench = bench(&["--notify", &subscriber.url]);
    let server = &bench.server;
    let video = server.register(clip());
    let _ = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    let posts: Vec<_> = (0..4).map(|_| subscriber.next()).collect();
    assert_eq!(
        posts.iter().map(|p| p.answered).collect::<Vec<_>>(),
        [204, 302, 500, 200]
    );
    for post in &posts[1..] {
        assert_eq!(post.body, posts[0].body);
        assert_eq!(
            post.header("x-vod-event-id"),
            posts[0].header("x-vod-event-id")
        );
    }
    assert!(
        subscriber.is_quiet(),
        "once it is taken it does not come again"
    );
}
