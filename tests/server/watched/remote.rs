use crate::watched::program;
use std::path::PathBuf;
use support::server::{Server, Setup};
use support::web_server::{Manners, WebServer};
use tempfile::TempDir;

/// With what lets callers in.
fn url(files: &WebServer) -> String {
    format!("{}?sig=SECRET", files.url)
}

/// Host and port.
fn address(files: &WebServer) -> String {
    url::Url::parse(&files.url).unwrap().authority().to_owned()
}

fn server(data: &TempDir, arguments: &[&str]) -> Server {
    Server::start(&Setup {
        program: PathBuf::from(program()),
        data: data.path().join("data"),
        media_root: support::bench::clip().parent().unwrap().to_owned(),
        arguments: arguments.iter().map(|&text| text.to_owned()).collect(),
    })
}

fn register(server: &Server, url: &str) -> serde_json::Value {
    let metadata = serde_json::json!([{ "FileURL": url, "Title": "remote" }]);
    server.ok(
        "RegisterMedia",
        &[("RegisterMetadatas", &metadata.to_string())],
    )
}

#[test]
fn a_video_of_a_named_host_is_read_by_ranges_and_gives_the_same_pictures() {
    let length = std::fs::metadata(support::bench::clip()).unwrap().len();
    let files = WebServer::start(Manners::Ranges);
    let data = TempDir::new().unwrap();
    let server = server(&data, &["--source-allow", &address(&files)]);
    let answer = register(&server, &url(&files));
    let remote = answer["RegisteredMediaList"][0]["MediaId"]
        .as_str()
        .unwrap();
    let local = server.register(support::bench::clip());
    let pictures = [remote, &local].map(|video| {
        let job = server.submit(video, &[("Count", "3"), ("Interval", "0")]);
        assert_eq!(server.wait(&job), "Success");
        let keys = server.manifest(video, &job).pictures;
        let keys = keys.into_iter().filter_map(|picture| picture.key);
        keys.map(|key| server.get(&format!("{}/{key}", server.url)).bytes)
            .collect::<Vec<_>>()
    });
    assert_eq!(pictures[0].len(), 3);
    assert!(pictures[0] == pictures[1], "the same to the byte");
    assert!(files.given() < 6 * length);
    assert!(server.log_lines("SECRET").is_empty());
}

#[test]
fn a_host_that_was_not_named_is_not_called() {
    let files = WebServer::start(Manners::Ranges);
    for arguments in [&[][..], &["--source-allow", "example.com"]] {
        let data = TempDir::new().unwrap();
        let server = server(&data, arguments);
        let answer = register(&server, &url(&files));
        assert_eq!(answer["FailedFileURLs"][0], url(&files));
    }
    assert_eq!(files.given(), 0);
}
