//! The bill of materials of a release names all that is built into it, once.

use crate::{root, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

fn bill() -> Vec<u8> {
    let output = Command::new("python3")
        .args(["-I", ".ci/sbom"])
        .env("CARGO", env!("CARGO"))
        .current_dir(root())
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{complaint}");
    output.stdout
}

/// SHA-256 of every package of the lock, by name and version.
fn locked() -> BTreeMap<(String, String), Option<String>> {
    let lock: toml::Table = text(&root().join("Cargo.lock")).parse().unwrap();
    let field = |package: &toml::Value, name: &str| {
        let value = package.get(name).and_then(toml::Value::as_str);
        value.map(str::to_owned)
    };
    let packages = lock["package"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let key = (
                field(package, "name").unwrap(),
                field(package, "version").unwrap(),
            );
            (key, field(package, "checksum"))
        })
        .collect()
}

/// What cargo says that the released packages are built from.
fn built() -> BTreeSet<(String, String)> {
    let arguments = "tree --locked --prefix none --no-dedupe --edges normal,build --package local \
                     --package submit --package worker --package notify \
                     --target x86_64-unknown-linux-gnu --target aarch64-unknown-linux-gnu";
    let output = Command::new(env!("CARGO"))
        .args(arguments.split_whitespace())
        .current_dir(root())
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let words = lines.lines().filter(|line| !line.is_empty()).map(|line| {
        let mut words = line.split(' ');
        (words.next().unwrap(), words.next().unwrap())
    });
    words
        .map(|(name, version)| (name.to_owned(), version.trim_start_matches('v').to_owned()))
        .collect()
}

#[test]
fn every_package_of_a_release_is_listed_once_with_its_licence_and_hash() {
    let bytes = bill();
    assert_eq!(bytes, bill(), "the same commit gives the same bytes");
    let bill: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(
        (&bill["bomFormat"], &bill["specVersion"]),
        (&"CycloneDX".into(), &"1.5".into())
    );
    let (locked, mut left) = (locked(), built());
    assert!(left.len() > 200, "the tree was not read");
    let mut references = BTreeSet::new();
    for component in bill["components"].as_array().unwrap() {
        let field = |name: &str| component[name].as_str().unwrap().to_owned();
        assert!(references.insert(field("bom-ref")), "twice: {component}");
        let licence = component["licenses"][0]["expression"].as_str().unwrap();
        assert!(spdx::Expression::parse(licence).is_ok(), "{component}");
        let hash = component["hashes"][0]["content"].as_str();
        if !field("purl").starts_with("pkg:cargo/") {
            assert_eq!(hash.unwrap().len(), 64);
            continue;
        }
        let key = (field("name"), field("version"));
        assert!(left.remove(&key), "not built, or twice: {component}");
        // Our own have none.
        assert_eq!(hash, locked[&key].as_deref(), "{component}");
    }
    assert!(left.is_empty(), "not listed: {left:?}");
    for dependency in bill["dependencies"].as_array().unwrap() {
        for name in dependency["dependsOn"].as_array().unwrap() {
            assert!(references.contains(name.as_str().unwrap()), "{name}");
        }
    }
}
