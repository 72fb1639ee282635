//! Pages of other sites that call a server which asks for no key.

use crate::connections::{Raw, ask};
use std::process::Command;
use support::bench::{Bench, clip};
use support::server::Server;

fn bench(arguments: &[&str]) -> Bench {
    Bench::start(env!("CARGO_BIN_EXE_vod-snapshot-under-test"), arguments)
}

fn get(server: &Server, target: &str, headers: &[&str]) -> Raw {
    ask(server.host(), &format!("GET {target}"), headers)
}

fn refused(raw: &Raw) -> bool {
    let is_ours =
        raw.text().contains("\"Code\":\"Forbidden\"") && raw.text().contains("--allow-host");
    assert_eq!(raw.status == 403, is_ours, "{}", raw.text());
    is_ours
}

const CALL: &str = "/?Action=ListVodTemplate&Version=2017-03-21&TemplateType=Snapshot";

#[test]
fn a_name_that_was_made_to_lead_here_gets_nothing() {
    let bench = bench(&["--auth", "none", "--allow-host", "vod.example.com"]);
    let server = &bench.server;
    let port = server.host().rsplit_once(':').unwrap().1;
    for (host, fine) in [
        (format!("127.0.0.1:{port}"), true),
        (format!("localhost:{port}"), true),
        (format!("[::1]:{port}"), true),
        ("vod.example.com".to_owned(), true),
        (format!("evil.example.com:{port}"), false),
        ("localhost.evil.example.com".to_owned(), false),
        (String::new(), false),
    ] {
        let host = format!("Host: {host}");
        for target in [CALL, "/v/none.jpg", "/openapi.json"] {
            let raw = get(server, target, &[&host]);
            assert_eq!(refused(&raw), !fine, "{host} {target}: {}", raw.text());
        }
    }
    let xml = get(server, &format!("{CALL}&Format=XML"), &["Host: evil"]);
    assert_eq!(xml.header("content-type"), "text/xml;charset=utf-8");
}

#[test]
fn a_page_of_another_site_deletes_nothing() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "64")]);
    assert_eq!(server.wait(&job), "Success");
    let host = format!("Host: {}", server.host());
    let delete = format!(
        "/?Action=DeleteImage&Version=2017-03-21&DeleteImageType=VideoId&ImageType=All&VideoId={video}"
    );
    let foreign = [
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Origin: http://evil.example.com",
        "Origin: null",
    ];
    let key = &server.manifest(&video, &job).pictures[0]
        .key
        .clone()
        .unwrap();
    for header in foreign {
        assert!(refused(&get(server, &delete, &[&host, header])), "{header}");
        let post = ask(
            server.host(),
            &format!("POST {delete}"),
            &[&host, header, "Content-Length: 0"],
        );
        assert!(refused(&post), "{header}");
        // An <img> or a player there may show what it knows the address of.
        let picture = get(server, &format!("/{key}"), &[&host, header]);
        assert_eq!(
            (
                picture.status,
                picture.header("access-control-allow-origin")
            ),
            (200, "*")
        );
    }
    let own = format!("Origin: http://{}", server.host());
    let deleted = get(
        server,
        &delete,
        &[&host, &own, "Sec-Fetch-Site: same-origin"],
    );
    assert_eq!(deleted.status, 200, "{}", deleted.text());
}

#[test]
fn signed_calls_are_accepted_by_any_host_and_say_so() {
    let folder = tempfile::TempDir::new().unwrap();
    let keys = folder.path().join("keys.json");
    std::fs::write(&keys, r#"{"id": "secret"}"#).unwrap();
    std::fs::set_permissions(&keys, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let bench = bench(&["--keys", keys.to_str().unwrap()]);
    let foreign = [
        "Host: vod.example.com",
        "Sec-Fetch-Site: cross-site",
        "Origin: null",
    ];
    let raw = get(&bench.server, CALL, &foreign);
    assert!(raw.text().contains("MissingAccessKeyId"), "{}", raw.text());
    assert_eq!(get(&bench.server, "/v/none.jpg", &foreign).status, 404);
    let program = env!("CARGO_BIN_EXE_vod-snapshot-under-test");
    for (arguments, said) in [
        (
            vec!["--auth", "none", "--allow-host", "http://a"],
            "host name",
        ),
        (
            vec!["--allow-host", "a", "--keys", keys.to_str().unwrap()],
            "--auth none",
        ),
    ] {
        let output = Command::new(program)
            .arg("serve")
            .args(arguments)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && text.contains(said), "{text}");
    }
}
