//! A way to the emulator on which calls get lost, late or refused.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;

/// What becomes of every so-maniest call. The numbers share no factor, so that all meet.
#[derive(Debug, Clone, Copy)]
pub struct Faults {
    /// Refused with 503 before anything is done.
    pub refused_every: u64,
    /// Done, but its answer is a 500.
    pub unanswered_every: u64,
    /// Held back for half a second.
    pub late_every: u64,
    /// Said to have come over TLS, which ends here.
    pub tls: bool,
    /// Gives ranges of versions of objects, as S3 does and the emulator does not.
    pub ranges_of_versions: bool,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            refused_every: 5,
            unanswered_every: 7,
            late_every: 11,
            tls: false,
            ranges_of_versions: false,
        }
    }
}

#[derive(Clone)]
struct Way {
    to: String,
    http: ureq::Agent,
    faults: Faults,
    calls: Arc<AtomicU64>,
}

impl Faults {
    /// None.
    pub const NONE: Self = Self {
        refused_every: u64::MAX,
        unanswered_every: u64::MAX,
        late_every: u64::MAX,
        tls: false,
        ranges_of_versions: false,
    };

    /// None, and calls are said to have come over TLS.
    pub const TLS: Self = Self {
        tls: true,
        ..Self::NONE
    };

    /// The URL of a way with these faults to `endpoint`, and how many calls took it.
    pub async fn way_to(self, endpoint: &str) -> (String, Arc<AtomicU64>) {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // What leads elsewhere is for whoever called.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true);
        let way = Way {
            to: endpoint.to_owned(),
            http: config.build().into(),
            faults: self,
            calls: Arc::default(),
        };
        let calls = Arc::clone(&way.calls);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state(way);
        tokio::spawn(async move { axum::serve(listener, router).await });
        (url, calls)
    }
}

async fn pass(State(way): State<Way>, request: Request) -> Response<Body> {
    let number = way.calls.fetch_add(1, Ordering::Relaxed) + 1;
    let is = |every: u64| number.is_multiple_of(every);
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    if is(way.faults.refused_every) {
        return refused(StatusCode::SERVICE_UNAVAILABLE);
    }
    if is(way.faults.late_every) {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let query = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut forward = axum::http::Request::builder()
        .method(parts.method)
        .uri(format!("{}{query}", way.to));
    let range = range_of_version(&way, &parts.headers, query);
    for (name, value) in &parts.headers {
        if range.is_some() && name == header::RANGE {
            continue;
        }
        forward = forward.header(name, value);
    }
    if way.faults.tls {
        forward = forward.header("x-forwarded-proto", "https");
    }
    let forward = forward.body(body).unwrap();
    let sent = tokio::task::spawn_blocking(move || way.http.run(forward));
    let Ok(answer) = sent.await.unwrap() else {
        return refused(StatusCode::BAD_GATEWAY);
    };
    if is(way.faults.unanswered_every) {
        return refused(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let (mut parts, mut body) = answer.into_parts();
    let bytes = body.with_config().limit(u64::MAX).read_to_vec();
    let mut bytes = bytes.unwrap_or_default();
    if let Some((first, last)) = range.filter(|_| parts.status == StatusCode::OK) {
        let last = last.min(bytes.len() - 1);
        let named = format!("bytes {first}-{last}/{}", bytes.len());
        bytes = bytes[first..=last].to_vec();
        parts.status = StatusCode::PARTIAL_CONTENT;
        let headers = &mut parts.headers;
        headers.insert(header::CONTENT_RANGE, named.parse().unwrap());
        headers.insert(header::CONTENT_LENGTH, bytes.len().into());
        // It is of the whole.
        for name in [
            "x-amz-checksum-crc32",
            "x-amz-checksum-crc64nvme",
            "x-amz-checksum-type",
        ] {
            headers.remove(name);
        }
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// The first and the last byte that are asked for, where they are of a version.
fn range_of_version(way: &Way, headers: &HeaderMap, query: &str) -> Option<(usize, usize)> {
    let is_version = way.faults.ranges_of_versions && query.contains("versionId=");
    let range = headers.get(header::RANGE).filter(|_| is_version)?;
    let range = range.to_str().ok()?.strip_prefix("bytes=")?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?))
}

fn refused(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
