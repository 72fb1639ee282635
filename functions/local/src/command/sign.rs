//! `vod-snapshot sign`

use crate::cli::Sign;
use crate::error::Error;
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

pub(super) fn run(arguments: &Sign) -> Result<(), Error> {
    let secret = secret(arguments)?;
    for file in &arguments.events {
        let signer = Signer::now(&arguments.key_id, &secret, SystemClock.now_ms());
        let said = sign(file, &signer, &arguments.parameters)?;
        super::say(&format!("{}: {said}", file.display()));
    }
    Ok(())
}

fn secret(arguments: &Sign) -> Result<Secret, Error> {
    let ring = match &arguments.keys {
        Some(path) => Some(keys::from_file(path)?),
        None => keys::from_environment()?,
    };
    let ring = ring.ok_or(KeysError::NoneToSignWith)?;
    let id = &arguments.key_id;
    let key = ring.find(id);
    let key = key.ok_or_else(|| Error::Said(format!("there is no access key \"{id}\"")))?;
    Ok(match arguments.wrongly {
        false => key.secret,
        true => Secret::new(format!("not-{}", key.secret.expose())),
    })
}

fn sign(
    file: &Path,
    signer: &Signer,
    parameters: &[(String, String)],
) -> Result<&'static str, Error> {
    let text = fs::read_to_string(file).map_err(Error::file(file))?;
    let event = serde_json::from_str(&text).ok();
    let raw = event.as_ref().and_then(read);
    let (Some(mut event), Some(raw)) = (event, raw) else {
        let said = format!("{} is no event of an HTTP API", file.display());
        return Err(Error::Said(said));
    };
    let pairs: Vec<_> = parameters.iter().map(|(n, v)| (&**n, &**v)).collect();
    let again = signer.resign(&raw, &pairs);
    let Some(again) = again.map_err(|error| Error::Said(error.to_string()))? else {
        return Ok("needs no signature");
    };
    write(&mut event, &again);
    let text = format!("{event:#}\n");
    fs::write(file, text).map_err(Error::file(file))?;
    Ok("signed")
}

fn read(event: &Value) -> Option<RawRequest> {
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

/// What a call carries stands in an event twice: as it came, and taken apart.
fn write(event: &mut Value, raw: &RawRequest) {
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
        let said = sign(&file, &signer, &parameters).unwrap();
        (
            said,
            serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap(),
        )
    }

    #[test]
    fn every_recorded_call_can_be_signed_anew() {
        for file in fs::read_dir(EVENTS).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            if !name.starts_with("http-") || name == "http-openapi.json" {
                continue;
            }
            let (said, event) = signed(&name);
            assert_eq!(said, "signed", "{name}");
            let request = Request::decode(read(&event).unwrap()).unwrap();
            let verified = verify(&request, &Secret::new("s"), SystemClock.now_ms());
            assert_eq!(verified, Ok(()), "{name}");
            assert_eq!(request.parameter("VideoId"), Some("v"));
            if let Some(query) = event["queryStringParameters"].as_object() {
                for (name, value) in query {
                    assert_eq!(request.parameter(name), value.as_str(), "{name}");
                }
            }
        }
        let (said, event) = signed("http-openapi.json");
        let before = fs::read_to_string(Path::new(EVENTS).join("http-openapi.json")).unwrap();
        assert_eq!(said, "needs no signature");
        assert_eq!(event, serde_json::from_str::<Value>(&before).unwrap());
    }
}
