//! The console: a page on this server for a person, and what it asks for that is no call of the API.
//!
//! The page itself holds nothing that is secret, and anybody may load it. All it shows comes from
//! calls, which it signs as every client does, and from the paths of this module. These answer no
//! page of another site, and where calls have to be signed, only within a session, which is opened
//! by a signature.

mod answers;
mod assets;
mod history;
mod live_updates;
mod sessions;
mod upload_body;
mod uploads;

use super::connections::ClientConnection;
use super::host_policy::HostPolicy;
use super::pages::set_all;
use super::response::{respond, set_header};
use answers::{Answered, json_response};
use assets::Assets;
use axum::body::Body;
use contract::error::ApiError;
use contract::request::RawRequest;
use contract::response::Format;
use embedded::Store;
use http_body_util::{BodyExt, Limited};
use hyper::header;
use hyper::http::request::Parts;
use hyper::{Method, Response};
use live_updates::LiveUpdates;
use serde_json::json;
use service::api::Api;
use service::worker::Worker;
use sessions::Sessions;
use std::collections::HashMap;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What all paths but `/` begin with. No object's key does.
const PREFIX: &str = "/console/";

/// The longest body that opens a session.
const SESSION_BODY_BYTES: usize = 16 * 1024;

/// Answers the console's requests. Clones share their sessions.
#[derive(Clone)]
pub(super) struct BrowserConsole {
    api: Api,
    store: Store,
    worker: Worker,
    hosts: Arc<HostPolicy>,
    public_url: Arc<str>,
    limits: UploadLimits,
    assets: Arc<Assets>,
    sessions: Sessions,
    live: LiveUpdates,
}

/// What the page tells of uploads.
#[derive(Debug, Clone, Copy)]
pub(super) struct UploadLimits {
    pub(super) max_bytes: u64,
    pub(super) quota_bytes: u64,
}

impl BrowserConsole {
    pub(super) fn new(
        (api, worker): (Api, Worker),
        store: Store,
        hosts: Arc<HostPolicy>,
        (public_url, limits): (&str, UploadLimits),
        stop: CancellationToken,
    ) -> Self {
        Self {
            live: LiveUpdates::new(store.clone(), stop),
            api,
            store,
            worker,
            hosts,
            public_url: public_url.into(),
            limits,
            assets: Arc::new(Assets::new()),
            sessions: Sessions::default(),
        }
    }

    /// Whether a request, unless it is a call, is for the console: a person's browser at `/`, or one
    /// of its paths.
    pub(super) fn takes(request: &Parts) -> bool {
        let is_read = matches!(request.method, Method::GET | Method::HEAD);
        match request.uri.path() {
            "/" => is_read && accepts_html(request) && request.uri.query().is_none(),
            path => path.starts_with(PREFIX),
        }
    }

    pub(super) async fn answer(
        &self,
        request: &Parts,
        body: Body,
        connection: &ClientConnection,
    ) -> Response<Body> {
        let name = match request.uri.path() {
            "/" => "index.html",
            path => path.strip_prefix(PREFIX).unwrap_or_default(),
        };
        // Another version of the program has other files under the same names.
        let (mut response, caching) = match self.assets.find(name) {
            Some(asset) => (asset.answer(&self.api, request), "no-cache"),
            None => {
                let answered = self.asked(name, request, body, connection).await;
                let refused = |refusal| respond(self.api.refused(&refusal, Format::Json));
                (answered.unwrap_or_else(refused), "no-store")
            }
        };
        set_all(&mut response, &assets::PROTECTION);
        set_header(&mut response, header::CACHE_CONTROL, caching);
        set_header(&mut response, header::VARY, "accept");
        response
    }

    /// What is no asset: the page of another site may ask for none of it.
    async fn asked(
        &self,
        name: &str,
        request: &Parts,
        body: Body,
        connection: &ClientConnection,
    ) -> Answered {
        self.hosts.check_console(request, &self.public_url)?;
        let query = query(request);
        match (name, request.method == Method::POST) {
            ("state", false) => return Ok(self.state()),
            ("session", true) => return self.open_session(request, body).await,
            _ => self.check_session(request)?,
        }
        match (name, request.method == Method::POST) {
            ("jobs", false) => history::jobs(&self.store, &query).await,
            ("job", false) => history::job(&self.api, &self.store, &query).await,
            ("events", false) => history::events(&self.store, &query).await,
            ("retry", true) => history::retry(&self.store, &query).await,
            ("upload", true) => {
                uploads::keep(&self.worker, (request, &query), body, connection).await
            }
            ("live", false) => self.live.follow(),
            ("jobs" | "job" | "events" | "retry" | "upload" | "live" | "state" | "session", _) => {
                Err(ApiError::unsupported_method())
            }
            _ => Err(ApiError::no_such_resource(request.uri.path())),
        }
    }

    /// What anybody may know before a session is open.
    fn state(&self) -> Response<Body> {
        let takes_uploads = self.worker.takes_sent_files();
        json_response(&json!({
            "Version": env!("CARGO_PKG_VERSION"),
            "NeedsKey": self.api.is_signed(),
            "PublicUrl": *self.public_url,
            "MaxUploadBytes": takes_uploads.then_some(self.limits.max_bytes),
            "UploadQuotaBytes": takes_uploads.then_some(self.limits.quota_bytes),
        }))
    }

    /// The body has the headers of the signed request that it stands for: a request with these
    /// headers of its own would be a call.
    async fn open_session(&self, request: &Parts, body: Body) -> Answered {
        let malformed = || ApiError::invalid("body", "It must be a JSON object of headers.");
        let body = Limited::new(body, SESSION_BODY_BYTES).collect().await;
        let bytes = body.map_err(|_| malformed())?.to_bytes();
        let headers: HashMap<String, String> =
            serde_json::from_slice(&bytes).map_err(|_| malformed())?;
        let raw = RawRequest {
            method: "POST".to_owned(),
            headers: headers.into_iter().collect(),
            ..RawRequest::default()
        };
        self.api.admit_session(raw.at(request.uri.path())).await?;
        Ok(json_response(&json!({ "Token": self.sessions.open() })))
    }

    fn check_session(&self, request: &Parts) -> Result<(), ApiError> {
        if !self.api.is_signed() {
            return Ok(());
        }
        let token = request.headers.get(header::AUTHORIZATION);
        let token = token.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        match token.is_some_and(|token| self.sessions.is_open(token)) {
            true => Ok(()),
            false => Err(ApiError::forbidden_because(
                "The console needs an access key, or has been open for too long.",
            )),
        }
    }
}

fn accepts_html(request: &Parts) -> bool {
    let accepted = request.headers.get_all(header::ACCEPT).iter();
    let mut accepted = accepted.filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.contains("text/html"))
}

fn query(request: &Parts) -> HashMap<String, String> {
    let query = request.uri.query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

#[cfg(test)]
mod tests;
