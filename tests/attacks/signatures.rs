//! Signed calls with a twist, and what a refused one costs.

use contract::request::RawRequest;
use contract::signature::Secret;
use contract::signature::client::Signer;
use std::fs::Permissions;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use support::server::{Server, Setup};
use tempfile::TempDir;

const ID: &str = "testAccessKeyId";
const SECRET: &str = "testAccessKeySecret";
const ACTION: &str = "GetVideoInfo";
const PARAMETERS: [(&str, &str); 1] = [("VideoId", "00000000000000000000000000000000")];
const FORM: &str = "application/x-www-form-urlencoded";

/// What a call that passes is told: there is no such video.
const PASSED: &str = "InvalidVideo.NotFound";

struct Bench {
    server: Server,
    folder: TempDir,
}

impl Bench {
    fn new(arguments: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let keys = folder.path().join("keys.json");
        std::fs::write(&keys, serde_json::json!({ ID: SECRET }).to_string()).unwrap();
        std::fs::set_permissions(&keys, Permissions::from_mode(0o600)).unwrap();
        let keys = ["--keys", keys.to_str().unwrap()];
        let server = Server::start(&Setup {
            program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
            data: folder.path().join("data"),
            media_root: folder.path().to_owned(),
            arguments: keys
                .iter()
                .chain(arguments)
                .map(|&a| a.to_owned())
                .collect(),
        });
        Self { server, folder }
    }

    fn nonces(&self) -> usize {
        rows(&self.folder.path().join("data"), "nonces")
    }

    fn v3(&self) -> RawRequest {
        let host = self.server.host();
        signer().v3(host, ACTION, &PARAMETERS).unwrap()
    }

    /// Sends a call as it stands, every header of it, and gives the code of the answer.
    fn code(&self, raw: &RawRequest) -> String {
        let mut stream = TcpStream::connect(self.server.host()).unwrap();
        let patience = Some(Duration::from_secs(20));
        stream.set_read_timeout(patience).unwrap();
        let mut head = format!("{} /?{} HTTP/1.1\r\n", raw.method, raw.raw_query);
        if raw.header("host").is_none() {
            head += &format!("host: {}\r\n", self.server.host());
        }
        for (name, value) in &raw.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("content-length: {}\r\n", raw.body.len());
        head += "connection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&raw.body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let code = answer.split(r#""Code":""#).nth(1);
        let code = code.and_then(|rest| rest.split('"').next());
        code.map_or(answer.clone(), str::to_owned)
    }
}

/// Rows of a table, by another reader of the file.
pub(crate) fn rows(data: &Path, table: &str) -> usize {
    let script = "import sqlite3, sys\n\
        c = sqlite3.connect('file:%s?mode=ro' % sys.argv[1], uri=True)\n\
        print(c.execute('SELECT count(*) FROM ' + sys.argv[2]).fetchone()[0])\n";
    let output = Command::new("python3")
        .args(["-I", "-c", script])
        .arg(data.join("vod-snapshot.db"))
        .arg(table)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = String::from_utf8_lossy(&output.stderr);
    said.trim().parse().unwrap_or_else(|_| panic!("{told}"))
}

fn signer() -> Signer {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now_ms = i64::try_from(since.as_millis()).unwrap();
    Signer::now(ID, &Secret::new(SECRET), now_ms)
}

fn with_header(raw: &RawRequest, name: &str, value: &str) -> RawRequest {
    let mut raw = raw.clone();
    raw.headers.push((name.to_owned(), value.to_owned()));
    raw
}

/// 8,548 throttled calls left 8,548 rows.
#[test]
fn a_refused_call_writes_nothing() {
    let bench = Bench::new(&["--qps", "1"]);
    let call = |signer: &Signer| bench.code(&signer.v1("GET", ACTION, &PARAMETERS));
    let codes: Vec<_> = (0..40).map(|_| call(&signer())).collect();
    let passed = codes.iter().filter(|code| *code == PASSED).count();
    let throttled = codes
        .iter()
        .filter(|code| *code == "Throttling.User")
        .count();
    assert_eq!(passed + throttled, 40, "{codes:?}");
    assert!(passed >= 1 && throttled > 20, "{codes:?}");
    for _ in 0..10 {
        let wrong = Signer {
            secret: Secret::new("guess"),
            ..signer()
        };
        assert_eq!(call(&wrong), "SignatureDoesNotMatch");
        let unknown = Signer {
            access_key_id: "nobody".to_owned(),
            ..signer()
        };
        assert_eq!(call(&unknown), "InvalidAccessKeyId.NotFound");
    }
    assert_eq!(bench.nonces(), passed);
}

/// A throttled call is no used one: the client sends the very same again.
#[test]
fn a_throttled_call_may_come_again_and_a_signed_one_still_passes_once() {
    let bench = Bench::new(&["--qps", "1"]);
    let first = signer().v1("GET", ACTION, &PARAMETERS);
    let second = signer().v1("GET", ACTION, &PARAMETERS);
    assert_eq!(bench.code(&first), PASSED);
    let until_not_throttled = |raw: &RawRequest| loop {
        match bench.code(raw) {
            code if code == "Throttling.User" => std::thread::sleep(Duration::from_millis(100)),
            code => break code,
        }
    };
    assert_eq!(until_not_throttled(&second), PASSED);
    for used in [&first, &second] {
        assert_eq!(until_not_throttled(used), "SignatureNonceUsed");
    }
}

#[test]
fn a_nonce_with_a_comma_is_not_new_again_as_two_headers() {
    let bench = Bench::new(&[]);
    let odd = Signer {
        nonce: "n1,n2".to_owned(),
        ..signer()
    };
    let host = bench.server.host();
    let once = odd.v3(host, ACTION, &PARAMETERS).unwrap();
    let mut twice = once.clone();
    twice
        .headers
        .retain(|(name, _)| name != "x-acs-signature-nonce");
    let twice = with_header(&twice, "x-acs-signature-nonce", "n1");
    let twice = with_header(&twice, "x-acs-signature-nonce", "n2");
    assert_eq!(bench.code(&once), "InvalidParameter");
    assert_eq!(bench.code(&twice), "InvalidParameter");
    assert_eq!(bench.nonces(), 0);
}

#[test]
fn a_header_that_is_acted_upon_comes_once() {
    let bench = Bench::new(&[]);
    let raw = bench.v3();
    let repeated: Vec<_> = raw.headers.clone();
    assert!(repeated.len() >= 7, "{repeated:?}");
    for (name, value) in &repeated {
        let refused = bench.code(&with_header(&raw, name, value));
        // Of two hosts the HTTP library may have heard first.
        assert!(
            refused == "InvalidParameter" || refused.starts_with("HTTP/1.1 400"),
            "{name}: {refused}"
        );
    }
    let other = with_header(
        &signer().v1("GET", ACTION, &PARAMETERS),
        "x-acs-action",
        "DeleteImage",
    );
    assert_eq!(bench.code(&other), "InvalidParameter");
    // None of them used the call up.
    assert_eq!(bench.code(&raw), PASSED);
}

#[test]
fn nobody_on_the_way_decides_whether_a_body_is_read() {
    let bench = Bench::new(&[]);
    // The query names no video: its body would, were it read.
    let silent = signer().v3(bench.server.host(), ACTION, &[]).unwrap();
    let with_type = with_header(&silent, "content-type", FORM);
    let with_body = RawRequest {
        body: b"VideoId=v".to_vec(),
        ..with_type.clone()
    };
    assert_eq!(bench.code(&with_body), "IncompleteSignature");
    assert_eq!(bench.code(&with_type), "MissingParameter", "it has no body");
}

#[test]
fn a_parameter_comes_once_wherever_it_stands() {
    let bench = Bench::new(&[]);
    let raw = signer().v1("POST", ACTION, &PARAMETERS);
    for pair in ["Signature=x", "VideoId=x", "Action=x", "SignatureNonce=x"] {
        let mut query = raw.clone();
        query.raw_query = format!("{pair}&{}", raw.raw_query);
        assert_eq!(
            bench.code(&query),
            "InvalidParameter",
            "{pair} in the query"
        );
        let mut body = with_header(&raw, "content-type", FORM);
        body.body = pair.as_bytes().to_vec();
        assert_eq!(bench.code(&body), "InvalidParameter", "{pair} in the body");
    }
    assert_eq!(bench.code(&raw), PASSED);
}
