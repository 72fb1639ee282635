//! What a log tells of the URLs that let callers in.

use std::net::TcpListener;
use std::time::{Duration, Instant};

#[test]
fn a_receiver_s_user_password_and_token_are_in_no_line() {
    let refusing = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let urls = [
        format!("http://SECRET:SECRET@{refusing}/SECRET?token=SECRET#SECRET"),
        "http://SECRET:SEC RET@host/SECRET".to_owned(),
        "SECRET:SECRET@host".to_owned(),
    ];
    let notify = urls.iter().flat_map(|url| ["--notify", url.as_str()]);
    let bench = super::bench(&notify.collect::<Vec<_>>());
    let server = &bench.server;
    let video = server.register(support::bench::clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "64")]);
    assert_eq!(server.wait(&job), "Success");
    let begun = Instant::now();
    while server.log_lines(&job).is_empty() || server.log_lines(&refusing.to_string()).len() < 2 {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "no delivery was tried"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(server.log_lines("SECRET"), [""; 0]);
    assert_eq!(server.log_lines("RET@"), [""; 0]);
}
