//! docs/compatibility.md says of each action, parameter and field what the code does.

use crate::documents::{self, Document, cells};
use contract::action::Action;
use contract::event::{SnapshotComplete, SnapshotInfo, SnapshotOutcome};
use contract::openapi::CallSecurity;
use contract::parameters;
use contract::storyboard::StoryboardFormat;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const WORDS: [&str; 6] = [
    "works",
    "otherwise",
    "ignored",
    "absent",
    "refused",
    "addition",
];

/// What the second cell of a row may be for something that has an effect.
const HAS_EFFECT: [&str; 3] = ["works", "otherwise", "addition"];

fn document() -> Document {
    documents::read("docs/compatibility.md")
}

/// Below a heading of the second level, name and word of each row of the table with this head.
fn rows<'a>(document: &'a Document, heading: &str, head: &str) -> BTreeMap<&'a str, &'a str> {
    let sections = document.text.split("\n## ");
    let section = sections
        .filter_map(|section| section.split_once('\n'))
        .find(|(name, _)| *name == heading);
    let (_, section) = section.unwrap_or_else(|| panic!("no section {heading}"));
    let first = format!("| {head} | here |");
    let mut rows = BTreeMap::new();
    let mut is_inside = false;
    for line in section.lines() {
        match line.starts_with('|') {
            true if line.starts_with(&first) => is_inside = true,
            true if is_inside && !line.starts_with("|---") => {
                let cells = cells(line);
                rows.insert(cells[0], cells[1]);
            }
            true => {}
            false => is_inside = false,
        }
    }
    rows
}

/// Name and word of each action.
fn actions(document: &Document) -> BTreeMap<&str, &str> {
    let name = |cell| str::split(cell, ['[', ']']).find(|part| !part.is_empty());
    let rows = rows(document, "Actions", "action").into_iter();
    rows.map(|(cell, word)| (name(cell).unwrap(), word))
        .collect()
}

#[test]
fn each_action_that_works_exists_and_each_that_exists_works() {
    let document = document();
    let documented: BTreeSet<_> = actions(&document)
        .into_iter()
        .filter(|(_, word)| HAS_EFFECT.contains(word))
        .map(|(name, _)| name)
        .collect();
    let exist: BTreeSet<_> = Action::ALL.into_iter().map(Action::name).collect();
    let undocumented: Vec<_> = exist.difference(&documented).collect();
    assert!(undocumented.is_empty(), "not documented: {undocumented:?}");
    let missing: Vec<_> = documented.difference(&exist).collect();
    assert!(missing.is_empty(), "does not exist: {missing:?}");
}

#[test]
fn each_row_has_one_of_the_words() {
    let document = document();
    let rows = document.text.lines().filter(|line| line.starts_with("| "));
    let mut count = 0;
    for cells in rows.map(cells).filter(|cells| cells.len() == 3) {
        if cells[1] != "here" {
            count += 1;
            assert!(WORDS.contains(&cells[1]), "{cells:?}");
        }
    }
    assert!(count > 300, "{count} rows");
}

#[test]
fn each_parameter_is_documented_as_the_code_reads_it() {
    let document = document();
    for action in Action::ALL {
        let rows = rows(&document, action.name(), "parameter");
        let read: BTreeSet<_> = parameters::of(action).iter().map(|p| p.name).collect();
        for name in &read {
            assert!(rows.contains_key(name), "{action:?}: {name} is missing");
        }
        for (name, word) in rows {
            let has_effect = HAS_EFFECT.contains(&word);
            assert!(
                !has_effect || read.contains(name),
                "{action:?}: {name} is not read"
            );
        }
    }
}

/// Paths of the fields of a schema. A list counts as what it holds.
fn fields(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    if let Some(items) = schema.get("items") {
        return fields(items, path, found);
    }
    match schema.get("properties").and_then(Value::as_object) {
        Some(properties) => {
            for (name, below) in properties {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                fields(below, &path, found);
            }
        }
        None => {
            found.insert(path.to_owned());
        }
    }
}

/// Whether a row says of this field, or of what it lies in, that it is there.
fn is_documented(rows: &BTreeMap<&str, &str>, path: &str) -> bool {
    let is_there = |row: &str| rows.get(row).is_some_and(|word| HAS_EFFECT.contains(word));
    // A list that an example leaves empty ends where those of its fields begin.
    let begins = |row: &str| row.strip_prefix(path).is_some_and(|r| r.starts_with('.'));
    is_there(path) || rows.keys().any(|row| begins(row))
}

#[test]
fn each_field_of_an_answer_is_documented() {
    let document = document();
    let openapi = contract::openapi::document("http://localhost", CallSecurity::Open);
    for action in Action::ALL {
        let schema = &openapi["components"]["schemas"][format!("{}Response", action.name())];
        let mut found = BTreeSet::new();
        fields(schema, "", &mut found);
        assert!(found.remove("RequestId"), "{action:?}: {schema}");
        let rows = rows(&document, action.name(), "field of the answer");
        for path in found {
            assert!(is_documented(&rows, &path), "{action:?}: {path}");
        }
    }
}

fn event(outcome: SnapshotOutcome) -> Value {
    let event = SnapshotComplete {
        event_ms: 0,
        video_id: "v".into(),
        job_id: "j".into(),
        extend: Some("x".to_owned()),
        outcome,
    };
    serde_json::from_slice(&event.to_bytes()).unwrap()
}

#[test]
fn each_field_of_the_event_is_documented() {
    let info = SnapshotInfo {
        snapshot_type: "NormalSnapshot".to_owned(),
        count: 1,
        format: "f".to_owned(),
        regular: "r".to_owned(),
        storyboards: vec![(StoryboardFormat::Hls, "u".to_owned())],
    };
    let success = event(SnapshotOutcome::Success {
        cover_url: Some("c".to_owned()),
        infos: vec![info],
    });
    let fail = event(SnapshotOutcome::Fail {
        code: "c".to_owned(),
        message: "m".to_owned(),
    });
    let document = document();
    let rows = rows(&document, "Events", "field");
    for event in [&success, &fail] {
        for name in event.as_object().unwrap().keys() {
            assert!(is_documented(&rows, name), "{name}");
        }
    }
    for name in success["SnapshotInfos"][0].as_object().unwrap().keys() {
        assert!(rows.contains_key(format!("SnapshotInfos.{name}").as_str()));
    }
}
