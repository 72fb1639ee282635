use crate::gate::{clip, keys_file, passed, program, signer};
use support::server::{Server, Setup};
use tempfile::TempDir;

/// What a server that does not start says.
fn refusal(arguments: &[&str], keys: Option<&str>) -> String {
    let refusal = support::refused::refusal(&program(), arguments, keys);
    assert_eq!(refusal.status, Some(1));
    refusal.said
}

#[test]
fn without_keys_it_says_what_there_is_to_choose() {
    let said = refusal(&[], None);
    for part in ["--keys", "VOD_SNAPSHOT_KEYS", "--auth none"] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn keys_that_others_may_read_are_refused() {
    let folder = TempDir::new().unwrap();
    for mode in [0o644, 0o640, 0o604] {
        let keys = keys_file(folder.path(), mode);
        let keys = keys.to_str().unwrap();
        let said = refusal(&["--keys", keys], None);
        assert!(said.contains(&format!("chmod 600 {keys}")), "{said}");
    }
}

#[test]
fn no_keys_at_all_on_an_address_of_the_network_is_refused() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        let said = refusal(&["--auth", "none", "--listen", address], None);
        assert!(said.contains("loopback"), "{said}");
    }
    let contradiction = refusal(&["--auth", "none", "--keys", "any"], None);
    assert!(contradiction.contains("has no effect"), "{contradiction}");
}

#[test]
fn keys_that_make_no_sense_are_not_shown() {
    for keys in [
        r#"{"a": "hunter2""#,
        r#""hunter2""#,
        r#"{"a": ["hunter2"]}"#,
    ] {
        let said = refusal(&[], Some(keys));
        assert!(
            said.contains("VOD_SNAPSHOT_KEYS: ") && !said.contains("hunter2"),
            "{said}"
        );
    }
}

#[test]
fn without_authentication_it_warns_and_answers() {
    let folder = TempDir::new().unwrap();
    let server = Server::start(&Setup {
        program: program(),
        data: folder.path().join("data"),
        media_root: clip().parent().unwrap().to_owned(),
        arguments: ["--auth", "none"].map(str::to_owned).to_vec(),
    });
    let warnings = server.log_lines("--auth none");
    assert!(
        warnings.iter().any(|line| line.contains("\"WARN\"")),
        "{warnings:?}"
    );
    assert!(passed(
        &server.call("GetVideoInfo", &[("VideoId", crate::gate::NO_VIDEO)])
    ));
    assert!(
        passed(&server.send(&crate::gate::get(&signer()))),
        "signed is fine too"
    );
}
