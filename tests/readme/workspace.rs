//! The crates of the workspace and what they build, as cargo knows them.

use crate::documents::root;
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// One crate.
pub(crate) struct Package {
    pub(crate) name: String,
    /// From the root of the repository, such as `functions/lib/plan`.
    pub(crate) folder: String,
    /// Crates of the workspace that it uses outside of its tests.
    pub(crate) uses: Vec<String>,
    pub(crate) targets: Vec<Target>,
}

/// Something that cargo builds of a crate.
pub(crate) struct Target {
    pub(crate) name: String,
    /// `lib`, `bin`, `test` or `bench`.
    pub(crate) kind: String,
    /// The folder of its sources.
    pub(crate) folder: PathBuf,
}

pub(crate) fn packages() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--offline",
            "--no-deps",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    array(&metadata["packages"]).iter().map(package).collect()
}

fn package(package: &Value) -> Package {
    let manifest = PathBuf::from(text(&package["manifest_path"]));
    let folder = manifest.parent().unwrap();
    let folder = folder.strip_prefix(root().canonicalize().unwrap()).unwrap();
    let shipped = array(&package["dependencies"]).iter();
    let shipped = shipped.filter(|used| used["kind"] != "dev" && used["path"].is_string());
    Package {
        name: text(&package["name"]),
        folder: folder.to_str().unwrap().to_owned(),
        uses: shipped.map(|used| text(&used["name"])).collect(),
        targets: array(&package["targets"]).iter().map(target).collect(),
    }
}

fn target(target: &Value) -> Target {
    let source = PathBuf::from(text(&target["src_path"]));
    Target {
        name: text(&target["name"]),
        kind: text(&target["kind"][0]),
        folder: source.parent().unwrap().to_owned(),
    }
}

fn array(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
