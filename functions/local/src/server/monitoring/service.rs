//! The answers to those who ask.

use super::metrics::ServerMetrics;
use super::readiness::Readiness;
use crate::server::connections::{self, ConnectionLimits, ConnectionRegistry};
use crate::server::host_policy::HostPolicy;
use crate::server::response::set_header;
use axum::body::Body;
use embedded::Store;
use hyper::body::Incoming;
use hyper::header;
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use prometheus_client::encoding::prometheus_text::CONTENT_TYPE;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// 200 as long as the process answers.
pub(crate) const HEALTH_PATH: &str = "/healthz";
/// 200 where jobs can be done, else 503.
pub(crate) const READINESS_PATH: &str = "/readyz";
/// Numbers for Prometheus.
pub(crate) const METRICS_PATH: &str = "/metrics";

/// At an address of their own.
const MAX_CONNECTIONS: usize = 16;

/// Who may read numbers at an address.
#[derive(Debug)]
pub(crate) enum MetricsAccess {
    /// Nobody: they are at another address, or at none.
    None,
    /// Programs that name a host of this policy, and no web page.
    Programs(HostPolicy),
}

impl MetricsAccess {
    /// Of whoever reaches this address: on a loopback one, programs on this machine.
    pub(crate) fn at(address: SocketAddr) -> Self {
        Self::Programs(match address.ip().to_canonical().is_loopback() {
            true => HostPolicy::Loopback(Vec::new()),
            false => HostPolicy::Any,
        })
    }
}

/// Answers for one address. Clones are the same.
#[derive(Clone)]
pub(crate) struct Monitoring {
    readiness: Readiness,
    metrics: ServerMetrics,
    store: Store,
    access: Arc<MetricsAccess>,
}

impl Monitoring {
    pub(crate) fn new(
        readiness: Readiness,
        metrics: ServerMetrics,
        store: Store,
        access: MetricsAccess,
    ) -> Self {
        Self {
            readiness,
            metrics,
            store,
            access: Arc::new(access),
        }
    }

    /// The answer to a request for one of the three paths. None: the path is another one, or the
    /// numbers are not for this client to know of.
    pub(crate) async fn answer(&self, request: &Parts) -> Option<Response<Body>> {
        let path = request.uri.path();
        if !matches!(path, HEALTH_PATH | READINESS_PATH | METRICS_PATH) {
            return None;
        }
        if path == METRICS_PATH && !self.tells_numbers_to(request) {
            return None;
        }
        if !matches!(request.method, Method::GET | Method::HEAD) {
            let mut response = answer(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "");
            set_header(&mut response, header::ALLOW, "GET, HEAD");
            return Some(response);
        }
        Some(match path {
            HEALTH_PATH => answer(StatusCode::OK, "application/json", r#"{"status":"ok"}"#),
            READINESS_PATH => self.ready().await,
            _ => answer(
                StatusCode::OK,
                CONTENT_TYPE,
                &self.metrics.text(&self.store).await,
            ),
        })
    }

    fn tells_numbers_to(&self, request: &Parts) -> bool {
        match &*self.access {
            MetricsAccess::None => false,
            MetricsAccess::Programs(policy) => policy.check_program(request).is_ok(),
        }
    }

    async fn ready(&self) -> Response<Body> {
        let missing = self.readiness.missing().await;
        let (status, word) = match missing.is_empty() {
            true => (StatusCode::OK, "ready"),
            false => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        };
        let body = json!({ "status": word, "missing": missing }).to_string();
        answer(status, "application/json", &body)
    }
}

/// Serves nothing but these answers at an address of their own, until told to stop.
pub(crate) fn serve(
    listener: TcpListener,
    monitoring: Monitoring,
    limits: &ConnectionLimits,
    stop: CancellationToken,
) -> impl Future<Output = ()> + use<> {
    let connections = ConnectionRegistry::new(limits, MAX_CONNECTIONS);
    let answer = move |request: hyper::Request<Incoming>, _| {
        let monitoring = monitoring.clone();
        async move {
            let (parts, _) = request.into_parts();
            let answered = monitoring.answer(&parts).await;
            answered.unwrap_or_else(|| answer(StatusCode::NOT_FOUND, "text/plain", ""))
        }
    };
    connections::serve(listener, None, connections, answer, stop)
}

fn answer(status: StatusCode, content_type: &str, body: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_owned()));
    *response.status_mut() = status;
    set_header(&mut response, header::CONTENT_TYPE, content_type);
    set_header(&mut response, header::CACHE_CONTROL, "no-store");
    set_header(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    response
}
