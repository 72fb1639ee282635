//! Files that are uploaded by URL and played, and pictures that are deleted, under the roles of the
//! template.

use crate::client::Client;
use crate::deployment;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

/// More than goes into a bucket in one part.
const LARGE: usize = (16 << 20) + 4321;

/// A video of so many bytes, most of which are no part of it.
fn large() -> Vec<u8> {
    let mut file = cloud::clips::encode(2, "320x180", 25);
    let rest = u32::try_from(LARGE - file.len()).unwrap();
    file.extend(rest.to_be_bytes());
    file.extend(b"free");
    file.resize(LARGE, 7);
    file
}

/// A URL of this machine that gives the file.
fn serve(file: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming().take(5) {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 4096]);
            let length = file.len();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
            let _ = connection.write_all(head.as_bytes());
            let _ = connection.write_all(&file);
        }
    });
    format!("http://{address}/large.mp4")
}

#[test]
fn a_url_is_uploaded_in_parts_and_played() {
    let deployed = deployment!();
    let mut client = Client::of(deployed, "tea-v3");
    let file = large();
    let url = serve(file.clone());
    let metadata = json!([{"SourceURL": url, "Title": "large"}]).to_string();
    let parameters = json!({"UploadURLs": url, "UploadMetadatas": metadata});
    let answer = client.call("UploadMediaByURL", &parameters);
    let job = answer["UploadJobs"][0]["JobId"].as_str().unwrap();
    let patience = Duration::from_secs(90);
    let subscribers = &deployed.subscribers;
    let event = subscribers.event_with("UploadByURLComplete", patience);
    let event: Value = serde_json::from_str(&event).unwrap();
    assert_eq!(event["JobId"], job);
    assert_eq!(event["Status"], "success", "{event}\n{}", deployed.logs());
    let infos = client.call("GetURLUploadInfos", &json!({"JobIds": job}));
    let video = infos["URLUploadInfoList"][0]["MediaId"].clone();
    // Once it was looked into.
    let until = Instant::now() + patience;
    while client.told("GetPlayInfo", &json!({"VideoId": video}))["status"] == 404 {
        assert!(Instant::now() < until, "{}", deployed.logs());
        std::thread::sleep(Duration::from_millis(200));
    }
    let played = client.call("GetPlayInfo", &json!({"VideoId": video}));
    let url = played["PlayInfoList"]["PlayInfo"][0]["PlayURL"].as_str();
    // The emulator's APIs have one address and many names.
    let path = url.unwrap().split_once("/play/").unwrap().1;
    let url = format!("http://{}/play/{path}", deployed.endpoint);
    let first = ureq::get(&url).config().http_status_as_error(false);
    let first = first.max_redirects(0).max_redirects_will_error(false);
    let mut first = first.build().call().unwrap();
    let Some(location) = first.headers().get("location") else {
        let said = first.body_mut().read_to_string().unwrap();
        panic!("{url}: {said}\n{}", deployed.logs());
    };
    let location = location.to_str().unwrap().to_owned();
    let answer = ureq::get(&location).config().http_status_as_error(false);
    let mut answer = answer.build().call().unwrap();
    let status = answer.status();
    if status != 200 {
        let said = answer.body_mut().read_to_string().unwrap();
        panic!("{status} of {location}: {said}");
    }
    let bytes = answer.body_mut().with_config().limit(LARGE as u64 + 1);
    assert!(bytes.read_to_vec().unwrap() == file);
    let refused = ureq::get(url.replace("Expires=", "Expires=9")).call();
    assert!(matches!(refused, Err(ureq::Error::StatusCode(403))));
}

#[test]
fn pictures_and_videos_are_deleted() {
    let deployed = deployment!();
    let mut client = Client::of(deployed, "tea-v3");
    let file = cloud::clips::encode(3, "320x180", 25);
    let video = client.register("files/a.mp4", file);
    for is_video in [false, true] {
        let job = client.submit(&video, &json!({"Count": 3, "Interval": 1}));
        let patience = Duration::from_secs(60);
        let _ = deployed.subscribers.event_with(&job, patience);
        assert_eq!(deployed.keys(&video).len(), 4);
        let images = json!({
            "DeleteImageType": "VideoId", "VideoId": video, "ImageType": "NormalSnapshot",
        });
        let _ = match is_video {
            true => client.call("DeleteVideo", &json!({"VideoIds": video})),
            false => client.call("DeleteImage", &images),
        };
        let asked = json!({"VideoId": video, "SnapshotType": "NormalSnapshot"});
        assert_eq!(client.told("ListSnapshots", &asked)["status"], 404);
        let until = Instant::now() + patience;
        while !deployed.keys(&video).is_empty() {
            assert!(Instant::now() < until, "{}", deployed.logs());
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}
