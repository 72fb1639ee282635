use crate::templates::{bench, clip};
use serde_json::json;

#[test]
fn a_file_registered_again_is_the_same_video_and_what_is_no_file_is_said() {
    let bench = bench();
    let server = &bench.server;
    let url = url::Url::from_file_path(clip()).unwrap().to_string();
    let gone = url.replace(".mp4", "-gone.mp4");
    let outside = "file:///etc/passwd.mp4";
    let entries = json!([
        {"FileURL": gone, "Title": "gone"},
        {"FileURL": url, "Title": "first", "ReferenceId": "my-own-id", "Tags": "a,b",
         "Description": "what it is", "CateId": 7},
        {"FileURL": outside, "Title": "outside"},
    ]);
    let register = |entries: &serde_json::Value| {
        let parameters = [
            ("RegisterMetadatas", entries.to_string()),
            ("TemplateGroupId", "VOD_NO_TRANSCODE".to_owned()),
        ];
        let parameters = parameters
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        server.ok("RegisterMedia", &parameters)
    };
    let answer = register(&entries);
    let list = answer["RegisteredMediaList"].as_array().unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(
        (&list[0]["FileURL"], &list[0]["NewRegister"]),
        (&json!(url), &json!(true))
    );
    assert_eq!(answer["FailedFileURLs"], json!([gone, outside]));
    let video = list[0]["MediaId"].as_str().unwrap();

    let again = register(&json!({"FileURL": url, "Title": "second"}));
    let expected = json!([{"FileURL": url, "MediaId": video, "NewRegister": false}]);
    assert_eq!(again["RegisteredMediaList"], expected);

    let info = server.ok("GetVideoInfo", &[("ReferenceId", "my-own-id")]);
    let info = &info["Video"];
    assert_eq!(
        (
            &info["VideoId"],
            &info["Title"],
            &info["Tags"],
            &info["CateId"],
            &info["Status"]
        ),
        (
            &json!(video),
            &json!("first"),
            &json!("a,b"),
            &json!(7),
            &json!("Normal")
        )
    );
    let job = server.ok(
        "SubmitSnapshotJob",
        &[
            ("ReferenceId", "my-own-id"),
            ("Count", "1"),
            ("Width", "160"),
        ],
    );
    assert_eq!(
        server.wait(job["SnapshotJob"]["JobId"].as_str().unwrap()),
        "Success"
    );
}

#[test]
fn the_source_file_is_told_once_it_was_looked_into() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "2"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    let answer = server.ok("GetMezzanineInfo", &[("VideoId", &video)]);
    let file = &answer["Mezzanine"];
    let size = std::fs::metadata(clip()).unwrap().len();
    let name = clip().file_name().unwrap().to_str().unwrap();
    assert_eq!(
        (&file["FileName"], &file["Size"], &file["Status"]),
        (&json!(name), &json!(size), &json!("Normal"))
    );
    assert_eq!(
        (&file["Width"], &file["Height"]),
        (&json!(640), &json!(360))
    );
    assert_eq!(
        (&file["Duration"], &file["Fps"]),
        (&json!("10"), &json!("25"))
    );
    assert_eq!(file["VideoStreamList"][0]["CodecName"], "h264");

    let info = server.ok("GetVideoInfo", &[("VideoId", &video)]);
    let first = format!("{}/{video}/snapshots/{job}-00001.jpg", server.url);
    let second = first.replace("00001", "00002");
    let shown = info["Video"]["Snapshots"]["Snapshot"].as_array().unwrap();
    let signed: Vec<_> = shown.iter().map(|url| url.as_str().unwrap()).collect();
    let plain: Vec<_> = signed.iter().map(|url| url.split('?').next()).collect();
    assert_eq!(plain, [Some(first.as_str()), Some(&second)]);
    assert!(signed.iter().all(|url| server.get(url).status == 200));
    assert_eq!(info["Video"]["CoverURL"], signed[0]);
    assert_eq!(info["Video"]["Duration"], json!(10.0));
}

#[test]
fn a_taken_reference_id_is_the_trouble_of_its_entry_alone() {
    let folder = tempfile::TempDir::new().unwrap();
    let url = |name: &str| {
        let file = folder.path().join(name);
        std::fs::copy(clip(), &file).unwrap();
        url::Url::from_file_path(file).unwrap().to_string()
    };
    let (first, second, third) = (url("a.mp4"), url("b.mp4"), url("c.mp4"));
    let root = folder.path().to_str().unwrap();
    let program = env!("CARGO_BIN_EXE_vod-snapshot-under-test");
    let bench = support::bench::Bench::start(program, &["--media-root", root]);
    let register = |entries: serde_json::Value| {
        let parameters = [("RegisterMetadatas", entries.to_string())];
        let parameters = parameters
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        bench.server.call("RegisterMedia", &parameters)
    };
    let taken = register(json!([{"FileURL": first, "Title": "a", "ReferenceId": "taken-id"}]));
    assert_eq!(taken.status, 200);
    let answer = register(json!([
        {"FileURL": second, "Title": "b"},
        {"FileURL": third, "Title": "c", "ReferenceId": "taken-id"},
    ]));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["FailedFileURLs"], json!([third]));
    let registered = &answer.json()["RegisteredMediaList"];
    assert_eq!(registered[0]["FileURL"], json!(second));
    let later = register(json!([{"FileURL": third, "Title": "c"}])).json();
    assert_eq!(later["RegisteredMediaList"][0]["NewRegister"], true);
}
