//! A call, its signature and its command, from any query, body and headers. The input is lines:
//! the method, the query, header lines up to an empty one, and the body.
#![no_main]

use contract::command::{Command, Limits};
use contract::request::{Format, RawRequest, Request};
use contract::signature::Credentials;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let raw = raw(data);
    let _ = Format::of(&raw);
    let Ok(request) = Request::decode(raw) else {
        return;
    };
    let _ = Credentials::of(&request);
    let limits = Limits {
        max_snapshots: 20_000,
    };
    let first = Command::read(&request, &limits);
    assert_eq!(first, Command::read(&request, &limits));
    if let Err(refusal) = first {
        assert!((400..500).contains(&refusal.status()));
        let _ = refusal.render(request.format(), &"id".into(), "host");
    }
});

fn raw(data: &[u8]) -> RawRequest {
    let mut lines = data.splitn(3, |&byte| byte == b'\n');
    let mut text = || String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let (method, raw_query, rest) = (text(), text(), text());
    let (head, body) = rest.split_once("\n\n").unwrap_or((&rest, ""));
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    RawRequest {
        method,
        raw_query,
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: body.as_bytes().to_vec(),
    }
}
