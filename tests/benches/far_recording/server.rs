//! A web server whose requests wait, and are counted.

use crate::packets::Recording;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const DELAY: Duration = Duration::from_millis(30);

static REQUESTS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// How many requests there were, and the bytes given.
pub(crate) fn counts() -> (u64, u64) {
    (
        REQUESTS.load(Ordering::Relaxed),
        BYTES.load(Ordering::Relaxed),
    )
}

/// Serves it for as long as this process lives; the URL.
pub(crate) fn serve(recording: Recording) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let url = format!("http://{}/recording.ts", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::new(recording));
        runtime
            .block_on(async { axum::serve(listener, router).await })
            .unwrap();
    });
    url
}

async fn answer(State(recording): State<Arc<Recording>>, headers: HeaderMap) -> Response {
    tokio::time::sleep(DELAY).await;
    REQUESTS.fetch_add(1, Ordering::Relaxed);
    let range = headers
        .get(header::RANGE)
        .and_then(|range| range.to_str().ok());
    let Some((from, last)) = range.and_then(bounds) else {
        return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    };
    let all = recording.bytes();
    let until = (last + 1).min(all);
    let bytes = recording.part(from, until);
    BYTES.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    let range = format!("bytes {from}-{}/{all}", until - 1);
    let headers = [(header::CONTENT_RANGE, range)];
    (StatusCode::PARTIAL_CONTENT, headers, bytes).into_response()
}

fn bounds(range: &str) -> Option<(u64, u64)> {
    let (from, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    Some((from.parse().ok()?, last.parse().ok()?))
}
