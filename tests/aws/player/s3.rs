//! A way to the emulator's S3 on which pages are told what S3 itself tells them: the emulator lets any
//! page read anything. As "Configuring cross-origin resource sharing" documents it, headers of CORS are
//! in an answer only where the request has an `Origin` and a rule of the bucket allows it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use cloud::Stack;
use tokio::net::TcpListener;

#[derive(Clone)]
struct Way {
    to: String,
    http: ureq::Agent,
    /// Whether a rule of the bucket allows any origin.
    is_open: bool,
}

/// Its URL.
pub(crate) async fn way_to(stack: &Stack) -> String {
    let rules = stack
        .s3()
        .get_bucket_cors()
        .bucket(&stack.deployment.bucket);
    let rules = rules.send().await.ok().and_then(|answer| answer.cors_rules);
    let any = |rule: &aws_sdk_s3::types::CorsRule| rule.allowed_origins.contains(&"*".to_owned());
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let way = Way {
        to: stack.config.endpoint_url().unwrap().to_owned(),
        http: config.allow_non_standard_methods(true).build().into(),
        is_open: rules.unwrap_or_default().iter().any(any),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(pass).with_state(way);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn pass(State(way): State<Way>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let is_allowed = way.is_open && parts.headers.contains_key("origin");
    if parts.method == Method::OPTIONS {
        let mut answer = Response::new(Body::empty());
        match is_allowed {
            true => allow(answer.headers_mut()),
            false => *answer.status_mut() = StatusCode::FORBIDDEN,
        }
        return answer;
    }
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut forward = axum::http::Request::builder()
        .method(parts.method)
        .uri(format!("{}{path}", way.to));
    for (name, value) in &parts.headers {
        forward = forward.header(name, value);
    }
    let forward = forward.body(body).unwrap();
    let sent = tokio::task::spawn_blocking(move || way.http.run(forward));
    let (mut parts, mut body) = sent.await.unwrap().unwrap().into_parts();
    let own = |name: &HeaderName| name.as_str().starts_with("access-control-") || name == "vary";
    let names: Vec<_> = parts
        .headers
        .keys()
        .filter(|name| own(name))
        .cloned()
        .collect();
    for name in names {
        parts.headers.remove(name);
    }
    if is_allowed {
        allow(&mut parts.headers);
    }
    let bytes = body.with_config().limit(u64::MAX).read_to_vec();
    Response::from_parts(parts, Body::from(bytes.unwrap_or_default()))
}

fn allow(headers: &mut HeaderMap) {
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET, HEAD"),
        ("access-control-allow-headers", "*"),
        (
            "vary",
            "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
