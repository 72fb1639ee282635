//! The API as an OpenAPI 3.1 document, from the table of [`crate::parameters`].
//!
//! All actions share one path, so each is a schema: the object of its parameters, told apart by
//! Action. A form body, or a query of the same pairs, is one of them.

mod examples;
mod schema;

use crate::action::Action;
use crate::request::VERSION;
use serde_json::{Map, Value, json};

/// The document, for a server at `server_url`.
#[must_use]
pub fn document(server_url: &str) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "vod-snapshot",
            "version": VERSION,
            "summary": "Video snapshots and sprites by the ApsaraVideo VOD API.",
            "description": "Parameters go into the query or into a form body. Calls are signed \
                with HMAC-SHA1 (the common parameters below) or with ACS3-HMAC-SHA256 (headers \
                x-acs-action, x-acs-version, x-acs-date, x-acs-signature-nonce and \
                Authorization, in place of the common parameters).",
        },
        "servers": [{"url": server_url}],
        "paths": {"/": {"get": by_query(), "post": by_form()}},
        "components": {"schemas": schemas(), "responses": {"Error": refusal()}},
    })
}

fn by_query() -> Value {
    json!({
        "operationId": "callByQuery",
        "summary": "Any action, its parameters in the query.",
        // An exploded object is its members, side by side.
        "parameters": [{
            "name": "parameters",
            "in": "query",
            "required": true,
            "style": "form",
            "explode": true,
            "schema": {"$ref": "#/components/schemas/Request"},
        }],
        "responses": responses(),
    })
}

fn by_form() -> Value {
    json!({
        "operationId": "callByForm",
        "summary": "Any action, its parameters in a form.",
        "requestBody": {
            "required": true,
            "content": {"application/x-www-form-urlencoded": {
                "schema": {"$ref": "#/components/schemas/Request"},
            }},
        },
        "responses": responses(),
    })
}

fn responses() -> Value {
    let examples = Action::ALL.map(|action| {
        let name = action.name().to_owned();
        (
            name,
            json!({"summary": action.summary(), "value": examples::success(action)}),
        )
    });
    let success = json!({
        "description": "Success.",
        "content": {"application/json": {
            "schema": {"anyOf": Action::ALL.map(|action| reference(&response_name(action)))},
            "examples": examples.into_iter().collect::<Map<_, _>>(),
        }},
    });
    json!({
        "200": success,
        "4XX": {"$ref": "#/components/responses/Error"},
        "5XX": {"$ref": "#/components/responses/Error"},
    })
}

fn refusal() -> Value {
    json!({
        "description": "What was wrong with the call, or with the service.",
        "content": {"application/json": {"schema": reference("Error")}},
    })
}

fn schemas() -> Value {
    let mut schemas = Map::new();
    let names = Action::ALL.map(Action::name);
    let mapping = names.map(|name| {
        (
            name.to_owned(),
            format!("#/components/schemas/{name}").into(),
        )
    });
    let request = json!({
        "oneOf": names.map(reference),
        "discriminator": {
            "propertyName": "Action",
            "mapping": mapping.into_iter().collect::<Map<String, Value>>(),
        },
    });
    schemas.insert("Request".to_owned(), request);
    for action in Action::ALL {
        schemas.insert(action.name().to_owned(), schema::request(action));
    }
    for action in Action::ALL {
        let example = examples::success(action);
        schemas.insert(response_name(action), schema::of_example(&example));
    }
    schemas.insert("Error".to_owned(), schema::of_example(&examples::error()));
    Value::Object(schemas)
}

fn response_name(action: Action) -> String {
    format!("{}Response", action.name())
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

#[cfg(test)]
mod tests;
