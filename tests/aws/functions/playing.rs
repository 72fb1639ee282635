//! PlayURLs: they lead to the file for as long as was asked, whichever environment answers.

use crate::stack;
use crate::system::{SUBMIT, System};
use cloud::Function;
use cloud::http_api::{HOST, event};
use contract::request::RawRequest;
use serde_json::{Value, json};
use service::model::VideoInfo;
use std::time::Duration;

/// The path and the query of the URL at which a video is played.
async fn play_url(system: &System, video: &str, timeout: &str) -> (String, String) {
    let parameters = [("VideoId", video), ("AuthTimeout", timeout)];
    let info = system.call("GetPlayInfo", &parameters).await;
    let url = info["PlayInfoList"]["PlayInfo"][0]["PlayURL"].as_str();
    let url = url.unwrap_or_else(|| panic!("no URL: {info}"));
    let rest = url.strip_prefix(&format!("https://{HOST}"));
    let (path, query) = rest.and_then(|rest| rest.split_once('?')).expect(url);
    (path.to_owned(), query.to_owned())
}

/// A file that a decoder has seen to be a video.
async fn playable(system: &System, key: &str, file: Vec<u8>) -> String {
    let video = system.register(key, file).await;
    let ports = system.stack.ports().await;
    let known = ports
        .videos
        .by_id(&video.as_str().into())
        .await
        .unwrap()
        .unwrap();
    let opened = ports.sources.open_video(&known).await.unwrap();
    let facts = VideoInfo {
        duration_ms: 1,
        width: 2,
        height: 2,
        frame_rate: 25.0,
        codec: "h264".to_owned(),
        size_bytes: opened.bytes(),
        content: opened.identity(),
    };
    ports
        .videos
        .record_facts(&known.id, &facts, 9)
        .await
        .unwrap();
    video
}

async fn refusal(system: &System, video: &str) -> Value {
    let call = event(&RawRequest {
        method: "GET".to_owned(),
        raw_query: format!("Action=GetPlayInfo&Version=2017-03-21&Format=JSON&VideoId={video}"),
        ..RawRequest::default()
    });
    let answer = system.submit.answer(call).await;
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    body["Code"].clone()
}

async fn get(submit: &Function, method: &str, (path, query): &(String, String)) -> Value {
    let mut call = event(&RawRequest {
        method: method.to_owned(),
        raw_query: query.clone(),
        ..RawRequest::default()
    });
    call["rawPath"] = json!(path);
    submit.answer(call).await
}

fn location(answer: &Value) -> String {
    assert_eq!(answer["statusCode"], 302, "{answer}");
    assert_eq!(answer["headers"]["cache-control"], "no-store");
    answer["headers"]["location"].as_str().unwrap().to_owned()
}

async fn fetched(url: String) -> (String, Vec<u8>) {
    let fetch = move || {
        let mut got = ureq::get(&url).call().unwrap();
        let kind = got.headers()["content-type"].to_str().unwrap().to_owned();
        (kind, got.body_mut().read_to_vec().unwrap())
    };
    tokio::task::spawn_blocking(fetch).await.unwrap()
}

/// It was presigned with what an environment has for some hours, whatever time was asked for.
#[tokio::test]
async fn a_play_url_dies_with_the_environment_that_gave_it() {
    let system = System::start(stack!()).await;
    let page = b"<script>alert(1)</script>".to_vec();
    let video = playable(&system, "a b.html", page.clone()).await;
    let url = play_url(&system, &video, "2592000").await;
    assert_eq!(url.0, format!("/play/{video}.html"));
    let other = Function::start(SUBMIT, &system.stack.environment()).await;
    let answer = get(&other, "GET", &url).await;
    let (kind, bytes) = fetched(location(&answer)).await;
    assert_eq!((kind.as_str(), bytes), ("video/mp4", page));
    let head = location(&get(&other, "HEAD", &url).await);
    let asked = tokio::task::spawn_blocking(move || ureq::head(&head).call().unwrap());
    assert_eq!(asked.await.unwrap().status(), 200);
    let staged = (format!("/stage{}", url.0), url.1);
    assert!(location(&get(&other, "GET", &staged).await).contains("X-Amz-Signature"));
}

#[tokio::test]
async fn a_play_url_holds_for_another_file_or_time() {
    let system = System::start(stack!()).await;
    let video = playable(&system, "a.mp4", vec![7; 9]).await;
    let other = playable(&system, "b.mp4", vec![7; 9]).await;
    let (path, query) = play_url(&system, &video, "3600").await;
    let (expires, signature) = query.split_once('&').unwrap();
    let last = if query.ends_with('0') { "1" } else { "0" };
    let changed = format!("{}{last}", &query[..query.len() - 1]);
    for (path, query) in [
        (format!("/play/{other}.mp4"), query.clone()),
        (format!("/play/{video}.mov"), query.clone()),
        (path.clone(), format!("{expires}0&{signature}")),
        (path.clone(), changed),
        (path.clone(), expires.to_owned()),
        (path.clone(), String::new()),
        (path.clone(), "Expires=x&Signature=zz".to_owned()),
        ("/play/".to_owned(), query.clone()),
    ] {
        let answer = get(&system.submit, "GET", &(path.clone(), query.clone())).await;
        assert_eq!(answer["statusCode"], 403, "{path}?{query}: {answer}");
    }
    let url = (path, query);
    // A form of an action on that path is an action.
    let call = (
        url.0.clone(),
        "Action=GetVideoList&Version=2017-03-21".to_owned(),
    );
    assert_eq!(get(&system.submit, "GET", &call).await["statusCode"], 200);
    let _ = system.call("DeleteVideo", &[("VideoIds", &video)]).await;
    let gone = get(&system.submit, "GET", &url).await;
    assert_eq!(gone["statusCode"], 404, "{gone}");
}

#[tokio::test]
async fn a_play_url_holds_after_its_time() {
    let system = System::start(stack!()).await;
    let video = playable(&system, "a.mp4", vec![7; 9]).await;
    let url = play_url(&system, &video, "1").await;
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let late = get(&system.submit, "GET", &url).await;
    assert_eq!(late["statusCode"], 403, "{late}");
}

/// Anything may be registered, and put in the place of what was.
#[tokio::test]
async fn a_play_url_gives_out_what_is_not_known_to_be_a_video() {
    let system = System::start(stack!()).await;
    let list = system.register("passwords.json", vec![7; 9]).await;
    let code = refusal(&system, &list).await;
    assert!(code.to_string().contains("NoneStream"), "{code}");
    let video = playable(&system, "a.mp4", vec![7; 9]).await;
    let url = play_url(&system, &video, "3600").await;
    assert_eq!(get(&system.submit, "GET", &url).await["statusCode"], 302);
    system.stack.put_source("a.mp4", vec![8; 9]).await;
    let answer = get(&system.submit, "GET", &url).await;
    assert_eq!(answer["statusCode"], 404, "{answer}");
    let code = refusal(&system, &video).await;
    assert!(code.to_string().contains("NoneStream"), "{code}");
}

/// What came in its place was played, which nobody had looked into.
#[tokio::test]
async fn a_play_url_leads_to_a_version_that_came_later() {
    let stack = stack!();
    stack.keep_versions().await;
    let system = System::start(stack).await;
    let video = playable(&system, "a.mp4", vec![7; 9]).await;
    let url = play_url(&system, &video, "3600").await;
    let first = location(&get(&system.submit, "GET", &url).await);
    assert!(first.contains("versionId="), "{first}");
    system.stack.put_source("a.mp4", vec![8; 9]).await;
    assert_eq!(fetched(first).await.1, [7; 9]);
    let answer = get(&system.submit, "GET", &url).await;
    assert_eq!(answer["statusCode"], 404, "{answer}");
}
