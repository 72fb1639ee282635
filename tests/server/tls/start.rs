use super::program;
use std::path::Path;
use std::process::Command;
use support::refused::{self, Refusal};
use support::tls::Authority;
use tempfile::TempDir;

fn started(arguments: &[&str]) -> Refusal {
    let unsigned = ["--auth", "none", "--listen", "127.0.0.1:0"];
    refused::refusal(&program(), &[&unsigned, arguments].concat(), None)
}

/// What a server says that does not start with these files.
fn refusal(certificate: &Path, key: &Path) -> String {
    let [certificate, key] = [certificate, key].map(|path| path.to_str().unwrap());
    let refusal = started(&["--tls-cert", certificate, "--tls-key", key]);
    assert_eq!(refusal.status, Some(1));
    refusal.said
}

#[test]
fn one_of_the_two_files_is_not_enough() {
    for (given, missing) in [("--tls-cert", "--tls-key"), ("--tls-key", "--tls-cert")] {
        let refusal = started(&[given, "any.pem"]);
        assert_eq!(refusal.status, Some(2));
        assert!(refusal.said.contains(missing), "{}", refusal.said);
    }
}

/// Whether a text contains a secret, as it is or as the list of its bytes.
fn shows(said: &str, secret: &str) -> bool {
    let bytes = format!("{:?}", &secret.as_bytes()[..8]);
    said.contains(secret) || said.contains(bytes.trim_matches(['[', ']']))
}

#[test]
fn what_is_wrong_with_the_files_is_said_without_their_content() {
    let (authority, folder) = (Authority::new(), TempDir::new().unwrap());
    let (own, other) = (authority.issue("own"), authority.issue("other"));
    let path = |name: &str| folder.path().join(name);
    let key = std::fs::read_to_string(&own.key).unwrap();
    let secret = key.lines().nth(1).unwrap();
    std::fs::write(path("empty"), "").unwrap();
    std::fs::write(path("cut"), &key[..key.len() / 2]).unwrap();
    // The head of a section in the middle of the key is what an error of the reader would quote.
    std::fs::write(path("mangled"), format!("-----BEGIN {secret}\n{key}")).unwrap();
    std::fs::write(path("letters"), key.replace(secret, "????")).unwrap();
    let encrypted = path("encrypted");
    let made = Command::new("openssl")
        .args(["pkey", "-aes256", "-passout", "pass:hunter2", "-in"])
        .arg(&own.key)
        .arg("-out")
        .arg(&encrypted)
        .status();
    assert!(made.unwrap().success());
    let (absent, folder) = (path("absent"), folder.path().to_owned());
    let (empty, cut, mangled) = (path("empty"), path("cut"), path("mangled"));
    let letters = path("letters");
    let pem = &own.certificate;
    for (certificate, key, file, fault) in [
        (&absent, &own.key, &absent, "No such file"),
        (pem, &absent, &absent, "No such file"),
        (&folder, &own.key, &folder, "not a regular file"),
        (&empty, &own.key, &empty, "it has no certificate"),
        (&own.key, &own.key, &own.key, "belongs to --tls-key"),
        (pem, &empty, &empty, "it has no private key"),
        (pem, pem, pem, "it has no private key"),
        (pem, &cut, &cut, "not well-formed PEM"),
        (pem, &mangled, &mangled, "not well-formed PEM"),
        (&mangled, &own.key, &mangled, "not well-formed PEM"),
        (pem, &letters, &letters, "not well-formed PEM"),
        (pem, &encrypted, &encrypted, "has a passphrase"),
        (pem, &other.key, &other.key, "does not belong to"),
    ] {
        let said = refusal(certificate, key);
        assert!(said.contains(fault), "{fault}: {said}");
        assert!(said.contains(file.to_str().unwrap()), "{fault}: {said}");
        assert!(!shows(&said, secret), "{fault}: {said}");
    }
}
