//! A subscriber of SnapshotComplete.

use crate::error::Error;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::Value;
use std::net::Ipv4Addr;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

pub(super) struct Receiver {
    url: String,
    events: mpsc::UnboundedReceiver<Value>,
}

impl Receiver {
    /// Listens on a free loopback port until the process ends.
    pub(super) async fn start() -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/events", listener.local_addr()?);
        let (sender, events) = mpsc::unbounded_channel();
        let router = Router::new()
            .route("/events", post(take))
            .with_state(sender);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, events })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) async fn next(&mut self) -> Option<Value> {
        self.events.recv().await
    }
}

async fn take(State(sender): State<mpsc::UnboundedSender<Value>>, body: String) -> StatusCode {
    let event = serde_json::from_str(&body).ok();
    match event.and_then(|event| sender.send(event).ok()) {
        Some(()) => StatusCode::OK,
        None => StatusCode::BAD_REQUEST,
    }
}
