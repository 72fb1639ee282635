//! `vod-snapshot sign`

use crate::cli::SignArgs;
use crate::console;
use crate::error::CommandError;
use crate::keys::{self, KeysError};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use contract::request::RawRequest;
use contract::signature::Secret;
use contract::signature::client::Signer;
use serde_json::{Map, Value};
use service::ports::{Clock, SystemClock};
use std::fs;
use std::path::Path;

pub(super) fn run(arguments: &SignArgs) -> Result<(), CommandError> {
    let secret = secret(arguments)?;
    for file in &arguments.events {
        let signer = Signer::now(&arguments.key_id, &secret, SystemClock.now_ms());
        let outcome = sign(file, &signer, &arguments.parameters)?;
        console::note(&format!("{}: {outcome}", file.display()));
    }
    Ok(())
}

fn secret(arguments: &SignArgs) -> Result<Secret, CommandError> {
    let ring = match &arguments.keys {
        Some(path) => Some(keys::from_file(path)?),
        None => keys::from_environment()?,
    };
    let ring = ring.ok_or(KeysError::NoneToSignWith)?;
    let key = ring.find(&arguments.key_id);
    let key = key.ok_or_else(|| CommandError::UnknownKey {
        id: arguments.key_id.clone(),
    })?;
    Ok(match arguments.wrongly {
        false => key.secret,
        true => Secret::new(format!("not-{}", key.secret.expose())),
    })
}

fn sign(
    file: &Path,
    signer: &Signer,
    parameters: &[(String, String)],
) -> Result<&'static str, CommandError> {
    let text = fs::read_to_string(file).map_err(CommandError::file(file))?;
    let event = serde_json::from_str(&text).ok();
    let raw = event.as_ref().and_then(read_request);
    let (Some(mut event), Some(raw)) = (event, raw) else {
        return Err(CommandError::NotAnEvent {
            path: file.to_owned(),
        });
    };
    let pairs: Vec<_> = parameters.iter().map(|(n, v)| (&**n, &**v)).collect();
    let signed = signer.resign(&raw, &pairs);
    let signed = signed.map_err(|error| CommandError::Unsignable {
        path: file.to_owned(),
        cause: error.to_string(),
    })?;
    let Some(signed) = signed else {
        return Ok("needs no signature");
    };
    write_request(&mut event, &signed);
    let text = format!("{event:#}\n");
    fs::write(file, text).map_err(CommandError::file(file))?;
    Ok("signed")
}

fn read_request(event: &Value) -> Option<RawRequest> {
    let headers = event["headers"].as_object()?.iter();
    let header =
        |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    let body = event["body"].as_str().unwrap_or_default();
    Some(RawRequest {
        method: event
            .pointer("/requestContext/http/method")?
            .as_str()?
            .to_owned(),
        raw_query: event["rawQueryString"].as_str()?.to_owned(),
        headers: headers.filter_map(header).collect(),
        body: match event["isBase64Encoded"] == true {
            true => BASE64_STANDARD.decode(body).ok()?,
            false => body.as_bytes().to_vec(),
        },
    })
}

/// An event contains the request twice: as it was sent, and parsed.
fn write_request(event: &mut Value, raw: &RawRequest) {
    event["rawQueryString"] = raw.raw_query.as_str().into();
    let pairs = raw.headers.iter().cloned();
    event["headers"] = pairs
        .map(|(name, value)| (name, value.into()))
        .collect::<Map<_, _>>()
        .into();
    if event.get("queryStringParameters").is_some() {
        let query: Map<_, _> = url::form_urlencoded::parse(raw.raw_query.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into()))
            .collect();
        event["queryStringParameters"] = query.into();
    }
    if event.get("body").is_some() {
        event["body"] = BASE64_STANDARD.encode(&raw.body).into();
        event["isBase64Encoded"] = true.into();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use contract::request::Request;
    use contract::signature::verify;

    const EVENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events");

    fn signed(name: &str) -> (&'static str, Value) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        fs::copy(Path::new(EVENTS).join(name), &file).unwrap();
        let signer = Signer::now("k", &Secret::new("s"), SystemClock.now_ms());
        let parameters = [("VideoId".to_owned(), "v".to_owned())];
        let outcome = sign(&file, &signer, &parameters).unwrap();
        (
            outcome,
            serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap(),
        )
    }

    /// Requests that are no calls of an action.
    const OPEN: [&str; 2] = ["http-openapi.json", "http-picture.json"];

    #[test]
    fn every_recorded_request_can_be_signed_again() {
        for file in fs::read_dir(EVENTS).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            if !name.starts_with("http-") || OPEN.contains(&name.as_str()) {
                continue;
            }
            let (outcome, event) = signed(&name);
            assert_eq!(outcome, "signed", "{name}");
            let request = Request::decode(read_request(&event).unwrap()).unwrap();
            let verified = verify(&request, &Secret::new("s"), SystemClock.now_ms());
            assert_eq!(verified, Ok(()), "{name}");
            assert_eq!(request.parameter("VideoId"), Some("v"));
            if let Some(query) = event["queryStringParameters"].as_object() {
                for (name, value) in query {
                    assert_eq!(request.parameter(name), value.as_str(), "{name}");
                }
            }
        }
        for name in OPEN {
            let (outcome, event) = signed(name);
            let before = fs::read_to_string(Path::new(EVENTS).join(name)).unwrap();
            assert_eq!(outcome, "needs no signature", "{name}");
            assert_eq!(event, serde_json::from_str::<Value>(&before).unwrap());
        }
    }
}
