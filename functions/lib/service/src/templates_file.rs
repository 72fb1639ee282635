//! Templates with ids of the operator's choice, from a file.
//!
//! The file is a JSON array of templates, or what ListVodTemplate or GetVodTemplate answers: code with
//! a template id of another service in it goes on working. Templates of other types than Snapshot
//! and DynamicImage, which a whole account has, are passed over.

use crate::model::{CallbackSettings, Template, TemplateId, UnixMs};
use crate::ports::{Clock, PortResult, Ports, Templates};
use contract::action::Action;
use contract::lenient;
use contract::parameters::{self, Kind};
use contract::plain_text;
use contract::template_config::{TemplateConfig, TemplateType};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use thiserror::Error;
use tracing::warn;

/// When templates of a file were created, since a file says nothing of that: the date of the API's
/// version. It is the same at every start, as it is part of what a store finds a template by: two
/// servers that start at once store one.
const CREATED_MS: UnixMs = 1_490_054_400_000;
/// Changes of a template that met another one.
const MAX_TRIES: u32 = 20;

/// What is wrong with a file of templates.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplatesError {
    /// It is not a list of templates.
    #[error(
        "expected a JSON array of templates, or the answer of ListVodTemplate or GetVodTemplate: {0}"
    )]
    Malformed(String),
    /// One of its templates breaks a rule.
    #[error("template {number}{id}: {rule}")]
    Template {
        /// From 1.
        number: usize,
        /// Its VodTemplateId in brackets, where there is one.
        id: String,
        /// What is allowed.
        rule: String,
    },
}

/// One template of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenTemplate {
    id: TemplateId,
    name: String,
    config: String,
    app_id: String,
}

/// Reads a file of templates; each is checked as AddVodTemplate checks one.
///
/// # Errors
/// See [`TemplatesError`].
pub fn read(text: &str, max_snapshots: u32) -> Result<Vec<GivenTemplate>, TemplatesError> {
    let malformed = |cause: &str| TemplatesError::Malformed(cause.to_owned());
    // Editors of Windows begin a file with a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    let whole: Value = serde_json::from_str(text).map_err(|cause| malformed(&cause.to_string()))?;
    let list = match whole {
        Value::Array(list) => list,
        Value::Object(mut answer) => match answer.remove("VodTemplateInfoList") {
            Some(Value::Array(list)) => list,
            _ => match answer.remove("VodTemplateInfo") {
                Some(template @ Value::Object(_)) => vec![template],
                _ => return Err(malformed("an object without VodTemplateInfoList")),
            },
        },
        _ => return Err(malformed("neither an array nor an object")),
    };
    let mut ids = BTreeSet::new();
    let mut templates = Vec::new();
    let others: Vec<_> = list.iter().filter_map(of_another_type).collect();
    if !others.is_empty() {
        warn!(
            templates = others.join(", "),
            "templates of other types than Snapshot and DynamicImage are passed over"
        );
    }
    for (place, entry) in list.iter().enumerate() {
        if of_another_type(entry).is_some() {
            continue;
        }
        let read = template(entry, max_snapshots).and_then(|template| {
            match ids.insert(template.id.clone()) {
                true => Ok(template),
                false => Err("VodTemplateId is given twice.".to_owned()),
            }
        });
        templates.push(read.map_err(|rule| TemplatesError::Template {
            number: place + 1,
            id: shown_id(entry),
            rule,
        })?);
    }
    Ok(templates)
}

/// The type and the id of an entry that says that it is of a type that nothing is made of here.
fn of_another_type(entry: &Value) -> Option<String> {
    let kind = given(entry.as_object()?, "TemplateType")?;
    let kind = kind
        .as_str()
        .filter(|kind| contract::id::is_plausible(kind))?;
    TemplateType::named(kind)
        .is_none()
        .then(|| format!("{kind}{}", shown_id(entry)))
}

fn shown_id(entry: &Value) -> String {
    let id = entry.get("VodTemplateId").and_then(Value::as_str);
    let id = id.filter(|id| contract::id::is_plausible(id));
    id.map(|id| format!(" ({id})")).unwrap_or_default()
}

fn template(entry: &Value, max_snapshots: u32) -> Result<GivenTemplate, String> {
    let fields = entry.as_object().ok_or("It must be an object.")?;
    let id = text(fields, "VodTemplateId")?;
    if !contract::id::is_plausible(id) {
        return Err("VodTemplateId must be 1 to 64 of A-Z, a-z, 0-9, _ and -.".to_owned());
    }
    let name = text(fields, "Name")?;
    let most = max_bytes("Name");
    if name.is_empty() || name.len() > most || !plain_text::is_plain(name) {
        return Err(format!(
            "Name must have 1 to {most} bytes, no control characters."
        ));
    }
    let template_type = match given(fields, "TemplateType") {
        None => None,
        Some(kind) => Some(
            kind.as_str()
                .and_then(TemplateType::named)
                .ok_or("TemplateType must be Snapshot or DynamicImage.")?,
        ),
    };
    let config = match given(fields, "TemplateConfig") {
        Some(Value::String(text)) => text.clone(),
        Some(object @ Value::Object(_)) => object.to_string(),
        _ => return Err("TemplateConfig must be an object, or one in a string.".to_owned()),
    };
    let most = max_bytes("TemplateConfig");
    if config.len() > most {
        return Err(format!("TemplateConfig must have at most {most} bytes."));
    }
    let config = match template_type {
        Some(template_type) => TemplateConfig::read_as(&config, template_type, max_snapshots),
        None => TemplateConfig::read(&config, max_snapshots),
    };
    let config = config.map_err(|refused| refused.message().to_owned())?;
    Ok(GivenTemplate {
        id: id.into(),
        name: name.to_owned(),
        config: config.json().to_owned(),
        app_id: match given(fields, "AppId") {
            None => CallbackSettings::DEFAULT_APP.to_owned(),
            Some(_) => text(fields, "AppId")?.to_owned(),
        },
    })
}

/// As AddVodTemplate takes it.
fn max_bytes(parameter: &str) -> usize {
    let all = parameters::of(Action::AddVodTemplate).iter();
    let named = all.filter(|known| known.name == parameter);
    let most = named.filter_map(|known| match known.kind {
        Kind::Text { max_bytes } => Some(max_bytes),
        Kind::Json { max_bytes } => max_bytes,
        _ => None,
    });
    most.min().unwrap_or(usize::MAX)
}

/// As in a call, what says nothing is as good as absent.
fn given<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let value = fields.get(name);
    value.filter(|value| !lenient::is_nothing(value))
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    let text = fields.get(name).and_then(Value::as_str);
    text.ok_or_else(|| format!("{name} must be a string."))
}

/// Stores templates that are not there, and changes those that are otherwise; how many of either.
/// What is as given stays untouched, so that this may be done at every start.
///
/// # Errors
/// The store did not answer.
pub async fn apply(ports: &Ports, given: &[GivenTemplate]) -> PortResult<usize> {
    let mut changed = 0;
    for template in given {
        changed += usize::from(apply_one(&*ports.templates, &*ports.clock, template).await?);
    }
    Ok(changed)
}

async fn apply_one(
    templates: &dyn Templates,
    clock: &dyn Clock,
    given: &GivenTemplate,
) -> PortResult<bool> {
    for _ in 0..MAX_TRIES {
        let known = templates.get(&given.id).await?;
        let now_ms = clock.now_ms();
        let now = Template {
            id: given.id.clone(),
            name: given.name.clone(),
            config: given.config.clone(),
            app_id: given.app_id.clone(),
            created_ms: known.as_ref().map_or(CREATED_MS, |known| known.created_ms),
            modified_ms: now_ms,
        };
        let Some(known) = known else {
            templates.put(&now).await?;
            return Ok(true);
        };
        let as_known = Template {
            modified_ms: known.modified_ms,
            ..now.clone()
        };
        if as_known == known {
            return Ok(false);
        }
        if known.app_id != now.app_id {
            // It leaves the list of its application.
            templates.delete(&known.id).await?;
            templates.put(&now).await?;
            return Ok(true);
        }
        if templates.replace(&known, &now).await? {
            return Ok(true);
        }
    }
    let cause = "concurrent changes of a template did not end";
    Err(crate::ports::PortError::unavailable("templates", cause))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::memory::MemoryStore;

    const ONE: &str = r#"[{"VodTemplateId":"my-id","Name":"n","TemplateConfig":
        {"SnapshotType":"NormalSnapshot","SnapshotConfig":{"Count":2,"Interval":1}}}]"#;

    #[test]
    fn a_template_that_breaks_a_rule_is_named() {
        let bad = |from: &str, to: &str| read(&ONE.replace(from, to), 20_000).unwrap_err();
        let long_name = format!("{:?}", "n".repeat(129));
        for (from, to, said) in [
            ("my-id", "my id", "template 1: VodTemplateId must be"),
            (r#""n""#, r#""""#, "template 1 (my-id): Name must have"),
            (
                r#""Count":2"#,
                r#""Count":0"#,
                "(my-id): The specified parameter",
            ),
            (r#""NormalSnapshot""#, r#""Gif""#, "SnapshotType must be"),
            ("[{", "{", "expected a JSON array"),
            (r#""n""#, &long_name, "Name must have 1 to 128 bytes"),
        ] {
            let error = bad(from, to).to_string();
            assert!(error.contains(said), "{error}");
        }
        let twice = ONE.replace(']', ",") + ONE.trim_start_matches('[');
        assert!(
            read(&twice, 20_000)
                .unwrap_err()
                .to_string()
                .contains("twice")
        );
    }

    /// Its byte order mark was no JSON.
    #[test]
    fn a_file_of_an_editor_of_windows_is_read() {
        let text = format!("\u{feff}{}", ONE.replace('\n', "\r\n"));
        assert_eq!(read(&text, 20_000), read(ONE, 20_000));
    }

    /// One template of transcoding in an answer that was saved as it came stopped the start.
    #[test]
    fn answers_with_templates_of_other_types_are_read_as_they_are() {
        let expected = read(ONE, 20_000).unwrap();
        assert_eq!(expected.len(), 1);
        let one = ONE.trim_matches(['[', ']']);
        let other =
            r#"{"VodTemplateId":"t","Name":"x","TemplateType":"Transcode","TemplateConfig":{}}"#;
        let typed = one.replace(r#""Name""#, r#""TemplateType":"Snapshot","Name""#);
        for text in [
            format!("[{other},{typed}]"),
            format!(r#"{{"RequestId":"r","VodTemplateInfoList":[{typed},{other}]}}"#),
            format!(r#"{{"RequestId":"r","VodTemplateInfo":{typed}}}"#),
        ] {
            assert_eq!(read(&text, 20_000).unwrap(), expected, "{text}");
        }
        let only = format!(r#"{{"VodTemplateInfo":{other}}}"#);
        assert_eq!(read(&only, 20_000), Ok(Vec::new()));
    }

    /// Each found a template by its time, so that a list had it twice.
    #[tokio::test]
    async fn two_servers_that_start_at_once_store_two_templates() {
        let mut created = Vec::new();
        for _ in 0..2 {
            let (ports, given) = (MemoryStore::default().ports(), read(ONE, 20_000).unwrap());
            apply(&ports, &given).await.unwrap();
            let stored = ports.templates.get(&"my-id".into()).await.unwrap().unwrap();
            created.push(stored.created_ms);
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        assert_eq!(created[0], created[1]);
    }

    #[tokio::test]
    async fn a_file_is_applied_once_and_its_changes_are() {
        let (ports, given) = (MemoryStore::default().ports(), read(ONE, 20_000).unwrap());
        assert_eq!(apply(&ports, &given).await.unwrap(), 1);
        assert_eq!(apply(&ports, &given).await.unwrap(), 0);
        let known = ports.templates.get(&"my-id".into()).await.unwrap().unwrap();
        let listed = ONE.replace(r#""n""#, r#""m""#);
        let listed = format!(r#"{{"VodTemplateInfoList":{listed}}}"#);
        let given = read(&listed, 20_000).unwrap();
        assert_eq!(apply(&ports, &given).await.unwrap(), 1);
        let now = ports.templates.get(&"my-id".into()).await.unwrap().unwrap();
        assert_eq!((now.name.as_str(), now.created_ms), ("m", known.created_ms));
    }
}
