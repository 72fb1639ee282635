//! Attributes of items.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use thiserror::Error;

/// An item by the names of its attributes.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// An item is not what was written.
#[derive(Debug, Error)]
#[error("the attribute {name} of an item is corrupt{detail}")]
pub(crate) struct BadItem {
    name: &'static str,
    detail: String,
}

/// `name` is not what it must be.
pub(crate) fn bad(name: &'static str) -> BadItem {
    BadItem {
        name,
        detail: String::new(),
    }
}

pub(crate) fn text<'a>(item: &'a Item, name: &'static str) -> Result<&'a str, BadItem> {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.map(String::as_str).ok_or_else(|| bad(name))
}

pub(crate) fn number(item: &Item, name: &'static str) -> Result<i64, BadItem> {
    let value = item.get(name).and_then(|value| value.as_n().ok());
    value
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| bad(name))
}

/// None where it is not there.
pub(crate) fn optional_number(item: &Item, name: &'static str) -> Result<Option<i64>, BadItem> {
    let there = item.contains_key(name);
    there.then(|| number(item, name)).transpose()
}

/// A number as [`number`] reads it.
pub(crate) fn put_number(value: impl Into<i64>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// False where it is not there.
pub(crate) fn flag(item: &Item, name: &'static str) -> bool {
    let value = item.get(name).and_then(|value| value.as_bool().ok());
    value.copied().unwrap_or_default()
}

/// What [`put_json`] put there; none where nothing is.
pub(crate) fn json<T: DeserializeOwned>(
    item: &Item,
    name: &'static str,
) -> Result<Option<T>, BadItem> {
    if !item.contains_key(name) {
        return Ok(None);
    }
    let parsed = serde_json::from_str(text(item, name)?);
    parsed.map(Some).map_err(|cause| BadItem {
        name,
        detail: format!(": {cause}"),
    })
}

/// `value` as JSON. What the service remembers always has one.
pub(crate) fn put_json(value: &impl Serialize) -> AttributeValue {
    AttributeValue::S(serde_json::to_string(value).unwrap_or_default())
}
