//! Who is called when a job ends, and who is not, through the real program.

use std::path::PathBuf;
use support::bench::{Bench, clip};
use support::server::Server;
use support::subscriber::{Post, Subscriber};

const KEY: &str = "Secret123";

fn bench(arguments: &[&str]) -> Bench {
    Bench::start(env!("CARGO_BIN_EXE_vod-snapshot-under-test"), arguments)
}

fn set(server: &Server, url: &str, more: &[(&str, &str)]) {
    let mut parameters = vec![("CallbackType", "HTTP"), ("CallbackURL", url)];
    parameters.extend_from_slice(more);
    let _ = server.ok("SetMessageCallback", &parameters);
}

fn user_data(url: &str) -> String {
    serde_json::json!({"MessageCallback": {"CallbackType": "http", "CallbackURL": url}}).to_string()
}

/// Registers the clip with UserData; its VideoId.
fn register(server: &Server, user_data: &str) -> String {
    let url = url::Url::from_file_path(clip()).unwrap();
    let entries = serde_json::json!([{"FileURL": url.as_str(), "Title": "a test"}]).to_string();
    let parameters = [
        ("RegisterMetadatas", entries.as_str()),
        ("UserData", user_data),
    ];
    let answer = server.ok("RegisterMedia", &parameters);
    answer["RegisteredMediaList"][0]["MediaId"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// A job that ends at once; its JobId.
fn submit(server: &Server, video: &str, more: &[(&str, &str)]) -> String {
    let mut parameters = vec![("Count", "1"), ("Width", "160")];
    parameters.extend_from_slice(more);
    server.submit(video, &parameters)
}

fn job_of(post: &Post) -> String {
    post.json()["SnapshotInfos"][0]["JobId"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn what_was_set_is_given_back_and_can_be_deleted() {
    let bench = bench(&[]);
    let server = &bench.server;
    let more = [
        ("EventTypeList", "SnapshotComplete,FileUploadComplete"),
        ("AuthSwitch", "on"),
        ("AuthKey", KEY),
    ];
    set(server, "https://example.com/hook", &more);
    let answer = server.ok("GetMessageCallback", &[]);
    assert_eq!(
        answer["MessageCallback"].to_string(),
        concat!(
            r#"{"AppId":"app-1000000","CallbackType":"HTTP","#,
            r#""CallbackURL":"https://example.com/hook","#,
            r#""EventTypeList":"SnapshotComplete,FileUploadComplete","AuthSwitch":"on","#,
            r#""AuthKey":"Secret123"}"#
        )
    );
    for _ in 0..2 {
        let _ = server.ok("DeleteMessageCallback", &[]);
    }
    let reply = server.call("GetMessageCallback", &[]);
    assert_eq!(
        (reply.status, &reply.json()["Code"]),
        (404, &"NoSuchResource".into())
    );
}

#[test]
fn the_job_goes_before_the_video_and_the_video_before_all() {
    let [global, of_video, of_job] = [(); 3].map(|()| Subscriber::start(&[]));
    let bench = bench(&["--callback-allow", "127.0.0.1"]);
    let server = &bench.server;
    let plain = server.register(&other_clip("plain"));
    let video = register(server, &user_data(&of_video.url));
    let own = user_data(&of_job.url);

    // Nothing is set for all: nobody is called, whatever jobs and videos say.
    let silent = submit(server, &video, &[("UserData", &own)]);
    assert_eq!(server.wait(&silent), "Success");
    set(
        server,
        &global.url,
        &[("EventTypeList", "SnapshotComplete")],
    );

    let first = submit(server, &video, &[("UserData", &own)]);
    assert_eq!(job_of(&of_job.next()), first);
    let second = submit(server, &video, &[("UserData", r#"{"Extend":{"a":1}}"#)]);
    let post = of_video.next();
    assert_eq!(
        (job_of(&post), &post.json()["Extend"]),
        (second, &r#"{"a":1}"#.into())
    );
    let third = submit(server, &plain, &[]);
    assert_eq!(job_of(&global.next()), third);
    assert!(
        global.is_quiet() && of_video.is_quiet() && of_job.is_quiet(),
        "one each"
    );
}

/// A copy of the clip, so that it can be registered beside it.
fn other_clip(name: &str) -> PathBuf {
    let copy = clip().with_file_name(format!("callbacks-{name}.mp4"));
    std::fs::copy(clip(), &copy).unwrap();
    copy
}

#[test]
fn the_list_of_events_decides_whether_anybody_is_called() {
    let subscriber = Subscriber::start(&[]);
    let bench = bench(&["--callback-allow", "127.0.0.0/8"]);
    let server = &bench.server;
    let video = server.register(clip());
    for list in ["", "FileUploadComplete"] {
        set(server, &subscriber.url, &[("EventTypeList", list)]);
        assert_eq!(server.wait(&submit(server, &video, &[])), "Success");
    }
    set(server, &subscriber.url, &[("EventTypeList", "ALL")]);
    let job = submit(server, &video, &[]);
    assert_eq!(
        job_of(&subscriber.next()),
        job,
        "the first that anybody hears of"
    );
    assert!(subscriber.is_quiet());
}

#[test]
fn callbacks_are_signed_anew_for_each_attempt_and_notifications_are_not() {
    let (callback, notified) = (Subscriber::start(&[500]), Subscriber::start(&[]));
    let bench = bench(&["--callback-allow", "127.0.0.1", "--notify", &notified.url]);
    let server = &bench.server;
    let video = server.register(clip());
    set(
        server,
        &callback.url,
        &[("AuthSwitch", "on"), ("AuthKey", KEY)],
    );
    let _ = submit(server, &video, &[]);
    for status in [500, 200] {
        let post = callback.next();
        assert_eq!(post.answered, status);
        let timestamp = post.header("x-vod-timestamp").unwrap();
        assert_eq!(timestamp.len(), 10);
        let signature = contract::callback::signature(&callback.url, timestamp, KEY);
        assert_eq!(post.header("x-vod-signature"), Some(signature.as_str()));
        assert_eq!(post.header("x-vod-hmac-sha256").unwrap().len(), 64);
        assert_eq!(post.json()["Status"], "success");
    }
    let post = notified.next();
    assert_eq!(post.header("x-vod-signature"), None);
    assert_eq!(post.header("x-vod-hmac-sha256"), None);
}

#[test]
fn without_leave_no_callback_reaches_this_machine_and_others_go_on() {
    let (callback, notified) = (Subscriber::start(&[]), Subscriber::start(&[]));
    let bench = bench(&["--notify", &notified.url]);
    let server = &bench.server;
    let video = server.register(clip());
    let port = url::Url::parse(&callback.url).unwrap().port().unwrap();
    let spellings = [
        callback.url.clone(),
        format!("http://localhost:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://user:pass@127.0.0.1:{port}/"),
    ];
    for url in &spellings {
        set(server, url, &[("AuthSwitch", "on"), ("AuthKey", KEY)]);
        let job = submit(server, &video, &[]);
        assert_eq!(job_of(&notified.next()), job);
    }
    assert!(callback.is_quiet(), "not once");
    let refused = server.log_lines("delivery abandoned: ");
    assert_eq!(refused.len(), spellings.len(), "each once, and not again");
    let log = server.log_lines("");
    assert!(
        !log.iter().any(|line| line.contains(KEY)),
        "no key in the log"
    );
}
