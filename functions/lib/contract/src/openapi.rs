//! The API as an OpenAPI 3.1 document, from the table of [`crate::parameters`].
//!
//! All actions share the path `/` on the wire, and OpenAPI has one operation for a path and a
//! method: so each action stands at the path of its name, at which it is called as well. Programs
//! that generate clients get a method for each, with its own parameters and its own answer.

mod examples;
mod operation;
mod schema;
mod security;
mod webhook;

use crate::action::Action;
use crate::request::VERSION;
use examples::Fill;
use serde_json::{Map, Value, json};

pub use security::CallSecurity;

/// Schemas that stand as files in `docs/schemas`, for those who read events and manifests without
/// a client.
const SNAPSHOT_COMPLETE: &str =
    include_str!("../../../../docs/schemas/snapshot-complete.schema.json");
const MANIFEST: &str = include_str!("../../../../docs/schemas/manifest.schema.json");

/// The document, for a server at `server_url`.
#[must_use]
pub fn document(server_url: &str, security: CallSecurity) -> Value {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "vod-snapshot",
            "version": VERSION,
            "summary": "Video snapshots and sprites by the ApsaraVideo VOD API.",
            "description": "Each action is called with POST at the path of its name, with its \
                parameters in a form, or, as the vendor's SDKs do, at / with Action and Version \
                among the parameters. A signed call names its action and version in either case: \
                in the headers x-acs-action and x-acs-version, or in the parameters Action and \
                Version. Parameters may also be in the query.",
            "contact": {"name": "vod-snapshot"},
            "license": {"name": "MIT or Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": server_url}],
        "security": security.requirements(),
        "tags": operation::tags(),
        "paths": operation::paths(),
        "webhooks": webhook::all(),
        "components": {
            "schemas": schemas(),
            "responses": {"Error": operation::refusal()},
        },
    });
    if security == CallSecurity::Signed {
        document["components"]["securitySchemes"] = security::schemes();
    }
    document
}

fn schemas() -> Value {
    let mut schemas = Map::new();
    for action in Action::ALL {
        schemas.insert(action.name().to_owned(), schema::request(action));
    }
    for action in Action::ALL {
        let (all, least) = (Fill::All, Fill::Least);
        let (all, least) = (
            examples::success(action, all),
            examples::success(action, least),
        );
        schemas.insert(
            schema::response_name(action),
            schema::of_examples(&all, &least),
        );
    }
    let error = examples::error();
    schemas.insert("Error".to_owned(), schema::of_examples(&error, &error));
    schemas.insert("SnapshotComplete".to_owned(), component(SNAPSHOT_COMPLETE));
    for (kind, all, least) in examples::events() {
        schemas.insert(kind.name().to_owned(), schema::of_examples(&all, &least));
    }
    schemas.insert("Manifest".to_owned(), component(MANIFEST));
    Value::Object(schemas)
}

/// Words of a schema that generators don't read, or read wrongly.
const CONDITIONS: [&str; 3] = ["if", "then", "else"];

/// A schema of a file, without what only a file of its own has.
fn component(text: &str) -> Value {
    let mut schema: Value = serde_json::from_str(text).unwrap_or_default();
    if let Some(fields) = schema.as_object_mut() {
        fields.retain(|name, _| !name.starts_with('$') && !CONDITIONS.contains(&name.as_str()));
    }
    schema
}

#[cfg(test)]
mod tests;
