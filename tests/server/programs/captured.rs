//! The calls of the vendor's Go, Java and PHP SDKs, byte by byte but for the names of what they are
//! about. Their signatures are checked elsewhere, by the time at which they were made.

use super::{Place, make, video_of};
use contract::request::RawRequest;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};
use support::server::{PATIENCE, Reply, Server};

struct Captured {
    n: String,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
    /// Signed as the vendor asks; some were made wrong on purpose.
    valid: bool,
    /// What was answered when they were captured.
    answered: u64,
}

impl Captured {
    fn of(call: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let headers = call["headers"].as_array().unwrap().iter();
        Self {
            n: text(&call["n"]),
            method: text(&call["method"]),
            target: text(&call["target"]),
            headers: headers
                .map(|header| (text(&header[0]), text(&header[1])))
                .collect(),
            body: text(&call["body"]),
            valid: call["valid"].as_bool().unwrap(),
            answered: call["answered"].as_u64().unwrap(),
        }
    }
}

/// Calls that were refused when they were captured, and are not any more: a parameter that says
/// `null`, and lists of covers, of which there were none.
const ACCEPTED_SINCE: [&str; 4] = ["go-14", "java-05", "java-23", "java-41"];

fn captured() -> Vec<Captured> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/go_java_php.json");
    let calls: Vec<Value> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    calls.iter().map(Captured::of).collect()
}

/// What the calls name, and what stands in its place here.
fn names(place: &Place) -> Vec<(String, String)> {
    let server = &place.server;
    make(&place.path("a.mp4"), 2, "160x90");
    let video = video_of(server, &place.path("a.mp4").display().to_string());
    let sprite = [("Count", "2"), ("SpriteSnapshotConfig", "{}")];
    let job = server.submit(&video, &sprite);
    assert_eq!(server.wait(&job), "Success");
    wait_for_covers(server, &video);
    let config = json!({"SnapshotType": "NormalSnapshot", "SnapshotConfig": {"Count": 1}});
    let config = config.to_string();
    let parameters = [
        ("Name", "n"),
        ("TemplateType", "Snapshot"),
        ("TemplateConfig", &config),
    ];
    let template = server.ok("AddVodTemplate", &parameters)["VodTemplateId"].take();
    let callback = [("CallbackURL", "http://127.0.0.1:9/")];
    let _ = server.ok("SetMessageCallback", &callback);
    let template = template.as_str().unwrap().to_owned();
    let mut names = vec![
        ("fdc0c008f9db49b9acf8a274b00d5b86".to_owned(), video),
        ("cb.example.com".to_owned(), "127.0.0.1".to_owned()),
    ];
    let jobs = [
        "57529af9a83f444f8890417c5e298de8",
        "6b57d6462af24edfa9d1abae02be3792",
        "144a84f90c5a4979a714de3b1ca10472",
    ];
    names.extend(jobs.map(|id| (id.to_owned(), job.clone())));
    let templates = [
        "f8bd49468eba4698899da03dc3507e14",
        "8cf6a45e131c475b8190fa70ce0a6417",
        "704db708463f4f7bb7a40fd57af6a209",
    ];
    names.extend(templates.map(|id| (id.to_owned(), template.clone())));
    // The file, as each language encodes it.
    let media = place.path("a.mp4").display().to_string();
    let media = media.trim_end_matches("/a.mp4");
    for slash in ["%2F", "%5C%2F"] {
        names.push((format!("{slash}tmp{slash}media"), media.replace('/', slash)));
    }
    names
}

fn wait_for_covers(server: &Server, video: &str) {
    let begun = Instant::now();
    while server.call("ListSnapshots", &[("VideoId", video)]).status != 200 {
        assert!(begun.elapsed() < PATIENCE, "no covers come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn request(call: &Captured, names: &[(String, String)]) -> RawRequest {
    let own = |text: &str| {
        let replace = |text: String, (from, to): &(String, String)| text.replace(from, to);
        names.iter().fold(text.to_owned(), replace)
    };
    let query = call.target.split_once('?').map_or("", |(_, query)| query);
    let kept = |(name, _): &&(String, String)| {
        let other = ["host", "content-length", "connection", "expect"];
        !other.contains(&name.to_ascii_lowercase().as_str())
    };
    RawRequest {
        method: call.method.clone(),
        raw_query: own(query),
        headers: call.headers.iter().filter(kept).cloned().collect(),
        body: own(&call.body).into_bytes(),
    }
}

fn check_form(n: &str, raw: &RawRequest, reply: &Reply) {
    let text = String::from_utf8(reply.bytes.clone()).unwrap();
    let is_xml = format!("{}&", raw.raw_query).contains("Format=XML&");
    if is_xml {
        assert_eq!(reply.content_type, "text/xml;charset=utf-8", "{n}");
        assert!(text.contains("<RequestId>"), "{n}: {text}");
    } else {
        assert_eq!(reply.content_type, "application/json;charset=utf-8", "{n}");
        assert!(reply.json()["RequestId"].is_string(), "{n}: {text}");
    }
}

/// The Go SDK could not submit at all.
#[test]
fn every_captured_call_is_answered() {
    let place = Place::start_with(&["--covers", "on"]);
    let names = names(&place);
    let calls = captured();
    assert_eq!(calls.len(), 58);
    for call in calls {
        let raw = request(&call, &names);
        let reply = place.server.send(&raw);
        let text = String::from_utf8_lossy(&reply.bytes).into_owned();
        check_form(&call.n, &raw, &reply);
        // Nobody looks at signatures here.
        let is_accepted = !call.valid || ACCEPTED_SINCE.contains(&call.n.as_str());
        let expected = if is_accepted { 200 } else { call.answered };
        assert_eq!(u64::from(reply.status), expected, "{}: {text}", call.n);
    }
}
