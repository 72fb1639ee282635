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

#[test]
fn the_sources_of_the_layer_are_listed_with_their_hashes_and_licences() {
    let bill: Value = serde_json::from_slice(&bill()).unwrap();
    let components = bill["components"].as_array().unwrap();
    let layer = root().join("functions/ffmpeg-layer/minimal");
    let (sources, toolchain) = (
        text(&layer.join("sources.txt")),
        text(&layer.join("toolchain.txt")),
    );
    let parts = [
        ("ffmpeg", "LGPL-2.1-or-later"),
        ("dav1d", "BSD-2-Clause"),
        ("zlib", "Zlib"),
        ("musl", "MIT"),
    ];
    for (name, licence) in parts {
        let mut named = components.iter().filter(|part| part["name"] == name);
        let part = named.next().unwrap();
        assert!(named.next().is_none(), "twice: {name}");
        assert_eq!(part["licenses"][0]["expression"], licence);
        for hash in part["hashes"].as_array().unwrap() {
            let hash = hash["content"].as_str().unwrap();
            assert!(
                sources.contains(hash) || toolchain.contains(hash),
                "{name}: {hash}"
            );
        }
    }
    let listed = |line: &&str| line.contains(" http");
    for line in sources.lines().filter(listed) {
        let mut words = line.split(' ');
        let (release, hash, address) = (words.next(), words.next(), words.next());
        let (name, version) = release.unwrap().rsplit_once('-').unwrap();
        assert!(
            components.iter().any(|part| {
                part["name"] == name
                    && part["version"] == version
                    && part["hashes"][0]["content"].as_str() == hash
                    && part["externalReferences"][0]["url"].as_str() == address
            }),
            "not listed: {line}"
        );
    }
}
