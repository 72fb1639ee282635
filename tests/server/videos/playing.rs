use super::bench;
use serde_json::Value;
use support::bench::clip;
use support::server::Server;

/// Once the file is known to be a video.
fn play(server: &Server, video: &str, more: &[(&str, &str)]) -> Value {
    let parameters = [&[("VideoId", video)], more].concat();
    super::until("it is known to be a video", || {
        server.call("GetPlayInfo", &[("VideoId", video)]).status == 200
    });
    server.ok("GetPlayInfo", &parameters)
}

fn play_url(server: &Server, video: &str) -> String {
    let answer = play(server, video, &[]);
    let url = &answer["PlayInfoList"]["PlayInfo"][0]["PlayURL"];
    url.as_str().unwrap().to_owned()
}

/// A request with one header more.
fn fetch(url: &str, header: &[(&str, &str)]) -> ureq::http::Response<ureq::Body> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let request = header
        .iter()
        .fold(agent.get(url), |request, (name, value)| {
            request.header(*name, *value)
        });
    request.call().unwrap()
}

fn header(response: &ureq::http::Response<ureq::Body>, name: &str) -> String {
    let value = response.headers().get(name);
    value.map_or(String::new(), |value| value.to_str().unwrap().to_owned())
}

fn beside(name: &str, body: &[u8]) -> std::path::PathBuf {
    let path = clip().with_file_name(name);
    std::fs::write(&path, body).unwrap();
    path
}

/// The clip under another name.
fn copied(name: &str) -> std::path::PathBuf {
    beside(name, &std::fs::read(clip()).unwrap())
}

#[test]
fn a_video_is_played_as_it_is_whole_or_in_parts() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let answer = play(server, &video, &[("Formats", "mp4"), ("Definition", "OD")]);
    let base = &answer["VideoBase"];
    assert_eq!(base["VideoId"], video);
    assert_eq!(base["Duration"], "10");
    assert_eq!(base["MediaType"], "video");
    let stream = &answer["PlayInfoList"]["PlayInfo"][0];
    let bytes = std::fs::read(clip()).unwrap();
    for (name, value) in [
        ("Definition", Value::from("OD")),
        ("Format", "mp4".into()),
        ("Size", bytes.len().into()),
        ("Duration", "10".into()),
        ("Width", 640.into()),
        ("Height", 360.into()),
        ("Fps", "25".into()),
        ("Bitrate", (bytes.len() * 8 / 10_000).to_string().into()),
    ] {
        assert_eq!(stream[name], value, "{name}: {stream}");
    }
    let url = play_url(server, &video);
    let mut whole = fetch(&url, &[]);
    assert_eq!(whole.status(), 200);
    assert_eq!(header(&whole, "content-type"), "video/mp4");
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    assert_eq!(whole.body_mut().read_to_vec().unwrap(), bytes);
    let mut part = fetch(&url, &[("range", "bytes=1000-1999")]);
    assert_eq!(part.status(), 206);
    let range = format!("bytes 1000-1999/{}", bytes.len());
    assert_eq!(header(&part, "content-range"), range);
    assert_eq!(part.body_mut().read_to_vec().unwrap(), bytes[1000..2000]);
    let beyond = fetch(&url, &[("range", "bytes=999999999-")]);
    assert_eq!(beyond.status(), 416);
    let tag = header(&whole, "etag");
    let known = fetch(&url, &[("if-none-match", &tag)]);
    assert_eq!(known.status(), 304);
}

/// A registered page ran its scripts on the origin of the server.
#[test]
fn a_registered_page_runs_on_our_origin() {
    let bench = bench();
    let server = &bench.server;
    // A decoder takes it for a video, and a browser for a page by its name.
    for name in ["page.html", "page.SVG", "page.mp4.js", "page.xhtml"] {
        let video = server.register(&copied(name));
        let response = fetch(&play_url(server, &video), &[]);
        assert_eq!(response.status(), 200, "{name}");
        assert_eq!(header(&response, "content-type"), "video/mp4", "{name}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(header(&response, "content-security-policy"), "sandbox");
    }
}

#[test]
fn a_video_is_played_without_a_signature_that_holds() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let other = server.register(&copied("other.mp4"));
    let url = play_url(server, &video);
    let (path, query) = url.split_once('?').unwrap();
    let later = query.replace("Expires=", "Expires=1");
    let wrong = query.replace("Signature=", "Signature=0");
    for bad in [
        path.to_owned(),
        format!("{path}?"),
        format!("{path}?{later}"),
        format!("{path}?{wrong}"),
        format!("{path}?Expires=9999999999"),
        format!("{}?{query}", path.replace(&video, &other)),
        format!("{}?{query}", path.replace(".mp4", ".html")),
        format!("{}?{query}", path.replace("/play/", "/play//")),
    ] {
        let refused = fetch(&bad, &[]);
        assert!(matches!(refused.status().as_u16(), 403 | 404), "{bad}");
    }
    let answer = play(server, &video, &[("AuthTimeout", "1")]);
    let short = answer["PlayInfoList"]["PlayInfo"][0]["PlayURL"]
        .as_str()
        .unwrap()
        .to_owned();
    super::until("it expires", || fetch(&short, &[]).status() == 403);
    assert_eq!(fetch(&url, &[]).status(), 200);
}

#[test]
fn a_file_that_was_moved_out_of_the_media_root_is_played() {
    let bench = bench();
    let server = &bench.server;
    let file = copied("leads-out.mp4");
    let video = server.register(&file);
    let url = play_url(server, &video);
    let outside = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(outside.path(), b"secret").unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(fetch(&url, &[]).status(), 404);
    std::os::unix::fs::symlink(outside.path(), &file).unwrap();
    assert_eq!(fetch(&url, &[]).status(), 404);
    std::fs::remove_file(&file).unwrap();
}

/// Keys and the like lie beside videos, and anything may be registered.
#[test]
fn a_file_that_is_no_video_is_given_to_players() {
    let bench = bench();
    let server = &bench.server;
    let keys = beside("keys.json", br#"{"AccessKeyId":"secret"}"#);
    let (secret, video) = (
        server.register(&keys),
        server.register(&copied("swapped.mp4")),
    );
    let url = play_url(server, &video);
    let refused = server.call("GetPlayInfo", &[("VideoId", &secret)]);
    assert_eq!(refused.status, 404);
    assert_eq!(refused.json()["Code"], "InvalidVideo.NoneStream");
    // A URL that was given before holds for the file that it was given for.
    assert_eq!(fetch(&url, &[]).status(), 200);
    std::fs::rename(&keys, clip().with_file_name("swapped.mp4")).unwrap();
    assert_eq!(fetch(&url, &[]).status(), 404);
    let refused = server.call("GetPlayInfo", &[("VideoId", &video)]);
    assert_eq!(refused.json()["Code"], "InvalidVideo.NoneStream");
}
