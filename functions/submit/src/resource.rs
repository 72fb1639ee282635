//! What is asked for at its path and is no call: it is for any page, whatever the status of the
//! answer.

use crate::{pictures, play};
use aws::Addresses;
use contract::error::ApiError;
use contract::request::RawRequest;
use contract::response::{Answer, Format};
use service::api::{Api, OPENAPI_PATH};
use service::cross_origin::{ANY_PAGE, PICTURE_HEADERS, PREFLIGHT_HEADERS};

/// One of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource<'a> {
    /// The OpenAPI document, behind this, such as a stage.
    Document(&'a str),
    /// The object of this key.
    Picture(&'a str),
    /// The video of this path.
    Video(&'a str),
}

impl<'a> Resource<'a> {
    /// The one at `path`; none where `raw` is a call.
    pub(crate) fn of(raw: &RawRequest, path: &'a str) -> Option<Self> {
        if raw.is_call() {
            return None;
        }
        let document = path.strip_suffix(OPENAPI_PATH).map(Self::Document);
        let picture = || pictures::key(path).map(Self::Picture);
        let video = || play::path(path).map(Self::Video);
        document.or_else(picture).or_else(video)
    }

    /// What it is answered with at `host`.
    pub(crate) async fn answer(
        self,
        api: &Api,
        addresses: &Addresses,
        host: &str,
        raw: &RawRequest,
    ) -> Answer {
        let answered = match raw.method.as_str() {
            // What a browser asks before a page may get one with headers of its own.
            "OPTIONS" => Ok(Answer::with(204, &PREFLIGHT_HEADERS, Vec::new())),
            "GET" | "HEAD" => self.read(api, addresses, host, raw).await,
            _ => Err(ApiError::unsupported_method()),
        };
        let mut answer = answered.unwrap_or_else(|error| api.refused(&error, Format::Json));
        match self {
            Self::Picture(_) => answer.add_headers(&PICTURE_HEADERS),
            Self::Document(_) | Self::Video(_) => answer.add_headers(&[ANY_PAGE]),
        }
        answer
    }

    async fn read(
        self,
        api: &Api,
        addresses: &Addresses,
        host: &str,
        raw: &RawRequest,
    ) -> Result<Answer, ApiError> {
        match self {
            Self::Document(before) => {
                let url = format!("https://{host}{before}");
                Ok(document(api, &url, raw.method == "HEAD"))
            }
            Self::Picture(key) => pictures::answer(api, &addresses.pictures, key, raw).await,
            Self::Video(path) => play::redirect(&addresses.player, path, raw).await,
        }
    }
}

/// What the API is, for tools that read it.
fn document(api: &Api, url: &str, is_head: bool) -> Answer {
    let body = match is_head {
        true => Vec::new(),
        false => api.openapi_document(url).to_string().into_bytes(),
    };
    Answer::with(200, &[("content-type", "application/json")], body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &str, query: &str) -> RawRequest {
        RawRequest {
            method: method.to_owned(),
            raw_query: query.to_owned(),
            ..RawRequest::default()
        }
    }

    #[test]
    fn a_call_is_taken_for_a_picture() {
        let path = "/v/snapshots/j-00001.jpg";
        let call = asked("GET", "Action=GetVideoInfo");
        assert_eq!(Resource::of(&call, path), None);
        let form = "application/x-www-form-urlencoded".to_owned();
        let mut posted = asked("POST", "");
        posted.headers.push(("content-type".to_owned(), form));
        assert_eq!(Resource::of(&posted, path), None);
        for method in ["HEAD", "OPTIONS", "DELETE"] {
            let found = Resource::of(&asked(method, "Expires=1"), path);
            assert_eq!(found, Some(Resource::Picture(&path[1..])), "{method}");
        }
        assert_eq!(Resource::of(&asked("GET", ""), "/prod/GetVideoInfo"), None);
    }
}
