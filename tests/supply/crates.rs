//! The rules of `deny.toml`, held against what cargo itself says of the workspace.

use crate::{root, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::OnceLock;
use toml::Table;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn rules() -> Table {
    text(&root().join("deny.toml")).parse().unwrap()
}

/// Texts of a list of the rules.
fn list<'a>(rules: &'a Table, section: &str, name: &str) -> Vec<&'a toml::Value> {
    rules[section][name].as_array().unwrap().iter().collect()
}

fn cargo(arguments: &[&str]) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(arguments).current_dir(root()).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{complaint}");
    String::from_utf8(output.stdout).unwrap()
}

fn targets(rules: &Table) -> Vec<&str> {
    let targets = list(rules, "graph", "targets");
    targets
        .iter()
        .map(|target| target.as_str().unwrap())
        .collect()
}

/// `name v1.2.3` of every package that a build for the rules' targets takes in. `cargo metadata`
/// names more: what features might ask for.
fn used() -> BTreeSet<String> {
    let mut tree = "tree --locked --workspace --prefix none --no-dedupe --edges normal,build,dev"
        .split(' ')
        .collect::<Vec<_>>();
    let rules = rules();
    let targets = targets(&rules);
    tree.extend(targets.iter().flat_map(|target| ["--target", target]));
    let lines = cargo(&tree);
    let of_line = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    lines
        .lines()
        .filter(|line| !line.is_empty())
        .map(of_line)
        .collect()
}

/// Of all that a build takes in, what cargo knows of it.
fn packages() -> &'static Vec<Value> {
    static PACKAGES: OnceLock<Vec<Value>> = OnceLock::new();
    PACKAGES.get_or_init(|| {
        let rules = rules();
        let targets = targets(&rules);
        let mut metadata = vec!["metadata", "--format-version", "1", "--locked"];
        metadata.extend(
            targets
                .iter()
                .flat_map(|target| ["--filter-platform", target]),
        );
        let said = cargo(&metadata);
        let said: Value = serde_json::from_str(&said).unwrap();
        let used = used();
        let version = |package: &Value| package["version"].as_str().unwrap().to_owned();
        let known = said["packages"].as_array().unwrap().iter();
        let known = known.filter(|&p| used.contains(&format!("{} v{}", name(p), version(p))));
        let known: Vec<_> = known.cloned().collect();
        assert_eq!(known.len(), used.len());
        known
    })
}

fn foreign() -> impl Iterator<Item = &'static Value> {
    packages()
        .iter()
        .filter(|package| !package["source"].is_null())
}

fn name(package: &Value) -> &str {
    package["name"].as_str().unwrap()
}

#[test]
fn every_licence_is_one_that_we_allow() {
    let rules = rules();
    let allowed: Vec<_> = list(&rules, "licenses", "allow")
        .iter()
        .map(|text| spdx::Licensee::parse(text.as_str().unwrap()).unwrap())
        .collect();
    for package in packages() {
        let said = package["license"].as_str();
        let said = said.unwrap_or_else(|| panic!("{} has no licence", name(package)));
        let lax = spdx::ParseMode::LAX;
        let expression = spdx::Expression::parse_mode(said, lax).unwrap();
        let met = expression.evaluate(|asked| allowed.iter().any(|one| one.satisfies(asked)));
        assert!(met, "{}: {said}", name(package));
    }
}

#[test]
fn every_crate_is_of_the_registry() {
    assert!(foreign().count() > 100, "the graph was not read");
    for package in foreign() {
        assert_eq!(package["source"], REGISTRY, "{}", name(package));
    }
}

#[test]
fn what_is_banned_is_not_there() {
    let rules = rules();
    for banned in list(&rules, "bans", "deny") {
        let (krate, reason) = (banned["crate"].as_str().unwrap(), &banned["reason"]);
        assert!(
            packages().iter().all(|package| name(package) != krate),
            "{krate}: {reason:?}"
        );
    }
}

/// `0.22` of `0.22.1`, `2` of `2.0.119`.
fn series(version: &str) -> String {
    let mut parts = version.split('.');
    let major = parts.next().unwrap();
    match (major, parts.next()) {
        ("0", Some(minor)) => format!("0.{minor}"),
        _ => major.to_owned(),
    }
}

#[test]
fn two_versions_of_one_crate_have_a_reason_and_each_reason_still_holds() {
    let rules = rules();
    let mut versions: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for package in foreign() {
        let version = series(package["version"].as_str().unwrap());
        versions.entry(name(package)).or_default().insert(version);
    }
    let mut skipped = BTreeSet::new();
    for skip in list(&rules, "bans", "skip") {
        assert!(!skip["reason"].as_str().unwrap().is_empty());
        let (krate, version) = skip["crate"].as_str().unwrap().split_once('@').unwrap();
        let known = versions
            .get(krate)
            .is_some_and(|known| known.len() > 1 && known.contains(version));
        assert!(known, "{krate} {version} is no second version any more");
        skipped.insert((krate, version.to_owned()));
    }
    for (krate, versions) in versions {
        let left = versions
            .iter()
            .filter(|version| !skipped.contains(&(krate, (*version).clone())));
        assert!(left.count() < 2, "{krate} comes in {versions:?}");
    }
}
