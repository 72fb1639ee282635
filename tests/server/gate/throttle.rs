use crate::gate::{ID, OTHER_ID, OTHER_SECRET, SECRET, bench, error, get, now_ms, passed};
use contract::signature::Secret;
use contract::signature::client::Signer;

#[test]
fn calls_beyond_the_limit_are_told_when_to_come_again() {
    // One a second: 60 calls would have to take a minute for all of them to pass.
    let server = &bench(&["--qps", "1"]).server;
    let call = |id: &str, secret: &str| {
        let signer = Signer::now(id, &Secret::new(secret), now_ms());
        server.send(&get(&signer))
    };
    let replies: Vec<_> = (0..60).map(|_| call(ID, SECRET)).collect();
    assert!(passed(&replies[0]));
    let throttled: Vec<_> = replies.iter().filter(|reply| !passed(reply)).collect();
    assert!(!throttled.is_empty());
    for reply in &throttled {
        let (status, code, message) = error(reply);
        assert_eq!((status, code.as_str()), (400, "Throttling.User"));
        assert_eq!(message, "Request was denied due to user flow control.");
        assert!((1..=1000).contains(&reply.retry_after_ms.unwrap()));
    }
    assert!(passed(&call(OTHER_ID, OTHER_SECRET)), "another key's calls");
    // Somebody who only knows the id takes none of its calls.
    assert_eq!(error(&call(OTHER_ID, "guess")).1, "SignatureDoesNotMatch");
}

#[test]
fn thirty_at_once_pass_by_default() {
    let server = &bench(&[]).server;
    for _ in 0..30 {
        let signer = Signer::now(ID, &Secret::new(SECRET), now_ms());
        assert!(passed(&server.send(&get(&signer))));
    }
}

#[test]
fn none_is_no_limit() {
    let server = &bench(&["--qps", "0"]).server;
    for _ in 0..100 {
        let signer = Signer::now(ID, &Secret::new(SECRET), now_ms());
        assert!(passed(&server.send(&get(&signer))));
    }
}
