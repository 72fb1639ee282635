//! An HTTP API before the function, with the concurrency of an account: what is above it is refused,
//! as AWS does. Nothing waits for a free environment.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cloud::Function;
use serde_json::{Map, Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// The function's environments, and who is in one.
pub(crate) struct Account {
    program: &'static str,
    variables: Vec<(String, String)>,
    concurrency: usize,
    idle: Mutex<Vec<Function>>,
    busy: AtomicUsize,
    /// The most that were at work at once.
    pub(crate) peak: AtomicUsize,
    /// Refused for want of concurrency: pictures, and calls.
    pub(crate) throttled: [AtomicUsize; 2],
    /// Answered: pictures, and calls.
    pub(crate) answered: [AtomicUsize; 2],
}

impl Account {
    pub(crate) fn new(
        program: &'static str,
        variables: Vec<(String, String)>,
        concurrency: usize,
    ) -> Arc<Self> {
        Arc::new(Self {
            program,
            variables,
            concurrency,
            idle: Mutex::default(),
            busy: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
            throttled: Default::default(),
            answered: Default::default(),
        })
    }

    /// Its URL, by plain HTTP.
    pub(crate) async fn serve(self: &Arc<Self>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    /// What an environment answers; none: all are at work.
    async fn invoke(&self, event: Value) -> Option<Value> {
        let before = self.busy.fetch_add(1, Ordering::SeqCst);
        if before >= self.concurrency {
            self.busy.fetch_sub(1, Ordering::SeqCst);
            return None;
        }
        self.peak.fetch_max(before + 1, Ordering::SeqCst);
        let idle = self.idle.lock().unwrap().pop();
        let function = match idle {
            Some(function) => function,
            None => Function::start(self.program, &self.variables).await,
        };
        let answer = function.answer(event).await;
        self.idle.lock().unwrap().push(function);
        self.busy.fetch_sub(1, Ordering::SeqCst);
        Some(answer)
    }
}

async fn answer(
    State(account): State<Arc<Account>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let kind = usize::from(!uri.path().contains("/snapshots/"));
    let event = event(&method, &uri, &headers, &body);
    let Some(answer) = account.invoke(event).await else {
        account.throttled[kind].fetch_add(1, Ordering::SeqCst);
        // In the gateway's own words.
        let mut refused = Response::new(Body::from("{\"message\":\"Service Unavailable\"}"));
        *refused.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        return refused;
    };
    account.answered[kind].fetch_add(1, Ordering::SeqCst);
    let mut response = Response::builder().status(answer["statusCode"].as_u64().unwrap() as u16);
    for (name, value) in answer["headers"].as_object().unwrap() {
        response = response.header(name, value.as_str().unwrap());
    }
    let body = answer["body"].as_str().unwrap_or_default();
    let body = match answer["isBase64Encoded"] == true {
        true => BASE64_STANDARD.decode(body).unwrap(),
        false => body.as_bytes().to_vec(),
    };
    response.body(Body::from(body)).unwrap()
}

fn event(method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Value {
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let host = headers
        .get("x-host")
        .or_else(|| headers.get("host"))
        .map(text);
    let named = headers
        .iter()
        .map(|(name, value)| (name.to_string(), text(value).into()));
    let named: Map<_, _> = named.collect();
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": uri.path(),
        "rawQueryString": uri.query().unwrap_or_default(), "headers": named,
        "requestContext": {
            "http": {"method": method.as_str(), "path": uri.path(), "protocol": "HTTP/1.1"},
            "domainName": host, "stage": "$default", "timeEpoch": 0,
        },
        "body": String::from_utf8_lossy(body), "isBase64Encoded": false,
    })
}
