//! What stands in `template.yaml`.

use crate::yaml;
use serde_json::Value;
use std::path::Path;

/// The template, short forms written out.
#[derive(Debug, Clone)]
pub(crate) struct Template(pub(crate) Value);

/// One of its resources.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resource<'a> {
    pub(crate) id: &'a str,
    pub(crate) whole: &'a Value,
}

impl Template {
    pub(crate) fn path() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml")
    }

    pub(crate) fn read() -> Self {
        Self(yaml::parse(&std::fs::read_to_string(Self::path()).unwrap()))
    }

    pub(crate) fn resources(&self) -> impl Iterator<Item = Resource<'_>> {
        let resources = self.0["Resources"].as_object().unwrap().iter();
        resources.map(|(id, whole)| Resource { id, whole })
    }

    /// Those of one type, such as `AWS::S3::Bucket`.
    pub(crate) fn all(&self, kind: &str) -> impl Iterator<Item = Resource<'_>> {
        self.resources().filter(move |it| it.whole["Type"] == kind)
    }

    pub(crate) fn resource(&self, id: &str) -> Resource<'_> {
        let found = self.resources().find(|resource| resource.id == id);
        found.unwrap_or_else(|| panic!("no resource {id}"))
    }

    pub(crate) fn parameter(&self, name: &str) -> &Value {
        &self.0["Parameters"][name]
    }

    /// A function's property, its own or that of all.
    pub(crate) fn of_function<'a>(&'a self, function: Resource<'a>, name: &str) -> &'a Value {
        let own = function.property(name);
        if own.is_null() {
            &self.0["Globals"]["Function"][name]
        } else {
            own
        }
    }
}

impl<'a> Resource<'a> {
    pub(crate) fn property(self, name: &str) -> &'a Value {
        &self.whole["Properties"][name]
    }

    /// Says of this resource what is wrong, unless it is `right`.
    pub(crate) fn expect(self, right: bool, wrong: &str) -> Option<String> {
        (!right).then(|| format!("{}: {wrong}", self.id))
    }
}

/// Every `{"Ref": id}`, `{"Fn::GetAtt": [id, ..]}`... as people write it; lists by their members.
pub(crate) fn shown(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(shown).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![one(other)],
    }
}

fn one(value: &Value) -> String {
    if let Some(id) = value["Ref"].as_str() {
        return id.to_owned();
    }
    if let Some([id, attribute]) = value["Fn::GetAtt"].as_array().map(Vec::as_slice) {
        return format!("{}.{}", id.as_str().unwrap(), attribute.as_str().unwrap());
    }
    match value["Fn::Sub"].as_str() {
        Some(text) => text.replace("${", "").replace('}', ""),
        None => value.to_string(),
    }
}

/// Both sides of every `Fn::If` in a list of statements, those that are nothing left out.
pub(crate) fn unconditional(items: &Value) -> Vec<&Value> {
    let mut all = Vec::new();
    for item in items.as_array().unwrap() {
        match item["Fn::If"].as_array() {
            Some(branches) => all.extend(&branches[1..]),
            None => all.push(item),
        }
    }
    all.retain(|item| item["Ref"] != "AWS::NoValue");
    all
}
