//! What is told of a call that is wrong in several ways: the first in the order of checks.

use crate::gate::{INACTIVE_ID, bench, error, now_ms, signer};
use contract::request::RawRequest;
use contract::signature::Secret;
use contract::signature::client::Signer;

const WRONG: &str = "wrongAccessKeySecret";

/// Everything about this call is wrong; each step sets one thing right.
#[test]
fn each_check_comes_in_its_turn() {
    let server = &bench(&[]).server;
    let bad_count = [("Count", "many"), ("VideoId", crate::gate::NO_VIDEO)];
    let submit = |signer: &Signer| signer.v1("GET", "SubmitSnapshotJob", &bad_count);
    let long_ago = Signer {
        timestamp: "2017-10-10T12:02:54Z".to_owned(),
        secret: Secret::new(WRONG),
        access_key_id: "nobody".to_owned(),
        ..signer()
    };
    let known = Signer {
        access_key_id: crate::gate::ID.to_owned(),
        ..long_ago.clone()
    };
    let timely = Signer::now(crate::gate::ID, &Secret::new(WRONG), now_ms());
    let right = signer();
    let put = RawRequest {
        method: "PUT".to_owned(),
        ..submit(&long_ago)
    };
    let no_action = long_ago.v1("GET", "NoSuchAction", &bad_count);
    let inactive = Signer {
        access_key_id: INACTIVE_ID.to_owned(),
        ..long_ago.clone()
    };
    for (raw, expected) in [
        (put, "UnsupportedHTTPMethod"),
        (no_action, "InvalidAction.NotFound"),
        (submit(&long_ago), "InvalidAccessKeyId.NotFound"),
        (submit(&inactive), "InvalidAccessKeyId.Inactive"),
        (submit(&known), "InvalidTimeStamp.Expired"),
        (submit(&timely), "SignatureDoesNotMatch"),
        (submit(&right), "InvalidParameter"),
        (submit(&right), "SignatureNonceUsed"),
    ] {
        let (_, code, message) = error(&server.send(&raw));
        assert_eq!(code, expected, "{message}");
    }
}
