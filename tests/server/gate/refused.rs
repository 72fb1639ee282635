use crate::gate::{ACTION, INACTIVE_ID, PARAMETERS, SECRET};
use crate::gate::{bench, error, get, now_ms, passed, post_form, signer, v3};
use contract::request::RawRequest;
use contract::signature::Secret;
use contract::signature::client::Signer;
use support::server::Server;

fn code(server: &Server, raw: &RawRequest) -> (u16, String) {
    let (status, code, _) = error(&server.send(raw));
    (status, code)
}

fn header<'a>(raw: &'a mut RawRequest, name: &str) -> &'a mut String {
    let found = raw.headers.iter_mut().find(|(header, _)| header == name);
    &mut found.unwrap().1
}

/// Another last character.
fn change(text: &mut String) {
    let last = text.pop().unwrap();
    text.push(if last == '0' { '1' } else { '0' });
}

/// The value of a parameter, its last character changed.
fn changed(raw: &RawRequest, name: &str) -> RawRequest {
    let pairs = raw.raw_query.split('&').map(|pair| {
        let mut pair = pair.to_owned();
        if pair.starts_with(&format!("{name}=")) {
            change(&mut pair);
        }
        pair
    });
    let raw_query = pairs.collect::<Vec<_>>().join("&");
    assert_ne!(raw_query, raw.raw_query, "{name}");
    RawRequest {
        raw_query,
        ..raw.clone()
    }
}

fn without(raw: &RawRequest, name: &str) -> RawRequest {
    let prefix = format!("{name}=");
    let pairs = raw.raw_query.split('&');
    let kept: Vec<_> = pairs.filter(|pair| !pair.starts_with(&prefix)).collect();
    RawRequest {
        raw_query: kept.join("&"),
        ..raw.clone()
    }
}

#[test]
fn a_v1_call_with_one_byte_changed_is_answered_with_our_string_to_sign() {
    let server = &bench(&[]).server;
    for name in ["VideoId", "SignatureNonce", "SignatureVersion"] {
        let raw = changed(&get(&signer()), name);
        let (status, code, message) = error(&server.send(&raw));
        assert_eq!((status, code.as_str()), (400, "SignatureDoesNotMatch"));
        let (before, string_to_sign) = message.split_once(':').unwrap();
        assert_eq!(
            before,
            "Specified signature is not matched with our calculation. server string to sign is"
        );
        assert!(string_to_sign.starts_with("GET&%2F&AccessKeyId%3D"));
        let said = raw.raw_query.split('&').find(|pair| pair.starts_with(name));
        let said = said.unwrap().replace('=', "%3D");
        assert!(string_to_sign.contains(&said), "{name}: {message}");
    }
}

#[test]
fn a_wrong_v1_signature_is_told_the_string_to_sign_of_the_client_itself() {
    // By this an old SDK knows that its secret is wrong and not its signing.
    let server = &bench(&[]).server;
    let wrong = Signer {
        secret: Secret::new("hunter2"),
        nonce: "n-1".to_owned(),
        ..signer()
    };
    let (_, code, message) = error(&server.send(&get(&wrong)));
    assert_eq!(code, "SignatureDoesNotMatch");
    let time = wrong.timestamp.replace(':', "%253A");
    let ours = format!(
        "GET&%2F&AccessKeyId%3DtestAccessKeyId%26Action%3DGetVideoInfo%26Format%3DJSON\
         %26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3Dn-1%26SignatureVersion%3D1.0\
         %26Timestamp%3D{time}%26Version%3D2017-03-21\
         %26VideoId%3D00000000000000000000000000000000"
    );
    assert_eq!(message.split_once(':').unwrap().1, ours);
}

#[test]
fn a_form_or_a_v3_call_with_one_byte_changed_does_not_pass() {
    let server = &bench(&[]).server;
    let mismatch = (400, "SignatureDoesNotMatch".to_owned());
    let mut form = post_form(&signer(), ACTION, &PARAMETERS);
    form.body.push(b'0');
    assert_eq!(code(server, &form), mismatch, "the last value of a form");
    let query = changed(&v3(server, &signer()), "VideoId");
    assert_eq!(code(server, &query), mismatch, "the query");
    for name in [
        "x-acs-signature-nonce",
        "authorization",
        "x-acs-content-sha256",
    ] {
        let mut raw = v3(server, &signer());
        change(header(&mut raw, name));
        let (status, code, message) = error(&server.send(&raw));
        assert_eq!((status, code), mismatch, "{name}");
        let start = "Specified signature does not match our calculation. server StringToSign is \
                     [ACS3-HMAC-SHA256\n";
        assert!(message.starts_with(start), "{message}");
        assert!(message.contains("server CanonicalRequest is [POST\n/\nVideoId=0000"));
    }
    let mut body = v3(server, &signer());
    body.body = b"x".to_vec();
    assert_eq!(code(server, &body), mismatch, "a body that was not hashed");
}

#[test]
fn fifteen_minutes_and_no_more_in_both_directions() {
    let server = &bench(&[]).server;
    let minutes = |minutes: i64| {
        let key = Secret::new(SECRET);
        Signer::now(crate::gate::ID, &key, now_ms() + minutes * 60_000)
    };
    for near in [-14, 14] {
        assert!(passed(&server.send(&get(&minutes(near)))), "{near}");
    }
    for far in [-16, 16] {
        for raw in [get(&minutes(far)), v3(server, &minutes(far))] {
            let (status, code, message) = error(&server.send(&raw));
            assert_eq!((status, code.as_str()), (400, "InvalidTimeStamp.Expired"));
            assert_eq!(message, "Specified time stamp or date value is expired.");
        }
    }
    let odd = Signer {
        timestamp: "yesterday".to_owned(),
        ..signer()
    };
    let malformed = (400, "InvalidTimeStamp.Format".to_owned());
    assert_eq!(code(server, &get(&odd)), malformed);
}

#[test]
fn a_nonce_is_good_for_one_call() {
    let server = &bench(&[]).server;
    let calls = [
        get(&signer()),
        post_form(&signer(), ACTION, &PARAMETERS),
        v3(server, &signer()),
    ];
    for raw in calls {
        assert!(passed(&server.send(&raw)));
        let (status, code, message) = error(&server.send(&raw));
        assert_eq!((status, code.as_str()), (400, "SignatureNonceUsed"));
        assert_eq!(message, "Specified signature nonce was used already.");
    }
}

#[test]
fn only_a_signed_call_uses_up_its_nonce() {
    let server = &bench(&[]).server;
    let raw = get(&signer());
    let forged = changed(&raw, "VideoId");
    assert_eq!(code(server, &forged).1, "SignatureDoesNotMatch");
    assert!(passed(&server.send(&raw)));
}

#[test]
fn unknown_and_inactive_keys_are_told_so() {
    let server = &bench(&[]).server;
    let of = |id: &str| Signer {
        access_key_id: id.to_owned(),
        ..signer()
    };
    for raw in [get(&of("nobody")), v3(server, &of("nobody"))] {
        let (status, code, message) = error(&server.send(&raw));
        assert_eq!(
            (status, code.as_str()),
            (404, "InvalidAccessKeyId.NotFound")
        );
        assert_eq!(message, "Specified access key is not found.");
    }
    for raw in [get(&of(INACTIVE_ID)), v3(server, &of(INACTIVE_ID))] {
        let (status, code, message) = error(&server.send(&raw));
        assert_eq!(
            (status, code.as_str()),
            (400, "InvalidAccessKeyId.Inactive")
        );
        assert_eq!(message, "Specified access key is disabled.");
    }
}

#[test]
fn what_is_missing_of_a_signature_is_named() {
    let server = &bench(&[]).server;
    for name in ["AccessKeyId", "Timestamp", "Signature", "SignatureNonce"] {
        let raw = without(&get(&signer()), name);
        let (status, code, message) = error(&server.send(&raw));
        assert_eq!((status, code), (400, format!("Missing{name}")));
        assert_eq!(message, format!("{name} is mandatory for this action."));
    }
    let unsigned = server.call(ACTION, &[("VideoId", crate::gate::NO_VIDEO)]);
    assert_eq!(error(&unsigned).1, "MissingAccessKeyId");
    for (name, expected) in [
        ("authorization", "MissingAccessKeyId"),
        ("x-acs-date", "MissingTimestamp"),
        ("x-acs-signature-nonce", "MissingSignatureNonce"),
        ("x-acs-action", "MissingAction"),
        ("x-acs-version", "MissingVersion"),
        ("x-acs-content-sha256", "IncompleteSignature"),
    ] {
        let mut raw = v3(server, &signer());
        raw.headers.retain(|(header, _)| header != name);
        assert_eq!(code(server, &raw), (400, expected.to_owned()), "{name}");
    }
}

#[test]
fn xml_is_refused_in_xml() {
    let server = &bench(&[]).server;
    let xml = [("Format", "XML"), ("VideoId", crate::gate::NO_VIDEO)];
    let raw = changed(&signer().v1("GET", ACTION, &xml), "VideoId");
    let reply = server.send(&raw);
    let body = String::from_utf8(reply.bytes).unwrap();
    assert_eq!(
        (reply.status, reply.content_type.as_str()),
        (400, "text/xml;charset=utf-8")
    );
    assert!(body.starts_with("<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>"));
    assert!(body.contains("<Code>SignatureDoesNotMatch</Code>"));
    assert!(
        body.contains("server string to sign is:GET&amp;%2F&amp;AccessKeyId%3D"),
        "{body}"
    );
}
