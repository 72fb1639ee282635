//! The vendor's Java SDK reads an XML answer into a map of paths: an element without children is a
//! text; an element all of whose children have one name is a list of them, and, where there is
//! only one, an object as well; any other is an object. Its models then ask for paths such as
//! `ListVodTemplateResponse.VodTemplateInfoList[0].Name`.

use super::document;
use crate::action::Action;
use crate::openapi::CallSecurity;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

type Paths = BTreeMap<String, String>;

#[derive(Debug, Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

/// The element that `text` begins with, and what follows it. Enough for what is written here.
fn parse(text: &str) -> (Element, &str) {
    let (name, mut rest) = text.strip_prefix('<').unwrap().split_once('>').unwrap();
    let mut element = Element {
        name: name.to_owned(),
        ..Element::default()
    };
    while !rest.starts_with("</") {
        if rest.starts_with('<') {
            let (child, after) = parse(rest);
            element.children.push(child);
            rest = after;
        } else {
            let end = rest.find('<').unwrap();
            element.text.push_str(&unescaped(&rest[..end]));
            rest = &rest[end..];
        }
    }
    let close = format!("</{name}>");
    (element, rest.strip_prefix(close.as_str()).unwrap())
}

fn unescaped(text: &str) -> String {
    let plain = text.replace("&lt;", "<").replace("&gt;", ">");
    let plain = plain.replace("&quot;", "\"").replace("&apos;", "'");
    plain.replace("&amp;", "&")
}

fn read(element: &Element, path: &str, paths: &mut Paths) {
    let Some(first) = element.children.first() else {
        paths.insert(path.to_owned(), element.text.clone());
        return;
    };
    let is_list = element
        .children
        .iter()
        .all(|child| child.name == first.name);
    if is_list {
        let length = element.children.len().to_string();
        paths.insert(format!("{path}.Length"), length);
        for (index, child) in element.children.iter().enumerate() {
            read(child, &format!("{path}[{index}]"), paths);
        }
    }
    if !is_list || element.children.len() == 1 {
        for child in &element.children {
            read(child, &format!("{path}.{}", child.name), paths);
        }
    }
}

/// What the models ask for: a JSON answer by its paths.
fn asked(value: &Value, path: &str, paths: &mut Paths) {
    match value {
        Value::Object(fields) => {
            let only = fields.iter().next().filter(|_| fields.len() == 1);
            if let Some((_, list @ Value::Array(_))) = only {
                return asked(list, path, paths);
            }
            for (name, field) in fields {
                asked(field, &format!("{path}.{name}"), paths);
            }
        }
        Value::Array(items) => {
            paths.insert(format!("{path}.Length"), items.len().to_string());
            for (index, item) in items.iter().enumerate() {
                asked(item, &format!("{path}[{index}]"), paths);
            }
        }
        Value::String(text) => {
            paths.insert(path.to_owned(), text.clone());
        }
        plain => {
            paths.insert(path.to_owned(), plain.to_string());
        }
    }
}

/// The same answer with so many items in each of its lists.
fn with_items(value: &Value, count: usize) -> Value {
    match value {
        Value::Array(items) => {
            let item = items.first().cloned().unwrap_or_else(|| "x".into());
            std::iter::repeat_n(with_items(&item, count), count).collect()
        }
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, field)| (name.clone(), with_items(field, count)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        plain => plain.clone(),
    }
}

/// A repeated element was read as its last one, and a list as empty.
#[test]
fn every_list_of_every_answer_is_read_whole() {
    let openapi = crate::openapi::document("https://example.com", CallSecurity::Open);
    let example = |action: Action| {
        let success = &openapi["paths"][format!("/{}", action.name())]["post"]["responses"]["200"];
        success["content"]["application/json"]["example"].clone()
    };
    let mut lists = 0;
    for action in Action::ALL {
        let root = format!("{}Response", action.name());
        for count in [0, 1, 3] {
            let answer = with_items(&example(action), count);
            let text = document(&root, &answer);
            let (_, text) = text.split_once("?>").unwrap();
            let (element, rest) = parse(text);
            assert_eq!((&element.name, rest), (&root, ""));
            let (mut found, mut expected) = (Paths::new(), Paths::new());
            read(&element, &root, &mut found);
            asked(&answer, &root, &mut expected);
            for (path, value) in expected {
                // Where there is no length, the SDK takes it for 0.
                let default = path.ends_with(".Length").then_some("0");
                let found = found.get(&path).map(String::as_str).or(default);
                assert_eq!(
                    found,
                    Some(value.as_str()),
                    "{action:?}, {count} items: {path}"
                );
                lists += usize::from(default.is_some());
            }
        }
    }
    assert!(lists >= 18, "{lists}");
}
