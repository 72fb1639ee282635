//! What pages of other origins may read.

use super::{answer, bench, header};
use std::os::unix::fs::PermissionsExt;
use support::server::Server;

const PAGE: (&str, &str) = ("origin", "https://player.example");

/// Status, and whom the answer lets read it.
fn read(server: &Server, method: &str, path: &str) -> (u16, Option<String>) {
    let (status, headers) = answer(method, &format!("{}{path}", server.url), &[PAGE]);
    let allowed = header(&headers, "access-control-allow-origin").map(str::to_owned);
    (status, allowed)
}

fn any(status: u16) -> (u16, Option<String>) {
    (status, Some("*".to_owned()))
}

#[test]
fn a_page_cannot_read_what_is_no_call() {
    let bench = bench(&[]);
    let server = &bench.server;
    for (method, path, status) in [
        ("GET", "/openapi.json", 200),
        ("HEAD", "/openapi.json", 200),
        ("OPTIONS", "/openapi.json", 204),
        ("DELETE", "/openapi.json", 403),
        ("GET", "/play/x.mp4", 403),
        ("OPTIONS", "/play/x.mp4", 204),
        ("GET", "/x/snapshots/x-00001.jpg", 404),
        ("OPTIONS", "/x/snapshots/x-00001.jpg", 204),
    ] {
        assert_eq!(read(server, method, path), any(status), "{method} {path}");
    }
    let url = format!("{}/x/snapshots/x-00001.jpg", server.url);
    let (status, headers) = answer("GET", &url, &[PAGE, ("host", "foreign.example")]);
    assert_eq!(status, 403);
    let allowed = header(&headers, "access-control-allow-origin");
    assert_eq!(allowed, Some("*"), "of a host that is refused");
}

#[test]
fn a_page_may_make_unsigned_calls() {
    let bench = bench(&[]);
    let server = &bench.server;
    for path in ["/", "/SubmitSnapshotJob", "/any?Action=GetVideoList"] {
        assert_eq!(read(server, "OPTIONS", path), (204, None), "{path}");
    }
    for path in ["/GetVideoList", "/?Action=GetVideoList&Version=2017-03-21"] {
        assert_eq!(read(server, "GET", path), (403, None), "{path}");
    }
}

#[test]
fn a_page_with_a_key_cannot_read_answers() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys.json");
    std::fs::write(&keys, r#"{"testid":"test/secret+"}"#).unwrap();
    std::fs::set_permissions(&keys, PermissionsExt::from_mode(0o600)).unwrap();
    let bench = bench(&["--keys", keys.to_str().unwrap()]);
    let server = &bench.server;
    for path in ["/", "/SubmitSnapshotJob"] {
        let url = format!("{}{path}", server.url);
        let (status, headers) = answer("OPTIONS", &url, &[PAGE]);
        assert_eq!(status, 204, "{path}");
        let allowed = |name| header(&headers, name).unwrap_or_default();
        assert_eq!(allowed("access-control-allow-origin"), "*");
        let headers = allowed("access-control-allow-headers");
        assert!(headers.contains("Authorization"), "{headers}");
        assert!(allowed("access-control-allow-methods").contains("POST"));
    }
    let (status, allowed) = read(server, "GET", "/GetVideoList");
    assert!((400..404).contains(&status), "it is not signed: {status}");
    assert_eq!(allowed.as_deref(), Some("*"));
}

#[test]
fn an_action_is_not_found_at_its_path() {
    let bench = bench(&[]);
    let server = &bench.server;
    let get = |path: &str| server.get(&format!("{}{path}", server.url));
    let listed = get("/GetVideoList");
    assert_eq!(listed.status, 200);
    assert_eq!(listed.json()["Total"], 0);
    let templates = get("/vod/ListVodTemplate?TemplateType=Snapshot&Format=XML");
    assert_eq!(
        (templates.status, templates.content_type.as_str()),
        (200, "text/xml;charset=utf-8")
    );
    let refused = get("/GetVideoList?Action=DeleteVideo").json();
    assert_eq!(refused["Code"], "InvalidParameter");
    assert_eq!(
        get("/GetVideoPlayAuth?VideoId=x").json()["Code"],
        "OperationDenied"
    );
}
