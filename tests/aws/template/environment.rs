//! What the functions are told is what they read.

use crate::template::Template;
use aws::Deployment;
use serde_json::Value;
use std::collections::BTreeSet;

/// Its opening lists the variables: `| `NAME` | of | meaning |`.
const READER: &str = include_str!("../../../functions/lib/aws/src/deployment.rs");

pub(crate) fn as_the_functions_read_it(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for (id, of) in [
        ("Submit", "submit"),
        ("Worker", "worker"),
        ("Notify", "notify"),
    ] {
        let read: BTreeSet<_> = listed()
            .filter(|(_, by)| by.split(' ').any(|by| by == of || by == "all"))
            .map(|(name, _)| name)
            .collect();
        let told = variables(template, id);
        let told: BTreeSet<_> = told.iter().map(|(name, _)| name.as_str()).collect();
        wrong.extend(
            told.difference(&read)
                .map(|name| format!("{id} does not read {name}")),
        );
        wrong.extend(
            read.difference(&told)
                .map(|name| format!("{id} is not told {name}")),
        );
        for bound in ["Default", "MinValue", "MaxValue"] {
            let read = Deployment::read(&|name| valued(template, id, name, bound));
            wrong.extend(read.err().map(|error| format!("{id}, {bound}: {error}")));
        }
    }
    wrong
}

fn listed() -> impl Iterator<Item = (&'static str, &'static str)> {
    READER.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("//! | `")?.split('|');
        Some((
            cells.next()?.trim().trim_end_matches('`'),
            cells.next()?.trim(),
        ))
    })
}

fn variables(template: &Template, id: &str) -> Vec<(String, Value)> {
    let function = template.resource(id).property("Environment");
    let all = &template.0["Globals"]["Function"]["Environment"];
    let both = [&all["Variables"], &function["Variables"]];
    let pairs = both.iter().flat_map(|it| it.as_object().unwrap());
    pairs
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// What a function finds, where every parameter has this bound, or else its default.
fn valued(template: &Template, id: &str, name: &str, bound: &str) -> Option<String> {
    let variables = variables(template, id);
    let (_, value) = variables.iter().find(|(told, _)| told == name)?;
    let Some(parameter) = value["Ref"].as_str().map(|id| template.parameter(id)) else {
        return Some("something".to_owned());
    };
    let value = [&parameter[bound], &parameter["Default"]]
        .into_iter()
        .find(|it| !it.is_null());
    Some(match value {
        Some(Value::String(text)) => text.clone(),
        Some(number) => number.to_string(),
        None => "something".to_owned(),
    })
}

#[test]
fn the_list_of_variables_is_the_whole_list() {
    let code = READER.split("#[cfg(test)]").next().unwrap();
    let named = code.split('"').skip(1).step_by(2);
    let is_name =
        |text: &&str| text.len() > 3 && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    for name in named.filter(is_name) {
        assert!(
            listed().any(|(listed, _)| listed == name),
            "{name} is read, not listed"
        );
    }
    assert!(listed().count() > 10);
    for (name, by) in listed() {
        let known = |by: &str| ["all", "submit", "worker", "notify"].contains(&by);
        assert!(by.split(' ').all(known), "{name} is of {by}");
    }
}
