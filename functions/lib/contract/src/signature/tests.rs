use super::client::Signer;
use super::*;
use crate::request::RawRequest;
use serde::Deserialize;
use sha2::Digest;
use std::collections::BTreeMap;
use std::path::Path;

/// One call of an official SDK, as captured.
#[derive(Deserialize)]
struct Captured {
    file: String,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
    secret: String,
    access_key_id: String,
    string_to_sign: String,
    /// Some were captured from an SDK that signs otherwise than it sends.
    #[serde(default = "valid")]
    valid: bool,
}

fn valid() -> bool {
    true
}

impl Captured {
    fn raw(&self) -> RawRequest {
        RawRequest {
            method: self.method.clone(),
            raw_query: self
                .target
                .split_once('?')
                .map_or("", |(_, query)| query)
                .to_owned(),
            headers: self.headers.clone(),
            body: self.body.clone().into_bytes(),
        }
    }
}

/// The captures are large and lie with the suites.
fn captured_in(file: &str) -> Vec<Captured> {
    let folder = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../tests/vectors"
    ));
    let bytes = std::fs::read(folder.join(file)).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Of Node and Python, by both schemes.
fn captured() -> Vec<Captured> {
    captured_in("node_python.json")
}

/// Verified at the time that the call itself names.
fn check(raw: RawRequest, secret: &str) -> Result<(), ApiError> {
    let request = Request::decode(raw)?;
    let now_ms = unix_ms(Credentials::of(&request)?.timestamp()).unwrap_or_default();
    verify(&request, &Secret::new(secret), now_ms)
}

#[test]
fn every_captured_call_of_the_sdks_verifies() {
    let more = captured_in("go_java_php.json");
    let more = more.into_iter().filter(|call| call.valid);
    for call in captured().into_iter().chain(more) {
        assert_eq!(check(call.raw(), &call.secret), Ok(()), "{}", call.file);
        let request = Request::decode(call.raw()).unwrap();
        let credentials = Credentials::of(&request).unwrap();
        assert_eq!(credentials.access_key_id(), call.access_key_id);
        assert!(!credentials.nonce().is_empty());
        // An error repeats the string to sign, which an SDK compares with its own.
        let refused = check(call.raw(), "another secret").unwrap_err();
        assert_eq!(refused.code(), "SignatureDoesNotMatch");
        match credentials.scheme() {
            Scheme::V1 => assert_eq!(
                refused.message().split_once(':').unwrap().1,
                call.string_to_sign,
                "{}",
                call.file
            ),
            Scheme::V3 => assert!(refused.message().contains(&call.string_to_sign)),
        }
    }
}

#[test]
fn no_captured_call_verifies_with_one_byte_changed() {
    for call in captured() {
        for at in 0..call.target.len() + call.body.len() {
            let Some(changed) = changed(&call, at) else {
                continue;
            };
            assert!(
                check(changed, &call.secret).is_err(),
                "{} at {at}",
                call.file
            );
        }
        for header in signed_headers(&call) {
            let mut changed = call.raw();
            changed.headers[header].1.push('x');
            assert!(
                check(changed, &call.secret).is_err(),
                "{} {header}",
                call.file
            );
        }
    }
}

/// The call with the byte at `at`, of target and body, replaced; none where the change means
/// nothing: both spell the same call.
fn changed(call: &Captured, at: usize) -> Option<RawRequest> {
    let (target, body) = (call.target.as_bytes(), call.body.as_bytes());
    let mut bytes = [target, body].concat();
    bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
    let changed = String::from_utf8(bytes).ok()?;
    let (target, body) = changed.split_at(target.len());
    let raw_query = target
        .split_once('?')
        .map_or("", |(_, query)| query)
        .to_owned();
    let raw = RawRequest {
        raw_query,
        body: body.as_bytes().to_vec(),
        ..call.raw()
    };
    (raw != call.raw()).then_some(raw)
}

fn signed_headers(call: &Captured) -> Vec<usize> {
    let request = Request::decode(call.raw()).unwrap();
    let signed = Credentials::of(&request).unwrap().signed_headers.to_owned();
    let named = |name: &str| {
        signed
            .split(';')
            .any(|signed| signed.eq_ignore_ascii_case(name))
    };
    (0..call.headers.len())
        .filter(|&at| named(&call.headers[at].0))
        .collect()
}

fn v1(method: &str, secret: &str, parameters: &[(&str, &str)]) -> String {
    let all: BTreeMap<_, _> = parameters
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect();
    super::v1::sign(
        &super::v1::string_to_sign(method, &all),
        &Secret::new(secret),
    )
}

#[test]
fn the_documented_v1_examples_hold() {
    let play_auth = [
        ("AccessKeyId", "testAccessKeyId"),
        ("Action", "GetVideoPlayAuth"),
        ("Format", "JSON"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", "8f8a035d-6496-4268-afd4-67c22837e38d"),
        ("SignatureVersion", "1.0"),
        ("Timestamp", "2017-10-10T12:02:54Z"),
        ("Version", "2017-03-21"),
        ("VideoId", "5aed81b74ba84920be578cdfe004af4b"),
    ];
    let secret = "testAccessKeySecret";
    assert_eq!(
        v1("GET", secret, &play_auth),
        "Ibgh7y8Vp47LBuAsf5Xhi1SvDss="
    );
    assert_eq!(
        v1("POST", secret, &play_auth),
        "4jdw27LRQ5BnH77NLPKwxuD7t8w="
    );
    let common = [
        ("AccessKeyId", "testid"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("Version", "2014-05-26"),
    ];
    let hosts = [
        ("Action", "DescribeDedicatedHosts"),
        ("Format", "JSON"),
        ("RegionId", "cn-beijing"),
        ("SignatureNonce", "edb2b34af0af9a6d14deaf7c1a5315eb"),
        ("Timestamp", "2023-03-13T08:34:30Z"),
    ];
    let hosts = [&common[..], &hosts].concat();
    assert_eq!(
        v1("GET", "testsecret", &hosts),
        "9NaGiOspFP5UPcwX8Iwt2YJXXuk="
    );
    let regions = [
        ("Action", "DescribeRegions"),
        ("Format", "XML"),
        ("SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"),
        ("Timestamp", "2016-02-23T12:46:24Z"),
    ];
    let regions = [&common[..], &regions].concat();
    assert_eq!(
        v1("GET", "testsecret", &regions),
        "OLeaidS1JvxuMvnyHOwuJ+uX5qY="
    );
}

#[test]
fn the_documented_v3_example_holds() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let headers = [
        ("host", "ecs.cn-shanghai.aliyuncs.com"),
        ("x-acs-action", "RunInstances"),
        ("x-acs-content-sha256", empty),
        ("x-acs-date", "2023-10-26T10:22:32Z"),
        ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
        ("x-acs-version", "2014-05-26"),
    ];
    let raw = RawRequest {
        method: "POST".to_owned(),
        raw_query:
            "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
                .to_owned(),
        headers: headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
        body: Vec::new(),
    };
    let signed = headers.map(|(name, _)| name).join(";");
    let canonical_headers = super::v3::canonical_headers(&raw, &signed).unwrap();
    let canonical =
        super::v3::canonical_request(&raw, "/", &canonical_headers, &signed, empty).unwrap();
    let string_to_sign = super::v3::string_to_sign(&canonical);
    assert_eq!(
        string_to_sign,
        "ACS3-HMAC-SHA256\n7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
    );
    assert_eq!(
        super::v3::sign(&string_to_sign, &Secret::new("YourAccessKeySecret")),
        "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    );
}

const NOW_MS: i64 = 1_700_000_000_000;

fn signer() -> Signer {
    Signer::now("key", &Secret::new("secret"), NOW_MS)
}

fn code(raw: RawRequest, now_ms: i64) -> String {
    let request = Request::decode(raw).unwrap();
    let checked = verify(&request, &Secret::new("secret"), now_ms);
    checked.map_or_else(|error| error.code().to_owned(), |()| "ok".to_owned())
}

#[test]
fn what_is_signed_here_verifies_here() {
    let parameters = [("VideoId", "a b*~"), ("Empty", ""), ("SecurityToken", "t=")];
    for raw in [
        signer().v1("GET", "GetVideoInfo", &parameters),
        signer().v1("POST", "GetVideoInfo", &parameters),
        signer().v3("host:80", "GetVideoInfo", &parameters).unwrap(),
    ] {
        assert_eq!(code(raw.clone(), NOW_MS), "ok");
        let mut more = raw.clone();
        more.raw_query.push_str("&OwnerId=");
        assert_eq!(
            code(more, NOW_MS),
            "SignatureDoesNotMatch",
            "an empty parameter is signed too"
        );
        let other = RawRequest {
            method: if raw.method == "GET" { "POST" } else { "GET" }.to_owned(),
            ..raw
        };
        assert_eq!(
            code(other, NOW_MS),
            "SignatureDoesNotMatch",
            "the method is signed"
        );
    }
}

#[test]
fn fifteen_minutes_either_way_are_near_enough() {
    let raw = || signer().v1("GET", "GetVideoInfo", &[]);
    for away in [-WINDOW_MS, WINDOW_MS] {
        assert_eq!(code(raw(), NOW_MS + away), "ok");
        assert_eq!(
            code(raw(), NOW_MS + away + away.signum()),
            "InvalidTimeStamp.Expired"
        );
    }
    let odd = Signer {
        timestamp: "2023-11-14".to_owned(),
        ..signer()
    };
    assert_eq!(
        code(odd.v1("GET", "GetVideoInfo", &[]), NOW_MS),
        "InvalidTimeStamp.Format"
    );
    assert_eq!(
        code(odd.v3("h", "GetVideoInfo", &[]).unwrap(), NOW_MS),
        "InvalidTimeStamp.Format"
    );
}

#[test]
fn what_is_missing_is_named() {
    let without = |name: &str| {
        let mut raw = signer().v1("GET", "GetVideoInfo", &[]);
        let kept = raw
            .raw_query
            .split('&')
            .filter(|pair| !pair.starts_with(&format!("{name}=")));
        raw.raw_query = kept.collect::<Vec<_>>().join("&");
        code(raw, NOW_MS)
    };
    assert_eq!(without("AccessKeyId"), "MissingAccessKeyId");
    assert_eq!(without("Timestamp"), "MissingTimestamp");
    assert_eq!(without("Signature"), "MissingSignature");
    assert_eq!(without("SignatureNonce"), "MissingSignatureNonce");
    let other_method = [("SignatureMethod", "HMAC-SHA256")];
    assert_eq!(
        code(signer().v1("GET", "GetVideoInfo", &other_method), NOW_MS),
        "InvalidSignatureMethod"
    );
}

#[test]
fn a_nonce_with_a_comma_would_be_new_again_as_two_headers() {
    let nonce = "n1,n2";
    let signer = Signer {
        nonce: nonce.to_owned(),
        ..signer()
    };
    let once = signer.v3("h", "GetVideoInfo", &[]).unwrap();
    let mut twice = once.clone();
    for (name, value) in &mut twice.headers {
        if name == "x-acs-signature-nonce" {
            *value = "n1".to_owned();
        }
    }
    let at = twice
        .headers
        .iter()
        .position(|(name, _)| name == "x-acs-version");
    let second = ("X-Acs-Signature-Nonce".to_owned(), "n2".to_owned());
    twice.headers.insert(at.unwrap(), second);
    let refused = Request::decode(twice).unwrap_err();
    assert_eq!(
        refused.message(),
        "The specified parameter \"x-acs-signature-nonce\" is not valid. It is given twice."
    );
    assert_eq!(code(once, NOW_MS), "InvalidParameter");
    for odd in ["a b", "a\u{e9}", "a\tb"] {
        let signer = Signer {
            nonce: odd.to_owned(),
            ..signer.clone()
        };
        let raw = signer.v1("GET", "GetVideoInfo", &[]);
        assert_eq!(code(raw, NOW_MS), "InvalidParameter", "{odd:?}");
    }
}

#[test]
fn whether_a_body_is_read_is_signed() {
    let form = "application/x-www-form-urlencoded";
    let signed_with_body = |content_type: Option<&str>, covered: bool| {
        let mut raw = signer().v3("h", "GetVideoInfo", &[]).unwrap();
        let fixed = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;\
                     x-acs-version";
        raw.body = b"VideoId=v".to_vec();
        let hash = hex::encode(sha2::Sha256::digest(&raw.body));
        raw.headers.retain(|(name, _)| name != "authorization");
        for (name, value) in &mut raw.headers {
            if name == "x-acs-content-sha256" {
                value.clone_from(&hash);
            }
        }
        if let Some(text) = content_type {
            raw.headers
                .push(("Content-Type".to_owned(), text.to_owned()));
        }
        let first = if covered { "content-type;" } else { "" };
        let signed = format!("{first}{fixed}");
        let authorization = signer().authorization((&raw, "/"), &signed, &hash).unwrap();
        raw.headers
            .push(("authorization".to_owned(), authorization));
        raw
    };
    let set = |raw: &RawRequest, text: &str| {
        let mut raw = raw.clone();
        raw.headers.retain(|(name, _)| name != "Content-Type");
        raw.headers
            .push(("content-type".to_owned(), text.to_owned()));
        code(raw, NOW_MS)
    };
    let covered = signed_with_body(Some(form), true);
    assert_eq!(code(covered.clone(), NOW_MS), "ok");
    assert_eq!(set(&covered, "application/json"), "SignatureDoesNotMatch");
    // Signed as a body that means nothing: it must not become parameters on the way.
    let silent = signed_with_body(None, false);
    assert_eq!(code(silent.clone(), NOW_MS), "ok");
    assert_eq!(set(&silent, form), "IncompleteSignature");
    assert_eq!(
        code(signed_with_body(Some(form), false), NOW_MS),
        "IncompleteSignature"
    );
    // Without a body it decides nothing, and some clients add it after they signed.
    let mut empty = signer().v3("h", "GetVideoInfo", &[]).unwrap();
    empty
        .headers
        .push(("content-type".to_owned(), form.to_owned()));
    assert_eq!(code(empty, NOW_MS), "ok");
}

#[test]
fn a_nonce_is_short_enough_to_be_kept() {
    let of = |bytes| Signer {
        nonce: "n".repeat(bytes),
        ..signer()
    };
    assert_eq!(code(of(128).v1("GET", "GetVideoInfo", &[]), NOW_MS), "ok");
    assert_eq!(
        code(of(129).v1("GET", "GetVideoInfo", &[]), NOW_MS),
        "InvalidParameter"
    );
}

#[test]
fn a_v1_signature_does_not_cover_headers_so_they_name_no_action() {
    let mut raw = signer().v1("GET", "GetVideoInfo", &[]);
    raw.raw_query = raw.raw_query.replace("Action=GetVideoInfo&", "");
    raw.headers = vec![("x-acs-action".to_owned(), "DeleteImage".to_owned())];
    assert_eq!(code(raw, NOW_MS), "MissingAction");
}

fn with_authorization(authorization: &str) -> RawRequest {
    let mut raw = signer().v3("h", "GetVideoInfo", &[]).unwrap();
    for (name, value) in &mut raw.headers {
        if name == "authorization" {
            authorization.clone_into(value);
        }
    }
    raw
}

#[test]
fn a_v3_signature_must_cover_what_is_acted_upon() {
    let names =
        "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
    let code_of = |signed: &str| {
        let text = format!("ACS3-HMAC-SHA256 Credential=key,SignedHeaders={signed},Signature=0");
        code(with_authorization(&text), NOW_MS)
    };
    assert_eq!(code_of(names), "SignatureDoesNotMatch");
    assert_eq!(code_of("host"), "IncompleteSignature");
    assert_eq!(
        code_of(&names.replace("x-acs-date;", "")),
        "IncompleteSignature"
    );
    assert_eq!(code_of(&format!("{names};absent")), "IncompleteSignature");
    assert_eq!(code_of(&format!("{names};host")), "IncompleteSignature");
    let malformed = [
        "ACS3-HMAC-SHA256",
        "ACS3-HMAC-SHA256 Credential=key",
        "ACS3-HMAC-SHA256 ,=,",
        "ACS3-HMAC-SHA256 Credential=key,Credential=other,SignedHeaders=host,Signature=0",
        "ACS3-HMAC-SHA256 Credential=key,SignedHeaders=host,Signature=0,Signature=1",
    ];
    for text in malformed {
        assert_eq!(
            code(with_authorization(text), NOW_MS),
            "IncompleteSignature",
            "{text}"
        );
    }
    let text = format!("ACS3-HMAC-SM3 Credential=key,SignedHeaders={names},Signature=0");
    assert_eq!(
        code(with_authorization(&text), NOW_MS),
        "InvalidSignatureMethod"
    );
}

#[test]
fn the_body_must_be_the_one_that_was_hashed() {
    let mut raw = signer().v3("h", "GetVideoInfo", &[]).unwrap();
    assert_eq!(code(raw.clone(), NOW_MS), "ok");
    raw.body = b"x".to_vec();
    assert_eq!(code(raw, NOW_MS), "SignatureDoesNotMatch");
}

#[test]
fn a_secret_never_shows() {
    let shown = format!(
        "{:?} {:?}",
        Secret::new("hidden"),
        Signer::now("key", &Secret::new("hidden"), 0)
    );
    assert!(!shown.contains("hidden"), "{shown}");
}

/// A V3 call to `path` that is signed as one of `uri`.
fn to_path(path: &str, uri: &str) -> RawRequest {
    let mut raw = signer().v3("h", "GetVideoInfo", &[]).unwrap();
    let (_, authorization) = raw.headers.pop().unwrap();
    let (start, _) = authorization.rsplit_once('=').unwrap();
    let signed = start.split("SignedHeaders=").nth(1).unwrap();
    let signed = signed.split(',').next().unwrap();
    let headers = v3::canonical_headers(&raw, signed).unwrap();
    let empty = hex::encode(sha2::Sha256::digest(b""));
    let canonical = v3::canonical_request(&raw, uri, &headers, signed, &empty).unwrap();
    let signature = v3::sign(&v3::string_to_sign(&canonical), &signer().secret);
    let authorization = format!("{start}={signature}");
    raw.headers
        .push(("authorization".to_owned(), authorization));
    raw.at(path)
}

/// They were taken for calls of `/`, whatever their signature said.
#[test]
fn a_signature_over_another_path_is_refused() {
    for (path, uri) in [
        ("/", "/"),
        ("", "/"),
        ("/vod/", "/"),
        ("/vod/", "/vod/"),
        ("//", "//"),
        ("//", "/"),
        ("/a%20b/%E4%B8%AD", "/a%20b/%E4%B8%AD"),
        // A gateway may have decoded it.
        ("/a b/\u{4e2d}", "/a%20b/%E4%B8%AD"),
        // As Python signs it, and as Java and Node do.
        ("/a+b*c~", "/a+b*c~"),
        ("/a+b*c~", "/a%20b%2Ac~"),
        ("/a+b*c~", "/a%2Bb%2Ac~"),
    ] {
        assert_eq!(code(to_path(path, uri), NOW_MS), "ok", "{path} as {uri}");
    }
    for (path, uri) in [("/", "/vod/"), ("/vod/", "/vod"), ("/vod/", "")] {
        let refused = code(to_path(path, uri), NOW_MS);
        assert_eq!(refused, "SignatureDoesNotMatch", "{path} as {uri}");
    }
}

#[test]
fn a_refused_signature_shows_the_path_that_was_asked_for() {
    let raw = to_path("/vod/a%20b", "/x");
    let request = Request::decode(raw).unwrap();
    let refused = verify(&request, &signer().secret, NOW_MS).unwrap_err();
    let message = refused.message();
    assert!(message.contains("POST\n/vod/a%20b\n"), "{message}");
}
