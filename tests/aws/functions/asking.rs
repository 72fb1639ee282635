//! Pictures as browsers ask for them: by the URLs that were given out.

use cloud::Function;
pub(crate) use cloud::http_api::location;
use cloud::http_api::{HOST, event, led_to};
use contract::request::RawRequest;
use serde_json::{Value, json};

/// Path and query of a URL of the API.
pub(crate) fn parts(url: &str) -> (String, String) {
    let rest = url.strip_prefix(&format!("https://{HOST}"));
    let rest = rest.unwrap_or_else(|| panic!("not of the API: {url}"));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    (path.to_owned(), query.to_owned())
}

/// What the function answers.
pub(crate) async fn ask(submit: &Function, method: &str, path: &str, query: &str) -> Value {
    ask_from(submit, method, path, query, None).await
}

/// The same from a page of this origin.
pub(crate) async fn ask_from(
    submit: &Function,
    method: &str,
    path: &str,
    query: &str,
    origin: Option<&str>,
) -> Value {
    let headers: Vec<_> = origin
        .map(|origin| ("origin", origin))
        .into_iter()
        .collect();
    ask_with(submit, method, (path, query), &headers).await
}

/// The same with these headers; path and query are one address.
pub(crate) async fn ask_with(
    submit: &Function,
    method: &str,
    (path, query): (&str, &str),
    headers: &[(&str, &str)],
) -> Value {
    let headers = headers.iter();
    let mut call = event(&RawRequest {
        method: method.to_owned(),
        raw_query: query.to_owned(),
        headers: headers
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..RawRequest::default()
    });
    call["rawPath"] = json!(path);
    submit.answer(call).await
}

/// The bytes that a browser ends at.
pub(crate) async fn picture(submit: &Function, url: &str) -> Vec<u8> {
    let (path, query) = parts(url);
    led_to(&ask(submit, "GET", &path, &query).await).await
}
