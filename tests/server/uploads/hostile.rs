use super::site::{self, Site};
use super::{bench, files, upload, wait};
use std::io::Write;
use std::net::TcpStream;
use support::bench::clip;

fn endless(into: &mut TcpStream) -> std::io::Result<()> {
    into.write_all(&site::head("200 OK", "content-type: video/mp4\r\n"))?;
    loop {
        into.write_all(&[7; 65_536])?;
    }
}

#[test]
fn a_hostile_server_gives_no_file_and_leaves_none() {
    let inside = Site::start(|_, into| site::file(into, b"what only this machine may see"));
    let secret = inside.url("/secret.mp4");
    let named = secret.replace("127.0.0.1", "localhost");
    let redirects = [secret.clone(), named];
    let site = Site::start(move |path, into| match path {
        "/secret.mp4" => site::redirect(into, &redirects[0]),
        "/named.mp4" => site::redirect(into, &redirects[1]),
        "/cloud.mp4" => site::redirect(into, "http://169.254.169.254/latest/meta-data/"),
        "/file.mp4" => site::redirect(into, "file:///etc/passwd"),
        "/endless.mp4" => endless(into),
        "/large.mp4" => into.write_all(&site::head("200 OK", "content-length: 9999999999\r\n")),
        "/page.mp4" => into.write_all(&site::head("200 OK", "content-type: text/html\r\n")),
        "/empty.mp4" => into.write_all(&site::head("200 OK", "content-length: 0\r\n")),
        "/gone.mp4" => into.write_all(&site::head("404 Not Found", "content-length: 0\r\n")),
        _ => site::redirect(into, path),
    });
    let bench = bench(&site, &["--upload-max-mb", "1"]);
    let server = &bench.server;
    let direct = upload(server, &secret);
    let refused = wait(server, &direct);
    assert_eq!(refused["ErrorCode"], "URLInvalidError", "{refused}");
    for (path, code, said) in [
        ("/secret.mp4", "URLInvalidError", "loopback"),
        ("/named.mp4", "URLInvalidError", "loopback"),
        ("/cloud.mp4", "URLInvalidError", "link-local"),
        ("/file.mp4", "URLInvalidError", "only http://"),
        ("/endless.mp4", "LimitExceeded.UploadBytes", "1048576 bytes"),
        ("/large.mp4", "LimitExceeded.UploadBytes", "1048576 bytes"),
        ("/page.mp4", "URLInvalidError", "web page"),
        ("/empty.mp4", "URLInvalidError", "empty"),
        ("/gone.mp4", "URLInvalidError", "404"),
        ("/loop.mp4", "URLInvalidError", "redirects"),
    ] {
        let info = wait(server, &upload(server, &site.url(path)));
        assert_eq!(
            (&info["Status"], &info["ErrorCode"]),
            (&"FAIL".into(), &code.into()),
            "{info}"
        );
        let message = info["ErrorMessage"].as_str().unwrap();
        assert!(message.contains(said), "{path}: {message}");
        assert!(info["MediaId"].is_null());
    }
    for folder in ["uploads", "tmp"] {
        assert!(files(&bench.data().join(folder)).is_empty(), "{folder}");
    }
}

#[test]
fn all_uploads_together_keep_within_their_quota() {
    let site = Site::start(|_, into| site::file(into, &[7; 700_000]));
    let bench = bench(&site, &["--upload-quota-mb", "1"]);
    let server = &bench.server;
    let first = wait(server, &upload(server, &site.url("/a.mp4")));
    assert_eq!(first["Status"], "SUCCESS", "{first}");
    let second = wait(server, &upload(server, &site.url("/b.mp4")));
    assert_eq!(second["ErrorCode"], "LimitExceeded.UploadQuota", "{second}");
    assert_eq!(files(&bench.data().join("uploads")).len(), 1);
}

/// Fewer bytes than announced, until the last try.
#[test]
fn a_server_that_breaks_off_is_asked_again() {
    let bytes = std::fs::read(clip()).unwrap();
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let site = Site::start(move |_, into| {
        let call = calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        if call < 2 {
            into.write_all(&site::head("200 OK", "content-length: 900000\r\n"))?;
            return into.write_all(&bytes[..1000]);
        }
        site::file(into, &bytes)
    });
    let bench = bench(&site, &[]);
    let info = wait(&bench.server, &upload(&bench.server, &site.url("/a.mp4")));
    assert_eq!(info["Status"], "SUCCESS", "{info}");
    let size = std::fs::metadata(clip()).unwrap().len();
    assert_eq!(info["FileSize"], size.to_string());
    assert!(files(&bench.data().join("tmp")).is_empty());
}
