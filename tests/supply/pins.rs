//! What is downloaded is what was chosen: a version and a hash for each file.

use crate::{root, text};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Files that are part of the project, by the end of their names.
pub(crate) fn tracked(ending: &str) -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success());
    let names = String::from_utf8(output.stdout).unwrap();
    let names = names.split('\0').filter(|name| name.ends_with(ending));
    names.map(|name| root().join(name)).collect()
}

/// Logical lines, without comments.
fn requirements(file: &Path) -> Vec<String> {
    let joined = text(file).replace("\\\n", " ");
    let lines = joined
        .lines()
        .map(|line| line.split(" #").next().unwrap().trim().to_owned());
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

#[test]
fn every_python_tool_has_a_version_and_a_hash() {
    let files = tracked("requirements.txt");
    assert!(files.len() > 1, "{files:?}");
    for file in files {
        for line in requirements(&file) {
            assert!(
                line.contains("==") && line.contains("--hash=sha256:"),
                "{}: {line}",
                file.display()
            );
        }
    }
}

#[test]
fn every_node_package_has_a_version_and_a_hash() {
    let files = tracked("package-lock.json");
    assert!(!files.is_empty());
    for file in files {
        let lock: Value = serde_json::from_str(&text(&file)).unwrap();
        for (name, package) in lock["packages"].as_object().unwrap() {
            let ours = name.is_empty();
            let hash = package["integrity"].as_str().unwrap_or_default();
            assert!(
                ours || hash.starts_with("sha512-"),
                "{}: {name}",
                file.display()
            );
        }
    }
}

#[test]
fn every_crate_has_a_hash() {
    for file in tracked("Cargo.lock") {
        let lock: toml::Table = text(&file).parse().unwrap();
        for package in lock["package"].as_array().unwrap() {
            let foreign = package.get("source").is_some();
            assert!(
                !foreign || package.get("checksum").is_some(),
                "{}: {package:?}",
                file.display()
            );
        }
    }
}

#[test]
fn the_decoder_has_a_hash_for_each_processor() {
    let pins = text(&root().join("functions/lib/decoder/src/ffmpeg/wheel.rs"));
    for processor in ["x86_64", "aarch64"] {
        assert!(pins.contains(processor), "{processor}");
    }
    let hashes = pins.split('"').filter(|part| part.len() == 64);
    let hashes = hashes.filter(|part| part.chars().all(|c| c.is_ascii_hexdigit()));
    assert!(hashes.count() >= 2);
}
