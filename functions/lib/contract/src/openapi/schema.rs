//! JSON Schemas of parameters and of examples.

use crate::action::Action;
use crate::parameters::{self, Kind, Limits, Parameter, Required};
use serde_json::{Map, Value, json};

/// The object of an action's parameters, without those that all actions have.
pub(super) fn request(action: Action) -> Value {
    let parameters = parameters::of(action);
    let properties: Map<String, Value> = parameters
        .iter()
        .map(|parameter| (parameter.name.to_owned(), property(parameter)))
        .collect();
    let required = parameters
        .iter()
        .filter(|parameter| parameter.required == Required::Always);
    let mut schema = json!({
        "type": "object",
        "description": action.summary(),
        "properties": properties,
        "required": required.map(|parameter| parameter.name).collect::<Vec<_>>(),
    });
    let sets = one_of_sets(action);
    if !sets.is_empty() {
        schema["allOf"] = sets.into();
    }
    schema
}

/// For each set of which one parameter must be there: any of them.
fn one_of_sets(action: Action) -> Vec<Value> {
    let mut sets: Vec<&[&str]> = Vec::new();
    for parameter in parameters::of(action) {
        match parameter.required {
            Required::OneOf { set, .. } if !sets.contains(&set) => sets.push(set),
            _ => {}
        }
    }
    let any = |set: &[&str]| {
        set.iter()
            .map(|name| json!({"required": [name]}))
            .collect::<Vec<_>>()
    };
    sets.into_iter()
        .map(|set| json!({"anyOf": any(set)}))
        .collect()
}

/// A default is said in words: generators take the keyword for a value to send with each call, or for
/// one that callers have to give.
fn property(parameter: &Parameter) -> Value {
    let mut schema = kind(parameter.kind);
    let rule = parameter.kind.rule(&Limits::default());
    let default = parameter.default.map(|value| format!("Default: {value}."));
    let sentences = [parameter.doc, &rule, default.as_deref().unwrap_or_default()];
    let sentences = sentences.into_iter().filter(|text| !text.is_empty());
    schema["description"] = sentences.collect::<Vec<_>>().join(" ").into();
    schema
}

fn kind(kind: Kind) -> Value {
    match kind {
        Kind::Long { min, max, .. } => integer(min, max),
        Kind::SignedLong => json!({"type": "integer", "format": "int64"}),
        Kind::LongText { min, max, .. } => integer(min, Some(max)),
        Kind::Count => integer(1, Some(u64::from(Limits::default().max_snapshots))),
        Kind::Word(words) => json!({"type": "string", "enum": words}),
        Kind::Text { max_bytes }
        | Kind::Json {
            max_bytes: Some(max_bytes),
        } => {
            json!({"type": "string", "maxLength": max_bytes})
        }
        Kind::HttpUrl { max_bytes } => {
            json!({"type": "string", "format": "uri", "maxLength": max_bytes})
        }
        Kind::Json { max_bytes: None } => json!({"type": "string"}),
        Kind::Id | Kind::ClientToken => {
            json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"})
        }
        Kind::ReferenceId => json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{6,64}$"}),
        Kind::Longs { .. } => json!({"type": "string", "examples": ["[0,1500,3000]"]}),
    }
}

fn integer(min: u64, max: Option<u64>) -> Value {
    let mut schema = json!({"type": "integer", "format": "int64", "minimum": min});
    if let Some(max) = max {
        schema["maximum"] = max.into();
    }
    schema
}

/// The schema that two examples suggest: one with all that there may be, and one with what is
/// always there.
pub(super) fn of_examples(all: &Value, least: &Value) -> Value {
    match all {
        Value::Object(fields) => {
            let property = |(name, value): (&String, &Value)| {
                let least = least.get(name).unwrap_or(value);
                (name.clone(), of_examples(value, least))
            };
            let required = fields
                .keys()
                .filter(|name| least.get(name.as_str()).is_some());
            json!({
                "type": "object",
                "required": required.collect::<Vec<_>>(),
                "properties": fields.iter().map(property).collect::<Map<_, _>>(),
            })
        }
        // Nothing is said of the items of a list that is always empty.
        Value::Array(items) => {
            let least = |item| least.get(0).unwrap_or(item);
            let item = items.first().map(|item| of_examples(item, least(item)));
            json!({"type": "array", "items": item.unwrap_or_else(|| json!({}))})
        }
        Value::Number(number) if number.is_f64() => json!({"type": "number", "format": "double"}),
        Value::Number(_) => json!({"type": "integer", "format": "int64"}),
        Value::Bool(_) => json!({"type": "boolean"}),
        _ => json!({"type": "string"}),
    }
}

/// The schema of the answer of an action.
pub(super) fn response_name(action: Action) -> String {
    format!("{}Response", action.name())
}

/// A schema, by its name.
pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}
