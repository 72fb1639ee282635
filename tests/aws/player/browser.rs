//! A headless Chromium, and the origin of the page in it.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use support::chromium::Chromium;
use support::install::{Installer, Lock};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// The player of the tests.
const PLAYER: Lock = Lock {
    file: "aws/player/package-lock.json",
    name: "player",
    by: Installer::Npm,
};

/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(90);

#[derive(Clone)]
struct Origin {
    asked: Arc<String>,
    clip: Arc<Vec<u8>>,
    said: mpsc::UnboundedSender<Value>,
}

/// What the page says that was asked for this. It plays the clip.
pub(crate) async fn look(asked: &Value, clip: Vec<u8>) -> Value {
    let (said, mut heard) = mpsc::unbounded_channel();
    let origin = Origin {
        asked: Arc::new(asked.to_string()),
        clip: Arc::new(clip),
        said,
    };
    let player = PLAYER
        .installed()
        .join("node_modules/shaka-player/dist/shaka-player.compiled.js");
    let player = Arc::new(std::fs::read(player).unwrap());
    let script = move || async move {
        let kind = [(header::CONTENT_TYPE, "text/javascript")];
        (kind, player.as_ref().clone())
    };
    let router = Router::new()
        .route(
            "/",
            get(|| async { axum::response::Html(include_str!("page.html")) }),
        )
        .route("/shaka.js", get(script))
        .route(
            "/asked",
            get(|State(origin): State<Origin>| async move { origin.asked.to_string() }),
        )
        .route("/clip.mp4", get(film))
        .route("/done", post(done))
        .with_state(origin);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let page = format!(
        "http://localhost:{}/",
        listener.local_addr().unwrap().port()
    );
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    // The authority of a test is nobody's.
    let options = [
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--ignore-certificate-errors",
    ];
    let browser = Chromium::open(&page, &options);
    let said = tokio::time::timeout(PATIENCE, heard.recv()).await;
    drop(browser);
    serving.abort();
    said.expect("the page says nothing").unwrap()
}

async fn film(State(origin): State<Origin>) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "video/mp4")],
        origin.clip.as_ref().clone(),
    )
}

async fn done(State(origin): State<Origin>, body: String) {
    origin
        .said
        .send(serde_json::from_str(&body).unwrap())
        .unwrap();
}
