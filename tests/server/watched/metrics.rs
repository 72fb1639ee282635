use crate::watched::{bench, get_with, status};
use std::io::Write;
use std::net::TcpStream;
use support::server::Server;

fn metrics(server: &Server) -> String {
    let reply = server.get(&format!("{}/metrics", server.url));
    assert_eq!(reply.status, 200);
    assert!(reply.content_type.starts_with("text/plain; version=0.0.4"));
    String::from_utf8(reply.bytes).unwrap()
}

/// The value of one series.
fn value(text: &str, series: &str) -> f64 {
    let line = text
        .lines()
        .find(|line| line.starts_with(&format!("{series} ")));
    let line = line.unwrap_or_else(|| panic!("no {series} in:\n{text}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
fn numbers_tell_of_calls_jobs_pictures_and_the_decoder() {
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(support::bench::clip());
    let job = server.submit(&video, &[("Count", "3"), ("Interval", "0")]);
    assert_eq!(server.wait(&job), "Success");
    let refused = server.call("GetVideoInfo", &[("VideoId", &"0".repeat(32))]);
    assert_eq!(refused.status, 404);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let text = metrics(server);
    for (series, expected) in [
        (
            "vod_snapshot_api_calls_total{action=\"SubmitSnapshotJob\",code=\"OK\"}",
            1.0,
        ),
        (
            "vod_snapshot_api_calls_total{action=\"GetVideoInfo\",code=\"InvalidVideo.NotFound\"}",
            1.0,
        ),
        ("vod_snapshot_pictures_total", 3.0),
        ("vod_snapshot_jobs{status=\"Success\"}", 1.0),
        ("vod_snapshot_jobs{status=\"Queued\"}", 0.0),
        ("vod_snapshot_queue_messages{lane=\"jobs\"}", 0.0),
        ("vod_snapshot_deliveries_open", 0.0),
    ] {
        assert!(
            (value(&text, series) - expected).abs() < 0.1,
            "{series}:\n{text}"
        );
    }
    assert!(value(&text, "vod_snapshot_decoder_cpu_seconds_total") > 0.0);
}

#[test]
fn any_number_of_names_that_are_no_action_is_one_series() {
    let bench = bench(&[]);
    let server = &bench.server;
    for number in 0..200 {
        let reply = server.call(&format!("No{number}\n\"}}"), &[]);
        assert_eq!(reply.status, 404);
    }
    let text = metrics(server);
    let calls = text
        .lines()
        .filter(|line| line.starts_with("vod_snapshot_api_calls_total{"));
    let calls: Vec<&str> = calls.collect();
    let expected =
        "vod_snapshot_api_calls_total{action=\"unknown\",code=\"InvalidAction.NotFound\"} 200";
    assert_eq!(calls, [expected]);
}

#[test]
fn web_pages_and_clients_of_a_proxy_get_no_numbers() {
    let bench = bench(&[]);
    let server = &bench.server;
    let host = server.host();
    let own = format!("Host: {host}\r\n");
    assert_eq!(status(&get_with(server, "/metrics", &own)), 200);
    for headers in [
        "Host: evil.example\r\n".to_owned(),
        "Host: [::1].evil.example\r\n".to_owned(),
        format!("{own}Host: evil.example\r\n"),
        format!("{own}Sec-Fetch-Site: cross-site\r\n"),
        format!("{own}Sec-Fetch-Site: same-site\r\n"),
        format!("{own}Origin: https://evil.example\r\n"),
        format!("{own}Origin: null\r\n"),
        format!("{own}X-Forwarded-For: 203.0.113.9\r\n"),
        format!("{own}Forwarded: for=203.0.113.9\r\n"),
    ] {
        let answer = get_with(server, "/metrics", &headers);
        assert!(status(&answer) >= 400, "{headers}{answer}");
        assert!(!answer.contains("vod_snapshot_"), "{headers}{answer}");
    }
    // A page may look whether a server is there; it learns no more.
    let answer = get_with(
        server,
        "/healthz",
        &format!("{own}Sec-Fetch-Site: cross-site\r\n"),
    );
    assert!(
        !answer.to_ascii_lowercase().contains("access-control"),
        "{answer}"
    );
    let answer = get_with(server, "/metrics?Action=GetVideoInfo", &own);
    assert!(
        !answer.contains("vod_snapshot_"),
        "a call is a call: {answer}"
    );
}

#[test]
fn numbers_at_an_address_of_their_own_are_not_at_the_other() {
    let bench = bench(&["--metrics-listen", "127.0.0.1:0"]);
    let server = &bench.server;
    let line = server.log_lines("telling metrics").pop().unwrap();
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let address = line["Address"].as_str().unwrap();
    // Whoever sends nothing, or never ends, holds up nobody.
    let silent: Vec<TcpStream> = (0..40)
        .filter_map(|_| TcpStream::connect(address).ok())
        .map(|mut stream| {
            let _ = stream.write_all(b"GET /metrics HTT");
            stream
        })
        .collect();
    assert_eq!(silent.len(), 40);
    for (path, status) in [
        ("/metrics", 200),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/", 404),
    ] {
        let reply = server.get(&format!("http://{address}{path}"));
        assert_eq!(reply.status, status, "{path}");
    }
    let reply = server.get(&format!("{}/metrics", server.url));
    assert_eq!(reply.status, 404);
}

#[test]
#[cfg_attr(not(promtool), ignore = "needs promtool")]
fn promtool_has_nothing_to_say_of_the_numbers() {
    use std::process::{Command, Stdio};
    let bench = bench(&[]);
    let server = &bench.server;
    let video = server.register(support::bench::clip());
    let job = server.submit(&video, &[("Count", "1")]);
    assert_eq!(server.wait(&job), "Success");
    let mut child = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let text = metrics(server);
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let said = child.wait_with_output().unwrap();
    let words = [said.stdout, said.stderr].concat();
    let words = String::from_utf8(words).unwrap();
    assert!(said.status.success() && words.is_empty(), "{words}");
}
