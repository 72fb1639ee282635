//! HTTP APIs by their names over TLS, as AWS has them: a proxy that clients are told of by HTTPS_PROXY.
//! The emulator has them below a path, and no name of theirs resolves: neither that of the stack's
//! output nor the one that functions are told.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::Response;
use cloud::Front;
use std::path::PathBuf;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

pub(crate) struct NamedApis {
    /// Of the proxy.
    pub(crate) url: String,
    front: Front,
}

impl NamedApis {
    /// Those of the emulator there.
    pub(crate) async fn of(emulator: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let behind = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state(emulator.to_owned());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let names = ",DNS:*.execute-api.127.0.0.1,DNS:*.execute-api.us-east-1.amazonaws.com";
        let front = Front::before(&behind, "apis", names);
        let port = front.port;
        let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", proxy.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((client, _)) = proxy.accept().await {
                tokio::spawn(connect(client, port));
            }
        });
        Self { url, front }
    }

    /// What clients have to trust.
    pub(crate) fn authority(&self) -> PathBuf {
        self.front.authority()
    }
}

/// One tunnel, to a name of an API alone.
async fn connect(mut client: TcpStream, front: u16) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < 8192 {
        let Ok(byte) = client.read_u8().await else {
            return;
        };
        head.push(byte);
    }
    let head = String::from_utf8_lossy(&head);
    let to = head.strip_prefix("CONNECT ");
    let to = to.and_then(|rest| rest.split(' ').next());
    if !to.is_some_and(|to| to.contains(".execute-api.") && to.ends_with(":443")) {
        let _ = client.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await;
        return;
    }
    let mut server = TcpStream::connect(("127.0.0.1", front)).await.unwrap();
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
    let _ = copy_bidirectional(&mut client, &mut server).await;
}

/// On to where the emulator has the API.
async fn pass(State(emulator): State<String>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    let host = parts.headers["x-host"].to_str().unwrap();
    let api = host.split('.').next().unwrap();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut forward = axum::http::Request::builder()
        .method(parts.method)
        .uri(format!("{emulator}/_aws/execute-api/{api}/$default{path}"));
    for (name, value) in parts.headers.iter().filter(|(name, _)| *name != "host") {
        forward = forward.header(name, value);
    }
    let forward = forward.body(body).unwrap();
    let sent = tokio::task::spawn_blocking(move || {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false);
        ureq::Agent::from(config.build()).run(forward).unwrap()
    });
    let (parts, mut body) = sent.await.unwrap().into_parts();
    let bytes = body.read_to_vec().unwrap();
    Response::from_parts(parts, Body::from(bytes))
}
