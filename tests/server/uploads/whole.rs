use super::site::{self, Site};
use super::{bench, files, wait};
use serde_json::json;
use support::bench::clip;
use support::subscriber::Subscriber;

#[test]
fn a_url_becomes_a_video() {
    let bytes = std::fs::read(clip()).unwrap();
    let size = bytes.len();
    let site = Site::start(move |path, into| match path {
        "/a%20b.mp4?x=1,2" => site::redirect(into, "/there"),
        _ => site::file(into, &bytes),
    });
    let subscriber = Subscriber::start(&[]);
    let bench = bench(&site, &["--notify", &subscriber.url]);
    let server = &bench.server;
    let (url, other) = (site.url("/a%20b.mp4?x=1,2"), site.url("/plain.mov"));
    let encoded: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
    let metadatas = json!([{"SourceURL": encoded, "Title": "a title", "Tags": "a,b",
        "Description": "d", "CateId": "7", "ReferenceId": "my-upload"}]);
    let (urls, metadatas) = (format!("{encoded},{other}"), metadatas.to_string());
    let parameters = [
        ("UploadURLs", urls.as_str()),
        ("UploadMetadatas", &metadatas),
        ("TemplateGroupId", "VOD_NO_TRANSCODE"),
        ("UserData", r#"{"Extend":{"my":"own"}}"#),
    ];
    let answer = server.ok("UploadMediaByURL", &parameters);
    let jobs = answer["UploadJobs"].as_array().unwrap();
    assert_eq!((jobs.len(), &jobs[0]["SourceURL"]), (2, &json!(url)));
    assert_eq!(jobs[1]["SourceURL"], other);
    let job = jobs[0]["JobId"].as_str().unwrap();
    let info = wait(server, job);
    assert_eq!(info["Status"], "SUCCESS", "{info}");
    assert_eq!(info["FileSize"], size.to_string());
    assert_eq!(
        (&info["UploadURL"], &info["JobId"]),
        (&json!(url), &json!(job))
    );
    assert_eq!(info["UserData"], r#"{"Extend":{"my":"own"}}"#);
    assert_eq!(info["CompleteTime"].as_str().unwrap().len(), 20);
    let video = info["MediaId"].as_str().unwrap();

    let found = server.ok("GetVideoInfo", &[("ReferenceId", "my-upload")]);
    let found = &found["Video"];
    assert_eq!(
        (&found["VideoId"], &found["Title"]),
        (&json!(video), &json!("a title"))
    );
    assert_eq!(
        (&found["Status"], &found["CateId"]),
        (&json!("Normal"), &json!(7))
    );
    let submitted = server.submit(video, &[("Count", "2"), ("Width", "160")]);
    assert_eq!(server.wait(&submitted), "Success");

    let by_url = [("UploadURLs", encoded.as_str())];
    let by_url = server.ok("GetURLUploadInfos", &by_url);
    assert_eq!(by_url["URLUploadInfoList"][0]["JobId"], job);
    let asked = format!("{job},0123");
    let both = server.ok("GetURLUploadInfos", &[("JobIds", &asked)]);
    assert_eq!(both["NonExists"], json!(["0123"]));

    assert_eq!(
        wait(server, jobs[1]["JobId"].as_str().unwrap())["Status"],
        "SUCCESS"
    );
    let mut told: Vec<_> = (0..5).map(|_| subscriber.next().json()).collect();
    told.retain(|event| event["VideoId"] == video && event["EventType"] != "SnapshotComplete");
    let types = told
        .iter()
        .map(|event| event["EventType"].as_str().unwrap());
    let types: std::collections::BTreeSet<_> = types.collect();
    assert_eq!(
        types.into_iter().collect::<Vec<_>>(),
        ["FileUploadComplete", "UploadByURLComplete"]
    );
    let ended = told
        .iter()
        .find(|event| event["EventType"] == "UploadByURLComplete");
    assert_eq!(ended.unwrap()["JobId"], job);
    assert_eq!(ended.unwrap()["Extend"], r#"{"my":"own"}"#);
    assert!(subscriber.is_quiet(), "each event once");
    let mut names = files(&bench.data().join("uploads"));
    names.sort_by_key(|name| name.ends_with(".mov"));
    assert_eq!(names[0], format!("{job}.mp4"));
}

#[test]
fn actions_that_need_the_vendor_say_what_to_call() {
    let site = Site::start(|_, _| Ok(()));
    let bench = bench(&site, &["--upload-quota-mb", "0"]);
    for action in [
        "CreateUploadVideo",
        "RefreshUploadVideo",
        "GetVideoPlayAuth",
    ] {
        let reply = bench
            .server
            .call(action, &[("VideoId", "v"), ("Title", "t")]);
        let body = reply.json();
        assert_eq!(
            (reply.status, &body["Code"]),
            (403, &json!("OperationDenied"))
        );
        let message = body["Message"].as_str().unwrap();
        for said in [action, "RegisterMedia", "UploadMediaByURL"] {
            assert!(message.contains(said), "{message}");
        }
    }
    let url = site.url("/a.mp4");
    let off = bench
        .server
        .call("UploadMediaByURL", &[("UploadURLs", &url)]);
    assert_eq!(
        (off.status, &off.json()["Code"]),
        (403, &json!("OperationDenied"))
    );
}
