//! The direction of the arrows between the crates, read from cargo itself.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Each crate of the workspace and the crates of the workspace it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("contract", &[]),
    ("plan", &["contract"]),
    ("colour", &["plan"]),
    ("source", &["plan"]),
    ("bitstream", &["plan"]),
    ("container", &["bitstream", "plan", "source"]),
    ("decoder", &["colour", "plan", "source"]),
    (
        "media",
        &[
            "bitstream",
            "colour",
            "container",
            "decoder",
            "plan",
            "source",
        ],
    ),
    ("artifacts", &["plan"]),
    ("logging", &["contract"]),
    ("webhook", &["contract"]),
    (
        "service",
        &[
            "artifacts",
            "contract",
            "decoder",
            "media",
            "plan",
            "source",
        ],
    ),
    ("embedded", &["service", "source"]),
    (
        "aws",
        &[
            "contract", "logging", "plan", "service", "source", "webhook",
        ],
    ),
    ("submit", &["aws", "contract", "service"]),
    ("worker", &["artifacts", "aws", "decoder", "service"]),
    ("notify", &["aws", "contract", "service", "webhook"]),
    (
        "local",
        &[
            "artifacts",
            "contract",
            "decoder",
            "embedded",
            "logging",
            "plan",
            "service",
            "source",
            "webhook",
        ],
    ),
];

fn metadata(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The crates under `functions/` and the folder of each.
pub(crate) fn crates() -> impl Iterator<Item = (String, PathBuf)> {
    let metadata = metadata(&["--no-deps"]);
    let root = Path::new(metadata["workspace_root"].as_str().unwrap());
    let functions = root.join("functions");
    let packages = metadata["packages"].as_array().unwrap().clone();
    packages.into_iter().filter_map(move |package| {
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        let folder = manifest.parent().unwrap().to_owned();
        let name = package["name"].as_str().unwrap().to_owned();
        folder.starts_with(&functions).then_some((name, folder))
    })
}

/// Workspace crates with the names of what they depend on outside their tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata(&["--no-deps"]);
    let names = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap().iter();
        let shipped = all.filter(|dependency| dependency["kind"] != "dev");
        shipped
            .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|p| (p["name"].as_str().unwrap().to_owned(), names(p)))
        .collect()
}

#[test]
fn arrows_between_crates_go_one_way() {
    let dependencies = dependencies();
    let ours: BTreeSet<&str> = dependencies.keys().map(String::as_str).collect();
    for (name, allowed) in ARROWS {
        let used = &dependencies[*name];
        let used: Vec<_> = used.iter().filter(|d| ours.contains(d.as_str())).collect();
        let wrong: Vec<_> = used
            .iter()
            .filter(|d| !allowed.contains(&d.as_str()))
            .collect();
        assert!(wrong.is_empty(), "{name} must not use {wrong:?}");
    }
    let known: BTreeSet<&str> = ARROWS
        .iter()
        .map(|(name, _)| *name)
        .chain(["promises", "promises-on-aws"])
        .collect();
    assert_eq!(ours, known, "a crate without a place in the house");
}

#[test]
fn no_layer_below_the_outermost_names_an_aws_crate() {
    for (name, used) in dependencies() {
        if ["aws", "submit", "worker", "notify", "promises-on-aws"].contains(&name.as_str()) {
            continue;
        }
        let aws: Vec<_> = used.iter().filter(|d| d.starts_with("aws")).collect();
        assert!(aws.is_empty(), "{name} must not use {aws:?}");
    }
}

#[test]
fn contract_plan_and_colour_do_no_input_or_output() {
    let io = [
        "tokio",
        "reqwest",
        "rusqlite",
        "ffmpeg-sidecar",
        "axum",
        "tempfile",
    ];
    for name in ["contract", "plan", "colour"] {
        let used = &dependencies()[name];
        let found: Vec<_> = used.iter().filter(|d| io.contains(&d.as_str())).collect();
        assert!(found.is_empty(), "{name} must not use {found:?}");
    }
}
