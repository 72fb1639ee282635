//! docs/compatibility.md leaves out nothing that the vendor's typed SDK has.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use support::clients::Runtime;

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/compatibility.md");
    std::fs::read_to_string(path).unwrap()
}

/// Name, word and note of each row.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text.lines().filter(|line| line.starts_with("| "));
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
}

/// What the SDK knows of these actions.
fn known(actions: &[&str]) -> Value {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    let mut command = Runtime::Python.interpreter(None);
    let output = command
        .arg(here.join("vendor_fields.py"))
        .args(actions)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn names(list: &Value) -> BTreeSet<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|name| name.as_str().unwrap()).collect()
}

#[test]
fn every_parameter_and_field_of_the_vendor_s_sdk_is_in_the_document() {
    let text = document();
    let links = text.split("| [").skip(1);
    let actions: Vec<_> = links.map(|rest| rest.split(']').next().unwrap()).collect();
    assert!(actions.len() >= 25, "{actions:?}");
    let known = known(&actions);
    for action in actions {
        let (_, section) = text.split_once(&format!("\n## {action}\n")).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let documented: BTreeSet<_> = rows(section).map(|cells| cells[0]).collect();
        let parameters = names(&known[action]["parameters"]);
        let fields = names(&known[action]["answer"]);
        for name in parameters.iter().chain(&fields) {
            // One row may speak of all that lies below it.
            let top = name.split('.').next().unwrap();
            let is_there = documented.contains(name) || documented.contains(top);
            assert!(is_there, "{action}: {name} is missing");
        }
        for cells in rows(section) {
            let is_known = |name: &str| {
                let below = format!("{name}.");
                let mut all = parameters.iter().chain(&fields);
                all.any(|known| *known == name || known.starts_with(&below))
            };
            let is_head = cells[1] == "here";
            let is_ours = cells[1] == "addition";
            assert!(
                is_head || is_ours != is_known(cells[0]),
                "{action}: {cells:?}"
            );
        }
    }
}

/// A refused action with a wrong name would be refused for that.
#[test]
fn every_refused_action_is_one_of_the_vendor_s() {
    let text = document();
    let (_, section) = text.split_once("\n## Actions\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let refused: Vec<_> = rows(section)
        .filter(|cells| cells[1] == "refused")
        .map(|cells| cells[0])
        .collect();
    assert!(refused.len() >= 20, "{refused:?}");
    assert_eq!(known(&refused).as_object().unwrap().len(), refused.len());
}
