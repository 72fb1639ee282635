use super::server;
use std::path::Path;
use std::time::{Duration, Instant};
use support::server::{PATIENCE, Server};
use support::tls::{Authority, Identity, get};
use tempfile::TempDir;

fn replace(identity: &Identity, by: &Identity) {
    std::fs::copy(&by.certificate, &identity.certificate).unwrap();
    std::fs::copy(&by.key, &identity.key).unwrap();
}

/// Sends SIGHUP, and waits for what the server says of it.
fn reload(server: &Server, times: usize) -> String {
    server.signal("-HUP");
    let begun = Instant::now();
    loop {
        let lines = server.log_lines("SIGHUP");
        if lines.len() == times {
            return lines.last().unwrap().clone();
        }
        assert!(begun.elapsed() < PATIENCE, "{lines:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn is_trusted(server: &Server, authority: &Path) -> bool {
    get(authority, &format!("{}/openapi.json", server.url)).is_ok()
}

#[test]
fn a_hangup_brings_the_new_certificate_and_a_broken_one_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let [old, new] = [Authority::new(), Authority::new()];
    let identity = old.issue("server");
    let server = server(&folder, &old, &identity, &[]);
    let (old, authority) = (old.certificate(), new.certificate());
    assert!(is_trusted(&server, &old) && !is_trusted(&server, &authority));
    // From here on this client has a connection.
    assert_eq!(server.call("ListVodTemplate", &[]).status, 400);
    let next = new.issue("server");
    replace(&identity, &next);
    assert!(
        is_trusted(&server, &old),
        "nothing is read without a signal"
    );
    let said = reload(&server, 1);
    assert!(said.contains("\"INFO\""), "{said}");
    assert!(!is_trusted(&server, &old) && is_trusted(&server, &authority));
    // Who was connected stays so.
    assert_eq!(server.call("ListVodTemplate", &[]).status, 400);

    let key = std::fs::read_to_string(&next.key).unwrap();
    let secret = key.lines().nth(1).unwrap();
    let other = new.issue("other");
    for (fault, certificate, key) in [
        ("does not belong to", &next.certificate, &other.key),
        (
            "has no certificate, but a private key",
            &next.key,
            &next.key,
        ),
    ] {
        std::fs::copy(certificate, &identity.certificate).unwrap();
        std::fs::copy(key, &identity.key).unwrap();
        let times = server.log_lines("SIGHUP").len() + 1;
        let said = reload(&server, times);
        assert!(said.contains("\"WARN\"") && said.contains(fault), "{said}");
        assert!(!said.contains(secret), "{said}");
        assert!(is_trusted(&server, &authority), "{fault}");
    }
    std::fs::remove_file(&identity.key).unwrap();
    std::fs::copy(&other.certificate, &identity.certificate).unwrap();
    let said = reload(&server, 4);
    assert!(said.contains("No such file"), "{said}");
    assert!(is_trusted(&server, &authority));
    replace(&identity, &other);
    let said = reload(&server, 5);
    assert!(said.contains("\"INFO\""), "{said}");
    assert!(is_trusted(&server, &authority));
}
